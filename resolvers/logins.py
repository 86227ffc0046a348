"""Logging in and out, for callers who hold no Arena session yet. Nothing here is ever logged."""

import enum
from dataclasses import dataclass, field

from resolvers.context import Context
from resolvers.failures import explain, refusing
from resolvers.inputs import check_login
from resolvers.login_throttle import Attempt
from resolvers.refusals import LOGGING_IN, LOGGING_OUT, Refused
from upstreams.arena_login import Credentials
from upstreams.arena_session import caller_name
from upstreams.budget import BudgetReading
from upstreams.errors import Rejected, Unauthenticated, UpstreamFailure


class LogoutOutcome(enum.Enum):
    """Whether this request ended the session."""

    ENDED = "ENDED"
    ALREADY_ENDED = "ALREADY_ENDED"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session, and what Arena tells with it."""

    session_id: str = field(repr=False)
    workspace_id: int | None
    workspace_name: str | None
    budget: BudgetReading


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """There is no such session any more."""

    outcome: LogoutOutcome


async def log_in(context: Context, email: str, password: str, workspace_id: int | None) -> LoggedIn:
    """Begin a session of a user's own.

    Raises:
        Refused: There is none, or nobody knows.
    """
    email = email.strip()
    check_login(email, password, workspace_id)
    attempt = context.login_throttle.begin(email, context.client_address)
    return await context.changes.see_through(_log_in(context, Credentials(email, password, workspace_id), attempt))


async def _log_in(context: Context, credentials: Credentials, attempt: Attempt) -> LoggedIn:
    budget = context.budgets.new()
    try:
        with refusing(LOGGING_IN, "", budget=budget):
            login = await context.arena.log_in(credentials, budget)
    except BaseException as error:
        _end(attempt, error.__cause__)
        raise
    attempt.succeeded()
    context.budgets.keep(caller_name(login.session_id), budget)
    return LoggedIn(login.session_id, login.workspace_id, login.workspace_name, budget.read())


def _end(attempt: Attempt, failure: BaseException | None) -> None:
    if isinstance(failure, Rejected):
        attempt.failed()
    else:
        attempt.came_to_nothing()


async def log_out(context: Context) -> LoggedOut:
    """End the session the request brought. One that has ended already is no failure.

    Raises:
        Refused: The request brought none, or nobody knows.
    """
    return await context.changes.see_through(_log_out(context))


async def _log_out(context: Context) -> LoggedOut:
    try:
        await context.arena.log_out()
    except UpstreamFailure as failure:
        if isinstance(failure, Unauthenticated) and failure.evidence:
            return LoggedOut(LogoutOutcome.ALREADY_ENDED)
        raise Refused(explain(failure, LOGGING_OUT, "", budget=context.arena.budget)) from failure
    return LoggedOut(LogoutOutcome.ENDED)
