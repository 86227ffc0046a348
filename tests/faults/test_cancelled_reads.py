"""Reads that are cancelled anywhere on their way cost the pool no place."""

import asyncio

import pytest

from faults.server import answer, says
from faults.service import READS, open_service
from upstreams import endpoints
from upstreams.bounds import Bounds
from upstreams.call import Call

pytestmark = pytest.mark.anyio

READ = Call(endpoints.TICKET, ("T1",))
SLOTS = 4


async def test_a_thousand_cancelled_reads_leave_the_pool_as_it_was(server):
    server.does(says(answer({"guid": "T1"})))
    async with open_service(server.url, max_concurrent_calls=SLOTS) as service:
        wire = service.app.state.facade.arena
        for number in range(1000):
            read = asyncio.create_task(wire.send(READ, {}, Bounds(25.0, 1)))
            for _ in range(number % 11):  # a little further on its way each time
                await asyncio.sleep(0)
            read.cancel()
            await asyncio.gather(read, return_exceptions=True)
        service.forgive()  # some found their connection just being closed, and were cancelled before the next try
        results = await asyncio.gather(*(service.result(READS["ticket"]) for _ in range(2 * SLOTS)))
    assert results == [{"__typename": "Ticket"}] * 2 * SLOTS


async def test_reads_cut_off_by_their_deadline_leave_the_pool_as_it_was(server):
    async with open_service(server.url, max_concurrent_calls=SLOTS) as service:
        wire = service.app.state.facade.arena
        server.does(says(answer({"guid": "T1"})))
        reads = [wire.send(READ, {}, Bounds(number / 5000, 1)) for number in range(200)]
        await asyncio.gather(*reads, return_exceptions=True)
        service.forgive()
        results = [await service.result(READS["ticket"]) for _ in range(2 * SLOTS)]
    assert results == [{"__typename": "Ticket"}] * 2 * SLOTS
