"""A REST call before it is made, and what it passes on its way."""

from typing import Protocol

import msgspec

from upstreams.decoding import Answer
from upstreams.endpoints import Endpoint, Query


class Call(msgspec.Struct, frozen=True):
    """A request to make. A change is sent again only after a 401, which says that nothing was done."""

    endpoint: Endpoint
    keys: tuple[str, ...] = ()
    query: Query = ()
    body: object = None

    def __repr__(self) -> str:
        return f"<{self.endpoint.method} {self.endpoint.path}>"  # a body may hold a password

    @property
    def target(self) -> str:
        """The path and the query."""
        return self.endpoint.address(self.keys, self.query)


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
