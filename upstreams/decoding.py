"""From the bytes of an answer to records, without any I/O."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from upstreams.errors import Evidence, System, Unreadable

MAX_MESSAGE_LENGTH = 500

T = TypeVar("T")


class Answer(msgspec.Struct, frozen=True):
    """A complete HTTP answer. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes | memoryview

    def __repr__(self) -> str:
        return f"<Answer {self.status}>"  # a body may hold a session


def header_text(headers: Mapping[str, str], name: str) -> str:
    """What a header says, the first of several of its name; nothing where there is none, or where it is no text."""
    try:
        return headers.get(name, "").strip()
    except ValueError:  # pyreqwest decodes a header when it is asked for
        return ""


def decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """A decoder for `shape` that keeps fractions in untyped places exactly as they were written."""
    return msgspec.json.Decoder(shape, float_hook=str)


def decode(system: System, answer: Answer, reader: msgspec.json.Decoder[T]) -> T:
    """The value in the body of a successful answer.

    Raises:
        Unreadable: The body is not JSON of the promised shape.
    """
    try:
        return reader.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(system, Evidence(answer.status)) from error


def decode_leniently(answer: Answer, reader: msgspec.json.Decoder[T]) -> T | None:
    """The value in the body of a refusal, None when it has another shape (a proxy's HTML page, say)."""
    try:
        return reader.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def shorten(message: object) -> str | None:
    """An upstream's words, cut to a length that is safe to pass on."""
    return message[:MAX_MESSAGE_LENGTH] if isinstance(message, str) and message else None
