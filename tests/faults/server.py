"""A REST server that fails in every way one can: raw bytes on a loopback port."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

Act = Callable[[asyncio.StreamWriter], Awaitable[None]]

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def answer(body: object = b"", status: int = 200, **headers: object) -> bytes:
    """A whole HTTP answer. What is not bytes is sent as JSON; `content_length` and the like add or replace headers."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    fields = {"content_type": "application/json", "content_length": len(content), **headers}
    return head(status, **fields) + content


def head(status: int = 200, **headers: object) -> bytes:
    """The beginning of an answer, up to its body."""
    reason = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Odd"
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name.replace('_', '-')}: {text}" for name, text in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def says(*pieces: bytes) -> Act:
    """Writes and closes."""

    async def act(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return act


def resets(*pieces: bytes) -> Act:
    """Writes, and breaks the connection off."""

    async def act(writer: asyncio.StreamWriter) -> None:
        await says(*pieces)(writer)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        writer.transport.abort()

    return act


def hangs(*pieces: bytes) -> Act:
    """Writes, and then nothing more for as long as the client stays."""

    async def act(writer: asyncio.StreamWriter) -> None:
        await says(*pieces)(writer)
        await asyncio.Event().wait()

    return act


def repeats(start: bytes, piece: bytes, seconds: float = 0.0) -> Act:
    """Writes a piece again and again, without an end."""

    async def act(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(seconds)

    return act


class Farewell:
    """Writes to a connection that ends after this answer, and has the answer's head say so.

    Without that a client may send its next request just when the connection is closed.
    """

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._has_begun = False

    def write(self, data: bytes) -> None:
        if not self._has_begun and data.startswith(b"HTTP/"):
            data = data.replace(b"\r\n", b"\r\nconnection: close\r\n", 1)
        self._has_begun = True
        self._writer.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


class FaultyServer:
    """Does one act for every request; the last one again when there are no more.

    Attributes:
        acts: What to do.
        requests: The requests that came, as "GET /tickets/1J3M".
        heads: Their heads, in lower case.
        hangs_up_at_once: Close a connection as soon as it is open.
        requests_per_connection: Close a connection after so many.
        swallows_one_more: Close it only when a further request has come, and do not write that one down.
        opened: How many connections there were.
    """

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.requests: list[str] = []
        self.heads: list[str] = []
        self.arrived = asyncio.Event()
        self.hangs_up_at_once = False
        self.requests_per_connection = 1
        self.swallows_one_more = False
        self.opened = 0
        self.port = 0
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def does(self, *acts: Act) -> None:
        """From now on."""
        self.acts = list(acts)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        self._connections.add(connection)
        self.opened += 1
        try:
            if not self.hangs_up_at_once:
                for number in range(1, self.requests_per_connection + 1):
                    is_last = number == self.requests_per_connection and not self.swallows_one_more
                    await self._serve(reader, Farewell(writer) if is_last else writer)
                if self.swallows_one_more:
                    await reader.readuntil(b"\r\n\r\n")
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(connection)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter | Farewell) -> None:
        text = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = text.split(" ", 2)
        fields = dict(line.lower().split(": ", 1) for line in text.split("\r\n")[1:] if line)
        await reader.readexactly(int(fields.get("content-length", 0)))
        self.requests.append(f"{method} {target}")
        self.heads.append(text.lower())
        self.arrived.set()
        act = self.acts.pop(0) if len(self.acts) > 1 else self.acts[0]
        await act(writer)

    async def desertion(self) -> None:
        """Wait until every connection has ended."""
        while self._connections:
            await asyncio.wait(self._connections)

    async def hang_up(self) -> None:
        """End every connection."""
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)


@asynccontextmanager
async def faulty_server(*acts: Act) -> AsyncIterator[FaultyServer]:
    """A server on a free port."""
    server = FaultyServer()
    server.does(*acts)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        await server.hang_up()
