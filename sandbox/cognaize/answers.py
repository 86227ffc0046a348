"""The envelope around every answer, and the refusal that becomes a 412."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

API_VERSION = "1.0.0"

Details = dict[str, dict[str, str]]


class PreconditionFailed(Exception):
    """A request Cognaize does not carry out.

    Args:
        details: An explanation by field name and reason.
    """

    def __init__(self, details: Details) -> None:
        super().__init__(details)
        self.details = details


def refused(field: str, reason: str, explanation: str) -> PreconditionFailed:
    """A refusal with a single reason."""
    return PreconditionFailed({field: {reason: explanation}})


def timestamp(moment: datetime) -> str:
    """The moment in Cognaize's spelling: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Answers:
    """Makes answers stamped with the time of a clock."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def success(self, data: Mapping[str, Any]) -> JSONResponse:
        """200 with the data."""
        return self._envelope(HTTPStatus.OK, "Success", data)

    def unauthorized(self) -> JSONResponse:
        """401: no bearer token, or not the right one."""
        headers = {"WWW-Authenticate": "Bearer"}
        return self._envelope(HTTPStatus.UNAUTHORIZED, "Unauthorized request", "A bearer token is needed.", headers)

    def precondition_failed(self, details: Details) -> JSONResponse:
        """412 with the reasons."""
        return self._envelope(HTTPStatus.PRECONDITION_FAILED, "Precondition failed", details)

    def no_route(self, status: HTTPStatus, headers: Mapping[str, str] | None) -> JSONResponse:
        """404 or 405: nothing answers at this path, or not to this method."""
        return self._envelope(status, status.phrase, status.description, headers)

    def internal_error(self) -> JSONResponse:
        """500: the sandbox itself is at fault."""
        return self._envelope(
            HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error", "An unexpected error occurred."
        )

    def _envelope(
        self, status: HTTPStatus, message: str, data: object, headers: Mapping[str, str] | None = None
    ) -> JSONResponse:
        body = {
            "message": message,
            "timestamp": timestamp(self._clock()),
            "data": data,
            "version": API_VERSION,
        }
        return JSONResponse(body, status, headers)
