"""What bounds one GraphQL operation on its way upstream: a deadline, a number of calls, a caller who is still there."""

import asyncio

from upstreams.errors import Abandoned, System, TimedOut
from upstreams.trace import Trace


class Bounds:
    """The bounds of one operation, and what it has used of them.

    Args:
        seconds: How long the operation may take in all.
        max_calls: How many REST calls it may make, over both upstreams.
        max_rows: How many rows of lists it may answer.
        trace: Where its calls are noted, if anywhere.
    """

    def __init__(self, seconds: float, max_calls: int, max_rows: int = 5000, trace: Trace | None = None) -> None:
        self._time = asyncio.get_running_loop().time
        self.deadline = self._time() + seconds
        self.max_calls = max_calls
        self.max_rows = max_rows
        self.trace = trace
        self.rows = 0
        self.calls = 0
        self.reads = 0
        self.makes_changes = False
        self.caller_has_left = False

    @property
    def remaining_seconds(self) -> float:
        """The time left, never below zero."""
        return max(0.0, self.deadline - self._time())

    def admits_rows(self, count: int) -> bool:
        """Count so many more rows, when they are not too many."""
        if self.rows + count > self.max_rows:
            return False
        self.rows += count
        return True

    def spend_call(self, system: System, *, is_change: bool) -> float:
        """Count one more call. Returns how many seconds are left for it.

        Raises:
            TimedOut: The deadline has passed.
            Abandoned: The operation has made all its calls, or nobody waits for what this one would read. Whoever
                makes a change sees it through, with the reads that settle what became of it.
        """
        seconds = self.deadline - self._time()
        if seconds <= 0:
            raise TimedOut(system, may_have_left=False)
        if is_change:
            self.makes_changes = True
        if self.calls >= self.max_calls or (self.caller_has_left and not self.makes_changes):
            raise Abandoned(system, may_have_left=False)
        self.calls += 1
        if not is_change:
            self.reads += 1
        return seconds
