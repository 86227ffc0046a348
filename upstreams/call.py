"""A REST call before it is made, and what it passes on its way."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, urlencode

import msgspec

from upstreams.decoding import Answer


class Call(msgspec.Struct, frozen=True):
    """A request to make. A change is sent again only after a 401, which says that nothing was done."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str] | None = None
    body: object = None
    is_change: bool = False

    @property
    def target(self) -> str:
        """The path, every segment quoted, and the query."""
        path = "".join(["/" + _quote(segment) for segment in self.path])
        return f"{path}?{urlencode(self.query, quote_via=quote)}" if self.query else path


def _quote(segment: str) -> str:
    is_plain = segment.isascii() and segment.isalnum()  # as nearly all are: guids, and the vendor's own words
    return segment if is_plain else quote(segment, safe="")


class Gate(Protocol):
    """What every call of a credential passes, out and back."""

    def open(self, *, is_change: bool) -> int:
        """Let a call out and number it. Raises `Exhausted` when it may not go."""

    def close(self, number: int, answer: Answer | None) -> None:
        """Take note of how call `number` ended, None when without an answer."""


class OpenGate:
    """Lets every call pass."""

    def open(self, *, is_change: bool) -> int:
        return 0

    def close(self, number: int, answer: Answer | None) -> None:
        return None
