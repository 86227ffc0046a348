"""The one way into every Arena endpoint: transaction, daily limit, session, errors and headers."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Visit:
    """A request inside its transaction, before anybody knows whose it is."""

    request: Request
    content: bytes
    session: AsyncSession
    instant: datetime


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

        async def answer(visit: Visit) -> tuple[Answer, Budget]:
            budget = await count_call(visit.session, self._settings.daily_limit, visit.instant)
            return await self._settle(request, _admit(visit, budget, endpoint)), budget

        return await self._respond(request, answer)

    async def _serve_login(self, request: Request) -> Response:
        limit = self._settings.daily_limit

        async def answer(visit: Visit) -> tuple[Answer, Budget]:
            budget = await present_budget(visit.session, limit, visit.instant)
            return await self._settle(request, _log_in(visit, limit)), budget

        return await self._respond(request, answer)

    async def _respond(self, request: Request, answer: Callable[[Visit], Awaitable[tuple[Answer, Budget]]]) -> Response:
        content = await request.body()  # before the transaction: a slow sender must not hold up the others
        try:
            async with self._store.transaction() as session:
                answered, budget = await answer(Visit(request, content, session, self._clock()))
        except OperationalError:
            return _response(self._refusal(Refused(Refusal.UNAVAILABLE)), {})
        return _response(answered, budget.headers)

    async def _settle(self, request: Request, answer: Awaitable[Answer]) -> Answer:
        try:
            return await answer
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


async def _admit(visit: Visit, budget: Budget, endpoint: Endpoint) -> Answer:
    if budget.is_exceeded:
        raise Refused(Refusal.CALLS_SPENT, limit=budget.limit, reset=budget.resets)
    user = await caller(visit.session, visit.request.headers.get("arena_session_id"), visit.instant)
    call = Call(visit.request, visit.content, visit.session, user, visit.instant)
    if visit.request.method in SAFE_METHODS:
        return await endpoint(call)
    async with visit.session.begin_nested():  # what is refused changes nothing, yet has been counted
        return await endpoint(call)


async def _log_in(visit: Visit, daily_limit: int) -> Answer:
    body = json_object(visit.request, visit.content)
    return await log_in(visit.session, body, daily_limit, visit.instant)


def _response(answer: Answer, headers: dict[str, str]) -> Response:
    content = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return Response(content, answer.status, SERVER_HEADER | headers, "application/json")
