"""The enumerations clients see: those of the records and refusals, with descriptions."""

import enum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from resolvers.bulk import BulkErrorPolicy, BulkStatus
from resolvers.changed import ChangeOutcome
from resolvers.logins import LogoutOutcome
from resolvers.refusals import ErrorCode, RetryKind
from upstreams.budget import BudgetState
from upstreams.errors import System
from upstreams.records import (
    ProcessStatus,
    ProcessStepStatus,
    QualityProcessStatus,
    QualityStepStatus,
    QualityStepType,
    StatusMode,
    TicketStatus,
)

EnumType = TypeVar("EnumType", bound=enum.Enum)

NEWER = "A value newer than this schema; the field's `...Label` has the upstream's own word."


def described(members: type[EnumType], description: str, *, name: str | None = None, **values: str) -> type[EnumType]:
    """Make an enumeration part of the schema; `values` describes every member."""
    strawberry.enum(members, name=name, description=description)
    definition: StrawberryEnumDefinition = members.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values.pop(value.name)
    if values:
        raise TypeError(f"{members.__name__} has no {', '.join(values)}")
    return members


class SettableTicketStatus(enum.Enum):
    NOT_STARTED = TicketStatus.NOT_STARTED
    IN_PROGRESS = TicketStatus.IN_PROGRESS
    COMPLETE = TicketStatus.COMPLETE


described(
    QualityProcessStatus,
    "Where a quality process stands.",
    OPEN="Work on it goes on.",
    COMPLETED="It is finished: its steps can no longer change.",
    SUBMITTED="It is submitted (newer workspaces).",
    CANCELED="It is canceled (newer workspaces).",
    UNKNOWN=NEWER,
)
described(
    StatusMode,
    "Who completes a quality process.",
    AUTOMATIC="It completes by itself with its last step.",
    MANUAL="Somebody completes it.",
    UNKNOWN=NEWER,
)
described(
    QualityStepType,
    "What kind of step it is.",
    REGULAR="Work to do; it is completed and reopened with `completeStep` and `reopenStep`.",
    SIGNOFF="Approval: decided by its approvers, never by `completeStep`.",
    UNKNOWN=NEWER,
)
described(
    QualityStepStatus,
    "Whether a step is done.",
    OPEN="Not done yet.",
    COMPLETE="Done.",
    UNKNOWN=NEWER,
)
described(
    TicketStatus,
    "Where a ticket stands.",
    NOT_STARTED="Nobody works on it yet.",
    IN_PROGRESS="Somebody works on it.",
    COMPLETE="Done. A completed ticket cannot be edited.",
    UNKNOWN="A status newer than this schema; `statusLabel` has Arena's own word.",
)
described(
    SettableTicketStatus,
    "The statuses a ticket can be given.",
    NOT_STARTED="Nobody works on it yet.",
    IN_PROGRESS="Somebody works on it.",
    COMPLETE="Done.",
)
described(
    ProcessStatus,
    "Where a workflow process stands, derived from its steps.",
    RUNNING="Not all of its steps are completed.",
    COMPLETED="All of its steps are completed.",
    FAILED="One of its steps failed.",
    UNKNOWN="It has no steps, or one in a state newer than this schema.",
)
described(
    ProcessStepStatus,
    "Where a step of a workflow process stands.",
    PENDING="It waits for the steps before it.",
    STARTED="Its delegate is at work, and its time runs.",
    COMPLETED="Done.",
    FAILED="Its time ran out.",
    UNKNOWN=NEWER,
)
described(
    ChangeOutcome,
    "Which request made a change.",
    APPLIED="This one.",
    REPLAYED="An earlier one with the same idempotency key; nothing was changed again.",
)
described(
    BulkErrorPolicy,
    "What becomes of the items of a bulk after one that fails.",
    CONTINUE="They are sent all the same: side by side as far as their order does not matter.",
    STOP="They are not sent: items go out one by one, in their order, each when the one before it has succeeded.",
)
described(
    BulkStatus,
    "How many items of a bulk succeeded.",
    ALL_SUCCEEDED="All.",
    PARTLY_SUCCEEDED="Some: see each result.",
    NONE_SUCCEEDED="None.",
)
described(
    LogoutOutcome,
    "Which request ended a session.",
    ENDED="This one.",
    ALREADY_ENDED="It had ended before, or never was one: Arena does not tell the two apart.",
)
described(
    System,
    "A REST system behind this schema.",
    name="UpstreamSystem",
    ARENA="Arena PLM: quality processes and tickets.",
    COGNAIZE="Cognaize: workflow processes.",
)
described(
    BudgetState,
    "How much of a daily limit is left.",
    OK="Enough.",
    LOW="Only the reserve for changes: reads are refused.",
    EXHAUSTED="Nothing until the reset.",
    UNKNOWN="Not told yet: no answer has come since the last reset.",
)
described(
    RetryKind,
    "Whether the same request may be sent again.",
    NEVER="Not as it is: it would be refused again.",
    SAFE_NOW="At once: nothing was changed, or nothing that the same request does not put right.",
    SAFE_LATER="Later, after `after` when it is given: nothing was changed, or nothing that the same request does not "
    "put right.",
    ONLY_WITH_SAME_KEY="With the same idempotency key: then nothing is done twice.",
    CHECK_FIRST="Read first whether it was done.",
)
described(
    ErrorCode,
    "Stable names of failures. Treat one you do not know by its `retry.kind`.",
    STEP_ALREADY_COMPLETED="The step was completed before.",
    STEP_ALREADY_OPEN="The step is open.",
    QUALITY_PROCESS_COMPLETED="The quality process is completed, so its steps cannot change.",
    SIGN_OFF_STEP="The step is a sign-off step.",
    NOT_FOUND="There is no such object, or it is not visible to the user.",
    INVALID_INPUT="An input value is wrong.",
    SESSION_MISSING="Nobody is logged in to the upstream.",
    SESSION_EXPIRED="The login is no longer valid.",
    INVALID_CREDENTIALS="Arena does not take the email, password and workspace.",
    ACCOUNT_LOCKED="The user is locked for a while, after bad tries to log in.",
    PASSWORD_EXPIRED="The password has expired or was reset.",  # noqa: S106  # no password
    ACCESS_NOT_ALLOWED="The user may not log in: a supplier, say.",
    API_NOT_ENABLED="The API is not enabled for the user.",
    PERMISSION_DENIED="The user who is logged in may not do this.",
    PRECONDITION_FAILED="The upstream asks for something to be true first.",
    IDEMPOTENCY_KEY_REUSED="The idempotency key was used for another change.",
    IDEMPOTENCY_IN_PROGRESS="The first request with this idempotency key is still under way.",
    RATE_LIMITED="No upstream calls are left for this.",
    UPSTREAM_REJECTED="The upstream refused for a reason this schema has no name for.",
    UPSTREAM_UNAVAILABLE="The upstream cannot be reached or is failing.",
    UPSTREAM_TIMEOUT="The upstream did not answer in time.",
    UPSTREAM_CONTRACT="The upstream's answer is not what its documentation promises.",
    OUTCOME_UNKNOWN="Whether the change was made is not known.",
    LIMIT_EXCEEDED="The operation is larger than one operation may be.",
    INVALID_REQUEST="The request is no valid GraphQL request for this schema.",
    PERSISTED_QUERY_NOT_FOUND="Send the query's text with its hash, once: it is not known, or no longer.",
    PERSISTED_QUERY_NOT_SUPPORTED="Send the query's text: persisted queries are not kept.",
    DOCUMENT_NOT_TRUSTED="Only documents of the service's manifest are executed, and this is none of them.",
    INTERNAL="A mistake of this service; tell its operators the request id.",
)
