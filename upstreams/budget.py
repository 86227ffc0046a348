"""What is left of Arena's daily calls, as its answers tell ("Licensing"): believed, never guessed.

Every call of a workspace counts against one limit, failed ones too. A budget is kept per credential, because an
answer's headers speak of the workspace its credential is logged in to.
"""

import enum
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from upstreams.arena_answers import read_remaining, read_reset, says_day_is_spent
from upstreams.decoding import Answer
from upstreams.errors import Exhausted, System

MAX_BUDGETS = 10_000
UNNAMED_RESET = timedelta(minutes=1)  # how long a count that names no reset is believed

NEVER = datetime.min.replace(tzinfo=UTC)

_now = partial(datetime.now, UTC)


class BudgetState(enum.Enum):
    OK = "OK"
    LOW = "LOW"
    EXHAUSTED = "EXHAUSTED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class BudgetReading:
    """What was known of a budget at one moment; None for what was not."""

    system: System
    state: BudgetState
    remaining: int | None
    limit: int | None
    resets_at: datetime | None
    observed_at: datetime | None


class Budget:
    """The daily calls of one credential.

    Args:
        reserve: How many of the last calls are kept for changes.
        clock: The time now.
    """

    system = System.ARENA

    def __init__(self, reserve: int, clock: Callable[[], datetime] = _now) -> None:
        self._reserve = reserve
        self._clock = clock
        self._remaining = 0
        self._resets_at: datetime | None = None
        self._holds_until = NEVER
        self._under_way = 0
        self._sent = 0
        self._freshest = 0
        self.limit: int | None = None
        self.observed_at: datetime | None = None

    @property
    def is_current(self) -> bool:
        """Whether what was observed still holds: something was, and the count has not begun anew since."""
        return self._clock() < self._holds_until

    @property
    def known(self) -> tuple[int, datetime | None] | None:
        """How many calls are left and when they are counted anew, None when not known."""
        return (self._remaining, self._resets_at) if self.is_current else None

    @property
    def remaining(self) -> int | None:
        """How many calls are left, None when not known."""
        return self._remaining if self.is_current else None

    @property
    def resets_at(self) -> datetime | None:
        """When calls are counted anew, None when not known."""
        return self._resets_at if self.is_current else None

    @property
    def state(self) -> BudgetState:
        """`LOW` when only the reserve for changes is left."""
        return self._state_with(self.remaining)

    def _state_with(self, remaining: int | None) -> BudgetState:
        match remaining:
            case None:
                return BudgetState.UNKNOWN
            case 0:
                return BudgetState.EXHAUSTED
            case _ if remaining <= self._reserve:
                return BudgetState.LOW
        return BudgetState.OK

    def read(self) -> BudgetReading:
        """What is known now; it stays as it is while calls are made."""
        remaining, resets_at = self.known or (None, None)
        return BudgetReading(
            self.system, self._state_with(remaining), remaining, self.limit, resets_at, self.observed_at
        )

    def spares_reads(self, calls: int) -> bool:
        """Whether so many reads can be made without touching the reserve, as far as is known."""
        remaining = self.remaining
        return remaining is None or remaining - self._under_way - calls >= self._reserve

    def open(self, *, is_change: bool) -> int:
        """Let a call out, and give it the number its answer must be handed in with.

        Raises:
            Exhausted: No calls are left, or only those kept for changes.
        """
        kept = 0 if is_change else self._reserve + self._under_way
        if self._remaining <= kept and self.is_current:  # only then, for the time is the dearest to find out
            raise Exhausted(System.ARENA, may_have_left=False, retry_at=self.resets_at)
        self._under_way += 1
        return self.next_number()

    def close(self, number: int, answer: Answer | None) -> None:
        """Learn from the answer to call `number`, None when there was none."""
        self._under_way -= 1
        if answer is not None:
            self.observe(number, answer)

    def next_number(self) -> int:
        """The number of a call that goes out now."""
        self._sent += 1
        return self._sent

    def observe(self, number: int, answer: Answer) -> None:
        """Learn from the headers of the answer to call `number`.

        Answers of calls made at once arrive in any order; the older of two can only have seen more calls left.
        """
        now = self._clock()
        resets_at = read_reset(answer.headers)
        remaining = read_remaining(answer.headers)
        if says_day_is_spent(answer):
            remaining, resets_at = 0, resets_at or now + UNNAMED_RESET
        if remaining is None:
            return
        if number < self._freshest and resets_at == self._resets_at and now < self._holds_until:
            remaining = min(remaining, self._remaining)
        if number > self._freshest:
            self._freshest = number
        self._remaining, self._resets_at, self.observed_at = remaining, resets_at, now
        self._holds_until = resets_at or now + UNNAMED_RESET


class LoginGate:
    """Lets logins pass, which do not count, and learns from their answers' headers."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget

    def open(self, *, is_change: bool) -> int:
        return self._budget.next_number()

    def close(self, number: int, answer: Answer | None) -> None:
        if answer is not None:
            self._budget.observe(number, answer)


class BudgetBook:
    """The budgets of all credentials; the longest unused ones are forgotten."""

    def __init__(self, reserve: int) -> None:
        self._reserve = reserve
        self._budgets: OrderedDict[str, Budget] = OrderedDict()

    def of(self, credential: str) -> Budget:
        """The budget of a credential, given by a name that is not the credential itself."""
        budget = self._budgets.get(credential)
        if budget is None:
            budget = self.new()
            self.keep(credential, budget)
        else:
            self._budgets.move_to_end(credential)
        return budget

    def new(self) -> Budget:
        """A budget of which nothing is known yet."""
        return Budget(self._reserve)

    def keep(self, credential: str, budget: Budget) -> None:
        """Have a budget that was observed already for a credential's."""
        self._budgets[credential] = budget
        self._budgets.move_to_end(credential)
        if len(self._budgets) > MAX_BUDGETS:
            self._budgets.popitem(last=False)
