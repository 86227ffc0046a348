import os
import re
from collections.abc import Awaitable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge.header_fields import header_fields

_HEADER = b"x-request-id"
_SANE = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


def request_id(scope: Scope) -> str:
    """Returns the id that `RequestIds` gave this request."""
    identifier: str = scope["state"]["request_id"]
    return identifier


def is_answered(scope: Scope) -> bool:
    """Tells whether an answer to this request, inside of `RequestIds`, has begun."""
    return "is_answered" in scope["state"]


class RequestIds:
    """Gives every request an id, the client's own where it is sane, and answers with it.

    The id stands at `scope["state"]["request_id"]` and in the `x-request-id` response header.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] != "http":
            return self.app(scope, receive, send)

        identifier = _sent_id(scope) or os.urandom(16).hex()
        state = scope["state"]
        state["request_id"] = identifier

        def send_with_id(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                state["is_answered"] = True
                message["headers"] = [*message["headers"], (_HEADER, identifier.encode())]
            return send(message)

        return self.app(scope, receive, send_with_id)


def _sent_id(scope: Scope) -> str | None:
    sent = header_fields(scope).get(_HEADER)
    return sent.decode() if sent and _SANE.fullmatch(sent) else None
