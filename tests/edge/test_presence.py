import asyncio
import gc
import weakref

import pytest

from edge.presence import Presence

pytestmark = pytest.mark.anyio


class Operation:
    def end(self):
        pytest.fail("Nobody has left.")


@pytest.fixture
def no_garbage_collector():
    gc.disable()
    yield
    gc.enable()


async def test_of_an_operation_whose_client_was_watched_nothing_is_left_to_the_garbage_collector(no_garbage_collector):
    is_watched = asyncio.Event()

    async def receive():
        is_watched.set()
        await asyncio.Event().wait()

    async def operate():
        operation = Operation()
        with Presence().watching(receive, operation.end):
            await is_watched.wait()
        return weakref.ref(operation)

    operation = await operate()
    await asyncio.sleep(0)  # in which the watch ends
    assert operation() is None
