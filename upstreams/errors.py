"""What a client raises when an upstream does not give what was asked.

UpstreamFailure
├── Unauthenticated    nobody is logged in, or the upstream says so (401)
├── Rejected           the upstream understood and said no (any other 4xx)
├── Exhausted          no calls are left (429, or refused here before the last ones are spent)
├── Unavailable        no connection, a broken one, a 5xx, or the circuit is open
├── TimedOut           no answer in time
├── Unreadable         an answer came and breaks the contract
└── Abandoned          the operation may not make this call: its own bound, or its caller has left
"""

import enum
from dataclasses import dataclass
from datetime import datetime


class System(enum.Enum):
    """The two REST systems."""

    ARENA = "ARENA"
    COGNAIZE = "COGNAIZE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the REST side said: HTTP status, its own error code, its words."""

    http_status: int
    code: str | None = None
    message: str | None = None


class UpstreamFailure(Exception):
    """No usable answer.

    Args:
        system: Who was asked.
        evidence: What they said, when they said anything.
        may_have_left: Whether the request can have reached the upstream.
        retry_at: The earliest time another try makes sense, when the upstream named one.
    """

    def __init__(
        self,
        system: System,
        evidence: Evidence | None = None,
        *,
        may_have_left: bool = True,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(system, evidence)
        self.system = system
        self.evidence = evidence
        self.may_have_left = may_have_left
        self.retry_at = retry_at


class Unauthenticated(UpstreamFailure):
    """No valid login; `missing` when there were no credentials to send, so that nothing was sent."""

    def __init__(self, system: System, evidence: Evidence | None = None, *, missing: bool = False) -> None:
        super().__init__(system, evidence, may_have_left=evidence is not None)
        self.missing = missing


class Rejected(UpstreamFailure):
    """A refusal with a code."""

    def __init__(
        self,
        system: System,
        evidence: Evidence,
        *,
        details: tuple[tuple[str, str], ...] = (),
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(system, evidence, retry_at=retry_at)
        self.status = evidence.http_status
        self.code = int(evidence.code) if evidence.code and evidence.code.isdecimal() else None
        self.details = details


class Exhausted(UpstreamFailure):
    """No calls left until `retry_at`."""


class Unavailable(UpstreamFailure):
    """Not reachable, broken off, or failing by its own account."""


class TimedOut(UpstreamFailure):
    """No answer within the deadline."""


class Unreadable(UpstreamFailure):
    """An answer that breaks the contract."""


class Abandoned(UpstreamFailure):
    """A call this operation may not make any more."""
