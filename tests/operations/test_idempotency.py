"""idempotencyKey: a change is made once, however often it is sent, and every try learns the truth."""

import asyncio

import pytest

from operations.changes import (
    CHANGE_TICKET_STATUS,
    COMPLETE_PROCESS_STEP,
    COMPLETE_STEP,
    EXAMPLES,
    REOPEN_STEP,
    change,
    kind,
    nothing_changes,
    quality_step,
)
from operations.meddling import Hold, on_changes, refuse_connection
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

KEY = "7f6c1f2e-once"
FIRST_RESULT = {
    "completeStep": "qualityProcess { number status currentStep { guid } } step { id guid status } comment",
    "reopenStep": "qualityProcess { number status currentStep { guid } } step { id guid status } comment",
    "changeTicketStatus": "ticket { number status modifiedAt attributes { name values } }",
    "completeProcessStep": """
        process { id } startedStep { id status } message timestamp params { name value {
          ... on StringParam { string } ... on LongParam { long } ... on DoubleParam { double }
        } }""",
}
STEPS = [COMPLETE_STEP, REOPEN_STEP]


def named(example):
    return example.mutation


@pytest.fixture(params=EXAMPLES, ids=named)
def example(request):
    return request.param


@pytest.fixture(params=STEPS, ids=named)
def step(request):
    """A change that the upstream refuses when it is made already."""
    return request.param


ALREADY = {"completeStep": "StepAlreadyCompletedError", "reopenStep": "StepAlreadyOpenError"}


# The same key again


async def test_the_same_key_and_input_again_gives_the_first_result(door, example):
    success = FIRST_RESULT[example.mutation]
    first = await example.make(door, success + " outcome", idempotencyKey=KEY)
    async with nothing_changes(lambda: example.look(door)):
        second = await example.make(door, success + " outcome", idempotencyKey=KEY)
    assert (first.pop("outcome"), second.pop("outcome")) == ("APPLIED", "REPLAYED")
    assert second == first
    assert door.calls == [example.endpoint]


async def test_the_same_key_again_in_the_same_operation_is_replayed(door, example):
    name = example.mutation[0].upper() + example.mutation[1:]
    twice = f"""
        mutation ($input: {name}Input!) {{
          first: {example.mutation}(input: $input) {{ ... on {name}Success {{ outcome }} }}
          second: {example.mutation}(input: $input) {{ ... on {name}Success {{ outcome }} }}
        }}"""
    answered = await door.data(twice, input={**example.input, "idempotencyKey": KEY})
    assert answered == {"first": {"outcome": "APPLIED"}, "second": {"outcome": "REPLAYED"}}
    assert door.calls == [example.endpoint]


async def test_a_replay_makes_no_change_that_was_undone_since(door):
    await COMPLETE_STEP.make(door, idempotencyKey=KEY)
    await change(door, "reopenStep", **COMPLETE_STEP.input)
    again = await COMPLETE_STEP.make(door, "outcome step { status }", idempotencyKey=KEY)
    assert (again["outcome"], again["step"]) == ("REPLAYED", {"status": "COMPLETE"})
    assert (await door.look_at_step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_a_replayed_step_has_the_first_results_status_whatever_else_is_asked(door):
    await COMPLETE_STEP.make(door, idempotencyKey=KEY)
    await change(door, "reopenStep", **COMPLETE_STEP.input)
    again = await COMPLETE_STEP.make(door, "step { name status }", idempotencyKey=KEY)
    assert again["step"]["status"] == "COMPLETE"


async def test_a_replay_does_not_pass_for_the_present_state_of_the_process(opened):
    """The process was open when the first try was answered, and is completed when it is replayed."""
    last = quality_step(guids.LAST_STEP, guids.NEARLY_DONE_PROCESS)
    async with opened() as door:
        steps = await door.look(f"/qualityprocesses/{guids.NEARLY_DONE_PROCESS}/steps")
        done = steps["results"][0]["guid"]
        reopened = quality_step(done, guids.NEARLY_DONE_PROCESS)
        assert (await change(door, "reopenStep", **reopened, idempotencyKey=KEY))["outcome"] == "APPLIED"
        await change(door, "completeStep", **reopened)
        await change(door, "completeStep", **last)
        replay_and_reopen = """
            mutation ($replay: ReopenStepInput!, $last: ReopenStepInput!) {
              replay: reopenStep(input: $replay) { ... on ReopenStepSuccess { outcome } }
              last: reopenStep(input: $last) { ... on OperationError { code } }
            }"""
        answered = await door.data(replay_and_reopen, replay={**reopened, "idempotencyKey": KEY}, last=last)
    assert answered == {"replay": {"outcome": "REPLAYED"}, "last": {"code": "QUALITY_PROCESS_COMPLETED"}}


async def test_no_key_is_no_protection(door, step):
    await step.make(door, idempotencyKey=None)
    assert (await step.make(door))["__typename"] == ALREADY[step.mutation]
    assert door.calls.count(step.endpoint) == 2


# Keys that are taken


async def test_the_same_key_with_another_input_is_refused(door, example):
    await example.make(door, idempotencyKey=KEY)
    door.calls.clear()
    async with nothing_changes(lambda: example.look(door)):
        refused = await example.make_other(door, idempotencyKey=KEY)
    assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_KEY_REUSED", "NEVER")
    assert refused["upstream"] is None
    assert door.calls == []


async def test_another_comment_is_another_input(door, step):
    await step.make(door, comment="first", idempotencyKey=KEY)
    refused = await step.make(door, comment="second", idempotencyKey=KEY)
    assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_KEY_REUSED", "NEVER")


async def test_other_parameters_are_another_input(door):
    await COMPLETE_PROCESS_STEP.make(door, params=[{"name": "n", "value": {"long": "1"}}], idempotencyKey=KEY)
    refused = await COMPLETE_PROCESS_STEP.make(
        door, params=[{"name": "n", "value": {"double": 1.0}}], idempotencyKey=KEY
    )
    assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_KEY_REUSED", "NEVER")


async def test_the_same_key_with_another_mutation_is_refused(door):
    await COMPLETE_STEP.make(door, idempotencyKey=KEY)
    refused = await change(door, "reopenStep", **COMPLETE_STEP.input, idempotencyKey=KEY)
    assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_KEY_REUSED", "NEVER")


async def test_a_key_whose_first_change_is_under_way_is_refused(opened, example):
    hold = Hold()
    async with opened(wrap=on_changes(hold)) as door:
        first = asyncio.create_task(example.make(door, idempotencyKey=KEY))
        await hold.reached.wait()
        refused = await example.make(door, idempotencyKey=KEY)
        assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_IN_PROGRESS", "ONLY_WITH_SAME_KEY")
        assert door.calls == [example.endpoint]
        hold.let_go.set()
        assert (await first)["outcome"] == "APPLIED"
        assert (await example.make(door, idempotencyKey=KEY))["outcome"] == "REPLAYED"
        assert door.calls == [example.endpoint]


async def test_another_input_is_refused_while_the_first_change_is_under_way_too(opened, example):
    hold = Hold()
    async with opened(wrap=on_changes(hold)) as door:
        first = asyncio.create_task(example.make(door, idempotencyKey=KEY))
        await hold.reached.wait()
        refused = await example.make_other(door, idempotencyKey=KEY)
        assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_KEY_REUSED", "NEVER")
        hold.let_go.set()
        await first


# Keys of others


async def become_another(door, example):
    if example is COMPLETE_PROCESS_STEP:
        door.headers["authorization"] = "bearer sandbox"
    else:
        await door.become("assignee")


async def test_the_same_key_of_another_credential_is_another_key(door, example):
    await example.make(door, idempotencyKey=KEY)
    await become_another(door, example)
    assert (await example.make_other(door, idempotencyKey=KEY))["outcome"] == "APPLIED"


async def test_nobody_is_given_the_result_of_another_credential(door, step):
    await step.make(door, idempotencyKey=KEY)
    await become_another(door, step)
    assert (await step.make(door, idempotencyKey=KEY))["__typename"] == ALREADY[step.mutation]


# Keys that are free again


async def test_a_change_that_was_never_sent_frees_its_key(opened, example):
    async with opened(wrap=on_changes(refuse_connection)) as door:
        refused = await example.make(door, idempotencyKey=KEY)
        assert kind(refused) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "SAFE_NOW")
        assert (await example.make(door, idempotencyKey=KEY))["outcome"] == "APPLIED"


async def test_a_refused_change_frees_its_key_for_any_other(door, step):
    """A step that is so already can be changed with the same key once it is not."""
    await step.make(door)
    refused = await step.make(door, idempotencyKey=KEY)
    assert refused["__typename"] == ALREADY[step.mutation]
    assert (await step.make_other(door, idempotencyKey=KEY))["outcome"] == "APPLIED"


async def test_a_refused_ticket_change_frees_its_key(door):
    refused = await change(door, "changeTicketStatus", ticketGuid="NOSUCH", status="COMPLETE", idempotencyKey=KEY)
    assert refused["__typename"] == "NotFoundError"
    assert (await CHANGE_TICKET_STATUS.make(door, idempotencyKey=KEY))["outcome"] == "APPLIED"


async def test_a_refused_process_step_frees_its_key(door):
    refused = await change(door, "completeProcessStep", processStepId="no-such-step", idempotencyKey=KEY)
    assert refused["__typename"] == "PreconditionFailedError"
    assert (await COMPLETE_PROCESS_STEP.make(door, idempotencyKey=KEY))["outcome"] == "APPLIED"


# What can be a key


@pytest.mark.parametrize("key", ["", "k" * 256, "line\nbreak", "\u0000", "\u202e"], ids=ascii)
async def test_what_cannot_be_a_key_is_refused_without_a_call(door, example, key):
    async with nothing_changes(lambda: example.look(door)):
        refused = await example.make(door, refusal="... on InvalidInputError { fields { path } }", idempotencyKey=key)
    assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
    assert refused["fields"] == [{"path": ["input", "idempotencyKey"]}]
    assert door.calls == []


async def test_a_key_may_have_255_characters_of_any_script(door, example):
    assert (await example.make(door, idempotencyKey="鍵" * 255))["outcome"] == "APPLIED"


async def test_a_key_that_cannot_be_shared_among_workers_is_refused_without_a_call(opened, example):
    async with opened(settings={"workers": 2}) as door:
        async with nothing_changes(lambda: example.look(door)):
            refused = await example.make(door, idempotencyKey=KEY)
        assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
        assert door.calls == []
