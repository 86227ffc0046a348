"""All servers side by side, workload by workload."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.checking import WrongAnswer, check
from bench.measuring import Cost, Measuring, Note, Task
from bench.servers import OURS, Running
from bench.workloads import Workload


@dataclass
class Comparison:
    """What every workload costs every server.

    Attributes:
        costs: By the workload's name and the server's.
        left_out: Why there is no cost, likewise.
    """

    costs: dict[str, dict[str, Cost]] = field(default_factory=dict)
    left_out: dict[str, dict[str, str]] = field(default_factory=dict)

    def factor(self, workload: str, server: str) -> float | None:
        """How many times the CPU time of ours a server takes; None when one of them was not measured."""
        costs = self.costs.get(workload, {})
        if server not in costs or OURS.name not in costs:
            return None
        return costs[server].best.cpu_ms / costs[OURS.name].best.cpu_ms


def compare(measuring: Measuring, servers: Sequence[Running], workloads: Sequence[Workload], note: Note) -> Comparison:
    """Check every server's answers, then measure those that are right."""
    comparison = Comparison()
    for workload in workloads:
        tasks = {}
        left_out = comparison.left_out[workload.name] = {}
        for running in servers:
            if workload.ours_only and running.server is not OURS:
                continue
            operation = workload.operation(running.server.dialect)
            try:
                check(running.target, operation, workload.expected)
            except WrongAnswer as error:
                left_out[running.name] = f"wrong answer: {error}"
                note(f"{workload.name} {running.name}: wrong answer: {error}")
                continue
            tasks[running.name] = Task(running, operation)

        def note_round(text: str, name: str = workload.name) -> None:
            note(f"{name} {text}")

        comparison.costs[workload.name], failures = measuring.costs(tasks, note_round)
        left_out.update(failures)
    return comparison
