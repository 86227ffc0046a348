"""How answers travel, by a real server and connection."""

import httpx
import pytest
from real_server import listening

from app import create_app
from settings import Settings

pytestmark = pytest.mark.anyio

TICKETS = {"query": "{ tickets(first: 20) { nodes { guid number title status } } }"}


@pytest.fixture
async def client(monkeypatch, database):
    """A client with one connection to the service."""
    monkeypatch.setenv("SANDBOX_DATABASE_URL", f"sqlite+aiosqlite:///{database}")
    app = create_app(Settings(_env_file=None))
    one = httpx.Limits(max_connections=1)
    async with (
        app.router.lifespan_context(app),
        listening(app) as address,
        httpx.AsyncClient(base_url=address.removesuffix("/graphql"), limits=one) as client,
    ):
        yield client


async def test_a_304_leaves_the_connection_in_order(client):
    first = await client.get("/graphql", params=TICKETS)
    tag = {"if-none-match": first.headers["etag"]}
    answers = [await client.get("/graphql", params=TICKETS, headers=headers) for headers in (tag, {}, tag)]
    assert [answer.status_code for answer in answers] == [304, 200, 304]
    assert answers[1].json()["data"] == first.json()["data"]
    assert [answer.headers.get("transfer-encoding") for answer in answers] == [None] * 3


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
async def test_a_compressed_answer_is_read_by_an_ordinary_client(client, coding):
    plain = await client.post("/graphql", json=TICKETS, headers={"accept-encoding": "identity"})
    answer = await client.post("/graphql", json=TICKETS, headers={"accept-encoding": coding})
    assert answer.headers["content-encoding"] == coding
    assert answer.json()["data"] == plain.json()["data"]
