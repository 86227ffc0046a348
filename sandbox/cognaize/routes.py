"""Cognaize's endpoints."""

import hmac
import json
import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    BaseUser,
    SimpleUser,
)
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router

from sandbox.cognaize import delegates, processes, workflows
from sandbox.cognaize.answers import Answers, PreconditionFailed, refused
from sandbox.cognaize.params import read_params
from sandbox.cognaize.tables import DelegateCall
from sandbox.settings import SandboxSettings
from sandbox.store import Store

logger = logging.getLogger(__name__)


def cognaize_routes(
    store: Store,
    settings: SandboxSettings,
    clock: Callable[[], datetime],
    delegate_transport: httpx.AsyncBaseTransport | None = None,
) -> list[BaseRoute]:
    """The routes under `/cognaize`.

    Args:
        store: Where workflows and processes are kept.
        settings: `cognaize_token` is the bearer token accepted.
        clock: The present moment, with its time zone.
        delegate_transport: How delegates are reached; none for the network.
    """
    answers = Answers(clock)
    endpoints = Endpoints(store, clock, answers, delegate_transport)
    routes = [
        Route("/api/v1/workflows", endpoints.create_workflow, methods=["POST"]),
        Route("/api/v1/processes/start", endpoints.start_process, methods=["POST"]),
        Route("/api/v1/processes/complete-step", endpoints.complete_step, methods=["POST"]),
        Route("/api/v1/processes/{id}", endpoints.find_process, methods=["GET"]),
    ]
    middleware = [
        Middleware(ExceptionMiddleware, handlers=_handlers(answers)),
        Middleware(
            AuthenticationMiddleware,
            backend=BearerToken(settings.cognaize_token),
            on_error=lambda _connection, _error: answers.unauthorized(),
        ),
    ]
    return [Mount("", Router(routes, redirect_slashes=False), middleware=middleware)]


class BearerToken(AuthenticationBackend):
    """Lets in whoever brings the token."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """Check the Authorization header.

        Raises:
            AuthenticationError: When it does not carry the token.
        """
        scheme, _, token = conn.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self._token):
            raise AuthenticationError
        return AuthCredentials(["cognaize"]), SimpleUser("cognaize")


class Endpoints:
    """One method per endpoint, each a transaction."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        answers: Answers,
        delegate_transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._answers = answers
        self._delegate_transport = delegate_transport

    async def create_workflow(self, request: Request) -> Response:
        """Cognaize: Create Workflow."""
        body = await _read_body(request)
        async with self._store.transaction() as session:
            created = workflows.create_workflow(session, body)
        return self._answers.success(created)

    async def start_process(self, request: Request) -> Response:
        """Cognaize: Start Process."""
        body = await _read_body(request)
        params = read_params(body.get("params"))
        async with self._store.transaction() as session:
            call = await processes.start_process(session, body.get("workflowId"), params, self._clock())
        await self._hand_over(call)
        return self._answers.success(processes.started_json(call.step))

    async def find_process(self, request: Request) -> Response:
        """Cognaize: Find Process By ID."""
        async with self._store.transaction() as session:
            process = await processes.find_process(session, request.path_params["id"], self._clock())
        return self._answers.success(processes.process_json(process))

    async def complete_step(self, request: Request) -> Response:
        """Cognaize: Complete Step."""
        body = await _read_body(request)
        params = read_params(body.get("params"))
        async with self._store.transaction() as session:
            completed, call = await processes.complete_step(session, body.get("processStepId"), params, self._clock())
        if call is None:
            return self._answers.success({**processes.started_json(completed), "processStepId": None})
        await self._hand_over(call)
        return self._answers.success(processes.started_json(call.step))

    async def _hand_over(self, call: DelegateCall) -> None:
        if call.url is None:
            return
        notice = processes.started_json(call.step)
        outcome = await delegates.call(call.url, notice, self._delegate_transport)
        async with self._store.transaction() as session:
            await processes.note_outcome(session, call, outcome)


async def _read_body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body(), parse_constant=_refuse_constant)
        # Half of a surrogate pair passes for JSON but cannot be stored or sent.
        json.dumps(body, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise refused("body", "invalid", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise refused("body", "invalid", "The body is not a JSON object.")
    return body


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _handlers(answers: Answers) -> dict[type[Exception], Callable[..., Any]]:
    async def precondition_failed(_request: Request, error: PreconditionFailed) -> Response:
        return answers.precondition_failed(error.details)

    async def no_route(_request: Request, error: HTTPException) -> Response:
        return answers.no_route(HTTPStatus(error.status_code), error.headers)

    async def internal_error(request: Request, error: Exception) -> Response:
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return answers.internal_error()

    return {
        PreconditionFailed: precondition_failed,
        HTTPException: no_route,
        Exception: internal_error,
    }
