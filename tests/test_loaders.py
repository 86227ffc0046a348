"""Loaders that read in place: who asks first reads, and whoever asks meanwhile gets what the first one gets."""

import asyncio

import httpx
import pytest

from resolvers.loader import Readers, SingleLoader
from resolvers.refusals import READING_TICKET, Refused
from upstreams import endpoints
from upstreams.call import Call
from upstreams.errors import System, Unavailable
from upstreams.limits import WireLimits
from upstreams.transport_exchange import TransportExchange

pytestmark = pytest.mark.anyio


class Reads:
    """Reads that end when they are let."""

    def __init__(self, failure=None):
        self.begun = []
        self.let = asyncio.Event()
        self.failure = failure
        self.loader = SingleLoader(self.read, Readers(are_askers=True), READING_TICKET)

    async def read(self, key):
        self.begun.append((key, asyncio.current_task()))
        await self.let.wait()
        if self.failure:
            raise self.failure
        return f"value of {key}"

    async def begin(self, *keys):
        """Ask for keys, each in a task of its own, and wait until all have asked."""
        tasks = [asyncio.create_task(self.loader.load(key)) for key in keys]
        await asyncio.wait(tasks, timeout=0)
        return tasks


async def test_who_asks_first_reads_in_place():
    reads = Reads()
    first, second = await reads.begin("a", "a")
    reads.let.set()
    assert await asyncio.gather(first, second) == ["value of a", "value of a"]
    assert reads.begun == [("a", first)]


async def test_a_value_that_was_read_is_known_from_then_on():
    reads = Reads()
    reads.let.set()
    await reads.loader.load("a")
    assert reads.loader.known("a") == await reads.loader.load("a") == "value of a"
    assert len(reads.begun) == 1


async def test_who_asks_for_a_read_that_fails_is_refused_as_the_first_one_is():
    reads = Reads(Unavailable(System.ARENA))
    tasks = await reads.begin("a", "a")
    reads.let.set()
    refused = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one) for one in refused] == [Refused, Refused]
    assert len(reads.begun) == 1


async def test_a_key_whose_reader_was_cancelled_is_read_anew():
    reads = Reads()
    first, second = await reads.begin("a", "a")
    first.cancel()
    ended = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(one) for one in ended] == [asyncio.CancelledError] * 2  # none is left waiting
    reads.let.set()
    assert await reads.loader.load("a") == "value of a"


class Silent(httpx.AsyncBaseTransport):
    """Never answers."""

    async def handle_async_request(self, _request):
        await asyncio.Event().wait()


async def test_closing_the_way_upstream_ends_a_read_and_not_whoever_made_it_in_place():
    limits = WireLimits(connect_seconds=1, call_seconds=30, max_answer_bytes=1000, max_concurrent_calls=5)
    exchange = TransportExchange(System.ARENA, "http://arena", limits, Silent())
    goes_on = asyncio.Event()

    async def ask():
        with pytest.raises(Unavailable):
            await exchange.send(Call(endpoints.TICKET, ("T1",)), {}, 30)
        await goes_on.wait()

    asker = asyncio.create_task(ask())
    await asyncio.wait([asker], timeout=0)
    await exchange.close()
    assert not asker.done()
    goes_on.set()
    await asker
