"""How answers travel, by a real server and connection."""

import asyncio
import socket
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from app import create_app
from edge.protocol import BoundedProtocol
from settings import Settings

pytestmark = pytest.mark.anyio

TICKETS = {"query": "{ tickets(first: 20) { nodes { guid number title status } } }"}


@pytest.fixture
async def client(monkeypatch, database):
    """A client with one connection to the service."""
    monkeypatch.setenv("SANDBOX_DATABASE_URL", f"sqlite+aiosqlite:///{database}")
    async with serving(create_app(Settings(_env_file=None))) as address:
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(base_url=address, limits=limits) as client:
            yield client


@asynccontextmanager
async def serving(app):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, http=BoundedProtocol, log_level="critical", ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        await serving


async def test_a_304_leaves_the_connection_in_order(client):
    first = await client.get("/graphql", params=TICKETS)
    tag = {"if-none-match": first.headers["etag"]}
    answers = [await client.get("/graphql", params=TICKETS, headers=headers) for headers in (tag, {}, tag)]
    assert [answer.status_code for answer in answers] == [304, 200, 304]
    assert answers[1].json()["data"] == first.json()["data"]
    assert [answer.headers.get("transfer-encoding") for answer in answers] == [None] * 3
