"""One call as the endpoints see it, and what they give back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.tables import User
from sandbox.arena.times import arena_time


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answers: a body to be written as JSON (None: no body at all) and the HTTP status."""

    body: Any = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a user who is logged in, inside the transaction that answers it.

    Attributes:
        request: The request, its body read already.
        content: That body.
        session: The open transaction.
        user: Who calls.
        instant: When.
    """

    request: Request
    content: bytes
    session: AsyncSession
    user: User
    instant: datetime

    @property
    def now(self) -> str:
        """When, as Arena writes it."""
        return arena_time(self.instant)

    @property
    def sets_null(self) -> bool:
        """Whether nulls in the body clear fields."""
        return self.flag("setnull")

    def flag(self, name: str) -> bool:
        """Whether the query holds `name=true`."""
        return self.request.query_params.get(name) == "true"

    def guid(self, name: str) -> str:
        """A guid out of the path."""
        guid: str = self.request.path_params[name]
        return guid

    def body(self) -> dict[str, Any]:
        """The JSON object in the body.

        Raises:
            Refused: The content type is not JSON, or the body is not a JSON object.
        """
        return json_object(self.request, self.content)


def json_object(request: Request, content: bytes) -> dict[str, Any]:
    """The JSON object in a request's body.

    Raises:
        Refused: The content type is not JSON, or the body is not a JSON object.
    """
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content and content_type != "application/json":
        raise Refused(Refusal.WRONG_CONTENT_TYPE)
    try:
        # The standard library would let NaN and half surrogate pairs through, which no answer can hold.
        value = msgspec.json.decode(content)
    except (ValueError, RecursionError):
        raise Refused(Refusal.SYNTAX) from None
    if not isinstance(value, dict):
        raise Refused(Refusal.SYNTAX)
    return value
