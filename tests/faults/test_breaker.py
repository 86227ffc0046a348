"""An upstream that keeps failing is left alone for a while, then probed by one call."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import stamina

from faults.server import answer, hangs, says
from faults.service import CHANGES, READS, open_service
from upstreams.breaker import CircuitBreaker, State

pytestmark = pytest.mark.anyio

FOUND = says(answer({"guid": "T1", "data": {"id": "W1"}}))
FAILING = says(answer(b"", 502))


class Clock:
    """Moves when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def one_try():
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.fixture
async def service(server, clock):
    """Its circuit to Arena opens after three failures in a row, for five seconds."""
    async with open_service(server.url) as service:
        service.breaker = service.app.state.facade.arena.breaker = CircuitBreaker(3, 5.0, clock)
        yield service


async def fail(service, server, times):
    server.does(FAILING)
    for _ in range(times):
        await service.result(READS["ticket"])
    server.requests.clear()


async def test_it_opens_after_failures_in_a_row_and_refuses_without_a_call(service, server):
    await fail(service, server, 3)
    before = datetime.now(UTC)
    refused = await service.result(READS["ticket"])
    assert (refused["code"], refused["retry"]["kind"]) == ("UPSTREAM_UNAVAILABLE", "SAFE_LATER")
    wait = datetime.fromisoformat(refused["retry"]["after"]) - before
    assert timedelta(seconds=5) <= wait < timedelta(seconds=6)
    assert server.requests == []


async def test_a_refusal_is_no_call_of_the_operation(service, server):
    await fail(service, server, 3)
    answered = await service.post(READS["ticket"])
    assert answered.json()["extensions"]["upstream"]["calls"] == 0


async def test_an_open_circuit_is_not_waited_for(service, server):
    """A read would otherwise be tried again when the circuit's time is over."""
    await fail(service, server, 3)
    with stamina.set_testing(True, attempts=3):
        assert (await service.result(READS["ticket"]))["code"] == "UPSTREAM_UNAVAILABLE"
    assert server.requests == []


@pytest.mark.parametrize("name", ["completeStep", "reopenStep", "changeTicketStatus"])
async def test_a_change_refused_by_an_open_circuit_has_not_left(service, server, name):
    await fail(service, server, 3)
    refused = await service.result(CHANGES[name])
    assert (refused["__typename"], refused["retry"]["kind"]) == ("UpstreamError", "SAFE_LATER")
    assert server.requests == []


async def test_a_success_between_failures_keeps_it_closed(service, server):
    await fail(service, server, 2)
    server.does(FOUND)
    await service.result(READS["ticket"])
    await fail(service, server, 2)
    assert service.breaker.state is State.CLOSED


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
async def test_an_upstream_that_answers_is_not_failing(service, server, status):
    server.does(says(answer(b"", status)))
    server.requests_per_connection = 4  # one that is just being closed would lose a call, which is tried only once here
    for _ in range(4):
        await service.result(READS["ticket"])
    assert len(server.requests) == 4


async def test_the_other_upstream_is_not_concerned(service, server):
    await fail(service, server, 3)
    server.does(FOUND)
    assert await service.result(READS["process"]) == {"__typename": "Process"}


async def test_one_call_probes_when_the_time_is_over(service, server, clock):
    await fail(service, server, 3)
    clock.now += 5
    server.does(hangs())
    server.arrived.clear()
    probe = asyncio.create_task(service.result(READS["ticket"]))
    await server.arrived.wait()
    assert (await service.result(READS["ticket"]))["retry"]["kind"] == "SAFE_LATER"
    assert len(server.requests) == 1
    await server.hang_up()
    assert (await probe)["code"] == "UPSTREAM_UNAVAILABLE"


async def test_a_probe_that_is_answered_closes_it(service, server, clock):
    await fail(service, server, 3)
    clock.now += 5
    server.does(FOUND)
    for _ in range(2):
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}
    assert service.breaker.state is State.CLOSED


async def test_a_probe_that_fails_opens_it_again(service, server, clock):
    await fail(service, server, 3)
    clock.now += 5
    await fail(service, server, 1)
    await service.result(READS["ticket"])
    assert service.breaker.state is State.OPEN
    assert server.requests == []


async def test_a_probe_that_could_not_be_sent_leaves_the_place_to_the_next(service, server, clock):
    await fail(service, server, 3)
    clock.now += 5
    service.breaker.admit()
    service.breaker.gave_no_sign()
    server.does(FOUND)
    assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}


async def test_an_operation_that_runs_out_of_time_opens_no_circuit(server):
    server.does(hangs())
    async with open_service(server.url, operation_seconds=0.5) as service:
        await asyncio.gather(*(service.result(READS["ticket"]) for _ in range(11)))
        assert service.app.state.facade.arena.breaker.state is State.CLOSED
    assert len(server.requests) == 11


async def test_an_upstream_that_never_answers_opens_the_circuit(server, clock):
    server.does(hangs())
    async with open_service(server.url, call_seconds=0.05, connect_seconds=0.05, operation_seconds=0.5) as service:
        service.app.state.facade.arena.breaker = breaker = CircuitBreaker(2, 5.0, clock)
        for _ in range(2):
            await service.result(READS["ticket"])
        assert breaker.state is State.OPEN
