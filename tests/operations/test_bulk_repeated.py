"""Bulks that are sent again, that lose answers, or run out of calls: no item is lost, and none is made twice."""

from uuid import uuid4

import pytest

from operations.bulks import (
    ITEMS,
    SINGULAR,
    STEP_CHANGE,
    change_all,
    counts,
    feasible_steps,
    on_changes_of,
    target_of,
    targets,
    types,
)
from operations.changes import change, kind, look_at_quality_process, nothing_changes, quality_step
from operations.meddling import Hold, OnChanges, lose_answer
from sandbox.arena.story import guids, ticket_guids

pytestmark = pytest.mark.anyio

RICH = f"GET /qualityprocesses/{guids.RICH_PROCESS}"


@pytest.fixture(params=ITEMS)
def bulk(request):
    return request.param


def with_keys(items):
    return [{**item, "idempotencyKey": f"key {number}"} for number, item in enumerate(items)]


def outcomes(answer):
    return [result.get("outcome", result["__typename"]) for result in answer["results"]]


def losing_answers(*lost):
    """A `wrap` for `opened`: the first changes of these steps or tickets are made, and their answers lost."""
    left = set(lost)

    async def meddle(request, inner):
        target = target_of(request)
        if target not in left:
            return await inner.handle_async_request(request)
        left.remove(target)
        return await lose_answer(request, inner)

    return lambda _system, transport: OnChanges(transport, meddle)


# Idempotency keys


async def test_a_bulk_sent_again_replays_what_was_made_and_tries_the_rest(door, bulk):
    items = with_keys(ITEMS[bulk])
    first = await change_all(door, bulk, items)
    made = len(targets(door))
    again = await change_all(door, bulk, items)
    assert outcomes(first) == ["APPLIED", "NotFoundError", "APPLIED"]
    assert outcomes(again) == ["REPLAYED", "NotFoundError", "REPLAYED"]
    assert counts(again) == ("PARTLY_SUCCEEDED", 2, 1, 0)
    refused = ITEMS[bulk][1].get("stepGuid") or ITEMS[bulk][1]["ticketGuid"]
    assert targets(door)[made:] == [refused]


async def test_a_bulk_that_was_stopped_goes_on_where_it_is_sent_again(door):
    mended = with_keys([ITEMS["completeSteps"][0], quality_step(guids.GROUP_STEP), ITEMS["completeSteps"][2]])
    items = [mended[0], {**mended[1], "stepGuid": "NOSUCHSTEP"}, mended[2]]
    assert counts(await change_all(door, "completeSteps", items, onError="STOP")) == ("PARTLY_SUCCEEDED", 1, 1, 1)
    again = await change_all(door, "completeSteps", mended, onError="STOP")
    assert outcomes(again) == ["REPLAYED", "APPLIED", "APPLIED"]


async def test_a_change_made_alone_is_replayed_in_a_bulk(door, bulk):
    single = SINGULAR[bulk][0].lower() + SINGULAR[bulk][1:]
    await change(door, single, **ITEMS[bulk][0], idempotencyKey="key 0")
    assert outcomes(await change_all(door, bulk, with_keys(ITEMS[bulk][:1]))) == ["REPLAYED"]


async def test_a_key_of_another_change_is_refused_and_the_other_items_are_made(door):
    await change(door, "completeStep", **quality_step(guids.GROUP_STEP), idempotencyKey="key 2")
    items = with_keys(ITEMS["completeSteps"])
    assert outcomes(await change_all(door, "completeSteps", items)) == ["APPLIED", "NotFoundError", "IdempotencyError"]


async def test_keys_in_redis_are_replayed_by_another_service_that_shares_it(opened, redis_url):
    async with opened(settings={"redis_url": redis_url}) as door, opened(settings={"redis_url": redis_url}) as other:
        items = [{**item, "idempotencyKey": uuid4().hex} for item in await feasible_steps(door)]
        door.headers = other.headers  # Arena ended the session of the first login
        assert counts(await change_all(door, "completeSteps", items)) == ("ALL_SUCCEEDED", len(items), 0, 0)
        assert outcomes(await change_all(other, "completeSteps", items)) == ["REPLAYED"] * len(items)
        assert other.calls == []


async def test_items_whose_answers_were_lost_are_looked_for_by_one_read_of_their_process(opened):
    """And by one of the process itself, for what the replayed results tell of it."""
    steps = [guids.ASSIGNED_STEP, guids.UNASSIGNED_STEP, guids.GROUP_STEP]
    async with opened(wrap=losing_answers(*steps)) as door:
        items = with_keys([quality_step(step) for step in steps])
        lost = await change_all(door, "completeSteps", items)
        assert [result["retry"]["kind"] for result in lost["results"]] == ["ONLY_WITH_SAME_KEY"] * 3
        assert counts(lost) == ("NONE_SUCCEEDED", 0, 3, 0)
        door.calls.clear()
        again = await change_all(door, "completeSteps", items, "outcome step { status }")
        assert outcomes(again) == ["REPLAYED"] * 3
        assert door.calls == [f"{RICH}/steps", RICH]


async def test_items_that_turn_out_not_to_be_made_are_sent_in_their_order(opened):
    steps = [guids.ASSIGNED_STEP, guids.UNASSIGNED_STEP, guids.GROUP_STEP]
    async with opened(wrap=losing_answers(steps[1])) as door:
        items = with_keys([quality_step(step) for step in steps])
        await change_all(door, "completeSteps", [items[1]])
        door.requests.clear()
        assert outcomes(await change_all(door, "completeSteps", items)) == ["APPLIED", "REPLAYED", "APPLIED"]
        assert targets(door) == [steps[0], steps[2]]


async def test_tickets_whose_answers_were_lost_are_looked_for_in_one_page(opened):
    tickets = [ticket_guids.PAINT_TICKET, ticket_guids.NOT_STARTED_TICKET, ticket_guids.UNASSIGNED_TICKET]
    async with opened(wrap=losing_answers(*tickets)) as door:
        items = with_keys([{"ticketGuid": guid, "status": "COMPLETE"} for guid in tickets])
        await change_all(door, "changeTicketStatuses", items)
        door.calls.clear()
        assert outcomes(await change_all(door, "changeTicketStatuses", items)) == ["REPLAYED"] * 3
        assert door.calls == ["GET /tickets?limit=400&offset=0"]


async def test_an_item_whose_answer_is_lost_keeps_none_of_the_others_from_being_made(opened):
    async with opened(wrap=losing_answers(guids.ASSIGNED_STEP)) as door:
        answered = await change_all(door, "completeSteps", ITEMS["completeSteps"])
    assert types(answered) == ["OutcomeUnknownError", "NotFoundError", "CompleteStepSuccess"]


async def test_an_unknown_outcome_stops_a_bulk_that_stops(opened):
    async with opened(wrap=losing_answers(guids.ASSIGNED_STEP)) as door:
        answered = await change_all(door, "completeSteps", ITEMS["completeSteps"], onError="STOP")
        assert types(answered) == ["OutcomeUnknownError", None, None]
        assert (await door.look_at_step(guids.RICH_PROCESS, guids.UNASSIGNED_STEP))["status"] == "OPEN"


# Running out


async def test_where_the_days_calls_run_out_the_rest_is_refused(opened):
    items = [ITEMS["changeTicketStatuses"][0], *({"ticketGuid": f"T{n}", "status": "COMPLETE"} for n in range(9))]
    async with opened(daily_limit=6, settings={"max_concurrent_calls": 1}) as door:
        budget = "... on RateLimitedError { budget { state remaining } }"
        answered = await change_all(door, "changeTicketStatuses", items, refusal=budget)
        assert types(answered) == [
            "ChangeTicketStatusSuccess",
            *["NotFoundError"] * 5,
            *["RateLimitedError"] * 4,
        ]
        assert kind(answered["results"][9]) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
        assert answered["results"][9]["budget"] == {"state": "EXHAUSTED", "remaining": 0}
        assert len(door.calls) == 6


async def test_the_last_calls_of_a_day_are_used_by_changes_that_run_at_once_too(opened):
    items = [{"ticketGuid": f"T{number}", "status": "COMPLETE"} for number in range(100)]
    async with opened(daily_limit=60) as door:
        answered = await change_all(door, "changeTicketStatuses", items)
        assert sorted(types(answered)) == ["NotFoundError"] * 60 + ["RateLimitedError"] * 40


async def test_where_the_operations_calls_run_out_the_rest_is_refused(opened):
    async with opened(settings={"max_calls_per_operation": 3}) as door:
        items = [{"ticketGuid": f"T{number}", "status": "COMPLETE"} for number in range(5)]
        answered = await change_all(door, "changeTicketStatuses", items)
        assert types(answered) == ["NotFoundError"] * 3 + ["RateLimitedError"] * 2
        assert kind(answered["results"][4]) == ("RateLimitedError", "LIMIT_EXCEEDED", "NEVER")
        assert len(door.calls) == 3


async def test_where_no_call_is_left_to_settle_refusals_they_are_named_by_what_was_asked(opened):
    """As where the day has none left."""
    async with opened(settings={"max_calls_per_operation": 2}) as door:
        items = [quality_step(guids.COMPLETED_STEP), quality_step(guids.PENDING_STEP)]
        answered = await change_all(door, "completeSteps", items, refusal="... on OperationError { message }")
        assert types(answered) == ["StepAlreadyCompletedError"] * 2
        assert "This is only likely" in answered["results"][1]["message"]
        assert door.calls == [STEP_CHANGE] * 2


async def test_an_operation_that_may_not_take_as_many_calls_as_items_is_refused_before_the_first(opened):
    async with opened(settings={"max_estimated_calls": 99}) as door:
        items = [{"ticketGuid": f"T{number}", "status": "COMPLETE"} for number in range(100)]
        document = """
            mutation ($items: [ChangeTicketStatusInput!]!) {
              changeTicketStatuses(input: { items: $items }) { __typename }
            }"""
        body = await door.ask(document, items=items)
        assert [error["extensions"]["actual"] for error in body["errors"]] == [100]
        assert door.calls == []


async def test_where_time_runs_out_the_items_not_sent_yet_say_that_they_are_safe_to_send(opened):
    hold = Hold()
    async with (
        opened(wrap=on_changes_of({guids.ASSIGNED_STEP: hold}), settings={"operation_seconds": 0.5}) as door,
        nothing_changes(lambda: look_at_quality_process(door, guids.RICH_PROCESS)),
    ):
        answered = await change_all(door, "completeSteps", ITEMS["completeSteps"])
    unsent = ("UpstreamError", "UPSTREAM_TIMEOUT", "SAFE_NOW")
    assert [kind(result) for result in answered["results"]] == [
        ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST"),
        unsent,
        unsent,
    ]
