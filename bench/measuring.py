"""What operations cost a server: rounds of load, server after server, and the cheapest of them."""

import json
import os
import sys
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bench import cpu
from bench.answers import SMALL
from bench.load import Load, LoadFailed, post
from bench.processes import SERVER_CORE, on_core
from bench.rest import Rest
from bench.servers import Running
from bench.workloads import Operation

QUIET_SHARE = 0.1  # of a core: more than this used by others disturbs a round
QUIET_SLOWNESS = 1.08  # a host can slow the whole machine down, which no count of its CPU time shows
PACE_WORK = SMALL.answer("GET", f"{SMALL.base}/tickets?limit=100&offset=0")[1]
COUNTED_OPERATIONS = 20

K = TypeVar("K", bound=Hashable)
Note = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How thoroughly to measure.

    Attributes:
        cpu_seconds: How much CPU time of a server a round should take: the kernel counts in hundredths.
        warming_seconds: How much of it to spend before the first round.
        rounds: How many quiet rounds are wanted of every server.
        most_rounds: After how many rounds to be content with what there is.
    """

    cpu_seconds: float = 1.6
    warming_seconds: float = 1.5
    rounds: int = 6
    most_rounds: int = 12


QUICK = Plan(cpu_seconds=0.6, warming_seconds=0.8, rounds=1, most_rounds=1)


@dataclass(frozen=True)
class Round:
    """What one round of load cost.

    Attributes:
        cpu_ms: CPU time of the server's process tree per operation, user and system, in milliseconds.
        load: What the clients saw.
        peak_megabytes: VmHWM in the round, summed over the process tree.
        disturbance: The share of a core that others used meanwhile.
        slowness: How many times as long as at its best the machine took for the same work, before and after.
    """

    cpu_ms: float
    load: Load
    peak_megabytes: float
    disturbance: float
    slowness: float

    @property
    def is_quiet(self) -> bool:
        return self.disturbance < QUIET_SHARE and self.slowness < QUIET_SLOWNESS


@dataclass(frozen=True)
class Cost:
    """What an operation costs a server.

    Attributes:
        best: The cheapest round: what disturbs one makes it dearer.
        calls: The REST calls of one operation.
        rounds: How many rounds there were.
    """

    best: Round
    calls: float
    rounds: int


@dataclass(frozen=True)
class Task:
    """An operation to measure at a server."""

    server: Running
    operation: Operation
    connections: int = 32

    @property
    def bodies(self) -> list[bytes]:
        return [json.dumps(self.operation.body).encode()]

    def load(self, operations: int) -> Load:
        return post(self.server.target, self.bodies, connections=self.connections, operations=operations)


class Measuring:
    """Measures tasks, knowing whose CPU time is the benchmark's own."""

    def __init__(self, plan: Plan, rest: Rest) -> None:
        self._plan = plan
        self._rest = rest
        self._best_pace = min(_pace() for _ in range(10))
        self.servers: list[Running] = []

    def costs(self, tasks: Mapping[K, Task], note: Note) -> tuple[dict[K, Cost], dict[K, str]]:
        """Measure tasks side by side: a round of each, then the next round of each.

        Returns:
            What each costs; and why some were not measured.
        """
        sizes: dict[K, int] = {}
        calls: dict[K, float] = {}
        rounds: dict[K, list[Round]] = {key: [] for key in tasks}
        failures: dict[K, str] = {}

        def warm_up(key: K) -> None:
            sizes[key] = self._warm_up(tasks[key])
            calls[key] = self._calls(tasks[key])

        def run(key: K) -> None:
            rounds[key].append(self._round(tasks[key], sizes[key]))
            note(f"{key} round {len(rounds[key])}: {rounds[key][-1].cpu_ms:.3f} ms")

        def each(step: Callable[[K], None]) -> list[K]:
            for key in [key for key in tasks if key not in failures]:
                try:
                    step(key)
                except (LoadFailed, OSError) as error:  # of a server that is gone, there are no figures either
                    failures[key] = str(error)
                    note(f"{key}: {error}")
            return [key for key in tasks if key not in failures]

        measured = each(warm_up)
        # All have the same number of rounds: of more, the cheapest would be cheaper, and so it would beside fewer.
        for _ in range(self._plan.most_rounds):
            measured = each(run)
            if all(self._is_measured(rounds[key]) for key in measured):
                break
        return {key: Cost(_cheapest(rounds[key]), calls[key], len(rounds[key])) for key in measured}, failures

    def _is_measured(self, rounds: Sequence[Round]) -> bool:
        return sum(done.is_quiet for done in rounds) >= self._plan.rounds

    def _warm_up(self, task: Task) -> int:
        """Let a server get going, gently at first; return how many operations make a round."""
        post(task.server.target, task.bodies, connections=1, operations=COUNTED_OPERATIONS)
        operations = task.connections
        while True:
            before = cpu.seconds(task.server.pid)
            done = task.load(operations).requests
            spent = cpu.seconds(task.server.pid) - before
            if spent >= self._plan.warming_seconds:
                return int(done * self._plan.cpu_seconds / spent) + 1
            operations = int(done * min(max(1.2 * self._plan.warming_seconds / max(spent, 0.01), 1.5), 20))

    def _calls(self, task: Task) -> float:
        before = self._rest.calls()
        post(task.server.target, task.bodies, connections=1, operations=COUNTED_OPERATIONS)
        return (self._rest.calls() - before) / COUNTED_OPERATIONS

    def _round(self, task: Task, operations: int) -> Round:
        cpu.forget_peak(task.server.pid)
        pace = _pace()
        machine, own, server, started = cpu.busy_seconds(), self._own(), cpu.seconds(task.server.pid), time.monotonic()
        load = task.load(operations)
        spent = cpu.seconds(task.server.pid) - server
        disturbance = (cpu.busy_seconds() - machine - (self._own() - own)) / (time.monotonic() - started)
        peak = cpu.peak_megabytes(task.server.pid)
        pace = max(pace, _pace())
        self._best_pace = min(self._best_pace, pace)
        return Round(spent / load.requests * 1000, load, peak, max(0.0, disturbance), pace / self._best_pace)

    def _own(self) -> float:
        """The CPU time of everything that belongs to the benchmark."""
        times = os.times()
        ours = times.user + times.system + times.children_user + times.children_system
        processes = [*(server.pid for server in self.servers), *(process.pid for process in self._rest.processes)]
        return ours + sum(map(cpu.seconds, processes))


def _pace() -> float:
    """The seconds a fixed piece of work takes on the server's core."""

    def seconds() -> float:
        started = time.perf_counter()
        for _ in range(20):
            json.loads(PACE_WORK)
        return time.perf_counter() - started

    with on_core(SERVER_CORE):
        return min(seconds() for _ in range(5))


def _cheapest(rounds: Sequence[Round]) -> Round:
    return min(rounds, key=lambda done: done.cpu_ms)


def say(text: str) -> None:
    """Tell the person who waits how far it is."""
    print(text, file=sys.stderr, flush=True)
