"""What the calls of one operation were, in their order: kept only where somebody asked for it.

Who asks for what a call brings is known above; here they are names.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter

from upstreams.arena_answers import read_remaining
from upstreams.call import Call
from upstreams.decoding import Answer
from upstreams.errors import System

MAX_CALLS = 1000  # that are kept; an operation can hardly make more, but be refused many more
MAX_NAMES = 3


@dataclass(slots=True)
class Names:
    """Some names, of which the first few are kept and all are counted."""

    first: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, name: str) -> None:
        if len(self.first) < MAX_NAMES:
            self.first.append(name)
        self.count += 1

    def add_all(self, others: "Names") -> None:
        self.first += others.first[: MAX_NAMES - len(self.first)]
        self.count += others.count


@dataclass(slots=True, eq=False)
class Cause:
    """Who asked for what a call brings: those it was made for, and those it answered as well."""

    asked_by: Names = field(default_factory=Names)
    also_answered: Names = field(default_factory=Names)


# Set by whoever knows, where calls are traced; tasks inherit it.
cause_of_calls: ContextVar[Cause | None] = ContextVar("cause_of_calls", default=None)


def ask_for_part(part: str) -> None:
    """Let this task's calls, where they are traced, be made for a part of what is asked."""
    cause = cause_of_calls.get()
    if cause is not None:
        cause_of_calls.set(Cause(Names([f"{name}.{part}" for name in cause.asked_by.first], cause.asked_by.count)))


@dataclass(slots=True, eq=False)
class TracedCall:
    """One try of one call.

    Attributes:
        call: What was asked.
        cause: For whom.
        attempt: Which try of this call it is, from 1 on.
        begun_at: When it was to be made.
        left_at: When it was let out, None when it was not. Until then it waited for its turn.
        ended_at: When its answer was there, or it failed; None while it is under way.
        status: The HTTP status of the answer.
        size: The length of the answer's body, unpacked.
        remaining: How many calls of the day were left, by the answer.
        failure: Why there is no answer, by the name of the failure's class.
    """

    call: Call
    cause: Cause
    attempt: int
    begun_at: float
    left_at: float | None = None
    ended_at: float | None = None
    status: int | None = None
    size: int | None = None
    remaining: int | None = None
    failure: str | None = None


class Trace:
    """The calls of one operation.

    Attributes:
        started_at: When the operation began; as all its times by `perf_counter`, since uvloop's clock only counts
            milliseconds.
        calls: The calls, in the order in which they were to be made.
        left_out: How many calls were too many to keep.
    """

    def __init__(self) -> None:
        self.started_at = perf_counter()
        self.calls: list[TracedCall] = []
        self.left_out = 0
        self._latest: dict[int, TracedCall] = {}  # by the identity of a call, which its record keeps alive

    def begin(self, call: Call) -> TracedCall:
        """Note that a try of a call is to be made."""
        earlier = self._latest.get(id(call))
        attempt = earlier.attempt + 1 if earlier else 1
        traced = TracedCall(call, cause_of_calls.get() or Cause(), attempt, perf_counter())
        if len(self.calls) < MAX_CALLS:
            self.calls.append(traced)
            self._latest[id(call)] = traced
        else:
            self.left_out += 1
        return traced

    def let_out(self, call: Call) -> None:
        """Note that the latest try of a call leaves."""
        traced = self._latest.get(id(call))
        if traced is not None:
            traced.left_at = perf_counter()

    def end(self, traced: TracedCall, answer: Answer | None, error: BaseException | None = None) -> None:
        """Note how a try ended: with an answer, or with an error."""
        traced.ended_at = perf_counter()
        if answer is not None:
            traced.status, traced.size = answer.status, len(answer.body)
            if traced.call.endpoint.system is System.ARENA:
                traced.remaining = read_remaining(answer.headers)
        if error is not None:
            traced.failure = type(error).__name__
