"""What an item costs Stepgraph when there are four and sixteen times as many of them."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.answers import LARGE, Row
from bench.checking import check
from bench.load import LoadFailed
from bench.measuring import Measuring, Note, Task
from bench.servers import Running
from bench.workloads import COMMON, Operation, expected_processes, expected_tickets, list_processes, list_tickets

TIMES = (1, 4, 16)
CONNECTIONS = 8

# The service that is measured may take what the longest lists need.
SETTINGS = {
    "MAX_ESTIMATED_CALLS": "10000",
    "MAX_CALLS_PER_OPERATION": "10000",
    "MAX_ROWS_PER_OPERATION": "100000",
}


@dataclass(frozen=True)
class Growth:
    """What one item of a list costs.

    Attributes:
        title: What grows.
        items: How many items are listed, by how many times as many they are.
        cpu_ms: The CPU time per item, likewise.
        calls: The REST calls of the operation, likewise.
    """

    title: str
    items: dict[int, int]
    cpu_ms: dict[int, float]
    calls: dict[int, float]

    @property
    def rise(self) -> float:
        """How much dearer an item of the longest list is than one of the shortest; 0.1 is a tenth."""
        return self.cpu_ms[TIMES[-1]] / self.cpu_ms[TIMES[0]] - 1


def grow(measuring: Measuring, ours: Running, note: Note) -> dict[str, Growth]:
    """Measure W1 and W2 at every size, side by side."""
    return {
        "W1": _grow(measuring, ours, "processes", 20, list_processes, expected_processes(320, LARGE), note),
        "W2": _grow(measuring, ours, "tickets", 100, list_tickets, expected_tickets(1600, LARGE), note),
    }


def _grow(
    measuring: Measuring,
    ours: Running,
    title: str,
    items: int,
    make: Callable[..., Operation],
    expected: Row,
    note: Note,
) -> Growth:
    counts = {times: items * times for times in TIMES}
    ((root, rows),) = expected.items()
    for count in counts.values():
        check(ours.target, make(COMMON, count), {root: rows[:count]})
    tasks = {times: Task(ours, make(COMMON, count), CONNECTIONS) for times, count in counts.items()}
    costs, failures = measuring.costs(tasks, lambda text: note(f"growth of {title}, times {text}"))
    if failures:
        raise LoadFailed(str(failures))
    return Growth(
        title,
        counts,
        {times: costs[times].best.cpu_ms / count for times, count in counts.items()},
        {times: costs[times].calls for times in TIMES},
    )
