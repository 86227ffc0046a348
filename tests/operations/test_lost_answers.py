"""Idempotency keys when answers are lost: the next try with the key finds out what the first one came to."""

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
from operations.meddling import answer, lose_answer, lose_request, on_changes
from operations.stand_ins import StandIn, refusal
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

KEY = "7f6c1f2e-lost"


def named(example):
    return example.mutation


@pytest.fixture(params=EXAMPLES, ids=named)
def example(request):
    return request.param


@pytest.fixture(params=[COMPLETE_STEP, REOPEN_STEP], ids=named)
def step(request):
    """A change that the upstream refuses when it is made already."""
    return request.param


@pytest.fixture(params=[CHANGE_TICKET_STATUS, COMPLETE_PROCESS_STEP], ids=named)
def other(request):
    """A change for which no refusal says that it is made already."""
    return request.param


async def test_a_lost_answer_advises_to_try_only_with_the_same_key(opened, example):
    async with opened(wrap=on_changes(lose_answer)) as door:
        refused = await example.make(door, idempotencyKey=KEY)
        assert kind(refused) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "ONLY_WITH_SAME_KEY")


async def test_a_lost_answer_without_a_key_advises_to_check_first(opened, example):
    async with opened(wrap=on_changes(lose_answer)) as door:
        assert kind(await example.make(door)) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")


async def test_what_to_check_is_the_id_of_the_step(opened, step):
    async with opened(wrap=on_changes(lose_answer)) as door:
        refused = await step.make(door, refusal="... on OutcomeUnknownError { check }")
        query = "query ($id: ID!) { node(id: $id) { ... on QualityStep { guid status } } }"
        found = (await door.data(query, id=refused["check"]))["node"]
    status = "COMPLETE" if step is COMPLETE_STEP else "OPEN"
    assert found == {"guid": step.input["stepGuid"], "status": status}


async def test_what_to_check_is_the_id_of_the_ticket(opened):
    async with opened(wrap=on_changes(lose_answer)) as door:
        refused = await CHANGE_TICKET_STATUS.make(door, refusal="... on OutcomeUnknownError { check }")
        query = "query ($id: ID!) { node(id: $id) { ... on Ticket { number status } } }"
        found = (await door.data(query, id=refused["check"]))["node"]
    assert found == {"number": "DEF-000004", "status": "IN_PROGRESS"}


async def test_what_to_check_is_cognaizes_id_of_the_process_step(opened):
    async with opened(wrap=on_changes(lose_answer)) as door:
        refused = await COMPLETE_PROCESS_STEP.make(door, refusal="... on OutcomeUnknownError { check }")
    assert refused["check"] == COMPLETE_PROCESS_STEP.input["processStepId"]


async def test_a_step_that_turns_out_to_be_changed_is_replayed(opened, dialect, step):
    async with opened(dialect=dialect, wrap=on_changes(lose_answer)) as door:
        await step.make(door, comment="once", idempotencyKey=KEY)
        success = "outcome comment step { guid status } qualityProcess { number currentStep { guid } }"
        async with nothing_changes(lambda: step.look(door)):
            again = await step.make(door, success, comment="once", idempotencyKey=KEY)
        process, _ = await step.look(door)
    status = "COMPLETE" if step is COMPLETE_STEP else "OPEN"
    assert again == {
        "__typename": f"{step.mutation[0].upper()}{step.mutation[1:]}Success",
        "outcome": "REPLAYED",
        "comment": "once",
        "step": {"guid": step.input["stepGuid"], "status": status},
        "qualityProcess": {"number": process["number"], "currentStep": {"guid": process["currentStep"]["guid"]}},
    }


async def test_what_was_found_out_is_replayed_from_then_on_without_a_call(opened, dialect, step):
    async with opened(dialect=dialect, wrap=on_changes(lose_answer)) as door:
        await step.make(door, idempotencyKey=KEY)
        await step.make(door, idempotencyKey=KEY)
        door.calls.clear()
        assert (await step.make(door, idempotencyKey=KEY))["outcome"] == "REPLAYED"
        assert door.calls == []


async def test_a_change_that_turns_out_not_to_be_made_is_applied(opened, example):
    async with opened(wrap=on_changes(lose_request)) as door:
        refused = await example.make(door, idempotencyKey=KEY)
        assert refused["code"] == "OUTCOME_UNKNOWN"
        assert (await example.make(door, idempotencyKey=KEY))["outcome"] == "APPLIED"
        assert (await example.make(door, idempotencyKey=KEY))["outcome"] == "REPLAYED"


async def test_a_ticket_that_turns_out_to_have_its_status_is_replayed_without_sending_it_again(opened):
    async with opened(wrap=on_changes(lose_answer)) as door:
        await CHANGE_TICKET_STATUS.make(door, idempotencyKey=KEY)
        door.calls.clear()
        async with nothing_changes(lambda: CHANGE_TICKET_STATUS.look(door)):
            assert (await CHANGE_TICKET_STATUS.make(door, idempotencyKey=KEY))["outcome"] == "REPLAYED"
        assert door.calls == [f"GET /tickets/{CHANGE_TICKET_STATUS.input['ticketGuid']}"]


async def test_a_step_that_turns_out_to_be_changed_is_not_sent_again(opened, step):
    async with opened(wrap=on_changes(lose_answer)) as door:
        await step.make(door, idempotencyKey=KEY)
        door.calls.clear()
        await step.make(door, idempotencyKey=KEY)
        process = f"GET /qualityprocesses/{step.input['qualityProcessGuid']}"
        assert door.calls == [f"{process}/steps", process]


async def test_a_sign_off_step_is_never_taken_for_done_where_its_state_cannot_be_read(opened):
    """The shared code 3089 says the same of it as of a step that is done."""
    sign_off = quality_step(guids.PENDING_STEP)

    def wrap(system, transport):
        return StandIn(on_changes(lose_request)(system, transport), fail_reads_of_steps)

    def fail_reads_of_steps(request):
        return refusal(500, 500) if request.url.path.endswith("/steps") else None

    async with opened(wrap=wrap) as door:
        await change(door, "completeStep", **sign_off, idempotencyKey=KEY)
        refused = await change(door, "completeStep", **sign_off, idempotencyKey=KEY)
    assert kind(refused) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "ONLY_WITH_SAME_KEY")


async def test_a_process_step_is_not_completed_again(opened):
    """A 412 has many reasons, so nobody can say whether the earlier try made the change."""
    async with opened(wrap=on_changes(lose_answer)) as door:
        await COMPLETE_PROCESS_STEP.make(door, idempotencyKey=KEY)
        async with nothing_changes(lambda: COMPLETE_PROCESS_STEP.look(door)):
            refused = await COMPLETE_PROCESS_STEP.make(door, idempotencyKey=KEY)
    assert kind(refused) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")


async def test_another_input_is_refused_while_the_outcome_is_unknown(opened, example):
    async with opened(wrap=on_changes(lose_answer)) as door:
        await example.make(door, idempotencyKey=KEY)
        refused = await example.make_other(door, idempotencyKey=KEY)
        assert kind(refused) == ("IdempotencyError", "IDEMPOTENCY_KEY_REUSED", "NEVER")


SAYS_NOTHING = {
    "failing": (500, "UPSTREAM_UNAVAILABLE", "ONLY_WITH_SAME_KEY"),
    "no session": (401, "SESSION_EXPIRED", "NEVER"),
    "no calls left": (429, "RATE_LIMITED", "ONLY_WITH_SAME_KEY"),
    "not allowed to look": (403, "PERMISSION_DENIED", "NEVER"),
    "refused for no known reason": (400, "UPSTREAM_REJECTED", "NEVER"),
}


@pytest.mark.parametrize("path", ["/steps", ""], ids=["its steps", "the process"])
@pytest.mark.parametrize("status, code, retry", SAYS_NOTHING.values(), ids=SAYS_NOTHING)
async def test_a_second_try_that_learns_nothing_leaves_the_outcome_unknown(opened, step, path, status, code, retry):
    failures = [refusal(status, status)]

    def fail_once(request):
        is_the_one = request.url.path.endswith(step.input["qualityProcessGuid"] + path)
        return failures.pop() if is_the_one and failures else None

    def wrap(system, transport):
        return StandIn(on_changes(lose_answer)(system, transport), fail_once)

    async with opened(wrap=wrap) as door:
        await step.make(door, idempotencyKey=KEY)
        assert kind(await step.make(door, idempotencyKey=KEY))[1:] == (code, retry)
        assert (await step.make(door, idempotencyKey=KEY))["outcome"] == "REPLAYED"


async def make_and_fail(request, inner):
    """The change is made, and then the upstream fails."""
    await inner.handle_async_request(request)
    return await answer(500)(request, inner)


async def test_a_failure_of_the_upstream_may_have_come_after_the_change(opened, step):
    async with opened(wrap=on_changes(make_and_fail)) as door:
        refused = await step.make(door, idempotencyKey=KEY)
        assert kind(refused) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "ONLY_WITH_SAME_KEY")
        assert (await step.make(door, idempotencyKey=KEY))["outcome"] == "REPLAYED"


async def test_a_second_try_that_is_refused_for_good_frees_the_key(opened, other):
    refused = answer(400, {"status": 400, "errors": [{"code": 9999, "message": "Not today."}]})
    async with opened(wrap=on_changes(lose_request, refused)) as door:
        await other.make(door, idempotencyKey=KEY)
        assert (await other.make(door, idempotencyKey=KEY))["retry"] == {"kind": "NEVER"}
        assert (await other.make_other(door, idempotencyKey=KEY))["outcome"] == "APPLIED"
