"""Whether memory grows: many operations of every kind, most of their documents never seen before."""

import json
from dataclasses import dataclass, field

from bench import cpu
from bench.load import NUMBER, post
from bench.measuring import Note
from bench.servers import Running
from bench.workloads import COMMON, WORKLOADS, Operation, list_processes, list_tickets, many_aliases, one_ticket

OPERATIONS = 200_000
WARM_AFTER = 20_000
CHUNK = 5_000
CONNECTIONS = 32


@dataclass(frozen=True)
class Soak:
    """Memory of the process tree, in megabytes of VmRSS, by how many operations were done.

    Attributes:
        resident: Sampled between one load and the next.
        peak: The most there was at any time.
    """

    resident: dict[int, float] = field(default_factory=dict)
    peak: float = 0.0

    @property
    def warm(self) -> float:
        return next(size for done, size in self.resident.items() if done >= min(WARM_AFTER, max(self.resident)))

    @property
    def last(self) -> float:
        return self.resident[max(self.resident)]


def soak(ours: Running, operations: int, note: Note) -> Soak:
    """Run a mix of all workloads, and of documents that differ every time."""
    bodies = [json.dumps(operation.body).encode() for operation in _mix()]
    resident = {0: cpu.resident_megabytes(ours.pid)}
    cpu.forget_peak(ours.pid)
    done = 0
    while done < operations:
        count = min(CHUNK, operations - done)
        post(ours.target, bodies, connections=CONNECTIONS, operations=count, first=done)
        done += count
        resident[done] = cpu.resident_megabytes(ours.pid)
        note(f"soak: {done} operations, {resident[done]:.1f} MB")
    return Soak(resident, cpu.peak_megabytes(ours.pid))


def _mix() -> list[Operation]:
    """Every workload once, and twice as many documents in which a number makes each a new one."""
    common = [workload.operation(COMMON) for workload in WORKLOADS]
    new = [
        _named(one_ticket(COMMON)),
        _named(list_tickets(COMMON, 20)),
        _named(list_processes(COMMON)),
        _named(many_aliases(COMMON)),
        Operation(f"{{ t{NUMBER}: __typename }}"),
    ]
    return [*common, *new, *new[:1] * 6, *new[-1:] * 3]


def _named(operation: Operation) -> Operation:
    return Operation(f"query Q{NUMBER} {operation.query}")
