"""Every way an operation can be refused, in our words, and what an upstream's answer means in which operation.

An upstream's code is looked up in the table of the operation that was asked: 3089 is "already completed" when a
step is completed and "already open" when it is reopened. Message texts decide nothing.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from upstreams.budget import BudgetReading
from upstreams.errors import Evidence, System
from upstreams.records import StepKey


class ErrorCode(enum.Enum):
    """Stable names of failures. The five last ones never appear in a union."""

    STEP_ALREADY_COMPLETED = "STEP_ALREADY_COMPLETED"
    STEP_ALREADY_OPEN = "STEP_ALREADY_OPEN"
    QUALITY_PROCESS_COMPLETED = "QUALITY_PROCESS_COMPLETED"
    SIGN_OFF_STEP = "SIGN_OFF_STEP"
    NOT_FOUND = "NOT_FOUND"
    INVALID_INPUT = "INVALID_INPUT"
    SESSION_MISSING = "SESSION_MISSING"
    SESSION_EXPIRED = "SESSION_EXPIRED"
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    ACCOUNT_LOCKED = "ACCOUNT_LOCKED"
    PASSWORD_EXPIRED = "PASSWORD_EXPIRED"  # noqa: S105  # no password, but what became of one
    ACCESS_NOT_ALLOWED = "ACCESS_NOT_ALLOWED"
    API_NOT_ENABLED = "API_NOT_ENABLED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    PRECONDITION_FAILED = "PRECONDITION_FAILED"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    IDEMPOTENCY_IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"
    RATE_LIMITED = "RATE_LIMITED"
    UPSTREAM_REJECTED = "UPSTREAM_REJECTED"
    UPSTREAM_UNAVAILABLE = "UPSTREAM_UNAVAILABLE"
    UPSTREAM_TIMEOUT = "UPSTREAM_TIMEOUT"
    UPSTREAM_CONTRACT = "UPSTREAM_CONTRACT"
    OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INVALID_REQUEST = "INVALID_REQUEST"
    PERSISTED_QUERY_NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
    PERSISTED_QUERY_NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"
    DOCUMENT_NOT_TRUSTED = "DOCUMENT_NOT_TRUSTED"
    INTERNAL = "INTERNAL"


class RetryKind(enum.Enum):
    """What a client may do with the same request."""

    NEVER = "NEVER"
    SAFE_NOW = "SAFE_NOW"
    SAFE_LATER = "SAFE_LATER"
    ONLY_WITH_SAME_KEY = "ONLY_WITH_SAME_KEY"
    CHECK_FIRST = "CHECK_FIRST"


@dataclass(frozen=True, slots=True)
class RetryAdvice:
    """Whether to send the same request again, and from when on."""

    kind: RetryKind
    after: datetime | None = None


NEVER = RetryAdvice(RetryKind.NEVER)


@dataclass(frozen=True, slots=True)
class UpstreamAnswer:
    """What the REST side said, as evidence."""

    system: System
    http_status: int | None
    code: str | None
    message: str | None


@dataclass(frozen=True, slots=True)
class InvalidField:
    """What is wrong with one input value; `path` leads to it from the arguments."""

    path: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class PreconditionDetail:
    """What an upstream asks of one value before it goes ahead."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an operation did not do what was asked. The fields after `upstream` belong to some codes only."""

    code: ErrorCode
    message: str
    retry: RetryAdvice = NEVER
    upstream: UpstreamAnswer | None = None
    step: StepKey | None = None
    resource: str = ""
    key: str = ""
    fields: tuple[InvalidField, ...] = ()
    details: tuple[PreconditionDetail, ...] = ()
    budget: BudgetReading | None = None
    check: str = ""


class Refused(Exception):
    """Raised with a refusal; GraphQL errors made of it carry its code and its retry advice."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal

    @property
    def extensions(self) -> dict[str, Any]:
        """What a GraphQL error of this refusal carries beside its message."""
        retry: dict[str, str] = {"kind": self.refusal.retry.kind.value}
        if self.refusal.retry.after is not None:
            retry["after"] = self.refusal.retry.after.isoformat()
        extensions: dict[str, Any] = {"code": self.refusal.code.value, "retry": retry}
        if answer := self.refusal.upstream:
            extensions["upstream"] = {
                "system": answer.system.value,
                "httpStatus": answer.http_status,
                "code": answer.code,
                "message": answer.message,
            }
        return extensions


def refuse_input(path: tuple[str, ...], message: str) -> Refused:
    """The refusal of an input value that no upstream needs to see."""
    refusal = Refusal(
        code=ErrorCode.INVALID_INPUT,
        message=f"{'.'.join(path)}: {message}",
        fields=(InvalidField(path, message),),
    )
    return Refused(refusal)


@dataclass(frozen=True, slots=True)
class Meanings:
    """What the codes of an upstream mean in one operation.

    Attributes:
        resource: The GraphQL type the operation is about.
        codes: By the upstream's own code.
        statuses: By HTTP status, for answers whose code is not listed.
        is_change: Whether the operation changes anything upstream.
        is_repeatable: Whether a change made twice comes to the same as made once, so that it may be sent again when its
            answer is lost.
    """

    resource: str
    codes: Mapping[int, ErrorCode] = field(default_factory=dict)
    statuses: Mapping[int, ErrorCode] = field(default_factory=dict)
    is_change: bool = False
    is_repeatable: bool = False

    def of(self, status: int, code: int | None) -> ErrorCode:
        """What an answer means."""
        if code is not None and code in self.codes:
            return self.codes[code]
        return self.statuses.get(status, ErrorCode.UPSTREAM_REJECTED)


# Arena's codes of both generations ("... Arena API Unique Error Codes", and the endpoint pages' older ones).
_ARENA = {
    3011: ErrorCode.NOT_FOUND,
    3012: ErrorCode.NOT_FOUND,
    3024: ErrorCode.PERMISSION_DENIED,
    3085: ErrorCode.PERMISSION_DENIED,
    3086: ErrorCode.PERMISSION_DENIED,
    3124: ErrorCode.PERMISSION_DENIED,
    3221: ErrorCode.PERMISSION_DENIED,
    3001: ErrorCode.INVALID_INPUT,
    3003: ErrorCode.INVALID_INPUT,
    3006: ErrorCode.INVALID_INPUT,
    3098: ErrorCode.INVALID_INPUT,
}
_ARENA_LISTS = {
    **_ARENA,
    3018: ErrorCode.INVALID_INPUT,
    3019: ErrorCode.INVALID_INPUT,
    3041: ErrorCode.INVALID_INPUT,
    3220: ErrorCode.INVALID_INPUT,
}
_STATUSES = {403: ErrorCode.PERMISSION_DENIED, 404: ErrorCode.NOT_FOUND}

AMBIGUOUS_STEP_REFUSAL = 3089  # eight refusals of a status change share it

READING_QUALITY_PROCESS = Meanings("QualityProcess", _ARENA, _STATUSES)
READING_QUALITY_PROCESSES = Meanings("QualityProcess", _ARENA_LISTS, {403: ErrorCode.PERMISSION_DENIED})
READING_QUALITY_STEP = Meanings("QualityStep", _ARENA, _STATUSES)
READING_TICKET = Meanings("Ticket", _ARENA, _STATUSES)
READING_TICKETS = Meanings("Ticket", _ARENA_LISTS, {403: ErrorCode.PERMISSION_DENIED})
READING_PROCESS = Meanings("Process", statuses={**_STATUSES, 400: ErrorCode.NOT_FOUND, 412: ErrorCode.NOT_FOUND})

COMPLETING_STEP = Meanings(
    "QualityStep",
    {
        **_ARENA,
        AMBIGUOUS_STEP_REFUSAL: ErrorCode.STEP_ALREADY_COMPLETED,
        3165: ErrorCode.QUALITY_PROCESS_COMPLETED,
        3166: ErrorCode.STEP_ALREADY_COMPLETED,
        3167: ErrorCode.SIGN_OFF_STEP,
        3290: ErrorCode.QUALITY_PROCESS_COMPLETED,
    },
    _STATUSES,
    is_change=True,
)
REOPENING_STEP = Meanings(
    "QualityStep",
    {
        **_ARENA,
        AMBIGUOUS_STEP_REFUSAL: ErrorCode.STEP_ALREADY_OPEN,
        3168: ErrorCode.QUALITY_PROCESS_COMPLETED,
        3169: ErrorCode.STEP_ALREADY_OPEN,
        3170: ErrorCode.SIGN_OFF_STEP,
        3290: ErrorCode.QUALITY_PROCESS_COMPLETED,
    },
    _STATUSES,
    is_change=True,
)
CHANGING_TICKET_STATUS = Meanings("Ticket", _ARENA, _STATUSES, is_change=True)
COMPLETING_PROCESS_STEP = Meanings(
    "ProcessStep",
    statuses={
        400: ErrorCode.INVALID_INPUT,
        403: ErrorCode.PERMISSION_DENIED,
        412: ErrorCode.PRECONDITION_FAILED,
    },
    is_change=True,
)

LOGGING_IN = Meanings(
    "Session",
    {
        4001: ErrorCode.INVALID_CREDENTIALS,
        4009: ErrorCode.API_NOT_ENABLED,
        4011: ErrorCode.PASSWORD_EXPIRED,
        4012: ErrorCode.ACCESS_NOT_ALLOWED,
        4013: ErrorCode.ACCOUNT_LOCKED,
        4079: ErrorCode.API_NOT_ENABLED,
        4081: ErrorCode.PASSWORD_EXPIRED,
        4082: ErrorCode.ACCESS_NOT_ALLOWED,
        4083: ErrorCode.ACCOUNT_LOCKED,
    },
    {401: ErrorCode.INVALID_CREDENTIALS, 403: ErrorCode.ACCESS_NOT_ALLOWED},
    is_change=True,
    is_repeatable=True,
)
LOGGING_OUT = Meanings("Session", is_change=True, is_repeatable=True)


def with_evidence(refusal: Refusal, system: System, evidence: Evidence | None) -> Refusal:
    """The refusal, with what the REST side said."""
    if evidence is None:
        return refusal
    answer = UpstreamAnswer(system, evidence.http_status, evidence.code, evidence.message)
    return replace(refusal, upstream=answer)
