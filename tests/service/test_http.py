"""The HTTP edge of the service as it runs."""

import asyncio

import httpx
import pytest
from operations.door import open_door

from sandbox.arena.story import ticket_guids
from upstreams.errors import System

pytestmark = pytest.mark.anyio

DESK = "https://desk.example.com"
CHANGE = f"""mutation {{
  changeTicketStatus(input: {{ticketGuid: "{ticket_guids.PAINT_TICKET}", status: COMPLETE}}) {{ __typename }}
}}"""
READ = f'{{ ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ __typename }} }}'
CHANGED = {"data": {"changeTicketStatus": {"__typename": "ChangeTicketStatusSuccess"}}}


def refusal(answer):
    (error,) = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]


async def test_a_page_of_another_site_changes_nothing(door):
    answer = await door.post(CHANGE, **{"sec-fetch-site": "cross-site", "origin": DESK})
    assert refusal(answer) == (403, "INVALID_REQUEST")
    assert door.calls == []


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
async def test_a_simple_request_of_a_form_changes_nothing(door, content_type):
    body = f'{{"query": "{CHANGE}"}}'.encode()
    answer = await door.client.post("/graphql", content=body, headers={"content-type": content_type})
    assert refusal(answer) == (415, "INVALID_REQUEST")
    assert door.calls == []


async def test_a_change_by_get_is_refused(door):
    answer = await door.client.get("/graphql", params={"query": CHANGE})
    assert refusal(answer) == (405, "INVALID_REQUEST")
    assert answer.headers["allow"] == "POST"
    assert door.calls == []


async def test_a_change_hidden_behind_a_query_is_refused_by_get(door):
    document = f"query Look {READ} {CHANGE.replace('mutation', 'mutation Change')}"
    answer = await door.client.get("/graphql", params={"query": document, "operationName": "Change"})
    assert refusal(answer) == (405, "INVALID_REQUEST")
    assert door.calls == []


async def test_a_batch_is_refused(door):
    answer = await door.client.post("/graphql", json=[{"query": CHANGE}, {"query": CHANGE}])
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert door.calls == []


async def test_no_origin_may_read_unless_it_is_configured(door):
    answer = await door.post(READ, origin=DESK)
    assert "access-control-allow-origin" not in answer.headers


async def test_a_configured_origin_may_change_and_read(database):
    async with open_door(database, settings={"allowed_origins": (DESK,)}) as door:
        answer = await door.post(CHANGE, **{"sec-fetch-site": "cross-site", "origin": DESK})
        answer.json().pop("extensions")
    assert answer.headers["access-control-allow-origin"] == DESK
    assert answer.json()["data"] == CHANGED["data"]


@pytest.mark.parametrize("query", ["{ __schema { queryType { name } } }", '{ __type(name: "Ticket") { name } }'])
async def test_a_setting_turns_introspection_off(database, query):
    async with open_door(database) as door:
        assert (await door.post(query)).json()["data"]
    async with open_door(database, settings={"introspection": False}) as door:
        refused = (await door.post(query)).json()
        assert "data" not in refused
        assert [error["extensions"]["code"] for error in refused["errors"]] == ["INVALID_REQUEST"]
        assert (await door.post("{ __typename }")).json()["data"] == {"__typename": "Query"}


MISSPELT = [
    ("{ ticketz { nodes { guid } } }", {}),
    ("query ($where: TicketWhere) { tickets(where: $where) { nodes { guid } } }", {"where": {"status": "COMPLET"}}),
]


@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_a_setting_turns_suggestions_off(database, query, variables):
    async with open_door(database) as door:
        assert "Did you mean" in (await door.post(query, variables)).text
    async with open_door(database, settings={"suggestions": False}) as door:
        refused = await door.post(query, variables)
    assert refused.json()["errors"][0]["extensions"]["code"] == "INVALID_REQUEST"
    assert "Did you mean" not in refused.text


async def test_a_rest_client_reaches_the_embedded_sandbox(door):
    login = {"email": "owner@sandbox.test", "password": "sandbox"}
    session = (await door.client.post("/sandbox/arena/v1/login", json=login)).json()["arenaSessionId"]
    path = f"/sandbox/arena/v1/tickets/{ticket_guids.PAINT_TICKET}"
    ticket = await door.client.get(path, headers={"arena_session_id": session})
    assert (ticket.status_code, ticket.json()["number"]) == (200, "DEF-000004")


async def test_cognaize_of_the_embedded_sandbox_is_reached_as_well(door):
    path = "/sandbox/cognaize/api/v1/processes/c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600001"
    answer = await door.client.get(path, headers={"authorization": "Bearer sandbox"})
    assert answer.status_code == 200


ARENA, COGNAIZE = "/sandbox/arena/v1/tickets", "/sandbox/cognaize/api/v1/processes/c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600001"
HOSTS = {"arena_url": "http://arena.test/v1", "cognaize_url": "http://cognaize.test"}


@pytest.mark.parametrize(
    ("named", "statuses"), [(["arena_url"], [404, 200]), (["cognaize_url"], [200, 404]), (HOSTS, [404, 404])]
)
async def test_no_demo_session_opens_anything_of_a_system_that_has_a_real_host(database, named, statuses):
    headers = {"arena_session_id": "demo-owner", "authorization": "Bearer sandbox"}
    async with open_door(database, settings={name: HOSTS[name] for name in named}) as door:
        answers = [await door.client.get(path, headers=headers) for path in (ARENA, COGNAIZE)]
    assert [answer.status_code for answer in answers] == statuses


async def test_the_probes_answer_without_a_call(door):
    live, ready = await door.client.get("/health/live"), await door.client.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})
    assert door.calls == []


class Held:
    """An upstream that answers when it is told to."""

    def __init__(self):
        self.asked = asyncio.Event()
        self.released = asyncio.Event()

    async def answer(self, request):
        self.asked.set()
        await self.released.wait()
        return httpx.Response(200, json={"guid": ticket_guids.PAINT_TICKET})


async def test_one_request_too_many_is_refused_and_the_probes_still_answer(database):
    held = Held()

    def hold(system, transport):
        return httpx.MockTransport(held.answer) if system is System.ARENA else transport

    async with open_door(database, settings={"max_requests": 1}, wrap=hold) as door:
        door.headers = {"arena_session_id": "s-1"}
        first = asyncio.create_task(door.ask(READ))
        await held.asked.wait()
        refused, live = await door.post(READ), await door.client.get("/health/live")
        held.released.set()
        assert await first == {"data": {"ticket": {"__typename": "Ticket"}}}
        assert await door.ask(READ) == {"data": {"ticket": {"__typename": "Ticket"}}}
    assert refusal(refused) == (503, "RATE_LIMITED")
    assert refused.headers["retry-after"] == "1"
    assert live.status_code == 200
