"""Answers of GraphQL as HTTP messages."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec
import orjson
from starlette.types import Send

from edge.header_fields import CREDENTIALS, WISHES
from edge.media_types import GRAPHQL_RESPONSE, JSON
from edge.parameters import CLIENT_LIBRARY
from edge.refusals import ANSWER_HEADERS

HeaderFields = list[tuple[bytes, bytes]]

_HEADS: dict[str, HeaderFields] = {
    media_type: [
        (b"content-type", media_type.encode()),
        *((name.encode(), value.encode()) for name, value in ANSWER_HEADERS.items()),
    ]
    for media_type in (JSON, GRAPHQL_RESPONSE)
}
# A cache may keep the answer for its user, and has to ask each time whether it is still the same.
_CACHEABLE = {
    b"cache-control": b"private, no-cache",
    b"vary": b", ".join([b"accept", b"accept-encoding", *CREDENTIALS]),
}
_CACHEABLE_HEADS: dict[str, HeaderFields] = {
    media_type: [*({**dict(head), **_CACHEABLE}).items()] for media_type, head in _HEADS.items()
}
_TAG_BYTES = 16
# The extensions of a request that ask for nothing.
_ASKING_NOTHING = {CLIENT_LIBRARY}


class Answer(msgspec.Struct):
    """A whole HTTP answer, but for its length."""

    status: int
    headers: HeaderFields
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it, with its length, but for a 304, which has none."""
        if self.body:
            self.headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def answer(response: dict[str, Any], media_type: str) -> Answer:
    """Returns an answer that no cache keeps."""
    is_unexecuted = media_type == GRAPHQL_RESPONSE and "data" not in response
    return Answer(400 if is_unexecuted else 200, [*_HEADS[media_type]], orjson.dumps(response))


def asks_for_data_only(extensions: Mapping[str, Any] | None, fields: Mapping[bytes, bytes]) -> bool:
    """Tells whether a request asks for nothing that answers have in their extensions.

    Args:
        extensions: The request's, which is one way to ask.
        fields: The request's header fields, which is the other.
    """
    return not (extensions and extensions.keys() - _ASKING_NOTHING) and WISHES.isdisjoint(fields)


def cacheable_answer(response: dict[str, Any], media_type: str, if_none_match: bytes) -> Answer:
    """Returns an answer that the client's own cache may keep, or 304 when it has the same data already.

    The entity tag is a weak one, of the media type and the data: extensions tell how the answer was made, which
    differs each time.

    Args:
        response: An answer to a request that changes nothing, and asks for data only.
        media_type: What it is sent as.
        if_none_match: The entity tags of what the client has, as in its header field.
    """
    if "errors" in response:
        return answer(response, media_type)
    data = orjson.dumps(response["data"])
    tag = b'W/"%s"' % blake2b(data, digest_size=_TAG_BYTES, person=media_type[-16:].encode()).hexdigest().encode()
    headers = [*_CACHEABLE_HEADS[media_type], (b"etag", tag)]
    if _matches(tag, if_none_match):
        return Answer(304, headers, b"")
    return Answer(200, headers, orjson.dumps({**response, "data": orjson.Fragment(data)}))


def _matches(tag: bytes, if_none_match: bytes) -> bool:
    opaque = tag.removeprefix(b"W/")
    return any(entry.strip().removeprefix(b"W/") in (opaque, b"*") for entry in if_none_match.split(b","))
