"""Reads that fail in passing are read again, within the deadline and the budget."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import stamina

from faults.server import answer, resets, says
from faults.service import READS, open_service

pytestmark = pytest.mark.anyio

FOUND = says(answer({"guid": "T1"}))


def unavailable(**headers):
    return says(answer(b"", 503, **headers))


async def test_a_read_that_fails_in_passing_is_tried_again(server):
    server.does(resets(), unavailable(), FOUND)
    async with open_service(server.url) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}
    assert server.requests == ["GET /tickets/T1"] * 3


async def test_a_read_is_tried_three_times_at_most(server):
    server.does(unavailable(), unavailable(), unavailable(), FOUND)
    async with open_service(server.url) as service:
        assert (await service.result(READS["ticket"]))["code"] == "UPSTREAM_UNAVAILABLE"
    assert server.requests == ["GET /tickets/T1"] * 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500, 501])
async def test_an_answer_that_would_come_again_is_not_asked_for_again(server, status):
    server.does(says(answer(b"", status)), FOUND)
    async with open_service(server.url) as service:
        assert (await service.result(READS["ticket"]))["upstream"]["httpStatus"] == status
    assert server.requests == ["GET /tickets/T1"]


async def test_every_try_is_a_call_of_the_operation(server):
    server.does(unavailable(), unavailable(), FOUND)
    async with open_service(server.url) as service:
        answered = await service.post(READS["ticket"])
    assert answered.json()["extensions"]["upstream"]["calls"] == 3


async def test_a_try_beyond_the_operations_calls_is_refused(server):
    server.does(unavailable(), unavailable(), FOUND)
    async with open_service(server.url, max_calls_per_operation=2) as service:
        assert (await service.result(READS["ticket"]))["code"] == "LIMIT_EXCEEDED"
    assert len(server.requests) == 2


async def test_a_try_beyond_the_budget_is_refused(server):
    server.does(unavailable(x_arena_requests_remaining=5), FOUND)
    async with open_service(server.url, arena_reserve=5) as service:
        assert (await service.result(READS["ticket"]))["code"] == "RATE_LIMITED"
    assert len(server.requests) == 1


async def test_no_try_is_begun_near_the_deadline(server):
    server.does(unavailable(), FOUND)
    async with open_service(server.url, operation_seconds=0.9) as service:
        assert (await service.result(READS["ticket"]))["code"] == "UPSTREAM_UNAVAILABLE"
    assert len(server.requests) == 1


async def test_retry_after_is_waited_for(server, monkeypatch):
    waits = []

    async def note(seconds):
        waits.append(seconds)

    monkeypatch.setattr("stamina._core._smart_sleep", note)
    server.does(unavailable(retry_after=7, connection="close"), FOUND)
    with stamina.set_testing(False):
        async with open_service(server.url) as service:
            assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}
    assert [round(seconds) for seconds in waits] == [7]


async def test_a_retry_after_beyond_the_deadline_is_told_to_the_caller(server):
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    server.does(unavailable(retry_after=format_datetime(tomorrow, usegmt=True)), FOUND)
    async with open_service(server.url) as service:
        refused = await service.result(READS["ticket"])
    assert refused["retry"] == {"kind": "SAFE_LATER", "after": tomorrow.strftime("%Y-%m-%dT%H:%M:%SZ")}
    assert len(server.requests) == 1


@pytest.mark.parametrize("text", ["soon", "-1", "9" * 30, "Wed, 99 Foo 2099", "٣"])
async def test_a_retry_after_nobody_understands_is_as_if_it_were_not_there(server, text):
    server.does(says(answer(b"", 503, retry_after=text).decode().encode("latin-1", "replace")), FOUND)
    async with open_service(server.url) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}
