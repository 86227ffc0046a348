"""Connections on which no further request comes."""

import asyncio

import httpx
import pytest

from service.processes import SECONDS, running_service

pytestmark = pytest.mark.anyio

PROBE = b"GET /health/live HTTP/1.1\r\nhost: stepgraph\r\n\r\n"


async def test_a_silent_connection_is_closed_when_its_time_is_over(tmp_path):
    async with running_service(tmp_path, KEEP_ALIVE_SECONDS="1") as service, asyncio.timeout(SECONDS):
        address = httpx.URL(service.address)
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(PROBE)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PROBE)
        received = await reader.read()  # all until it is closed
        writer.close()
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 1
