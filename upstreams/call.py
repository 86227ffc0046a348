"""A REST call before it is made, and what it passes on its way."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote, urlencode

import msgspec

from upstreams.decoding import Answer
from upstreams.endpoints import Endpoint


class Call(msgspec.Struct, frozen=True):
    """A request to make. A change is sent again only after a 401, which says that nothing was done."""

    endpoint: Endpoint
    keys: tuple[str, ...] = ()
    query: Mapping[str, str] | None = None
    body: object = None

    def __repr__(self) -> str:
        return f"<{self.endpoint.method} {self.endpoint.path}>"  # a body may hold a password

    @property
    def target(self) -> str:
        """The path, every key in it quoted, and the query."""
        path = self.endpoint.address(self.keys)
        return f"{path}?{urlencode(self.query, quote_via=quote)}" if self.query else path


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
