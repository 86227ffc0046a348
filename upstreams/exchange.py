"""One request out, one answer back: what the wire asks of an HTTP library."""

from collections.abc import Awaitable, Mapping
from typing import Protocol

from upstreams.call import Call
from upstreams.decoding import Answer

SENT_WITH_EVERY_CALL = {
    "accept": "*/*",
    "accept-encoding": "gzip, deflate",
    "content-type": "application/json",
    "user-agent": "stepgraph",
}


class Exchange(Protocol):
    """The way to one upstream, without any memory of what went over it."""

    def send(self, call: Call, headers: Mapping[str, str], seconds: float) -> Awaitable[Answer]:
        """Make a call once.

        Args:
            call: What to ask.
            headers: Credentials.
            seconds: How long it may take in all, from here to the last byte of the answer.

        Raises:
            TimedOut: There was no whole answer in time.
            Unavailable: There was no connection, or it broke.
            Unreadable: The answer cannot be unpacked, or is too long.
        """

    async def close(self) -> None:
        """Close every connection."""
