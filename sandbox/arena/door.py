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
from sandbox.arena.daily_limit import Budget, count_call, last_known_budget, present_budget
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
        self._latest_budget: Budget | None = None

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

        async def answer(visit: Visit) -> tuple[Response, Budget]:
            budget = await count_call(visit.session, self._settings.daily_limit, visit.instant)
            return await self._settle(request, _admit(visit, budget, endpoint)), budget

        return await self._respond(request, answer)

    async def _serve_login(self, request: Request) -> Response:
        limit = self._settings.daily_limit

        async def answer(visit: Visit) -> tuple[Response, Budget]:
            budget = await present_budget(visit.session, limit, visit.instant)
            return await self._settle(request, _log_in(visit, limit)), budget

        return await self._respond(request, answer)

    async def _respond(
        self, request: Request, answer: Callable[[Visit], Awaitable[tuple[Response, Budget]]]
    ) -> Response:
        content = await request.body()  # before the transaction: a slow sender must not hold up the others
        try:
            async with self._store.transaction() as session:
                response, budget = await answer(Visit(request, content, session, self._clock()))
            self._latest_budget = budget
        except Exception as error:
            response = self._failure(request, error)
            budget = last_known_budget(self._settings.daily_limit, self._clock(), self._latest_budget)
        response.headers.update(budget.headers)
        return response

    async def _settle(self, request: Request, answer: Awaitable[Response]) -> Response:
        try:
            return await answer
        except Refused as refused:
            return self._refusal(refused)
        except OperationalError:
            raise
        except Exception as error:
            return self._failure(request, error)

    def _failure(self, request: Request, error: Exception) -> Response:
        if isinstance(error, OperationalError):
            return self._refusal(Refused(Refusal.UNAVAILABLE))
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return self._refusal(Refused(Refusal.FAILURE))

    def _refusal(self, refused: Refused) -> Response:
        return _written(Answer(refused.envelope(self._settings.dialect), refused.refusal.http_status))


async def _admit(visit: Visit, budget: Budget, endpoint: Endpoint) -> Response:
    if budget.is_exceeded:
        raise Refused(Refusal.CALLS_SPENT, limit=budget.limit, reset=budget.resets)
    user = await caller(visit.session, visit.request.headers.get("arena_session_id"), visit.instant)
    call = Call(visit.request, visit.content, visit.session, user, visit.instant)
    if visit.request.method in SAFE_METHODS:
        return _written(await endpoint(call))
    # What is refused, or cannot be answered, changes nothing, yet has been counted.
    async with visit.session.begin_nested():
        return _written(await endpoint(call))


async def _log_in(visit: Visit, daily_limit: int) -> Response:
    body = json_object(visit.request, visit.content)
    return _written(await log_in(visit.session, body, daily_limit, visit.instant))


def _written(answer: Answer) -> Response:
    content = b"" if answer.body is None else msgspec.json.encode(answer.body)
    return Response(content, answer.status, SERVER_HEADER, "application/json")
