"""Arena's REST side as one application."""

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.arena.affected_routes import affected_routes
from sandbox.arena.calls import Answer, Call
from sandbox.arena.decision_routes import decision_routes
from sandbox.arena.door import Clock, Door
from sandbox.arena.lists import list_answer
from sandbox.arena.people_routes import people_routes
from sandbox.arena.quality_routes import quality_routes
from sandbox.arena.quality_settings_routes import quality_settings_routes
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.sessions import log_out
from sandbox.arena.step_routes import step_routes
from sandbox.arena.ticket_routes import ticket_routes
from sandbox.settings import SandboxSettings
from sandbox.store import Store


def arena_app(store: Store, settings: SandboxSettings, clock: Clock) -> ASGIApp:
    """Everything below `/arena/v1`.

    Args:
        store: Where everything is kept.
        settings: The dialect and the daily limit.
        clock: Says what time it is.
    """
    door = Door(store, settings, clock)
    app = Starlette(
        routes=[
            door.login_route(),
            door.route("PUT", "/logout", log_out),
            door.route("GET", "/items", list_nothing),
            door.route("GET", "/changes", list_nothing),
            door.route("GET", "/settings/changes/categories", list_nothing),
            door.route("GET", "/settings/integrations/triggers", list_nothing),
            *people_routes(door),
            *quality_settings_routes(door),
            *quality_routes(door),
            *step_routes(door),
            *affected_routes(door),
            *decision_routes(door),
            *ticket_routes(door),
        ],
        exception_handlers={
            404: _refuser(door, Refusal.UNKNOWN_PATH),
            405: _refuser(door, Refusal.WRONG_METHOD),
        },
    )
    app.router.redirect_slashes = False
    return _without_trailing_slash(app)


async def list_nothing(_call: Call) -> Answer:
    """A part of Arena this workspace does not use."""
    return list_answer([])


def _refuser(door: Door, refusal: Refusal) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def refuse(_call: Call) -> Answer:
        raise Refused(refusal)

    async def handle(request: Request, _error: Exception) -> Response:
        return await door.serve(request, refuse)

    return handle


def _without_trailing_slash(app: ASGIApp) -> ASGIApp:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "path": scope["path"].rstrip("/")}, receive, send)

    return serve
