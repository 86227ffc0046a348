"""The failures clients can act on, as types: which codes are which type stands in each type's first line."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import strawberry

from resolvers import budgets, refused_objects
from resolvers.refusals import ErrorCode, Refusal, Refused, RetryKind
from schema.quality import QualityProcess, QualityStep
from upstreams.budget import BudgetState
from upstreams.errors import System

P = ParamSpec("P")
T = TypeVar("T")


def has_code(*codes: ErrorCode) -> Any:
    """An error type's `is_type_of`: its values are refusals with these codes."""
    return classmethod(lambda cls, value, _info: isinstance(value, Refusal) and value.code in codes)


def refusals_as_data(resolve: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T | Refusal]]:
    """Let a resolver of a result union return refusals, as members of the union, instead of raising them."""

    @wraps(resolve)
    async def answer(*args: P.args, **kwargs: P.kwargs) -> T | Refusal:
        try:
            return await resolve(*args, **kwargs)
        except Refused as refused:
            return refused.refusal

    return answer


@strawberry.type(description="Whether the same request may be sent again.")
class RetryAdvice:
    kind: RetryKind = strawberry.field(description="Whether, and how.")
    after: datetime | None = strawberry.field(description="Not before then, when the upstream named a time.")


@strawberry.type(description="What the REST side said.")
class UpstreamAnswer:
    system: System = strawberry.field(description="Who said it.")
    http_status: int | None = strawberry.field(description="The HTTP status.")
    code: str | None = strawberry.field(description="The upstream's own error code.")
    message: str | None = strawberry.field(description="The upstream's own words, cut to 500 characters.")


@strawberry.type(description="What is left of an upstream's daily calls, as its last answer told.")
class UpstreamBudget:
    system: System = strawberry.field(description="Whose calls.")
    state: BudgetState = strawberry.field(description="How much is left, in a word.")
    remaining: int | None = strawberry.field(resolver=budgets.remaining, description="How many calls are left.")
    limit: int | None = strawberry.field(
        resolver=budgets.limit, description="How many there are in a day; known only after a login by this service."
    )
    resets_at: datetime | None = strawberry.field(description="When they are counted anew.")
    observed_at: datetime | None = strawberry.field(description="When the upstream told.")


@strawberry.interface(description="A failure a client can act on.")
class OperationError:
    code: ErrorCode = strawberry.field(description="The failure's stable name.")
    message: str = strawberry.field(description="English, for developers and logs; never branch on it.")
    request_id: str = strawberry.field(
        resolver=refused_objects.request_id, description="Names this request in the service's logs."
    )
    retry: RetryAdvice = strawberry.field(description="Whether to send the request again.")
    upstream: UpstreamAnswer | None = strawberry.field(description="What the REST side said, as evidence.")


@strawberry.type
class StepError(OperationError):
    """What refusals of a step's change have in common; clients see the types below."""

    step = strawberry.field(
        resolver=refused_objects.refused_step,
        graphql_type=QualityStep | None,
        description="The step. No call for its id and guid; else at most 1.",
    )


@strawberry.type(description="The step to complete is completed.")
class StepAlreadyCompletedError(StepError):
    is_type_of = has_code(ErrorCode.STEP_ALREADY_COMPLETED)


@strawberry.type(description="The step to reopen is open.")
class StepAlreadyOpenError(StepError):
    is_type_of = has_code(ErrorCode.STEP_ALREADY_OPEN)


@strawberry.type(description="The step is a sign-off step, which only its approvers' decisions complete.")
class SignOffStepError(StepError):
    is_type_of = has_code(ErrorCode.SIGN_OFF_STEP)


@strawberry.type(description="The process is completed, so its steps can neither be completed nor reopened.")
class QualityProcessCompletedError(OperationError):
    is_type_of = has_code(ErrorCode.QUALITY_PROCESS_COMPLETED)

    quality_process = strawberry.field(
        resolver=refused_objects.refused_quality_process,
        graphql_type=QualityProcess | None,
        description="The process. No call for its id and guid; else 1.",
    )


@strawberry.type(description="There is no such object, or it is not visible to the user.")
class NotFoundError(OperationError):
    is_type_of = has_code(ErrorCode.NOT_FOUND)

    resource: str = strawberry.field(description="The type that was looked for.")
    key: str = strawberry.field(description="The guid or id it was looked for by.")


@strawberry.type(description="What is wrong with one input value.")
class InvalidField:
    path: list[str] = strawberry.field(description="Leads to the value, from the arguments.")
    message: str = strawberry.field(description="What it must be.")


@strawberry.type(description="Input that cannot be right, whatever the upstream's state.")
class InvalidInputError(OperationError):
    is_type_of = has_code(ErrorCode.INVALID_INPUT)

    fields: list[InvalidField] = strawberry.field(description="What is wrong.")


@strawberry.type(description="Nobody is logged in to the upstream, or no longer.")
class UnauthenticatedError(OperationError):
    is_type_of = has_code(ErrorCode.SESSION_MISSING, ErrorCode.SESSION_EXPIRED)


@strawberry.type(description="The user who is logged in may not do this.")
class PermissionDeniedError(OperationError):
    is_type_of = has_code(ErrorCode.PERMISSION_DENIED)


@strawberry.type(description="What the upstream asks of one value before it goes ahead.")
class PreconditionDetail:
    name: str = strawberry.field(description="The value.")
    reason: str = strawberry.field(description="What is asked of it.")


@strawberry.type(description="The upstream asks for something to be true first: the step to be started, say.")
class PreconditionFailedError(OperationError):
    is_type_of = has_code(ErrorCode.PRECONDITION_FAILED)

    details: list[PreconditionDetail] = strawberry.field(description="What is asked, as far as the upstream said.")


@strawberry.type(
    description="No upstream calls are left for this: of the day, or of what one operation may make. Or logins failed, "
    "and the next has to wait."
)
class RateLimitedError(OperationError):
    is_type_of = has_code(ErrorCode.RATE_LIMITED, ErrorCode.LIMIT_EXCEEDED)

    budget: UpstreamBudget | None = strawberry.field(description="What is left of the day's calls.")


@strawberry.type(description="The idempotency key is taken: by another change, or by this one, still under way.")
class IdempotencyError(OperationError):
    is_type_of = has_code(ErrorCode.IDEMPOTENCY_KEY_REUSED, ErrorCode.IDEMPOTENCY_IN_PROGRESS)


@strawberry.type(description="The answer to a change was lost: nobody knows whether it was made.")
class OutcomeUnknownError(OperationError):
    is_type_of = has_code(ErrorCode.OUTCOME_UNKNOWN)

    check: strawberry.ID = strawberry.field(
        description="What to read before trying again: the id of a node, or the process step's own id; empty where "
        "another try does no harm (a login, a logout)."
    )


@strawberry.type(description="The upstream refused for an unnamed reason, failed, or cannot be understood.")
class UpstreamError(OperationError):
    is_type_of = has_code(
        ErrorCode.UPSTREAM_REJECTED,
        ErrorCode.UPSTREAM_UNAVAILABLE,
        ErrorCode.UPSTREAM_TIMEOUT,
        ErrorCode.UPSTREAM_CONTRACT,
    )
