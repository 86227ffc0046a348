"""A request that never left: no connection, and no time for one. Both reads and changes may be sent again at once."""

import asyncio
import socket
import ssl
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import pytest

from faults.server import answer, hangs, says
from faults.service import CHANGES, READS, open_service
from upstreams import endpoints
from upstreams.bounds import Bounds
from upstreams.call import Call

pytestmark = pytest.mark.anyio

AUTHORITY = Path(__file__).with_name("authority.pem")
SIGNED = Path(__file__).with_name("signed.pem")
UNTRUSTED = Path(__file__).with_name("untrusted.pem")
OPERATIONS = {**READS, **CHANGES}


@contextmanager
def nobody():
    """A port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


@contextmanager
def deaf():
    """A port whose queue of connections is full, so that a further one is never opened."""
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@asynccontextmanager
async def silent_at_first():
    """Connections are opened and nothing is said, so that no TLS handshake ends."""
    opened = set()
    listener = await asyncio.start_server(lambda _reader, writer: opened.add(writer), "127.0.0.1", 0)
    try:
        yield f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        listener.close()
        for writer in opened:
            writer.close()


@asynccontextmanager
async def greets(greeting):
    """Every connection is answered with the same bytes, and closed."""

    async def greet(reader, writer):
        writer.write(greeting)
        await reader.read(1)  # closed with something unread, a connection is reset
        writer.close()

    listener = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with listener:
        yield f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def secure(certificate):
    """A server that shows a certificate, and the bytes that came through to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    received = []

    async def listen(reader, writer):
        received.append(await reader.read(65536))
        writer.close()

    listener = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context)
    async with listener:
        yield f"https://127.0.0.1:{listener.sockets[0].getsockname()[1]}", received


async def check_every_operation(service, code):
    for query in OPERATIONS.values():
        refused = await service.result(query)
        assert (refused["__typename"], refused["code"]) == ("UpstreamError", code)
        assert refused["retry"] == {"kind": "SAFE_NOW", "after": None}
        assert refused["upstream"] is None


async def test_a_refused_connection_is_unavailable():
    with nobody() as url:
        async with open_service(url, operation_seconds=0.9) as service:
            await check_every_operation(service, "UPSTREAM_UNAVAILABLE")


async def test_a_name_that_does_not_resolve_is_unavailable():
    name = "a" * 64  # too long for any resolver to be asked: one that cannot be reached would only time out
    async with open_service(f"http://{name}.invalid", operation_seconds=0.9) as service:
        await check_every_operation(service, "UPSTREAM_UNAVAILABLE")


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x28"])
async def test_a_server_that_cannot_do_tls_is_unavailable(greeting):
    async with greets(greeting) as url, open_service(url, operation_seconds=0.9) as service:
        await check_every_operation(service, "UPSTREAM_UNAVAILABLE")


async def test_a_certificate_that_nobody_has_signed_is_unavailable_and_sees_no_credential():
    async with secure(UNTRUSTED) as (url, received), open_service(url, operation_seconds=0.9) as service:
        await check_every_operation(service, "UPSTREAM_UNAVAILABLE")
    assert b"".join(received) == b""


async def test_a_certificate_signed_by_whom_the_environment_names_is_trusted(monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(AUTHORITY))
    async with secure(SIGNED) as (url, received), open_service(url, operation_seconds=0.2) as service:
        await service.result(READS["ticket"])
    assert b"".join(received).startswith(b"GET /tickets/T1 HTTP/1.1\r\n")


async def test_a_connection_that_is_not_opened_in_time_is_a_time_out():
    with deaf() as url:
        async with open_service(url, connect_seconds=0.05, operation_seconds=0.9) as service:
            await check_every_operation(service, "UPSTREAM_TIMEOUT")


async def test_a_tls_handshake_that_does_not_end_in_time_is_a_time_out():
    async with silent_at_first() as url, open_service(url, connect_seconds=0.05, operation_seconds=0.9) as service:
        await check_every_operation(service, "UPSTREAM_TIMEOUT")


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_that_is_being_connected_at_the_deadline_has_not_left(name):
    with deaf() as url:
        async with open_service(url, connect_seconds=5, operation_seconds=0.1) as service:
            refused = await service.result(CHANGES[name])
    assert (refused["code"], refused["retry"]["kind"]) == ("UPSTREAM_TIMEOUT", "SAFE_NOW")


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_that_waits_for_its_turn_at_the_deadline_has_not_left(server, name):
    server.does(hangs())
    async with open_service(server.url, max_concurrent_calls=1, operation_seconds=0.1) as service:
        facade = service.app.state.facade
        wire = facade.cognaize if name == "completeProcessStep" else facade.arena
        read = asyncio.create_task(wire.send(Call(endpoints.TICKET, ("T1",)), {}, Bounds(25.0, max_calls=1)))
        await server.arrived.wait()
        refused = await service.result(CHANGES[name])
    await asyncio.gather(read, return_exceptions=True)
    assert (refused["code"], refused["retry"]["kind"]) == ("UPSTREAM_TIMEOUT", "SAFE_NOW")
    assert [request.split()[0] for request in server.requests] == ["GET"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (httpx.ConnectError, "UPSTREAM_UNAVAILABLE"),
        (httpx.UnsupportedProtocol, "UPSTREAM_UNAVAILABLE"),
        (httpx.ProxyError, "UPSTREAM_UNAVAILABLE"),
        (httpx.ConnectTimeout, "UPSTREAM_TIMEOUT"),
        (httpx.PoolTimeout, "UPSTREAM_TIMEOUT"),
    ],
)
async def test_what_fails_before_sending_is_safe_to_send_again(error, code):
    def fail(request):
        raise error("http://127.0.0.1 said Errno 5")

    async with open_service("http://a", wrap=lambda *_: httpx.MockTransport(fail), operation_seconds=0.9) as service:
        await check_every_operation(service, code)


@pytest.mark.parametrize("login", [says(), says(answer(b"", 502)), says(answer(b"<html>")), says(answer({}))])
async def test_a_change_whose_login_fails_has_not_left(server, login):
    server.does(login)
    account = {"arena_email": "owner@sandbox.test", "arena_password": "sandbox"}
    async with open_service(server.url, **account) as service:
        del service.headers["arena_session_id"]
        refused = await service.result(CHANGES["completeStep"])
    assert refused["__typename"] == "UpstreamError"
    assert refused["retry"]["kind"] in ("SAFE_NOW", "SAFE_LATER")
    assert server.requests == ["POST /login"]
