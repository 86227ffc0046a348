"""A circuit breaker: an upstream that keeps failing is left alone for a while, then probed by one call."""

import enum
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class State(enum.Enum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


class CircuitBreaker:
    """Counts failures in a row.

    Args:
        threshold: How many failures in a row open the circuit.
        rest_seconds: How long it stays open before one call may probe.
        clock: Seconds of a monotonic clock.
    """

    def __init__(self, threshold: int, rest_seconds: float, clock: Callable[[], float]) -> None:
        self._threshold = threshold
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._failures = 0
        self._opened_at = 0.0
        self.state = State.CLOSED

    def admit(self) -> datetime | None:
        """None when a call may go out now, else when to try again. An admitted call must report how it ended."""
        if self.state is State.CLOSED:
            return None
        wait = self._opened_at + self._rest_seconds - self._clock()
        if self.state is State.OPEN and wait <= 0:
            self.state = State.HALF_OPEN
            return None
        return datetime.now(UTC) + timedelta(seconds=max(wait, 0.0))

    def succeeded(self) -> None:
        """The upstream answered."""
        self._failures = 0
        self.state = State.CLOSED

    def failed(self) -> None:
        """The upstream did not answer, or said it cannot."""
        self._failures += 1
        if self.state is State.HALF_OPEN or self._failures >= self._threshold:
            self.state = State.OPEN
            self._opened_at = self._clock()

    def gave_no_sign(self) -> None:
        """The call ended without telling how the upstream is; a probe may go out again."""
        if self.state is State.HALF_OPEN:
            self.state = State.OPEN
