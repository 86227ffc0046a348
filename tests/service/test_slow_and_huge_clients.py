"""Clients that take their time, or take too much room, over real sockets."""

import asyncio
import logging
import socket
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from app import create_app
from edge.protocol import BoundedProtocol
from settings import Settings

pytestmark = pytest.mark.anyio

HEAD = b"POST /graphql HTTP/1.1\r\nhost: stepgraph\r\n"
JSON = b"content-type: application/json\r\n"
TOO_SLOW = b"The request did not arrive in time."
TOO_LARGE = b"The request's headers are too many or too long."


@pytest.fixture
def app(monkeypatch, database):
    """The service."""
    monkeypatch.setenv("SANDBOX_DATABASE_URL", f"sqlite+aiosqlite:///{database}")
    return create_app(Settings(_env_file=None))


class HastyProtocol(BoundedProtocol):
    """Waits hardly at all for requests."""

    receive_seconds = 0.3


class HastySender(BoundedProtocol):
    """Waits hardly at all for readers."""

    send_seconds = 0.05


async def answer_with_its_length(request: Request):
    return PlainTextResponse(str(len(await request.body())))


@asynccontextmanager
async def serving(protocol, app=None):
    app = app or Starlette(routes=[Route("/graphql", answer_with_its_length, methods=["GET", "POST"])])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, http=protocol, log_level="warning", log_config=None, ws="none")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield listener.getsockname()
        server.should_exit = True
        await task


async def everything_answered(address, *pieces):
    """What the server sends to pieces of a request until it hangs up."""
    reader, writer = await asyncio.open_connection(*address)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    "sent",
    [b"", b"PO", HEAD, HEAD + JSON + b"content-length: 10\r\n\r\n", HEAD + JSON + b"content-length: 10\r\n\r\nhalf"],
    ids=["nothing", "half a line", "half a head", "no body", "half a body"],
)
async def test_a_request_sent_by_halves_is_given_up(sent, app, caplog):
    async with serving(HastyProtocol, app) as address:
        answer = await everything_answered(address, sent)
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert TOO_SLOW in answer
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_the_second_request_of_a_connection_is_given_up_as_well():
    whole = HEAD + b"content-length: 4\r\n\r\nbody"
    async with serving(HastyProtocol) as address:
        answer = await everything_answered(address, whole, HEAD)
    first, second = answer.split(b"HTTP/1.1 ")[1:]
    assert (first[:3], second[:3]) == (b"200", b"408")


async def test_a_slow_request_does_not_cut_the_answer_to_the_one_before():
    held = asyncio.Event()

    async def answer_when_told(request):
        await held.wait()
        return PlainTextResponse("answered")

    async with serving(HastyProtocol, Starlette(routes=[Route("/graphql", answer_when_told)])) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"GET /graphql HTTP/1.1\r\nhost: stepgraph\r\n\r\n" + HEAD)
        # Time passes on the server as well: another connection is given up meanwhile.
        await everything_answered(address, HEAD)
        held.set()
        answer = await reader.read()
        writer.close()
    assert b"answered" in answer


async def test_a_client_that_does_not_read_its_answer_is_given_up():
    ended = asyncio.Event()

    async def answer_at_length(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(20):
            await send({"type": "http.response.body", "body": b"a" * 1_000_000, "more_body": True})
        ended.set()

    async with serving(HastySender, answer_at_length) as address:
        _, writer = await asyncio.open_connection(*address)
        writer.write(b"GET /graphql HTTP/1.1\r\nhost: stepgraph\r\n\r\n")
        await ended.wait()
        writer.close()


async def test_an_answer_larger_than_all_buffers_arrives_whole():
    async def answer_at_length(request):
        return PlainTextResponse(b"a" * 20_000_000)

    request = b"GET /graphql HTTP/1.1\r\nhost: stepgraph\r\nconnection: close\r\n\r\n"
    async with serving(BoundedProtocol, Starlette(routes=[Route("/graphql", answer_at_length)])) as address:
        answer = await everything_answered(address, request)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == b"a" * 20_000_000


@pytest.mark.parametrize(
    "head",
    [
        b"GET /?" + b"a" * 200_000 + b" HTTP/1.1\r\nhost: stepgraph\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: stepgraph\r\nx-long: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x-header: 1\r\n" * 5_000 + b"\r\n",
        b"GET / HTTP/1.1\r\nx-endless: " + b"a" * 1_000_000,
    ],
    ids=["a long address", "a long header", "many headers", "a header without an end"],
)
async def test_a_huge_head_is_refused(head):
    async with serving(BoundedProtocol) as address:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(head)
        answer = await reader.readuntil(b"}}]}")
        writer.close()
    assert answer.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert TOO_LARGE in answer


async def test_a_whole_request_in_many_pieces_is_answered():
    pieces = [bytes([byte]) for byte in HEAD + b"connection: close\r\ncontent-length: 4\r\n\r\nbody"]
    async with serving(BoundedProtocol) as address:
        answer = await everything_answered(address, *pieces)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n4")


async def test_what_is_no_http_is_refused_in_the_shape_of_every_error():
    async with serving(BoundedProtocol) as address:
        answer = await everything_answered(address, b"\x16\x03\x01 hello\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ") and b"content-type: application/json" in head
    assert b'"code":"INVALID_REQUEST"' in body
