"""Arena's daily calls: told as its answers tell them, and obeyed."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sandbox.arena.story import guids
from sandbox.arena.story.ticket_guids import COMPLETE_TICKET, IN_PROGRESS_TICKET, PAINT_TICKET
from upstreams.arena_answers import read_reset
from upstreams.budget import Budget, BudgetState
from upstreams.decoding import Answer
from upstreams.errors import Exhausted

pytestmark = pytest.mark.anyio

BUDGET = "system state remaining limit resetsAt observedAt"
BUDGETS = f"{{ upstreamBudgets {{ {BUDGET} }} }}"
READ = """query Read($guid: String!) {
  ticket(guid: $guid) {
    __typename
    ... on RateLimitedError { code retry { kind after } budget { state remaining resetsAt } }
  }
}"""
CHANGE = """mutation Change($guid: String!, $status: SettableTicketStatus!) {
  changeTicketStatus(input: {ticketGuid: $guid, status: $status}) {
    __typename
    ... on RateLimitedError { code retry { kind after } budget { state remaining } }
  }
}"""
UNKNOWN = {
    "system": "ARENA",
    "state": "UNKNOWN",
    "remaining": None,
    "limit": None,
    "resetsAt": None,
    "observedAt": None,
}


async def budget_of(door):
    (budget,) = (await door.data(BUDGETS))["upstreamBudgets"]
    return budget


async def report_of(door, query, **variables):
    return (await door.post(query, variables)).json()["extensions"]["upstream"]


@pytest.fixture
def limited(opened):
    """The service on a workspace with few calls a day, ten of them kept for changes."""

    def open_limited(daily_limit, **options):
        settings = {"arena_reserve": 10, **options.pop("settings", {})}
        return opened(daily_limit=daily_limit, settings=settings, **options)

    return open_limited


async def test_before_the_first_answer_nothing_is_known_and_nothing_is_asked(door):
    assert await budget_of(door) == UNKNOWN
    assert await report_of(door, BUDGETS) == {"calls": 0, "saved": 0, "remaining": None, "resetsAt": None}
    assert door.calls == []


async def test_every_answer_tells_what_is_left(limited):
    async with limited(100) as door:
        await door.data(READ, guid=PAINT_TICKET)
        first = await budget_of(door)
        await door.data(READ, guid=COMPLETE_TICKET)
        second = await budget_of(door)
    assert (first["state"], first["remaining"]) == ("OK", 99)
    assert (second["state"], second["remaining"]) == ("OK", 98)
    assert first["resetsAt"] == second["resetsAt"]


async def test_a_refused_call_tells_too(limited):
    async with limited(100) as door:
        await door.data(READ, guid="NOSUCHTICKET")
        assert (await budget_of(door))["remaining"] == 99


async def test_the_limit_is_known_after_a_login_of_the_service(limited):
    async with limited(100) as door:
        del door.headers["arena_session_id"]
        await door.data(READ, guid=PAINT_TICKET)
        budget = await budget_of(door)
    assert (budget["limit"], budget["remaining"]) == (100, 99)


async def test_a_login_tells_what_is_left_before_the_first_read(limited):
    async with limited(10) as door:
        del door.headers["arena_session_id"]
        refused = (await door.data(READ, guid=PAINT_TICKET))["ticket"]
        assert (refused["__typename"], door.calls) == ("RateLimitedError", ["POST /login"])


async def test_a_refused_read_is_not_reported_as_saved(limited):
    async with limited(10) as door:
        del door.headers["arena_session_id"]
        report = await report_of(door, READ, guid=PAINT_TICKET)
    assert (report["calls"], report["saved"]) == (0, 0)


async def test_an_answer_reports_what_it_cost(limited):
    aliases = " ".join(f't{n}: ticket(guid: "{PAINT_TICKET}") {{ __typename }}' for n in range(5))
    async with limited(100) as door:
        report = await report_of(door, f"{{ {aliases} }}")
        resets_at = (await budget_of(door))["resetsAt"]
    assert (report["calls"], report["saved"], report["remaining"]) == (1, 4, 99)
    assert datetime.fromisoformat(report["resetsAt"]) == datetime.fromisoformat(resets_at)


async def test_a_setting_turns_the_report_off(opened):
    async with opened(settings={"upstream_report": False}) as door:
        assert "extensions" not in (await door.post(READ, {"guid": PAINT_TICKET})).json()


async def test_a_read_that_would_touch_the_reserve_is_refused_early_with_the_reset_time(limited):
    async with limited(11) as door:
        await door.data(READ, guid=PAINT_TICKET)
        budget = await budget_of(door)
        door.calls.clear()
        data = await door.data(READ, guid=COMPLETE_TICKET)
    assert (budget["state"], budget["remaining"]) == ("LOW", 10)
    assert data["ticket"] == {
        "__typename": "RateLimitedError",
        "code": "RATE_LIMITED",
        "retry": {"kind": "SAFE_LATER", "after": budget["resetsAt"]},
        "budget": {"state": "LOW", "remaining": 10, "resetsAt": budget["resetsAt"]},
    }
    assert door.calls == []


async def test_elsewhere_than_in_a_union_the_refusal_is_an_error_of_the_same_code(limited):
    async with limited(11) as door:
        await door.data(READ, guid=PAINT_TICKET)
        body = await door.ask("{ tickets { nodes { guid } } }")
    assert body["data"] == {"tickets": None}
    (error,) = body["errors"]
    assert (error["extensions"]["code"], error["extensions"]["retry"]["kind"]) == ("RATE_LIMITED", "SAFE_LATER")


async def test_the_reserve_is_there_for_changes(limited):
    async with limited(11) as door:
        await door.data(READ, guid=PAINT_TICKET)
        data = await door.data(CHANGE, guid=PAINT_TICKET, status="IN_PROGRESS")
        assert data == {"changeTicketStatus": {"__typename": "ChangeTicketStatusSuccess"}}
        assert (await budget_of(door))["remaining"] == 9


async def test_a_change_with_no_call_left_is_refused_without_one(limited):
    async with limited(2) as door:
        await door.data(READ, guid=PAINT_TICKET)
        await door.data(CHANGE, guid=PAINT_TICKET, status="IN_PROGRESS")
        door.calls.clear()
        data = await door.data(CHANGE, guid=PAINT_TICKET, status="COMPLETE")
        refused = data["changeTicketStatus"]
        assert (refused["__typename"], refused["code"], refused["retry"]["kind"]) == (
            "RateLimitedError",
            "RATE_LIMITED",
            "SAFE_LATER",
        )
        assert refused["budget"] == {"state": "EXHAUSTED", "remaining": 0}
        assert door.calls == []


async def test_a_429_exhausts_the_budget_until_the_reset(limited, dialect):
    async with limited(3, dialect=dialect) as door:
        for _ in range(3):
            await door.sandbox.get("/arena/v1/tickets", headers=door.headers)
        first = (await door.data(READ, guid=PAINT_TICKET))["ticket"]
        budget = await budget_of(door)
        second = (await door.data(READ, guid=PAINT_TICKET))["ticket"]
    assert (budget["state"], budget["remaining"]) == ("EXHAUSTED", 0)
    assert first["retry"] == {"kind": "SAFE_LATER", "after": budget["resetsAt"]}
    assert second == first
    assert door.calls == [f"GET /tickets/{PAINT_TICKET}"]


@pytest.mark.parametrize("code", [4084, 4014])
async def test_a_429_that_names_no_reset_is_believed_for_a_minute(opened, code):
    def refuse(request):
        return httpx.Response(429, json={"status": 429, "errors": [{"code": code, "message": "Spent."}]})

    async with opened(wrap=lambda *_: httpx.MockTransport(refuse)) as door:
        before = datetime.now(UTC)
        await door.data(READ, guid=PAINT_TICKET)
        budget = await budget_of(door)
        refused = (await door.data(READ, guid=PAINT_TICKET))["ticket"]
    assert (budget["state"], budget["remaining"]) == ("EXHAUSTED", 0)
    assert 59 < (datetime.fromisoformat(budget["resetsAt"]) - before).total_seconds() < 120
    assert (refused["code"], refused["retry"]["after"]) == ("RATE_LIMITED", budget["resetsAt"])
    assert len(door.calls) == 1


async def test_a_429_for_another_reason_leaves_the_budget_as_it_was(opened):
    def refuse(request):
        return httpx.Response(429, headers={"x-arena-requests-remaining": "700", "retry-after": "5"})

    async with opened(wrap=lambda *_: httpx.MockTransport(refuse)) as door:
        assert (await door.data(READ, guid=PAINT_TICKET))["ticket"]["code"] == "RATE_LIMITED"
        assert (await budget_of(door))["remaining"] == 700


@pytest.mark.parametrize("text", ["", "many", "-5", "1.5", "٣", "9" * 30])
async def test_a_count_nobody_understands_is_not_guessed(opened, text):
    headers = [(b"x-arena-requests-remaining", text.encode())]

    def reply(request):
        return httpx.Response(200, headers=headers, json={"guid": PAINT_TICKET})

    async with opened(wrap=lambda *_: httpx.MockTransport(reply)) as door:
        await door.data(READ, guid=PAINT_TICKET)
        assert await budget_of(door) == UNKNOWN


async def test_a_count_whose_reset_has_passed_tells_nothing_any_more(opened):
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    async with opened(daily_limit=11, clock=lambda: long_ago) as door:
        for _ in range(3):
            assert (await door.data(READ, guid=PAINT_TICKET))["ticket"]["__typename"] == "Ticket"
            budget = await budget_of(door)
            assert (budget["state"], budget["remaining"], budget["resetsAt"]) == ("UNKNOWN", None, None)


async def test_reads_made_at_once_do_not_overspend_the_reserve(limited):
    steps = "{ qualityProcesses(first: 25) { nodes { steps { name } } } }"
    async with limited(30) as door:
        await door.data(READ, guid=PAINT_TICKET)
        body = await door.ask(steps)
        budget = await budget_of(door)
    assert door.most_at_once > 1
    assert len(door.calls) + budget["remaining"] == 30
    assert budget["remaining"] >= 10
    read = [node["steps"] for node in body["data"]["qualityProcesses"]["nodes"]]
    assert len(read) - read.count(None) == len(door.calls) - 2
    assert {error["extensions"]["code"] for error in body["errors"]} == {"RATE_LIMITED"}


async def test_two_sessions_have_two_budgets(limited):
    async with limited(100) as door:
        await door.data(READ, guid=PAINT_TICKET)
        await door.become("member")
        assert await budget_of(door) == UNKNOWN
        await door.data(READ, guid=IN_PROGRESS_TICKET)
        assert (await budget_of(door))["remaining"] == 98


async def test_calls_to_cognaize_spend_nothing_of_arenas_budget(limited):
    async with limited(100) as door:
        await door.data('{ process(id: "nosuch") { __typename } }')
        assert await budget_of(door) == UNKNOWN


async def test_reading_a_whole_process_counts_each_call_once(limited):
    query = f'{{ qualityProcess(guid: "{guids.RICH_PROCESS}") {{ ... on QualityProcess {{ steps {{ name }} }} }} }}'
    async with limited(100) as door:
        report = await report_of(door, query)
    assert (report["calls"], report["remaining"], len(door.calls)) == (2, 98, 2)


def told(remaining, day=18):
    headers = {
        "x-arena-requests-remaining": str(remaining),
        "x-arena-next-request-limit-reset": f"Tue, {day}-Nov-2036 00:00:00 GMT-0800 (PST)",
    }
    return Answer(200, headers, b"")


@pytest.fixture
def budget():
    return Budget(reserve=5, clock=lambda: datetime(2036, 11, 17, tzinfo=UTC))


def test_the_vendors_date_is_read():
    assert read_reset(told(1).headers) == datetime(2036, 11, 18, 8, tzinfo=UTC)


def test_a_count_that_names_no_reset_is_believed_for_a_minute_only():
    now = [datetime(2036, 11, 17, tzinfo=UTC)]
    budget = Budget(reserve=5, clock=lambda: now[0])
    number = budget.open(is_change=False)
    budget.close(number, Answer(200, {"x-arena-requests-remaining": "3"}, b""))
    assert budget.state is BudgetState.LOW
    now[0] += timedelta(minutes=1)
    assert budget.state is BudgetState.UNKNOWN
    assert budget.spares_reads(1)


def test_an_older_answer_that_comes_later_does_not_bring_calls_back(budget):
    first, second = budget.open(is_change=False), budget.open(is_change=False)
    budget.close(second, told(8))
    budget.close(first, told(9))
    assert budget.remaining == 8


def test_an_answer_of_a_new_day_is_believed(budget):
    first, second = budget.open(is_change=False), budget.open(is_change=False)
    budget.close(second, told(0))
    budget.close(first, told(900, day=19))
    assert (budget.remaining, budget.state) == (900, BudgetState.OK)


def test_a_call_without_an_answer_is_not_guessed_to_have_counted(budget):
    budget.close(budget.open(is_change=False), told(8))
    budget.close(budget.open(is_change=False), None)
    assert budget.remaining == 8


def test_calls_under_way_are_counted_before_another_read_goes_out(budget):
    budget.close(budget.open(is_change=False), told(7))
    budget.open(is_change=False)
    budget.open(is_change=False)
    with pytest.raises(Exhausted):
        budget.open(is_change=False)
    assert budget.open(is_change=True) == 4


def test_a_budget_tells_of_one_moment_whatever_is_called_while_its_fields_are_read():
    budget = Budget(reserve=0)
    reading = budget.read()
    budget.observe(budget.next_number(), Answer(200, {"x-arena-requests-remaining": "7"}, b""))
    assert (reading.state, reading.remaining) == (BudgetState.UNKNOWN, None)
    assert (budget.read().state, budget.read().remaining) == (BudgetState.OK, 7)
