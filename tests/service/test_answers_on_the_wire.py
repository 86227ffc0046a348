"""How answers leave, over real sockets."""

import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
import uvicorn

from edge.protocol import BoundedProtocol

pytestmark = pytest.mark.anyio

GET = b"GET / HTTP/1.1\r\nhost: stepgraph\r\n\r\n"
LAST_GET = GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"8")]}
BODY = {"type": "http.response.body", "body": b"answered"}


@pytest.fixture
def anyio_backend():
    return "asyncio", {"use_uvloop": True}  # which sends at once, and tells whoever writes to what is closed


class NotingTransport:
    """Notes what is written at once."""

    def __init__(self, transport, written):
        self._transport = transport
        self._written = written

    def __getattr__(self, name):
        return getattr(self._transport, name)

    def write(self, piece):
        self._written.append(bytes(piece))
        self._transport.write(piece)

    def writelines(self, pieces):
        self._written.append(b"".join(pieces))
        self._transport.writelines(pieces)


@asynccontextmanager
async def serving(app, written):
    class NotingProtocol(BoundedProtocol):
        def connection_made(self, transport):
            super().connection_made(NotingTransport(transport, written))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            app, http=NotingProtocol, lifespan="off", log_level="critical", ws="none", date_header=False
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        try:
            yield reader, writer
        finally:
            writer.close()
            server.should_exit = True
            await task


async def answer(scope, receive, send):
    await send(START)
    await send(BODY)


HEAD_OF_ANSWER = b"HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-length: 8\r\n\r\n"
CLOSING_HEAD = HEAD_OF_ANSWER.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n")


async def test_an_answer_leaves_in_one_piece_with_its_head():
    written = []
    async with serving(answer, written) as (reader, writer):
        writer.write(GET + LAST_GET)
        await reader.read()
    assert written == [HEAD_OF_ANSWER + b"answered", CLOSING_HEAD + b"answered"]


async def test_the_head_of_an_answer_that_has_no_body_leaves():
    written = []
    async with serving(answer, written) as (reader, writer):
        writer.write(GET.replace(b"GET", b"HEAD"))
        await reader.readuntil(b"\r\n\r\n")
        writer.write(LAST_GET.replace(b"GET", b"HEAD"))
        await reader.read()
    assert written == [HEAD_OF_ANSWER, CLOSING_HEAD]


async def test_what_follows_the_first_piece_of_a_body_waits_for_nothing():
    written, is_first_there = [], asyncio.Event()

    async def answer_in_pieces(scope, receive, send):
        await send(START)
        await send({"type": "http.response.body", "body": b"ans", "more_body": True})
        await is_first_there.wait()
        await send({"type": "http.response.body", "body": b"wer", "more_body": True})
        await send({"type": "http.response.body", "body": b"ed"})

    async with serving(answer_in_pieces, written) as (reader, writer):
        writer.write(LAST_GET)
        assert await reader.readuntil(b"ans") == CLOSING_HEAD + b"ans"
        is_first_there.set()
        assert await reader.read() == b"wered"
    assert written == [CLOSING_HEAD + b"ans", b"wer", b"ed"]


async def test_a_client_is_told_at_once_to_go_on_with_its_request():
    async def answer_what_is_sent(scope, receive, send):
        message = await receive()
        await send(START)
        await send({"type": "http.response.body", "body": message["body"]})

    head = (
        b"POST / HTTP/1.1\r\nhost: stepgraph\r\nexpect: 100-continue\r\ncontent-length: 8\r\nconnection: close\r\n\r\n"
    )
    async with serving(answer_what_is_sent, []) as (reader, writer):
        writer.write(head)
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(b"anything")
        assert await reader.read() == CLOSING_HEAD + b"anything"


async def test_the_head_of_an_answer_that_breaks_off_leaves():
    async def break_off(scope, receive, send):
        await send(START)
        raise RuntimeError("broken off")

    async with serving(break_off, []) as (reader, writer):
        writer.write(GET)
        assert await reader.read() == HEAD_OF_ANSWER


async def test_the_head_of_an_answer_that_waits_for_its_body_leaves_before_what_refuses_the_next_request():
    is_started = asyncio.Event()

    async def start(scope, receive, send):
        await receive()
        await send(START)
        is_started.set()
        await receive()

    async with serving(start, []) as (reader, writer):
        writer.write(GET)
        await is_started.wait()
        writer.write(b"no HTTP\r\n\r\n")
        answer = await reader.read()
    assert answer.startswith(HEAD_OF_ANSWER + b"HTTP/1.1 400 Bad Request\r\n")


async def test_an_answer_that_breaks_off_when_its_client_has_gone_raises_nothing_else(caplog):
    is_started, is_gone = asyncio.Event(), asyncio.Event()

    async def break_off(scope, receive, send):
        await receive()
        await send(START)
        is_started.set()
        await receive()
        is_gone.set()
        raise RuntimeError("broken off")

    async with serving(break_off, []) as (_reader, writer):
        writer.write(GET)
        await is_started.wait()
        writer.close()
        await is_gone.wait()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == []
