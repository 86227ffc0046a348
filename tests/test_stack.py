"""What the libraries below do, where this service relies on it or guards against it.

An upgrade that changes one of these shows here first. Each was measured on the pinned versions.
"""

import asyncio
import gc
import logging
from contextlib import suppress

import httpx
import msgspec
import pytest
import strawberry
from aiodataloader import DataLoader
from graphql import GraphQLError
from operations.door import open_door
from operations.stand_ins import StandIn
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import ConnectError

from resolvers.batch_loader import BatchLoader
from resolvers.loader import Readers
from resolvers.refusals import READING_TICKET, Refused
from sandbox.arena.story import guids, ticket_guids
from upstreams import endpoints
from upstreams.bounds import Bounds
from upstreams.call import Call
from upstreams.decoding import decoder
from upstreams.errors import System
from upstreams.limits import WireLimits
from upstreams.network_exchange import WHILE_CONNECTING, NetworkExchange
from upstreams.wire import Wire

pytestmark = pytest.mark.anyio


def loader(load_batch, found=None):
    async def read(key):
        raise AssertionError("Reads are those of batches.")

    return BatchLoader(read, Readers(), load_batch, System.ARENA, READING_TICKET, found=found)


class Siblings:
    """A value two branches wait for, and a non-null field that fails beside one of them."""

    def __init__(self, load):
        self.load = load
        self.is_awaited = asyncio.Event()

    async def answer(self):
        async def load_batch(keys):
            self.is_awaited.set()
            await branch_has_failed.wait()
            return keys

        branch_has_failed = asyncio.Event()
        load = self.load(load_batch)

        @strawberry.type
        class Branch:
            @strawberry.field
            async def boom(self) -> str:
                await siblings.is_awaited.wait()
                asyncio.get_running_loop().call_later(0, branch_has_failed.set)
                raise GraphQLError("boom")

            @strawberry.field
            async def shared(self) -> str | None:
                return await load("value")

        @strawberry.type
        class Query:
            @strawberry.field
            def branch(self) -> Branch | None:
                return Branch()

        siblings = self
        return await strawberry.Schema(Query).execute("{ x: branch { boom shared } y: branch { shared } }")


async def test_a_failing_non_null_field_cancels_what_its_siblings_wait_for_also_for_others():
    with pytest.raises(asyncio.CancelledError):
        await Siblings(lambda load_batch: DataLoader(load_batch).load).answer()


async def test_what_our_loaders_load_survives_a_failing_sibling():
    result = await Siblings(lambda load_batch: loader(load_batch).load).answer()
    assert result.data == {"x": None, "y": {"shared": "value"}}
    assert [error.message for error in result.errors] == ["boom"]


async def test_a_failing_root_field_neither_breaks_the_answer_nor_leaves_unseen_failures(database, caplog):
    """`nodes` may not be null: its refusal cancels the reads beside it, one of which then fails with nobody waiting."""

    def fail(request):
        return httpx.Response(500) if "/tickets/" in request.url.path else None

    gc.collect()  # what earlier tests left behind
    with caplog.at_level(logging.ERROR, "asyncio"):
        async with open_door(database, wrap=lambda _system, transport: StandIn(transport, fail)) as door:
            await door.become("owner")
            body = await door.ask(
                """
                query ($ids: [ID!]!, $ticket: String!, $process: String!) {
                  ticket(guid: $ticket) { __typename }
                  qualityProcess(guid: $process) { ... on QualityProcess { steps { name } } }
                  nodes(ids: $ids) { id }
                }""",
                ids=["x"] * 401,
                ticket=ticket_guids.PAINT_TICKET,
                process=guids.RICH_PROCESS,
            )
            assert body["data"] is None
            assert [error["extensions"]["code"] for error in body["errors"]] == ["INVALID_INPUT"]
        gc.collect()
    assert caplog.records == []


async def test_a_cancelled_future_stays_in_a_dataloaders_cache_for_good():
    async def load_batch(keys):
        return keys

    raw = DataLoader(load_batch)
    raw.load("key").cancel()
    with pytest.raises(asyncio.CancelledError):
        await raw.load("key")


async def test_a_cancelled_wait_leaves_our_loaders_value_to_others():
    released = asyncio.Event()

    async def load_batch(keys):
        await released.wait()
        return keys

    ours = loader(load_batch)
    cancelled = asyncio.create_task(ours.load("key"))
    waiting = asyncio.create_task(ours.load("key"))
    await asyncio.wait([cancelled], timeout=0)
    cancelled.cancel()
    released.set()
    assert await waiting == "key"
    assert await ours.load("key") == "key"


async def test_a_dataloader_leaves_those_who_wait_for_a_cancelled_batch_waiting():
    async def load_batch(_keys):
        raise asyncio.CancelledError

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await DataLoader(load_batch).load("key")


async def test_our_loaders_end_the_wait_for_a_cancelled_batch():
    async def load_batch(_keys):
        raise asyncio.CancelledError

    with pytest.raises(Refused) as refused:
        await loader(load_batch).load("key")
    assert refused.value.extensions["code"] == "UPSTREAM_TIMEOUT"


async def test_a_failure_of_a_key_is_kept_and_a_failure_of_a_whole_batch_is_not():
    failing = [True]
    batches = []

    async def load_batch(keys):
        batches.append(keys)
        if keys == ["batch"] and failing[0]:
            raise LookupError("batch")
        return [LookupError(key) if failing[0] else key for key in keys]

    ours = loader(load_batch)
    for key in ("key", "batch"):
        with pytest.raises(LookupError):
            await ours.load(key)
    failing[0] = False
    with pytest.raises(LookupError):
        await ours.load("key")
    assert await ours.load("batch") == "batch"
    assert batches == [["key"], ["batch"], ["batch"]]


async def test_those_who_ask_at_the_same_time_share_a_batch():
    batches = []

    async def load_batch(keys):
        batches.append(keys)
        return keys

    ours = loader(load_batch)
    assert await asyncio.gather(*map(ours.load, "abca")) == ["a", "b", "c", "a"]
    assert batches == [["a", "b", "c"]]


async def test_a_loader_prefers_what_it_loaded_to_what_was_found_elsewhere():
    async def load_batch(keys):
        return ["loaded" for _ in keys]

    found = {}
    ours = loader(load_batch, found)
    assert await ours.load("key") == "loaded"
    found["key"] = "found elsewhere"
    assert await ours.load("key") == "loaded"
    ours.replace("key", "newer")
    assert await ours.load("key") == "newer"


@pytest.fixture
async def upstream():
    """The address of a server that answers every request at once."""

    async def answer(reader, writer):
        with suppress(ConnectionError):
            while await reader.readline():
                while (await reader.readline()).strip():
                    pass
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    yield f"http://{host}:{port}"
    server.close()
    await server.wait_closed()


async def cancel_calls(make_call, turns):
    """Begin six calls, and cancel them after so many turns of the event loop."""
    calls = [asyncio.create_task(make_call()) for _ in range(6)]
    for _ in range(turns):
        await asyncio.sleep(0)
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_pyreqwest_sends_a_lost_request_once_and_calls_it_a_connect_error_all_the_same(method):
    requests = []

    async def lose(reader, writer):
        requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    async with await asyncio.start_server(lose, "127.0.0.1", 0) as server, ClientBuilder().build() as http:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(ConnectError) as failure:
            await http.request(method, f"http://{host}:{port}").build().send()
    assert len(requests) == 1
    assert WHILE_CONNECTING not in [cause["message"] for cause in failure.value.details["causes"]]


async def test_pyreqwest_says_when_a_request_was_never_sent():
    async with ClientBuilder().build() as http:
        with pytest.raises(ConnectError) as failure:
            await http.post("http://127.0.0.1:1").build().send()
    assert WHILE_CONNECTING in [cause["message"] for cause in failure.value.details["causes"]]


async def test_our_wire_loses_no_connection_whenever_its_calls_are_cancelled(upstream):
    limits = WireLimits(max_concurrent_calls=2)
    exchange = NetworkExchange(System.ARENA, upstream, limits)
    wire = Wire(exchange, System.ARENA, limits)

    async def make_call():
        return await wire.send(Call(endpoints.TICKETS), {}, Bounds(25.0, max_calls=10))

    for turns in range(20):
        await cancel_calls(make_call, turns)
    assert [(await make_call()).status for _ in range(3)] == [200, 200, 200]
    await wire.close()


@strawberry.type
class Found:
    is_type_of = classmethod(lambda cls, value, _info: value == "found")

    name: str = strawberry.field(resolver=lambda: "it")


@strawberry.type
class Missing:
    is_type_of = classmethod(lambda cls, value, _info: value == "missing")

    name: str = strawberry.field(resolver=lambda: "nothing")


@strawberry.type
class Search:
    result = strawberry.field(resolver=lambda: "missing", graphql_type=Found | Missing)
    results = strawberry.field(resolver=lambda: ["missing", "found"], graphql_type=list[Found | Missing])


SEARCH = "{ result { __typename } results { __typename } }"


async def test_is_type_of_finds_the_members_of_unions_for_values_that_are_not_strawberrys():
    result = await strawberry.Schema(Search).execute(SEARCH)
    assert result.errors is None
    assert result.data == {
        "result": {"__typename": "Missing"},
        "results": [{"__typename": "Missing"}, {"__typename": "Found"}],
    }


async def test_making_a_context_costs_no_call_whatever_the_request(database):
    async with open_door(database) as door:
        await door.client.get("/graphql", headers={"accept": "text/html"})
        await door.client.put("/graphql", json={})
        await door.client.post("/graphql", content=b"{}", headers={"content-type": "text/plain"})
        await door.client.post("/graphql", json={"query": "{ nonsense }"})
        assert door.calls == []


def test_fractions_in_untyped_places_keep_their_spelling():
    assert decoder(object).decode(b'[1.50, {"x": 1e3}, 7]') == ["1.50", {"x": "1e3"}, 7]


def test_whole_numbers_of_any_size_are_decoded_exactly():
    assert decoder(list[int]).decode(b"[9223372036854775808, 100000000000000000000]") == [2**63, 10**20]


def test_numbers_nobody_can_hold_are_refused_and_not_rounded():
    with pytest.raises(msgspec.ValidationError):
        decoder(float).decode(b"1e999")
