"""A login at Arena: credentials out, a session back. Neither is ever written anywhere."""

from dataclasses import dataclass, field

from upstreams import endpoints
from upstreams.arena_answers import Login, read_login
from upstreams.bounds import Bounds
from upstreams.budget import Budget, LoginGate
from upstreams.call import Call
from upstreams.wire import Wire


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody logs in with; without a workspace, in the one used last."""

    email: str
    password: str = field(repr=False)
    workspace_id: int | None = None


async def log_in(wire: Wire, credentials: Credentials, bounds: Bounds, budget: Budget) -> Login:
    """Arena: POST Log In. Sent once: a login whose answer is lost may have ended the user's earlier session.

    Args:
        wire: The way to Arena.
        credentials: Who logs in.
        bounds: The operation the call is part of.
        budget: Learns from the answer what is left of the day; the call itself does not count.

    Raises:
        UpstreamFailure: There is no session, or nobody knows.
    """
    body: dict[str, object] = {"email": credentials.email, "password": credentials.password}
    if credentials.workspace_id is not None:
        body["workspaceId"] = credentials.workspace_id
    return read_login(await wire.send(Call(endpoints.LOG_IN, body=body), {}, bounds, LoginGate(budget)))
