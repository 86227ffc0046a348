"""From what a client raises to what a caller is told."""

from collections.abc import Iterator
from contextlib import contextmanager

from resolvers.refusals import (
    NEVER,
    ErrorCode,
    InvalidField,
    Meanings,
    PreconditionDetail,
    Refusal,
    Refused,
    RetryAdvice,
    RetryKind,
    with_evidence,
)
from upstreams.budget import Budget, BudgetState
from upstreams.errors import (
    Abandoned,
    Exhausted,
    Rejected,
    System,
    TimedOut,
    Unauthenticated,
    Unreadable,
    UpstreamFailure,
)
from upstreams.records import StepKey

_NAMES = {System.ARENA: "Arena", System.COGNAIZE: "Cognaize"}
_LOST_BY_A_GATEWAY = {502, 504}

_MESSAGES = {
    ErrorCode.STEP_ALREADY_COMPLETED: "The step is completed already.",
    ErrorCode.STEP_ALREADY_OPEN: "The step is open already.",
    ErrorCode.QUALITY_PROCESS_COMPLETED: "The quality process is completed, so its steps cannot change any more.",
    ErrorCode.SIGN_OFF_STEP: "A sign-off step is decided by its approvers; it cannot be completed or reopened here.",
    ErrorCode.NOT_FOUND: "{system} knows no {resource} with this key.",
    ErrorCode.INVALID_INPUT: "{system} refused an input value.",
    ErrorCode.SESSION_MISSING: "No login for {system}: send {credentials}.",
    ErrorCode.SESSION_EXPIRED: "The login for {system} is no longer valid: log in again and send {credentials}.",
    ErrorCode.INVALID_CREDENTIALS: "{system} does not take this email, password and workspace from this service.",
    ErrorCode.ACCOUNT_LOCKED: "{system} has locked this user for five minutes, after bad tries to log in.",
    ErrorCode.PASSWORD_EXPIRED: "The password has expired or was reset: choose a new one in {system} itself.",
    ErrorCode.ACCESS_NOT_ALLOWED: "{system} does not let this user log in: suppliers and disabled users may not.",
    ErrorCode.API_NOT_ENABLED: "{system}'s API is not enabled for this user: an administrator can enable it.",
    ErrorCode.PERMISSION_DENIED: "{system} does not allow this to the user who is logged in.",
    ErrorCode.PRECONDITION_FAILED: "{system} refused because a precondition is not met; see the details.",
    ErrorCode.RATE_LIMITED: "No calls to {system} are left for this; try again after the reset.",
    ErrorCode.UPSTREAM_REJECTED: "{system} refused the request; see what it answered.",
    ErrorCode.UPSTREAM_UNAVAILABLE: "{system} cannot be reached or is failing.",
    ErrorCode.UPSTREAM_TIMEOUT: "{system} did not answer in time.",
    ErrorCode.UPSTREAM_CONTRACT: "{system} answered in a form this service does not understand.",
    ErrorCode.OUTCOME_UNKNOWN: "The answer of {system} was lost: whether the change was made is not known.",
    ErrorCode.LIMIT_EXCEEDED: "The operation needs more upstream calls than one operation may make.",
}
_CREDENTIALS = {
    System.ARENA: "an Arena session in the header arena_session_id",
    System.COGNAIZE: "a token in the header Authorization",
}


SERVICE_REFUSED = "{system} refuses this service's own login (its operators must mend it): send {credentials}."
REPEATABLE = "The answer of {system} was lost: whether it was done is not known. The same again puts that right."
ONLY_RESERVE = "Only the calls kept for changes are left to Arena today: reads work again after the reset."

CHECK_FIRST = RetryAdvice(RetryKind.CHECK_FIRST)


@contextmanager
def refusing(
    meanings: Meanings,
    key: str,
    *,
    budget: Budget | None = None,
    check: str = "",
    path: tuple[str, ...] = ("input",),
) -> Iterator[None]:
    """Raise what the block's upstream failure means in an operation; the arguments are those of `explain`.

    Raises:
        Refused: In place of any `UpstreamFailure`.
    """
    try:
        yield
    except UpstreamFailure as failure:
        raise Refused(explain(failure, meanings, key, budget=budget, check=check, path=path)) from failure


def explain(
    failure: UpstreamFailure,
    meanings: Meanings,
    key: str,
    *,
    budget: Budget | None = None,
    check: str = "",
    step: StepKey | None = None,
    path: tuple[str, ...] = ("input",),
) -> Refusal:
    """What a failure means to the caller of an operation.

    Args:
        failure: What the client raised.
        meanings: The operation's table.
        key: The guid or id the operation is about.
        budget: Told to callers who have no calls left.
        check: What to read when the outcome of a change is unknown.
        step: The quality step the operation is about.
        path: Leads to the operation's input, from the arguments.
    """
    code = _code_of(failure, meanings)
    message = _special_message(code, failure, meanings, budget) or describe(code, failure.system, meanings.resource)
    refusal = Refusal(
        code=code,
        message=message,
        retry=_advise(code, failure, meanings),
        step=step,
        resource=meanings.resource,
        key=key,
        fields=(InvalidField(path, message),) if code is ErrorCode.INVALID_INPUT else (),
        details=_details_of(failure),
        budget=budget.read() if budget and failure.system is System.ARENA else None,
        check=check,
    )
    return with_evidence(refusal, failure.system, failure.evidence)


def _special_message(
    code: ErrorCode, failure: UpstreamFailure, meanings: Meanings, budget: Budget | None
) -> str | None:
    if code is ErrorCode.SESSION_MISSING and failure.evidence:
        return SERVICE_REFUSED.format(system=_NAMES[failure.system], credentials=_CREDENTIALS[failure.system])
    if code is ErrorCode.RATE_LIMITED and budget and budget.state is BudgetState.LOW:
        return ONLY_RESERVE
    if code is ErrorCode.OUTCOME_UNKNOWN and meanings.is_repeatable:
        return REPEATABLE.format(system=_NAMES[failure.system])
    return None


def describe(code: ErrorCode, system: System, resource: str) -> str:
    """A sentence for developers about a failure."""
    return _MESSAGES[code].format(system=_NAMES[system], resource=resource, credentials=_CREDENTIALS[system])


def _code_of(failure: UpstreamFailure, meanings: Meanings) -> ErrorCode:
    match failure:
        case Unauthenticated(missing=missing):
            return ErrorCode.SESSION_MISSING if missing else ErrorCode.SESSION_EXPIRED
        case Exhausted():
            return ErrorCode.RATE_LIMITED
        case Rejected(status=status, code=code):
            return meanings.of(status, code)
        case Abandoned():
            return ErrorCode.LIMIT_EXCEEDED
    if meanings.is_change and _may_have_happened(failure):
        return ErrorCode.OUTCOME_UNKNOWN
    match failure:
        case TimedOut():
            return ErrorCode.UPSTREAM_TIMEOUT
        case Unreadable():
            return ErrorCode.UPSTREAM_CONTRACT
    return ErrorCode.UPSTREAM_UNAVAILABLE


def _may_have_happened(failure: UpstreamFailure) -> bool:
    """Whether a change can have been made although no usable answer came back."""
    if failure.evidence is None or not failure.may_have_left:
        return failure.may_have_left
    status = failure.evidence.http_status
    return status in _LOST_BY_A_GATEWAY or 200 <= status < 300


def _advise(code: ErrorCode, failure: UpstreamFailure, meanings: Meanings) -> RetryAdvice:
    match code:
        case ErrorCode.OUTCOME_UNKNOWN:
            return _advise_after_failure(failure, meanings) if meanings.is_repeatable else CHECK_FIRST
        case ErrorCode.RATE_LIMITED | ErrorCode.ACCOUNT_LOCKED:
            return RetryAdvice(RetryKind.SAFE_LATER, failure.retry_at)
        case ErrorCode.UPSTREAM_UNAVAILABLE | ErrorCode.UPSTREAM_TIMEOUT | ErrorCode.UPSTREAM_CONTRACT:
            return _advise_after_failure(failure, meanings)
    return NEVER


def _advise_after_failure(failure: UpstreamFailure, meanings: Meanings) -> RetryAdvice:
    evidence = failure.evidence
    is_in_doubt = meanings.is_change and not meanings.is_repeatable and failure.may_have_left
    if evidence and is_in_doubt and evidence.http_status != 503:
        return CHECK_FIRST
    if evidence or failure.retry_at or isinstance(failure, Unreadable):
        return RetryAdvice(RetryKind.SAFE_LATER, failure.retry_at)
    return RetryAdvice(RetryKind.SAFE_NOW)


def _details_of(failure: UpstreamFailure) -> tuple[PreconditionDetail, ...]:
    if not isinstance(failure, Rejected):
        return ()
    return tuple(PreconditionDetail(name, reason) for name, reason in failure.details)
