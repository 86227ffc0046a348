"""The one way into every Arena endpoint: transaction, daily limit, session, errors and headers."""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.arena.calls import Answer, Call, json_object
from sandbox.arena.daily_limit import Budget, count_call, present_budget
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.sessions import caller, log_in
from sandbox.settings import SandboxSettings
from sandbox.store import Store

Clock = Callable[[], datetime]
Endpoint = Callable[[Call], Awaitable[Answer]]

SERVER_HEADER = {"Server": "ArenaSolutions"}
SAFE_METHODS = frozenset({"GET", "HEAD"})

logger = logging.getLogger(__name__)


class Door:
    """Turns endpoints, which know only their call, into routes.

    Args:
        store: Where everything is kept.
        settings: The dialect and the daily limit.
        clock: Says what time it is.
    """

    def __init__(self, store: Store, settings: SandboxSettings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def route(self, method: str, path: str, endpoint: Endpoint) -> Route:
        """A route for callers who are logged in; the call counts, answered or refused."""

        async def serve(request: Request) -> Response:
            return await self.serve(request, endpoint)

        return Route(path, serve, methods=[method])

    def login_route(self) -> Route:
        """The route that starts a session; the call does not count."""
        return Route("/login", self._serve_login, methods=["POST"])

    async def serve(self, request: Request, endpoint: Endpoint) -> Response:
        """Let an endpoint answer one request."""
        content = await request.body()  # before the transaction: a slow sender must not hold up the others
        instant = self._clock()
        limit = self._settings.daily_limit
        try:
            async with self._store.transaction() as session:
                budget = await count_call(session, limit, instant)
                answer = await self._answer(request, content, session, budget, instant, endpoint)
        except OperationalError:
            return _response(self._refusal(Refused(Refusal.UNAVAILABLE)), {})
        return _response(answer, budget.headers)

    async def _serve_login(self, request: Request) -> Response:
        content = await request.body()
        instant = self._clock()
        limit = self._settings.daily_limit
        async with self._store.transaction() as session:
            budget = await present_budget(session, limit, instant)
            try:
                answer = await log_in(session, json_object(request, content), limit, instant)
            except Refused as refused:
                answer = self._refusal(refused)
        return _response(answer, budget.headers)

    async def _answer(
        self,
        request: Request,
        content: bytes,
        session: AsyncSession,
        budget: Budget,
        instant: datetime,
        endpoint: Endpoint,
    ) -> Answer:
        try:
            if budget.is_exceeded:
                raise Refused(Refusal.CALLS_SPENT, limit=budget.limit, reset=budget.resets)
            user = await caller(session, request.headers.get("arena_session_id"), instant)
            call = Call(request, content, session, user, instant)
            if request.method in SAFE_METHODS:
                return await endpoint(call)
            async with session.begin_nested():  # what is refused changes nothing, yet has been counted
                return await endpoint(call)
        except Refused as refused:
            return self._refusal(refused)
        except OperationalError:
            raise
        except Exception:
            logger.exception("%s %s failed", request.method, request.url.path)
            return self._refusal(Refused(Refusal.FAILURE))

    def _refusal(self, refused: Refused) -> Answer:
        status = refused.refusal.http_status
        error = {"code": refused.refusal.code(self._settings.dialect), "message": str(refused)}
        return Answer({"status": status, "errors": [error]}, status)


def _response(answer: Answer, headers: dict[str, str]) -> Response:
    content = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return Response(content, answer.status, SERVER_HEADER | headers, "application/json")
