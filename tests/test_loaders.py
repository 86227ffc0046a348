"""Loaders that read in place: who asks first reads, and whoever asks meanwhile gets what the first one gets."""

import asyncio
from itertools import product

import httpx
import pytest

from resolvers.batch_loader import BatchLoader
from resolvers.loader import Readers, SingleLoader
from resolvers.refusals import READING_TICKET, ErrorCode, Refused
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
        self.has_begun = asyncio.Event()
        self.let = asyncio.Event()
        self.failure = failure
        self.loader = SingleLoader(self.read, Readers(are_askers=True), READING_TICKET)

    async def read(self, key):
        self.begun.append((key, asyncio.current_task()))
        self.has_begun.set()
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


class Batches(Reads):
    """Batches, and reads of keys that are asked for alone, that end when they are let."""

    def __init__(self, failure=None):
        super().__init__(failure)
        self.batches = []
        self.readers = Readers(are_askers=True)
        self.loader = BatchLoader(self.read, self.readers, self.load_batch, System.ARENA, READING_TICKET)

    async def load_batch(self, keys):
        self.batches.append(keys)
        await self.let.wait()
        return [f"{key} of a batch" for key in keys]


async def test_a_key_that_is_asked_for_alone_is_read_by_who_asks():
    reads = Batches()
    (task,) = await reads.begin("a")
    reads.let.set()
    assert await task == reads.loader.known("a") == await reads.loader.load("a") == "value of a"
    assert (reads.begun, reads.batches) == ([("a", task)], [])


async def test_a_first_key_that_nobody_can_ask_beside_is_read_at_once():
    reads = Batches()
    reads.readers.begin_alone = True
    (task,) = await reads.begin("a")
    assert reads.begun == [("a", task)]
    reads.let.set()
    assert await task == "value of a"


async def test_only_the_first_key_is_one_that_nobody_can_ask_beside():
    reads = Batches()
    reads.readers.begin_alone = True
    reads.let.set()
    await reads.loader.load("a")
    tasks = await reads.begin("b", "c")
    assert await asyncio.gather(*tasks) == ["b of a batch", "c of a batch"]
    assert ([key for key, _ in reads.begun], reads.batches) == (["a"], [["b", "c"]])


async def test_keys_that_are_asked_for_at_the_same_time_are_one_batch():
    reads = Batches()
    tasks = await reads.begin("a", "b", "a")
    reads.let.set()
    assert await asyncio.gather(*tasks) == ["a of a batch", "b of a batch", "a of a batch"]
    assert (reads.begun, reads.batches) == ([], [["a", "b"]])


async def test_keys_that_are_asked_for_while_another_is_read_are_a_batch_of_their_own():
    reads = Batches()
    (first,) = await reads.begin("a")
    await reads.has_begun.wait()
    others = await reads.begin("b", "a", "c")
    reads.let.set()
    assert await asyncio.gather(first, *others) == ["value of a", "b of a batch", "value of a", "c of a batch"]
    assert (reads.begun, reads.batches) == ([("a", first)], [["b", "c"]])


async def test_who_asked_first_may_leave_and_the_others_get_their_batch():
    reads = Batches()
    first, second = await reads.begin("a", "b")
    first.cancel()
    reads.let.set()
    assert await second == "b of a batch"
    assert first.cancelled()
    assert reads.begun == []


async def test_who_asks_for_a_lone_read_that_fails_is_refused_as_the_first_one_is():
    reads = Batches(Unavailable(System.ARENA))
    (first,) = await reads.begin("a")
    await reads.has_begun.wait()
    (second,) = await reads.begin("a")
    reads.let.set()
    refused = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(one) for one in refused] == [Refused, Refused]
    assert (len(reads.begun), reads.batches) == (1, [])


async def test_a_key_that_became_known_before_it_was_read_is_not_read():
    reads = Batches()
    (task,) = await reads.begin("a")
    reads.loader.replace("a", "newer")
    assert await task == "newer"
    assert (reads.begun, reads.batches) == ([], [])


async def test_a_key_that_became_known_while_others_were_gathered_is_not_read():
    reads = Batches()
    first = asyncio.create_task(reads.loader.load("a"))
    await asyncio.sleep(0)
    reads.loader.replace("a", "newer")
    second = asyncio.create_task(reads.loader.load("b"))
    reads.let.set()
    assert await asyncio.gather(first, second) == ["newer", "b of a batch"]
    assert reads.loader.known("a") == "newer"
    assert (reads.begun, reads.batches) == ([], [["b"]])


async def test_who_asked_first_gets_the_batch_that_was_begun_for_it_although_it_is_to_be_forgotten():
    reads = Batches()
    tasks = await reads.begin("a", "b")
    reads.loader.forget("a")
    reads.let.set()
    assert await asyncio.gather(*tasks) == ["a of a batch", "b of a batch"]
    assert (reads.begun, reads.batches) == ([], [["a", "b"]])


async def test_a_lone_read_that_is_cancelled_and_its_reader_is_not_takes_too_long():
    reads = Batches(asyncio.CancelledError())
    reads.let.set()
    with pytest.raises(Refused) as refused:
        await reads.loader.load("a")
    assert refused.value.refusal.code is ErrorCode.UPSTREAM_TIMEOUT


@pytest.mark.parametrize("turns", list(product(range(7), repeat=2)))
async def test_keys_fall_into_the_batches_of_aiodataloader_whoever_reads(turns):
    async def batches_of(are_askers):
        reads = Batches()
        readers = Readers(are_askers)

        async def read(key):
            return (await reads.load_batch([key]))[0]

        async def ask(key, turn):
            for _ in range(turn):
                await asyncio.sleep(0)
            order.append(key)
            await loader.load(key)
            order.append(f"{key} is told")

        reads.let.set()
        order = []
        loader = BatchLoader(read, readers, reads.load_batch, System.ARENA, READING_TICKET)
        await asyncio.gather(ask("a", 0), *map(ask, "bc", turns))
        return reads.batches, order

    assert await batches_of(are_askers=True) == await batches_of(are_askers=False)


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
