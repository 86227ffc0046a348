"""completeStep: what it changes, what it answers, and what that costs. Its refusals: test_step_refusals.py."""

import asyncio
import json

import pytest

from operations.changes import change, look_at_quality_process, quality_step
from operations.meddling import answer, on_changes
from operations.stand_ins import answering, refusal
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS
WRITE = "POST /qualityprocesses/statuschanges"
READ_STEPS = f"GET /qualityprocesses/{RICH}/steps"


@pytest.fixture
async def door(opened, dialect):
    async with opened(dialect=dialect) as door:
        yield door


async def complete(door, success, step_guid=guids.ASSIGNED_STEP, process_guid=RICH, **more):
    return await change(door, "completeStep", success, **quality_step(step_guid, process_guid), **more)


async def test_the_step_is_completed(door):
    assert await complete(door, "outcome") == {"__typename": "CompleteStepSuccess", "outcome": "APPLIED"}
    step = await door.look_at_step(RICH, guids.ASSIGNED_STEP)
    assert (step["status"], step["completeUser"]) == ("COMPLETE", {"fullName": "Ingrid Solberg"})


async def test_nothing_but_the_step_is_changed(door):
    _, before = await look_at_quality_process(door, RICH)
    await complete(door, "outcome")
    process, after = await look_at_quality_process(door, RICH)
    assert process["status"] == "OPEN"
    changed = [new["guid"] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [guids.ASSIGNED_STEP]


async def test_the_assignee_completes_it_too(door):
    await door.become("assignee")
    assert (await complete(door, "outcome"))["outcome"] == "APPLIED"


async def test_the_write_alone_tells_ids_status_and_the_process(door):
    success = """
        qualityProcess { id guid number name status statusMode owner { fullName } currentStep { guid } completedAt }
        step { __typename id guid status statusLabel: status qualityProcess { guid } }
        comment outcome"""
    completed = await complete(door, success, comment="Ferdig – größer als nötig 🙂")
    assert completed["qualityProcess"]["number"] == "CAPA-000001"
    assert completed["qualityProcess"]["status"] == "OPEN"
    assert completed["qualityProcess"]["owner"] == {"fullName": "Ingrid Solberg"}
    assert completed["qualityProcess"]["currentStep"] == {"guid": guids.GROUP_STEP}
    assert (completed["step"]["guid"], completed["step"]["status"]) == (guids.ASSIGNED_STEP, "COMPLETE")
    assert completed["comment"] == "Ferdig – größer als nötig 🙂"
    assert door.calls == [WRITE]


async def test_the_nested_steps_are_those_after_the_change_for_one_call_more(door):
    completed = await complete(door, "qualityProcess { steps { guid status } }")
    statuses = {step["guid"]: step["status"] for step in completed["qualityProcess"]["steps"]}
    assert statuses[guids.ASSIGNED_STEP] == "COMPLETE"
    assert door.calls == [WRITE, READ_STEPS]


async def test_the_name_of_the_step_costs_one_call_more(door):
    completed = await complete(door, "step { name status completedBy { fullName } }")
    behind = await door.look_at_step(RICH, guids.ASSIGNED_STEP)
    step = {"name": behind["name"], "status": "COMPLETE", "completedBy": {"fullName": "Ingrid Solberg"}}
    assert completed["step"] == step
    assert door.calls == [WRITE, READ_STEPS]


async def test_the_step_and_the_nested_steps_share_that_call(door):
    await complete(door, "step { name } qualityProcess { steps { name } currentStep { name } }")
    assert door.calls == [WRITE, READ_STEPS]


async def test_the_process_of_the_step_is_the_one_the_write_answered(door):
    completed = await complete(door, "step { qualityProcess { number status } }")
    assert completed["step"]["qualityProcess"] == {"number": "CAPA-000001", "status": "OPEN"}
    assert "GET /qualityprocesses/" + RICH not in door.calls


async def test_the_last_step_completes_an_automatic_process(door):
    success = "qualityProcess { status completedAt currentStep { guid } }"
    completed = await complete(door, success, guids.LAST_STEP, guids.NEARLY_DONE_PROCESS)
    process, _ = await look_at_quality_process(door, guids.NEARLY_DONE_PROCESS)
    assert completed["qualityProcess"] == {
        "status": "COMPLETED",
        "completedAt": process["completedDateTime"],
        "currentStep": {"guid": guids.LAST_STEP},
    }
    assert process["status"] == "COMPLETED"


TWICE = """
    mutation ($input: CompleteStepInput!) {
      first: completeStep(input: $input) { ...result }
      second: completeStep(input: $input) { ...result }
    }
    fragment result on CompleteStepResult {
      __typename
      ... on CompleteStepSuccess { step { status } qualityProcess { steps { guid status } } }
      ... on StepAlreadyCompletedError { code step { name status } }
    }"""


async def test_a_second_completion_in_the_same_operation_finds_it_done(door):
    answered = await door.data(TWICE, input=quality_step(guids.ASSIGNED_STEP))
    assert answered["first"]["__typename"] == "CompleteStepSuccess"
    assert answered["second"]["__typename"] == "StepAlreadyCompletedError"
    assert answered["second"]["code"] == "STEP_ALREADY_COMPLETED"
    assert answered["second"]["step"]["status"] == "COMPLETE"


async def test_of_two_completions_at_once_one_wins(door):
    results = await asyncio.gather(complete(door, "outcome"), complete(door, "outcome"))
    assert sorted(result["__typename"] for result in results) == ["CompleteStepSuccess", "StepAlreadyCompletedError"]


async def test_each_of_two_completions_shows_the_steps_as_it_left_them(door):
    two = """
        mutation ($first: CompleteStepInput!, $second: CompleteStepInput!) {
          first: completeStep(input: $first) { ...done }
          second: completeStep(input: $second) { ...done }
        }
        fragment done on CompleteStepSuccess { qualityProcess { steps(status: COMPLETE) { guid } } }"""
    first, second = quality_step(guids.ASSIGNED_STEP), quality_step(guids.UNASSIGNED_STEP)
    answered = await door.data(two, first=first, second=second)
    done = {alias: {step["guid"] for step in result["qualityProcess"]["steps"]} for alias, result in answered.items()}
    assert done["second"] - done["first"] == {guids.UNASSIGNED_STEP}
    assert door.calls == [WRITE, READ_STEPS, WRITE, READ_STEPS]


async def test_arena_is_sent_the_body_of_the_page(door):
    await complete(door, "outcome", comment="Problem Description fields have been entered.")
    assert json.loads(door.requests[0].content) == {
        "qualityProcess": {"guid": RICH, "step": {"guid": guids.ASSIGNED_STEP}},
        "complete": True,
        "comment": "Problem Description fields have been entered.",
    }


@pytest.mark.parametrize("comment", [{}, {"comment": None}])
async def test_no_comment_is_sent_where_none_is_given(door, comment):
    assert (await complete(door, "comment", **comment))["comment"] is None
    assert "comment" not in json.loads(door.requests[0].content)


async def test_a_comment_of_4000_characters_is_kept_whole(door):
    assert (await complete(door, "comment", comment="é" * 4000))["comment"] == "é" * 4000


@pytest.mark.parametrize("bare", [True, False])
async def test_the_process_is_read_from_a_wrapped_and_from_a_bare_answer(opened, dialect, bare):
    process = {"guid": RICH, "number": "CAPA-000001", "status": "ARCHIVED", "type": None}
    body = process if bare else {"qualityProcess": process, "complete": True, "comment": None}
    async with opened(dialect=dialect, wrap=on_changes(answer(201, body))) as door:
        completed = await complete(door, "qualityProcess { number status statusLabel type owner { guid } }")
        assert completed["qualityProcess"] == {
            "number": "CAPA-000001",
            "status": "UNKNOWN",
            "statusLabel": "ARCHIVED",
            "type": None,
            "owner": None,
        }


NESTED = """
    mutation ($input: CompleteStepInput!) {
      completeStep(input: $input) {
        ... on CompleteStepSuccess { outcome step { name } qualityProcess { number steps { name } } }
      }
    }"""
NESTED_ALONE = {
    "completeStep": {"outcome": "APPLIED", "step": None, "qualityProcess": {"number": "CAPA-000001", "steps": None}}
}


async def test_a_nested_read_that_fails_does_not_hide_the_change(opened, dialect):
    async with opened(
        dialect=dialect, wrap=answering(lambda request: refusal(500, 500) if request.method == "GET" else None)
    ) as door:
        answered = await door.ask(NESTED, input=quality_step(guids.ASSIGNED_STEP))
    assert answered["data"] == NESTED_ALONE
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["UPSTREAM_UNAVAILABLE"] * 2


async def test_the_reserve_is_kept_for_changes(opened, dialect):
    async with opened(dialect=dialect, daily_limit=50) as door:
        answered = await door.ask(NESTED, input=quality_step(guids.ASSIGNED_STEP))
        assert answered["data"] == NESTED_ALONE
        assert [error["extensions"]["code"] for error in answered["errors"]] == ["RATE_LIMITED"] * 2
        assert door.calls == [WRITE]
