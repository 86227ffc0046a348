import pytest
from edge_answers import refusal
from stub_service import make_app

from edge import EdgeSettings

pytestmark = pytest.mark.anyio

DESK = "https://desk.example.com"
SAVE = {"query": 'mutation { save(text: "x") }'}
CROSS_SITE = {"sec-fetch-site": "cross-site"}


async def test_a_page_of_another_site_cannot_post(client, log):
    answer = await client.post("/graphql", json=SAVE, headers={**CROSS_SITE, "origin": DESK})
    assert refusal(answer) == (403, "INVALID_REQUEST")
    assert log.saved == []


async def test_a_page_of_a_configured_origin_can_post(connect, log):
    async with connect(EdgeSettings(allowed_origins=(DESK,))) as client:
        answer = await client.post("/graphql", json=SAVE, headers={**CROSS_SITE, "origin": DESK})
    assert log.saved == ["x"]
    assert answer.headers["access-control-allow-origin"] == DESK
    assert answer.headers["access-control-expose-headers"] == "etag, retry-after, x-request-id"


async def test_a_page_of_an_origin_not_configured_cannot_post(connect, log):
    async with connect(EdgeSettings(allowed_origins=(DESK,))) as client:
        answer = await client.post("/graphql", json=SAVE, headers={**CROSS_SITE, "origin": "https://x.test"})
    assert refusal(answer) == (403, "INVALID_REQUEST")
    assert log.saved == []


async def test_every_origin_can_be_allowed(connect, log):
    async with connect(EdgeSettings(allowed_origins=("*",))) as client:
        await client.post("/graphql", json=SAVE, headers={**CROSS_SITE, "origin": DESK})
    assert log.saved == ["x"]


@pytest.mark.parametrize("site", ["same-origin", "none"])
async def test_the_services_own_page_can_post(client, log, site):
    await client.post("/graphql", json=SAVE, headers={"sec-fetch-site": site})
    assert log.saved == ["x"]


@pytest.mark.parametrize("destination", ["empty", "image", "script", "iframe"])
async def test_a_page_of_another_site_cannot_make_a_browser_ask(client, log, destination):
    headers = {**CROSS_SITE, "sec-fetch-dest": destination}
    answer = await client.get("/graphql", params={"query": "{ echo }"}, headers=headers)
    assert refusal(answer) == (403, "INVALID_REQUEST")
    assert log.contexts == 0


async def test_a_link_on_another_site_can_be_followed(client):
    headers = {**CROSS_SITE, "sec-fetch-dest": "document"}
    answer = await client.get("/graphql", params={"query": "{ echo }"}, headers=headers)
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_a_page_of_a_configured_origin_can_ask_by_get(connect):
    headers = {**CROSS_SITE, "sec-fetch-dest": "empty", "origin": DESK}
    async with connect(EdgeSettings(allowed_origins=(DESK,))) as client:
        answer = await client.get("/graphql", params={"query": "{ echo }"}, headers=headers)
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_cross_origin_reading_is_closed_by_default(client):
    answer = await client.get("/graphql", params={"query": "{ echo }"}, headers={"origin": DESK})
    assert "access-control-allow-origin" not in answer.headers


async def test_a_configured_origin_may_send_the_services_headers(connect):
    headers = "arena_session_id, arena-session-id, authorization, content-type, x-request-id"
    asked = {
        **CROSS_SITE,
        "origin": DESK,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }
    async with connect(EdgeSettings(allowed_origins=(DESK,))) as client:
        answer = await client.options("/graphql", headers=asked)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, DESK)


async def test_a_configured_origin_can_read_a_500(connect):
    async with connect(EdgeSettings(allowed_origins=(DESK,))) as client:
        answer = await client.get("/crash", headers={"origin": DESK})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (500, DESK)


async def test_a_websocket_is_refused():
    sent = []

    async def send(message):
        sent.append(message["type"])

    async def receive():
        return {"type": "websocket.connect"}

    headers = [(b"sec-websocket-protocol", b"graphql-transport-ws")]
    await make_app()({"type": "websocket", "path": "/graphql", "headers": headers}, receive, send)
    assert sent == ["websocket.close"]
