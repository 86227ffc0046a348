"""What a stop does to what is in flight."""

import asyncio

import httpx
import pytest

from service.holding_server import TICKET_GUID, holding_server
from service.processes import SECONDS, ask, http_client, running_service

pytestmark = pytest.mark.anyio

CHANGE = f"""
mutation {{
  changeTicketStatus(input: {{ticketGuid: "{TICKET_GUID}", status: COMPLETE}}) {{
    __typename
    ... on ChangeTicketStatusSuccess {{ outcome ticket {{ status }} }}
  }}
}}
"""
APPLIED = {"__typename": "ChangeTicketStatusSuccess", "outcome": "APPLIED", "ticket": {"status": "COMPLETE"}}
SESSION = {"arena_session_id": "s-1"}


@pytest.fixture(autouse=True)
async def within_bounds():
    async with asyncio.timeout(SECONDS):
        yield


@pytest.fixture
async def arena():
    async with holding_server() as server:
        yield server


def serving(folder, arena, **settings):
    upstreams = {"ARENA_URL": arena.address, "COGNAIZE_URL": arena.address}
    return running_service(folder, **upstreams, **settings)


async def readiness_after_a_signal(client):
    """What the probe says first when it no longer says ready: its answer, or None when nobody listens."""
    while True:  # the signal is on its way
        try:
            ready = await client.get("/health/ready", headers={"connection": "close"})
        except httpx.TransportError:
            return None
        if ready.status_code != 200:
            return ready


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_change_under_way_is_answered_before_the_service_stops(tmp_path, arena, workers):
    async with serving(tmp_path, arena, workers=workers) as service, http_client(service.address) as client:
        change = asyncio.create_task(ask(client, CHANGE, headers=SESSION))
        await arena.asked.wait()
        service.process.terminate()
        await readiness_after_a_signal(client)
        arena.released.set()
        assert (await change)["data"]["changeTicketStatus"] == APPLIED
        await service.stop()


async def test_readiness_fails_at_once_while_a_change_is_under_way(tmp_path, arena):
    async with serving(tmp_path, arena) as service, http_client(service.address) as client:
        change = asyncio.create_task(ask(client, CHANGE, headers=SESSION))
        await arena.asked.wait()
        service.process.terminate()
        ready = await readiness_after_a_signal(client)
        assert (ready.status_code, ready.json()) == (503, {"status": "unavailable", "reason": "draining"})
        arena.released.set()
        assert (await change)["data"]["changeTicketStatus"] == APPLIED


async def test_a_change_whose_caller_has_left_is_not_cut_by_a_stop(tmp_path, arena):
    without_grace = {"OPERATION_SECONDS": "25", "DRAIN_SECONDS": "25"}
    async with serving(tmp_path, arena, **without_grace) as service:
        async with http_client(service.address) as client:
            change = asyncio.create_task(ask(client, CHANGE, headers=SESSION))
            await arena.asked.wait()
            change.cancel()
            await asyncio.gather(change, return_exceptions=True)
        service.process.terminate()
        async with http_client(service.address) as client:
            while await readiness_after_a_signal(client) is not None:
                pass  # it still listens
        arena.released.set()
        await arena.ended.wait()
        assert arena.was_cut is False


async def test_a_stop_ends_although_an_upstream_never_answers(tmp_path, arena):
    bounds = {"OPERATION_SECONDS": "1", "DRAIN_SECONDS": "1"}
    async with serving(tmp_path, arena, **bounds) as service, http_client(service.address) as client:
        change = asyncio.create_task(ask(client, CHANGE, headers=SESSION))
        await arena.asked.wait()
        await service.stop()
        assert (await change)["data"]["changeTicketStatus"] == {"__typename": "OutcomeUnknownError"}
