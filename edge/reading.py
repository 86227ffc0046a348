"""What a request holds, read within a limit and as nothing but UTF-8."""

from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from edge.refusals import LIMIT_EXCEEDED, Refusal


def read_query_string(query_string: bytes, max_bytes: int) -> dict[str, str]:
    """Reads the fields of a query string; of those that share a name, the last.

    Raises:
        Refusal: It is longer than the limit, or not percent-encoded UTF-8.
    """
    if len(query_string) > max_bytes:
        raise Refusal(
            HTTPStatus.REQUEST_URI_TOO_LONG, f"The query string is longer than {max_bytes} bytes.", LIMIT_EXCEEDED
        )
    try:
        return dict(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The query string is not percent-encoded UTF-8.") from error


async def read_body(receive: Receive, max_bytes: int) -> bytes:
    """Reads a body, and of a longer one no more than shows that it is.

    Raises:
        ClientDisconnect: The client left before it had sent the whole.
        Refusal: It is longer than the limit.
    """
    body = bytearray()
    more_body = True
    while more_body:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > max_bytes:
            raise Refusal(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"The request body is longer than {max_bytes} bytes.",
                LIMIT_EXCEEDED,
            )
        more_body = message.get("more_body", False)
    return bytes(body)
