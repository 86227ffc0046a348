"""Changes are seen through to their end, whoever stops waiting for them."""

import asyncio

import pytest

from idempotency import open_ledger
from resolvers.once import Changes

pytestmark = pytest.mark.anyio


@pytest.fixture
async def changes():
    async with open_ledger(None) as ledger:
        yield Changes(ledger)


async def test_work_goes_on_when_whoever_waits_for_it_is_cancelled(changes):
    released, ended = asyncio.Event(), []

    async def work():
        await released.wait()
        ended.append("work")

    waiting = asyncio.create_task(changes.see_through(work()))
    await asyncio.wait([waiting], timeout=0)
    waiting.cancel()
    await asyncio.wait([waiting])
    assert waiting.cancelled()
    released.set()
    await changes.finish(seconds=10)
    assert ended == ["work"]


async def test_whoever_waits_gets_what_the_work_gives(changes):
    async def work():
        return "result"

    assert await changes.see_through(work()) == "result"


async def test_whoever_waits_gets_the_failure_of_the_work(changes):
    async def work():
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await changes.see_through(work())
