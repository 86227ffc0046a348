"""Logging in and out: input, what each can answer, and what clients have to know about them."""

from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers import logins
from resolvers.context import Info
from resolvers.logins import LoggedIn, LoggedOut, LogoutOutcome
from resolvers.refusals import ErrorCode
from schema.errors import (
    InvalidInputError,
    OperationError,
    OutcomeUnknownError,
    RateLimitedError,
    UnauthenticatedError,
    UpstreamBudget,
    UpstreamError,
    has_code,
    refusals_as_data,
)
from schema.scalars import BigInt
from schema.shared import is_record

LOGIN = (
    "Begin a session of an Arena user, for apps that hold none. Costs 1 call, which the daily limit does not count; an "
    "operation can hold one. The password must come by a variable. Arena has one session for a user, so a login ends "
    "the one before it. Do not log in as the user whom the service itself acts as: each would end the other's session. "
    "After failed tries the next ones have to wait (`RATE_LIMITED`)."
)
LOGOUT = (
    "End the Arena session that the request brings; never the service's own. Costs 1 call. It may be sent again: a "
    "session that has ended already is a success, too."
)


@strawberry.input(description="Who logs in, and where.")
class LoginInput:
    email: str = strawberry.field(description="The user's email; white space around it is left out.")
    password: str = strawberry.field(description="The user's password. Only by a variable, never in the document.")
    workspace_id: BigInt | None = strawberry.field(
        default=UNSET, description="The workspace to work in; without one, that of the user's last login."
    )

    def __repr__(self) -> str:
        return "LoginInput()"


@strawberry.type(description="The user is logged in.")
class LoginSuccess:
    is_type_of = is_record(LoggedIn)

    session_id: str = strawberry.field(
        description="The session: send it as the header `arena_session_id`, or `arena-session-id`, and keep it secret. "
        "It ends 90 minutes after it was used last, with a logout, and with the user's next login."
    )
    workspace_id: BigInt | None = strawberry.field(description="The workspace the session works in.")
    workspace_name: str | None = strawberry.field(description="Its name.")
    budget: UpstreamBudget = strawberry.field(
        description="The workspace's daily calls: how many there are, and how many are left."
    )


@strawberry.type(description="The session has ended.")
class LogoutSuccess:
    is_type_of = is_record(LoggedOut)

    outcome: LogoutOutcome = strawberry.field(description="Whether this request ended it.")


@strawberry.type(
    description="Arena does not take email, password and workspace together; or takes no logins from this service's "
    "address. It does not say which."
)
class InvalidCredentialsError(OperationError):
    is_type_of = has_code(ErrorCode.INVALID_CREDENTIALS)


@strawberry.type(description="Arena has locked the user for five minutes, after bad tries to log in.")
class AccountLockedError(OperationError):
    is_type_of = has_code(ErrorCode.ACCOUNT_LOCKED)


@strawberry.type(description="The password has expired or was reset: the user has to choose a new one in Arena itself.")
class PasswordExpiredError(OperationError):
    is_type_of = has_code(ErrorCode.PASSWORD_EXPIRED)


@strawberry.type(description="Arena does not let the user log in: a supplier, say, or somebody who is disabled.")
class AccessNotAllowedError(OperationError):
    is_type_of = has_code(ErrorCode.ACCESS_NOT_ALLOWED)


@strawberry.type(description="Arena's API is not enabled for the user: an administrator of Arena can enable it.")
class ApiNotEnabledError(OperationError):
    is_type_of = has_code(ErrorCode.API_NOT_ENABLED)


LoginResult = Annotated[
    LoginSuccess
    | InvalidCredentialsError
    | AccountLockedError
    | PasswordExpiredError
    | AccessNotAllowedError
    | ApiNotEnabledError
    | InvalidInputError
    | RateLimitedError
    | OutcomeUnknownError
    | UpstreamError,
    strawberry.union("LoginResult", description="The session, or why there is none."),
]
LogoutResult = Annotated[
    LogoutSuccess | UnauthenticatedError | RateLimitedError | OutcomeUnknownError | UpstreamError,
    strawberry.union("LogoutResult", description="The end of the session, or why it may go on."),
]


@refusals_as_data
async def log_in(
    info: Info, input: Annotated[LoginInput, strawberry.argument(description="Who, and where.")]
) -> LoggedIn:
    workspace_id = None if input.workspace_id is UNSET else input.workspace_id
    return await logins.log_in(info.context, input.email, input.password, workspace_id)


@refusals_as_data
async def log_out(info: Info) -> LoggedOut:
    return await logins.log_out(info.context)
