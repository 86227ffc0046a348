"""What a change gives its caller."""

import enum
from typing import Generic, TypeVar

import msgspec

from upstreams.records import Record

R = TypeVar("R", bound=Record)


class ChangeOutcome(enum.Enum):
    """Whether this request made the change, or an earlier one with the same idempotency key."""

    APPLIED = "APPLIED"
    REPLAYED = "REPLAYED"


class Changed(msgspec.Struct, Generic[R], frozen=True):
    """A change that was made, as the upstream answered it."""

    answer: R
    outcome: ChangeOutcome
