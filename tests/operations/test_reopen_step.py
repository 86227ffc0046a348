"""reopenStep: what it changes, what it answers, and what that costs. Its refusals: test_step_refusals.py."""

import json

import pytest

from operations.changes import change, look_at_quality_process, quality_step
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS
WRITE = "POST /qualityprocesses/statuschanges"
READ_STEPS = f"GET /qualityprocesses/{RICH}/steps"


@pytest.fixture
async def door(opened, dialect):
    async with opened(dialect=dialect) as door:
        yield door


async def reopen(door, success, step_guid=guids.COMPLETED_STEP, **more):
    return await change(door, "reopenStep", success, **quality_step(step_guid), **more)


async def test_the_step_is_open_again(door):
    assert await reopen(door, "outcome") == {"__typename": "ReopenStepSuccess", "outcome": "APPLIED"}
    step = await door.look_at_step(RICH, guids.COMPLETED_STEP)
    assert (step["status"], step["completeDateTime"], step["completeUser"]) == ("OPEN", None, None)


async def test_nothing_but_the_step_is_changed(door):
    _, before = await look_at_quality_process(door, RICH)
    await reopen(door, "outcome")
    process, after = await look_at_quality_process(door, RICH)
    assert process["status"] == "OPEN"
    changed = [new["guid"] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [guids.COMPLETED_STEP]


async def test_the_write_alone_tells_ids_status_and_the_process(door):
    success = """
        qualityProcess { guid number status currentStep { guid } }
        step { id guid status qualityProcess { guid } }
        comment outcome"""
    reopened = await reopen(door, success, comment="Tippfehler in „Ursache“")
    assert reopened["qualityProcess"] == {
        "guid": RICH,
        "number": "CAPA-000001",
        "status": "OPEN",
        "currentStep": {"guid": guids.COMPLETED_STEP},
    }
    assert (reopened["step"]["guid"], reopened["step"]["status"]) == (guids.COMPLETED_STEP, "OPEN")
    assert reopened["comment"] == "Tippfehler in „Ursache“"
    assert door.calls == [WRITE]


async def test_the_nested_steps_are_those_after_the_change_for_one_call_more(door):
    reopened = await reopen(door, "step { completedAt completedBy { fullName } } qualityProcess { steps { status } }")
    assert reopened["step"] == {"completedAt": None, "completedBy": None}
    assert reopened["qualityProcess"]["steps"][0] == {"status": "OPEN"}
    assert door.calls == [WRITE, READ_STEPS]


async def test_a_second_reopening_in_the_same_operation_finds_it_open(door):
    twice = """
        mutation ($input: ReopenStepInput!) {
          first: reopenStep(input: $input) { __typename }
          second: reopenStep(input: $input) { __typename }
        }"""
    assert await door.data(twice, input=quality_step(guids.COMPLETED_STEP)) == {
        "first": {"__typename": "ReopenStepSuccess"},
        "second": {"__typename": "StepAlreadyOpenError"},
    }


async def test_what_was_completed_can_be_reopened_in_the_same_operation(door):
    both = """
        mutation ($complete: CompleteStepInput!, $reopen: ReopenStepInput!) {
          completeStep(input: $complete) { ... on CompleteStepSuccess { step { name status } } }
          reopenStep(input: $reopen) { ... on ReopenStepSuccess { step { name status } } }
        }"""
    step = quality_step(guids.ASSIGNED_STEP)
    answered = await door.data(both, complete=step, reopen=step)
    assert answered["completeStep"]["step"]["status"] == "COMPLETE"
    assert answered["reopenStep"]["step"]["status"] == "OPEN"
    assert (await door.look_at_step(RICH, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_arena_is_sent_the_body_of_the_page(door):
    await reopen(door, "outcome", comment="Correcting typos within the Problem Description field.")
    assert json.loads(door.requests[0].content) == {
        "qualityProcess": {"guid": RICH, "step": {"guid": guids.COMPLETED_STEP}},
        "complete": False,
        "comment": "Correcting typos within the Problem Description field.",
    }
