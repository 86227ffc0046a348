"""How long callers of Stepgraph wait: for slow REST calls, in a crowd, and beside others."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from bench.answers import SLOW_GUID, SMALL
from bench.checking import Client, check
from bench.load import Load, Target
from bench.measuring import Task
from bench.rest import DELAY_SECONDS
from bench.servers import SESSION, Running
from bench.workloads import COMMON, Operation, expected_processes, list_processes, list_tickets, one_ticket

DELAYED_RUNS = 30
CROWD = 64
FEW = 8


@dataclass(frozen=True)
class Delayed:
    """W1, one at a time, when every REST call takes `DELAY_SECONDS`; in milliseconds.

    Attributes:
        median: How long it took.
        call: How long one such REST call takes without Stepgraph.
    """

    median: float
    call: float

    @property
    def above_two_calls(self) -> float:
        """What is left when the time of two REST calls, one after the other, is taken off."""
        return self.median - 2000 * DELAY_SECONDS


@dataclass(frozen=True)
class Beside:
    """Latencies of W4 at a few connections, alone and beside one other client.

    Attributes:
        alone: Without another client.
        slow: While another waits for a slow ticket, again and again.
        large: While another runs W1, again and again.
    """

    alone: Load
    slow: Load
    large: Load


def wait_for_delayed(ours: Running, delaying_port: int) -> Delayed:
    """Time W1 at a service whose REST calls are delayed."""
    operation = list_processes(COMMON)
    check(ours.target, operation, expected_processes())
    task = Task(ours, operation, connections=1)
    task.load(5)
    taken = task.load(DELAYED_RUNS).p50
    steps = f"{SMALL.base}/qualityprocesses/{SMALL.processes[0]['guid']}/steps"
    rest = Client(Target(f"http://127.0.0.1:{delaying_port}{steps}", SESSION))
    calls = [rest.milliseconds_to_get() for _ in range(10)]
    rest.close()
    return Delayed(taken, median(calls))


def crowd(ours: Running, operations: int) -> Load:
    """W2 over many connections."""
    task = Task(ours, list_tickets(COMMON), CROWD)
    task.load(operations // 4)
    return task.load(operations)


def beside_others(ours: Running, operations: int) -> Beside:
    """W4 alone, beside a slow operation, and beside large ones."""
    task = Task(ours, one_ticket(COMMON), FEW)
    task.load(operations // 4)
    alone = task.load(operations)
    with _repeating(ours.target, one_ticket(COMMON, SLOW_GUID)):
        slow = task.load(operations)
    with _repeating(ours.target, list_processes(COMMON)):
        large = task.load(operations)
    return Beside(alone, slow, large)


@contextmanager
def _repeating(target: Target, operation: Operation) -> Iterator[None]:
    """Another client, which asks the same thing again and again for as long as the block lasts."""
    has_ended = threading.Event()

    def repeat() -> None:
        client = Client(target)
        while not has_ended.is_set():
            client.ask(operation)
        client.close()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        has_ended.set()
        thread.join()
