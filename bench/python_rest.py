"""A server of the REST answers in Python, which can wait before it answers: `python -m bench.python_rest PORT SECONDS`.

It serves the measurements with slow REST calls, and every measurement where there is no nginx. It does as little as it
can, so that answers leave on time when many are due at once. One ticket waits longer than the rest.
"""

import asyncio
import sys
import time
from typing import cast

import httptools
import uvloop

from bench.answers import HEADERS, LARGE, MEDIA_TYPE, SLOW_GUID, SMALL

SLOW_SECONDS = 0.5
TIMER_ERROR = 0.0015  # seconds; the timers of the loop count whole milliseconds
COUNT_PATH = "/requests"


class Connection(asyncio.Protocol):
    """Answers one connection's requests, in the order they came; clients here do not send a second before that."""

    requests = 0
    kept: dict[tuple[str, str], bytes] = {}

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._parser = httptools.HttpRequestParser(self)
        self._target = ""
        self._has_session = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._target = url.decode()
        self._has_session = False

    def on_header(self, name: bytes, _value: bytes) -> None:
        self._has_session |= name.lower() == b"arena_session_id"

    def on_message_complete(self) -> None:
        if self._target == COUNT_PATH:
            self._write(_message(200, str(Connection.requests).encode()))
            return
        Connection.requests += 1
        answer = self._answer() if self._has_session else _message(401, b'{"status":401,"errors":[{"code":401}]}')
        seconds = SLOW_SECONDS if self._target.endswith(SLOW_GUID) else self._seconds
        if seconds:
            due = time.perf_counter() + seconds
            self._loop.call_later(seconds - TIMER_ERROR, self._write_when_due, due, answer)
        else:
            self._write(answer)

    def _answer(self) -> bytes:
        key = self._parser.get_method().decode(), self._target
        if key not in self.kept:
            workspace = LARGE if key[1].startswith(LARGE.base) else SMALL
            self.kept[key] = _message(*workspace.answer(*key))
        return self.kept[key]

    def _write_when_due(self, due: float, message: bytes) -> None:
        """Wait for what is left of the time turn by turn, so that an answer leaves neither early nor late."""
        if time.perf_counter() < due:
            self._loop.call_soon(self._write_when_due, due, message)
        else:
            self._write(message)

    def _write(self, message: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(message)


def _message(status: int, body: bytes) -> bytes:
    headers = {**HEADERS, "content-type": MEDIA_TYPE, "content-length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status} Answer\r\n{lines}\r\n".encode() + body


async def serve(port: int, seconds: float) -> None:
    server = await asyncio.get_running_loop().create_server(lambda: Connection(seconds), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), float(sys.argv[2])))
