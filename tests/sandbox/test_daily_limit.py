from datetime import UTC, datetime

import pytest
from arena_caller import Arena, refusal
from sqlalchemy.exc import OperationalError

from sandbox.arena import door
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

REMAINING = "X-Arena-Requests-Remaining"
RESET = "X-Arena-Next-Request-Limit-Reset"


@pytest.fixture
async def three_calls(sandbox):
    async with sandbox(daily_limit=3) as client:
        arena = Arena(client)
        await arena.log_in()
        yield arena


async def test_every_answer_names_the_server_what_is_left_and_the_reset(three_calls):
    answer = await three_calls.get("/qualityprocesses")
    assert answer.headers["server"] == "ArenaSolutions"
    assert answer.headers[REMAINING] == "2"
    assert answer.headers[RESET] == "Wed, 13-May-2026 00:00:00 GMT-0700 (PDT)"


async def test_the_reset_is_printed_in_winter_time_in_winter(three_calls, clock):
    clock.instant = datetime(2025, 11, 17, 20, 0, tzinfo=UTC)
    answer = await three_calls.log_in()
    assert answer.headers[RESET] == "Tue, 18-Nov-2025 00:00:00 GMT-0800 (PST)"


async def test_a_login_does_not_count(three_calls):
    assert (await three_calls.log_in()).headers[REMAINING] == "3"
    assert (await three_calls.log_in(password="wrong")).headers[REMAINING] == "3"


async def test_refused_calls_count(three_calls):
    assert (await three_calls.get("/qualityprocesses/NOPE")).headers[REMAINING] == "2"
    assert (await three_calls.get("/nothing")).headers[REMAINING] == "1"
    del three_calls.client.headers["arena_session_id"]
    answer = await three_calls.get("/qualityprocesses")
    assert (answer.status_code, answer.headers[REMAINING]) == (401, "0")


@pytest.fixture
def locked_store(monkeypatch):
    """Locks the store once called."""

    async def wait_in_vain(*_arguments):
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))

    return lambda: monkeypatch.setattr(door, "count_call", wait_in_vain)


async def test_an_answer_without_the_store_tells_what_was_left_last(three_calls, locked_store):
    await three_calls.get("/qualityprocesses")
    locked_store()
    answer = await three_calls.get("/qualityprocesses")
    assert answer.status_code == 503
    assert answer.headers["server"] == "ArenaSolutions"
    assert answer.headers[REMAINING] == "2"
    assert answer.headers[RESET] == "Wed, 13-May-2026 00:00:00 GMT-0700 (PDT)"


async def test_an_answer_without_the_store_tells_the_whole_limit_on_a_new_day(three_calls, locked_store, clock):
    await three_calls.get("/qualityprocesses")
    locked_store()
    clock.advance(days=1)
    answer = await three_calls.get("/qualityprocesses")
    assert answer.status_code == 503
    assert answer.headers[REMAINING] == "3"
    assert answer.headers[RESET] == "Thu, 14-May-2026 00:00:00 GMT-0700 (PDT)"


async def test_the_call_after_the_last_is_refused_and_changes_nothing(three_calls, clock):
    for _ in range(3):
        await three_calls.get("/qualityprocesses")
    answer = await three_calls.change_step(guids.RICH_PROCESS, guids.UNASSIGNED_STEP)
    assert refusal(answer) == (429, 4014)
    assert answer.headers[REMAINING] == "0"
    assert "retry-after" not in answer.headers
    assert answer.json()["errors"][0]["message"] == (
        "The daily maximum of 3 calls is used up. Calls resume at Wed, 13-May-2026 00:00:00 GMT-0700 (PDT)."
    )
    clock.advance(days=1)
    await three_calls.log_in()
    assert (await three_calls.step(guids.RICH_PROCESS, guids.UNASSIGNED_STEP))["status"] == "OPEN"


async def test_the_limit_has_its_own_code_since_2023(sandbox):
    async with sandbox(daily_limit=0, dialect="2023") as client:
        arena = Arena(client)
        await arena.log_in()
        assert refusal(await arena.get("/qualityprocesses")) == (429, 4084)


async def test_login_works_when_the_limit_is_spent(three_calls):
    for _ in range(4):
        await three_calls.get("/qualityprocesses")
    assert (await three_calls.log_in()).status_code == 200


async def test_the_count_starts_anew_at_midnight_pacific(three_calls, clock):
    clock.instant = datetime(2026, 5, 13, 6, 59, 59, tzinfo=UTC)
    await three_calls.log_in()
    assert (await three_calls.get("/items")).headers[REMAINING] == "2"
    clock.advance(seconds=1)
    assert (await three_calls.get("/items")).headers[REMAINING] == "2"


async def test_the_count_is_kept_over_a_restart(sandbox):
    async with sandbox(daily_limit=10) as client:
        await Arena(client).get("/items")
    async with sandbox(daily_limit=10) as client:
        assert (await Arena(client).get("/items")).headers[REMAINING] == "8"
