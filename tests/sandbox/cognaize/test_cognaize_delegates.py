import httpx
import pytest
from sqlalchemy import select

from sandbox.cognaize.delegates import call
from sandbox.cognaize.story import COMPLETED_PROCESS_ID, MIDWAY_PROCESS_ID, step_id
from sandbox.cognaize.tables import DelegateCall

pytestmark = pytest.mark.anyio


async def delegate_calls(store):
    async with store.transaction() as session:
        calls = await session.scalars(select(DelegateCall).order_by(DelegateCall.id))
        return [(row.process_step_id, row.delegate, row.url, row.outcome) for row in calls]


async def test_a_started_step_is_announced_to_its_delegate(cognaize, delegate_side, store):
    started = await cognaize.start_timed_process()

    [(url, notice)] = delegate_side.notices
    assert url == "http://model.test"
    assert httpx.Response(200, content=notice).json() == started
    assert await delegate_calls(store) == [
        (started["processStepId"], "MODEL", "http://model.test", "202"),
    ]


async def test_a_delegate_that_cannot_be_reached_stops_nothing(cognaize, delegate_side, store):
    delegate_side.status = None

    started = await cognaize.start_timed_process()

    assert await cognaize.statuses(started["processId"]) == ["STARTED", "PENDING"]
    assert await delegate_calls(store) == [
        (started["processStepId"], "MODEL", "http://model.test", "failed: ConnectError"),
    ]


@pytest.mark.parametrize(
    "url",
    ["", "nowhere", "ftp://model.test", "http://[::1", "http://model.test:99999", f"http://{'m' * 64}.test"],
)
async def test_an_address_that_is_none_stops_nothing(url):
    assert (await call(url, {}, None)).startswith("failed: ")


async def test_a_delegate_without_an_address_is_only_noted(cognaize, delegate_side, store):
    await cognaize.complete(step_id(MIDWAY_PROCESS_ID, 2))
    await cognaize.complete(step_id(MIDWAY_PROCESS_ID, 3))

    assert [url for url, _ in delegate_side.notices] == ["http://127.0.0.1:9/extraction"]
    assert await delegate_calls(store) == [
        (step_id(MIDWAY_PROCESS_ID, 3), "MODEL", "http://127.0.0.1:9/extraction", "202"),
        (step_id(MIDWAY_PROCESS_ID, 4), "DISTRIBUTION", None, None),
    ]


async def test_a_refused_completion_calls_no_delegate(cognaize, delegate_side, store):
    await cognaize.complete(step_id(COMPLETED_PROCESS_ID, 1))

    assert delegate_side.notices == []
    assert await delegate_calls(store) == []
