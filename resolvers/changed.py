"""What a change gives its caller."""

import enum
from dataclasses import dataclass
from typing import Generic, TypeVar

from upstreams.records import Record

R = TypeVar("R", bound=Record)


class ChangeOutcome(enum.Enum):
    """Whether this request made the change, or an earlier one with the same idempotency key."""

    APPLIED = "APPLIED"
    REPLAYED = "REPLAYED"


@dataclass(frozen=True, slots=True)
class Changed(Generic[R]):
    """A change that was made, as the upstream answered it."""

    answer: R
    outcome: ChangeOutcome
