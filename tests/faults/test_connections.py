"""Connections that are kept open: how many there are, what is lost over a stale one, and what is left in the end."""

import asyncio
import gc
import gzip
import tracemalloc

import pytest

from faults.server import answer, hangs, says
from faults.service import CHANGES, READS, open_service
from upstreams import endpoints
from upstreams.bounds import Bounds
from upstreams.call import Call
from upstreams.errors import Unavailable

pytestmark = pytest.mark.anyio

FOUND = says(answer({"guid": "T1"}))
READ = Call(endpoints.TICKET, ("T1",))
CHANGE = Call(endpoints.TICKET_STATUS_CHANGES, body={})


async def test_a_connection_is_kept_for_the_next_call(server):
    server.does(FOUND)
    server.requests_per_connection = 20
    async with open_service(server.url) as service:
        for query in [READS["ticket"], CHANGES["changeTicketStatus"]] * 10:
            await service.result(query)
    assert (server.opened, len(server.requests)) == (1, 20)


async def test_there_are_no_more_connections_than_calls_at_once(server):
    server.does(FOUND)
    server.requests_per_connection = 100
    async with open_service(server.url, max_concurrent_calls=3) as service:
        results = await asyncio.gather(*(service.result(READS["ticket"]) for _ in range(20)))
    assert results == [{"__typename": "Ticket"}] * 20
    assert server.opened == 3


async def test_a_read_lost_over_a_stale_connection_is_read_again(server):
    server.does(FOUND)
    server.swallows_one_more = True
    async with open_service(server.url) as service:
        await service.result(READS["ticket"])
        answered = await service.post(READS["ticket"])
    assert answered.json()["data"] == {"result": {"__typename": "Ticket"}}
    assert answered.json()["extensions"]["upstream"]["calls"] == 2
    assert server.requests == ["GET /tickets/T1"] * 2


@pytest.mark.parametrize("name", ["changeTicketStatus", "completeStep"])
async def test_a_change_lost_over_a_stale_connection_is_not_sent_again(server, name):
    server.does(FOUND)
    server.swallows_one_more = True
    async with open_service(server.url) as service:
        await service.result(READS["ticket"])
        refused = await service.result(CHANGES[name])
    assert (refused["code"], refused["retry"]["kind"]) == ("OUTCOME_UNKNOWN", "CHECK_FIRST")
    assert server.requests == ["GET /tickets/T1"]


async def test_a_change_is_not_sent_over_a_connection_that_was_closed(server):
    server.does(FOUND)
    async with open_service(server.url) as service:
        wire = service.app.state.facade.arena
        await wire.send(READ, {}, Bounds(25.0, 1))
        await server.desertion()
        assert (await wire.send(CHANGE, {}, Bounds(25.0, 1))).status == 200
    assert server.opened == 2


@pytest.mark.parametrize("answers", [1, 100])
async def test_a_stop_leaves_no_connection_behind(server, answers):
    server.does(FOUND)
    server.requests_per_connection = answers
    async with open_service(server.url) as service:
        await asyncio.gather(*(service.result(READS["ticket"]) for _ in range(5)))
    await server.desertion()
    gc.collect()  # which would warn of a connection that was not closed


async def test_a_stop_breaks_off_a_read_that_nobody_waits_for(server):
    server.does(hangs())
    async with open_service(server.url) as service:
        read = asyncio.create_task(service.app.state.facade.arena.send(READ, {}, Bounds(25.0, 1)))
        await server.arrived.wait()
    with pytest.raises(Unavailable):
        await read


async def test_no_read_is_begun_after_the_stop(server):
    async with open_service(server.url) as service:
        wire = service.app.state.facade.arena
    with pytest.raises(Unavailable) as failure:
        await wire.send(READ, {}, Bounds(25.0, 1))
    assert not failure.value.may_have_left
    assert server.requests == []


async def test_a_body_that_grows_without_end_takes_no_more_memory_than_an_answer_may(server):
    server.does(says(answer(gzip.compress(bytes(50_000_000), 1), content_encoding="gzip")))
    async with open_service(server.url, max_answer_bytes=100_000) as service:
        tracemalloc.start()
        refused = await service.result(READS["ticket"])
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert refused["code"] == "UPSTREAM_CONTRACT"
    assert peak < 5_000_000


async def test_what_is_said_before_the_answer_is_passed_over(server):
    server.does(says(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", answer({"guid": "T1"})))
    async with open_service(server.url) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}


async def test_a_long_header_is_read(server):
    server.does(says(answer({"guid": "T1"}, x_trace="x" * 60_000)))
    async with open_service(server.url) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}


async def test_a_call_says_who_asks_and_what_it_can_read(server):
    server.does(FOUND)
    async with open_service(server.url) as service:
        await service.result(READS["ticket"])
    (head,) = server.heads
    assert sorted(head.split("\r\n")[1:-2]) == [
        "accept-encoding: gzip, deflate",
        "accept: */*",
        "arena_session_id: 0123456789",
        "content-type: application/json",
        f"host: 127.0.0.1:{server.port}",
        "user-agent: stepgraph",
    ]
