"""Every number and size on the way upstream is bounded."""

import asyncio
import json

import httpx
import pytest

from faults.failures import TICKET
from faults.server import answer, head, says
from faults.service import READS, open_service

pytestmark = pytest.mark.anyio


class Crowd(httpx.AsyncBaseTransport):
    """Lets calls in until the test opens it, and counts how many are in at once."""

    def __init__(self, expected):
        self.expected = expected
        self.inside = 0
        self.most = 0
        self.full = asyncio.Event()

    async def handle_async_request(self, request):
        self.inside += 1
        self.most = max(self.most, self.inside)
        if self.inside == self.expected:
            self.full.set()
        await self.full.wait()
        await asyncio.sleep(0)
        self.inside -= 1
        return httpx.Response(200, json=TICKET)


async def test_calls_to_an_upstream_at_once_are_bounded():
    crowd = Crowd(expected=3)
    async with open_service("http://a", wrap=lambda *_: crowd, max_concurrent_calls=3) as service:
        results = await asyncio.gather(*(service.result(READS["ticket"]) for _ in range(20)))
    assert results == [{"__typename": "Ticket"}] * 20
    assert crowd.most == 3


async def test_an_operation_with_one_call_does_not_wait_behind_all_the_calls_of_another():
    asked = []
    is_first_asked, may_go_on = asyncio.Event(), asyncio.Event()

    async def reply(request):
        asked.append(request.url.path.rpartition("/")[-1])
        is_first_asked.set()
        await may_go_on.wait()
        return httpx.Response(404)

    many = "{" + " ".join(f'a{n}: process(id: "A{n}") {{ __typename }}' for n in range(6)) + "}"
    one = '{ process(id: "B") { __typename } }'
    async with open_service("http://a", wrap=lambda *_: httpx.MockTransport(reply), max_concurrent_calls=1) as service:
        asking = [asyncio.create_task(service.data(many))]
        await is_first_asked.wait()
        asking.append(asyncio.create_task(service.data(one)))
        for _ in range(100):  # turns of the loop: until it waits as well
            await asyncio.sleep(0)
        may_go_on.set()
        await asyncio.gather(*asking)
    assert asked == ["A0", "A1", "B", "A2", "A3", "A4", "A5"]


async def test_an_answer_of_just_the_largest_size_is_read(server):
    body = b'{"guid": "T1"}'.ljust(1000)
    server.does(says(answer(body)))
    async with open_service(server.url, max_answer_bytes=1000) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}


@pytest.mark.parametrize("declares", [True, False])
async def test_an_answer_larger_than_a_sockets_buffer_arrives_whole(server, declares):
    text = "Größe " * 50_000
    body = json.dumps({"guid": "T1", "description": text}, ensure_ascii=False).encode()
    server.does(says(answer(body) if declares else head(connection="close") + body))
    async with open_service(server.url) as service:
        data = await service.data('{ ticket(guid: "T1") { ... on Ticket { description } } }')
    assert data == {"ticket": {"description": text}}


@pytest.mark.parametrize("declares", [True, False])
async def test_an_answer_a_byte_larger_breaks_the_contract(server, declares):
    body = b'{"guid": "T1"}'.ljust(1001)
    server.does(says(answer(body) if declares else head(connection="close") + body))
    async with open_service(server.url, max_answer_bytes=1000) as service:
        assert (await service.result(READS["ticket"]))["code"] == "UPSTREAM_CONTRACT"


async def test_calls_of_an_operation_are_bounded_and_what_was_read_before_is_kept():
    def reply(request):
        if request.url.path.endswith("/steps"):
            return httpx.Response(200, json={"results": [{"guid": "S1", "name": "Contain"}]})
        return httpx.Response(200, json={"results": [{"guid": f"P{n}"} for n in range(5)]})

    query = "{ qualityProcesses(first: 5) { nodes { guid steps { name } } } }"
    async with open_service("http://a", wrap=lambda *_: httpx.MockTransport(reply), max_calls_per_operation=3) as it:
        body = (await it.post(query)).json()
    nodes = body["data"]["qualityProcesses"]["nodes"]
    assert [node["steps"] for node in nodes] == [[{"name": "Contain"}]] * 2 + [None] * 3
    assert [error["path"][2] for error in body["errors"]] == [2, 3, 4]
    assert {error["extensions"]["code"] for error in body["errors"]} == {"LIMIT_EXCEEDED"}
    assert body["extensions"]["upstream"]["calls"] == 3


async def test_a_read_beyond_the_operations_calls_is_a_member_of_its_union():
    def reply(request):
        return httpx.Response(200, json=TICKET)

    two = (
        '{ a: ticket(guid: "T1") { __typename } b: ticket(guid: "T2") { __typename ... on RateLimitedError { code } } }'
    )
    async with open_service("http://a", wrap=lambda *_: httpx.MockTransport(reply), max_calls_per_operation=1) as it:
        data = await it.data(two)
    assert data == {"a": {"__typename": "Ticket"}, "b": {"__typename": "RateLimitedError", "code": "LIMIT_EXCEEDED"}}


async def test_one_deadline_holds_for_all_calls_of_an_operation():
    """Every call is quick, and there is no end of them; the lists read in time stay."""

    async def reply(request):
        if request.url.path.endswith("/steps"):
            await asyncio.Event().wait()
        return httpx.Response(200, json={"results": [{"guid": f"P{n}"} for n in range(5)]})

    query = "{ qualityProcesses(first: 5) { nodes { guid steps { name } } } }"
    async with open_service("http://a", wrap=lambda *_: httpx.MockTransport(reply), operation_seconds=0.5) as service:
        body = await service.ask(query)
    assert [node["guid"] for node in body["data"]["qualityProcesses"]["nodes"]] == ["P0", "P1", "P2", "P3", "P4"]
    assert [error["extensions"]["code"] for error in body["errors"]] == ["UPSTREAM_TIMEOUT"] * 5
