"""Completing and reopening steps: every way to be refused, in both dialects of Arena's codes."""

import pytest

from operations.changes import change, kind, look_at_quality_process, nothing_changes, quality_step
from operations.directions import COMPLETING, REOPENING
from operations.door import open_door
from operations.meddling import answer, lose_request, never_connect, on_changes, refuse_connection
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS
COMPLETED = guids.COMPLETED_PROCESS


@pytest.fixture(params=[COMPLETING, REOPENING], ids=lambda direction: direction.mutation)
def direction(request):
    return request.param


@pytest.fixture
async def door(opened, dialect):
    async with opened(dialect=dialect) as door:
        yield door


@pytest.fixture
def ask(door, direction):
    """Ask for a change of a step in the direction, and see that nothing changed."""

    async def ask_for(step_guid, process_guid=RICH, **more):
        async with nothing_changes(lambda: look_at_quality_process(door, RICH)):
            return await change(door, direction.mutation, **quality_step(step_guid, process_guid), **more)

    return ask_for


def said(dialect, unique_code, status=400, code="3089"):
    """What the REST side said."""
    return {"system": "ARENA", "httpStatus": status, "code": code if dialect == "seed" else unique_code}


async def test_a_step_that_is_so_already_is_refused(ask, direction, dialect):
    refused = await ask(direction.done)
    assert kind(refused) == (*direction.already, "NEVER")
    assert refused["upstream"] == said(dialect, direction.unique_codes[0])


async def test_a_step_of_a_completed_process_is_refused(door, direction, dialect):
    async with nothing_changes(lambda: look_at_quality_process(door, COMPLETED)):
        refused = await change(door, direction.mutation, **quality_step(direction.barred, COMPLETED))
    assert kind(refused) == ("QualityProcessCompletedError", "QUALITY_PROCESS_COMPLETED", "NEVER")
    assert refused["upstream"] == said(dialect, direction.unique_codes[1])


async def test_a_sign_off_step_is_refused_where_the_change_would_be_no_change(ask, direction):
    sign_off = guids.APPROVED_STEP if direction is COMPLETING else guids.PENDING_STEP
    assert kind(await ask(sign_off)) == ("SignOffStepError", "SIGN_OFF_STEP", "NEVER")


async def test_a_sign_off_step_is_refused(ask, direction, dialect):
    refused = await ask(direction.sign_off)
    assert kind(refused) == ("SignOffStepError", "SIGN_OFF_STEP", "NEVER")
    assert refused["upstream"] == said(dialect, direction.unique_codes[2])


async def test_an_unknown_step_is_not_found(ask):
    refused = await ask("NOSUCHSTEP", refusal="... on NotFoundError { resource key }")
    assert kind(refused) == ("NotFoundError", "NOT_FOUND", "NEVER")
    assert (refused["resource"], refused["key"]) == ("QualityStep", "NOSUCHSTEP")


async def test_an_unknown_process_is_not_found(ask, direction):
    assert kind(await ask(direction.feasible, "NOSUCHPROCESS")) == ("NotFoundError", "NOT_FOUND", "NEVER")


async def test_a_step_of_another_process_is_not_found(ask):
    assert kind(await ask(guids.FRESH_STEP)) == ("NotFoundError", "NOT_FOUND", "NEVER")


async def test_what_cannot_be_a_guid_is_refused_without_a_call(door, ask):
    for guid in ["", " ", "a/b", "../users", "a" * 129, f"{guids.ASSIGNED_STEP}\n", "\u0660"]:
        refused = await ask(guid, refusal="... on InvalidInputError { fields { path } }")
        assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
        assert refused["fields"] == [{"path": ["input", "stepGuid"]}]
    assert door.calls == []


async def test_an_empty_process_guid_is_refused_without_a_call(door, ask, direction):
    refused = await ask(direction.feasible, "", refusal="... on InvalidInputError { fields { path } }")
    assert refused["fields"] == [{"path": ["input", "qualityProcessGuid"]}]
    assert door.calls == []


async def test_a_comment_that_is_too_long_is_refused_without_a_call(door, ask, direction):
    fields = "... on InvalidInputError { fields { path message } }"
    refused = await ask(direction.feasible, comment="x" * 4001, refusal=fields)
    assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
    message = "must not be longer than 4000 characters"
    assert refused["fields"] == [{"path": ["input", "comment"], "message": message}]
    assert door.calls == []


@pytest.mark.parametrize("code", [3001, 3003, 3006, 3098])
async def test_a_value_that_arena_refuses_is_invalid_input(opened, dialect, direction, code):
    refusal = {"status": 400, "errors": [{"code": code, "message": "The value is not valid."}]}
    async with opened(dialect=dialect, wrap=on_changes(answer(400, refusal))) as door:
        refused = await change(door, direction.mutation, **quality_step(direction.feasible))
    assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")


async def test_a_session_that_is_over_is_told_apart(door, ask, direction):
    door.headers["arena_session_id"] = "over"
    refused = await ask(direction.feasible)
    assert kind(refused) == ("UnauthenticatedError", "SESSION_EXPIRED", "NEVER")
    assert door.calls == ["POST /qualityprocesses/statuschanges"]


async def test_nobody_to_act_as_costs_no_call(opened, dialect, direction):
    async with opened(dialect=dialect, settings={"arena_url": "http://arena.test/v1"}) as door:
        del door.headers["arena_session_id"]
        async with nothing_changes(lambda: look_at_quality_process(door, RICH)):
            refused = await change(door, direction.mutation, **quality_step(direction.feasible))
        assert kind(refused) == ("UnauthenticatedError", "SESSION_MISSING", "NEVER")
        assert door.calls == []


async def test_an_assigned_step_is_not_for_somebody_else(door, ask, direction, dialect):
    await door.become("member")
    refused = await ask(direction.feasible)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")
    assert refused["upstream"] == said(dialect, "3085", 403, "3085")


async def test_a_step_of_a_group_is_not_for_somebody_outside_it(door, ask, direction):
    await door.become("member")
    assert kind(await ask(direction.group_feasible)) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


async def test_without_the_edit_rule_permission_is_denied(door, ask, direction, dialect):
    await door.become("viewer")
    refused = await ask(direction.feasible)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")
    assert refused["upstream"] == said(dialect, "3221", 403, "3024")


async def test_a_spent_day_is_told_with_its_reset(opened, database, dialect, direction):
    async with opened(dialect=dialect, daily_limit=0) as door:
        budget = "... on RateLimitedError { budget { state remaining resetsAt } retry { after } }"
        refused = await change(door, direction.mutation, refusal=budget, **quality_step(direction.feasible))
    assert kind(refused) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
    assert refused["upstream"] == said(dialect, "4084", 429, "4014")
    resets_at = refused["retry"]["after"]
    assert refused["budget"] == {"state": "EXHAUSTED", "remaining": 0, "resetsAt": resets_at}
    async with open_door(database) as door:
        status = (await door.look_at_step(RICH, direction.feasible))["status"]
    assert status == ("OPEN" if direction is COMPLETING else "COMPLETE")


async def test_a_day_known_to_be_spent_costs_no_call(opened, dialect, direction):
    async with opened(dialect=dialect, daily_limit=0) as door:
        await change(door, direction.mutation, **quality_step(direction.feasible))
        door.calls.clear()
        refused = await change(door, direction.mutation, **quality_step(direction.feasible))
        assert kind(refused) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
        assert door.calls == []


async def test_an_operation_out_of_calls_is_told_so(opened, dialect):
    both = """
        mutation ($first: CompleteStepInput!, $second: CompleteStepInput!) {
          first: completeStep(input: $first) { __typename }
          second: completeStep(input: $second) { __typename ... on OperationError { code retry { kind } } }
        }"""
    async with opened(dialect=dialect, settings={"max_calls_per_operation": 1}) as door:
        first, second = quality_step(guids.ASSIGNED_STEP), quality_step(guids.GROUP_STEP)
        refused = (await door.data(both, first=first, second=second))["second"]
        assert kind(refused) == ("RateLimitedError", "LIMIT_EXCEEDED", "NEVER")
        assert (await door.look_at_step(RICH, guids.GROUP_STEP))["status"] == "OPEN"


@pytest.fixture
def meet(opened, dialect, direction):
    """Ask for a feasible change that meets a fault, and see that nothing changed."""

    async def ask_for(fault, refusal="", **more):
        async with opened(dialect=dialect, wrap=on_changes(fault)) as door:
            step = quality_step(direction.feasible)
            async with nothing_changes(lambda: look_at_quality_process(door, RICH)):
                refused = await change(door, direction.mutation, refusal=refusal, **step, **more)
            assert door.calls == ["POST /qualityprocesses/statuschanges"]
            return refused

    return ask_for


async def test_a_lost_request_leaves_the_outcome_unknown(meet):
    assert kind(await meet(lose_request)) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")


@pytest.mark.parametrize("status", [502, 504])
async def test_a_gateway_that_gave_up_leaves_the_outcome_unknown(meet, status):
    assert kind(await meet(answer(status))) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")


async def test_a_success_that_cannot_be_read_leaves_the_outcome_unknown(meet):
    refused = await meet(answer(201, {"qualityProcess": {"guid": 7}}))
    assert kind(refused) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")


async def test_a_code_nobody_lists_is_passed_on(meet):
    refused = await meet(answer(400, {"status": 400, "errors": [{"code": 9999, "message": "Not today."}]}))
    assert kind(refused) == ("UpstreamError", "UPSTREAM_REJECTED", "NEVER")
    assert refused["upstream"] == {"system": "ARENA", "httpStatus": 400, "code": "9999"}


async def test_a_refused_connection_is_safe_to_try_again(meet):
    assert kind(await meet(refuse_connection)) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "SAFE_NOW")


async def test_a_connection_that_never_came_is_safe_to_try_again(meet):
    assert kind(await meet(never_connect)) == ("UpstreamError", "UPSTREAM_TIMEOUT", "SAFE_NOW")


async def test_a_failing_upstream_is_to_be_checked_first(meet):
    assert kind(await meet(answer(500))) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "CHECK_FIRST")


async def test_a_busy_upstream_is_safe_to_try_later(meet):
    assert kind(await meet(answer(503))) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "SAFE_LATER")


async def test_a_redirect_breaks_the_contract(meet):
    refused = await meet(answer(302, location="http://elsewhere.test"))
    assert kind(refused) == ("UpstreamError", "UPSTREAM_CONTRACT", "CHECK_FIRST")


async def test_the_objects_of_a_refusal_cost_no_call_for_their_ids(opened, direction):
    async with opened(dialect="2023") as door:
        step = "... on SignOffStepError { step { id guid qualityProcess { guid } } }"
        refused = await change(door, direction.mutation, refusal=step, **quality_step(direction.sign_off))
        assert refused["step"]["guid"] == direction.sign_off
        assert refused["step"]["qualityProcess"] == {"guid": RICH}
        assert door.calls == ["POST /qualityprocesses/statuschanges"]


async def test_the_step_of_a_refusal_is_read_as_it_is(door, direction):
    step = f"... on {direction.already[0]} {{ step {{ name status }} }}"
    refused = await change(door, direction.mutation, refusal=step, **quality_step(direction.done))
    behind = await door.look_at_step(RICH, direction.done)
    assert refused["step"] == {"name": behind["name"], "status": behind["status"]}
    assert door.calls == ["POST /qualityprocesses/statuschanges", f"GET /qualityprocesses/{RICH}/steps"]


async def test_the_process_of_a_refusal_is_read_as_it_is(door, direction):
    process = "... on QualityProcessCompletedError { qualityProcess { number status } }"
    step = quality_step(direction.barred, COMPLETED)
    refused = await change(door, direction.mutation, refusal=process, **step)
    assert refused["qualityProcess"] == {"number": "NCR-000002", "status": "COMPLETED"}
