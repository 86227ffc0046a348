"""Refusals of a whole request, all in GraphQL's error shape."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler, Scope

from edge.media_types import answer_type
from edge.request_ids import request_id

INVALID_REQUEST = "INVALID_REQUEST"
LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
INTERNAL = "INTERNAL"
RATE_LIMITED = "RATE_LIMITED"

ANSWER_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


class Refusal(Exception):
    """A request that is not executed.

    Attributes:
        status: The HTTP status.
        message: A sentence for the client's developer.
        code: The error's `extensions.code`.
        headers: Response headers the status asks for, such as `Allow`.
    """

    def __init__(
        self,
        status: HTTPStatus,
        message: str,
        code: str = INVALID_REQUEST,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = headers or {}


def refuse(scope: Scope, refusal: Refusal) -> Response:
    """Makes the answer to a refused request, with the request's id in it."""
    extensions = {"code": refusal.code, "requestId": request_id(scope)}
    return Response(
        msgspec.json.encode({"errors": [{"message": refusal.message, "extensions": extensions}]}),
        status_code=refusal.status,
        headers={**ANSWER_HEADERS, **refusal.headers},
        media_type=answer_type(Headers(scope=scope).get("accept", "")),
    )


async def _refuse_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the table below says so
    refusal = Refusal(HTTPStatus(error.status_code), error.detail, headers=error.headers)
    return refuse(request.scope, refusal)


# For Starlette(exception_handlers=...): no such path, method not allowed there.
exception_handlers: Mapping[type[Exception], ExceptionHandler] = {HTTPException: _refuse_http_exception}
