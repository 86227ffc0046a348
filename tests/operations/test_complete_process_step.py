"""completeProcessStep: what it changes and answers, and its refusals; its parameters are in test_process_params.py."""

import pytest

from operations.changes import change, kind, nothing_changes
from operations.meddling import answer, lose_request, never_connect, on_changes, refuse_connection
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

FRESH = story.FRESH_PROCESS_ID
STARTED = story.step_id(FRESH, 1)
NEXT = story.step_id(FRESH, 2)
LAST = story.step_id(story.LAST_STEP_PROCESS_ID, 3)
WRITE = "POST /processes/complete-step"
READ = f"GET /processes/{FRESH}"


async def complete(door, success="outcome", step=STARTED, **more):
    return await change(door, "completeProcessStep", success, processStepId=step, **more)


async def complete_in_vain(door, **more):
    """Ask for a completion, and see that the process stays as it is."""
    async with nothing_changes(lambda: door.look_at_process(FRESH)):
        return await complete(door, **more)


async def test_the_step_is_completed_and_the_next_one_started(door):
    assert await complete(door) == {"__typename": "CompleteProcessStepSuccess", "outcome": "APPLIED"}
    steps = (await door.look_at_process(FRESH))["steps"]
    assert [step["processStepStatus"] for step in steps] == ["COMPLETED", "STARTED", "PENDING"]


async def test_the_write_alone_tells_what_was_started(door):
    success = """
        process { id processId } startedStep { id processStepId status process { processId } }
        params { name } message timestamp outcome"""
    completed = await complete(door, success)
    assert completed["process"]["processId"] == FRESH
    started = completed["startedStep"]
    assert (started["processStepId"], started["status"]) == (NEXT, "STARTED")
    assert started["process"] == {"processId": FRESH}
    assert completed["message"] == "Success"
    assert completed["timestamp"].endswith("Z")
    assert door.calls == [WRITE]


async def test_the_started_step_can_be_read_again_by_its_id(door):
    started = (await complete(door, "startedStep { id }"))["startedStep"]
    found = await door.data("query ($id: ID!) { node(id: $id) { ... on ProcessStep { status } } }", id=started["id"])
    assert found == {"node": {"status": "STARTED"}}


async def test_the_steps_of_the_process_cost_one_call_more(door):
    completed = await complete(door, "process { status steps { status } currentStep { processStepId } }")
    assert completed["process"] == {
        "status": "RUNNING",
        "steps": [{"status": "COMPLETED"}, {"status": "STARTED"}, {"status": "PENDING"}],
        "currentStep": {"processStepId": NEXT},
    }
    assert door.calls == [WRITE, READ]


async def test_the_rest_of_the_started_step_shares_that_call(door):
    completed = await complete(door, "process { steps { status } } startedStep { delegate timeoutSeconds }")
    assert completed["startedStep"] == {"delegate": "MODEL", "timeoutSeconds": 0}
    assert door.calls == [WRITE, READ]


async def test_after_the_last_step_none_is_started(door):
    completed = await complete(door, "startedStep { id } process { status }", LAST)
    assert completed["startedStep"] is None
    assert completed["process"] == {"status": "COMPLETED"}


async def test_two_completions_in_one_operation_show_what_each_left(door):
    two = """
        mutation ($first: CompleteProcessStepInput!, $second: CompleteProcessStepInput!) {
          first: completeProcessStep(input: $first) { ...left }
          second: completeProcessStep(input: $second) { ...left }
        }
        fragment left on CompleteProcessStepSuccess { process { currentStep { processStepId } } }"""
    answered = await door.data(two, first={"processStepId": STARTED}, second={"processStepId": NEXT})
    current = [result["process"]["currentStep"]["processStepId"] for result in answered.values()]
    assert current == [NEXT, story.step_id(FRESH, 3)]
    assert door.calls == [WRITE, READ, WRITE, READ]


async def test_a_second_completion_of_a_step_in_the_same_operation_is_refused(door):
    twice = """
        mutation ($input: CompleteProcessStepInput!) {
          first: completeProcessStep(input: $input) { __typename }
          second: completeProcessStep(input: $input) { __typename }
        }"""
    assert await door.data(twice, input={"processStepId": STARTED}) == {
        "first": {"__typename": "CompleteProcessStepSuccess"},
        "second": {"__typename": "PreconditionFailedError"},
    }


# Refusals


async def test_what_cannot_be_an_id_is_refused_without_a_call(door):
    for step in ["", " ", "a/b", "../start", "a" * 129]:
        refused = await complete(door, step=step, refusal="... on InvalidInputError { fields { path } }")
        assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
        assert refused["fields"] == [{"path": ["input", "processStepId"]}]
    assert door.calls == []


DETAILS = "... on PreconditionFailedError { details { name reason } }"


async def test_a_step_that_is_not_started_is_a_precondition_failed(door):
    refused = await complete_in_vain(door, step=NEXT, refusal=DETAILS)
    assert kind(refused) == ("PreconditionFailedError", "PRECONDITION_FAILED", "NEVER")
    assert [detail["name"] for detail in refused["details"]] == ["processStepId"]
    assert refused["upstream"] == {"system": "COGNAIZE", "httpStatus": 412, "code": None}


async def test_an_unknown_step_is_a_precondition_failed(door):
    refused = await complete_in_vain(door, step="no-such-step", refusal=DETAILS)
    assert kind(refused) == ("PreconditionFailedError", "PRECONDITION_FAILED", "NEVER")
    assert refused["details"] == [{"name": "processStepId", "reason": "unknown"}]


async def test_a_wrong_token_is_told_apart(door):
    door.headers["authorization"] = "Bearer wrong"
    assert kind(await complete_in_vain(door)) == ("UnauthenticatedError", "SESSION_EXPIRED", "NEVER")


async def test_no_token_costs_no_call(opened):
    async with opened(settings={"cognaize_url": "http://cognaize.test"}) as door:
        assert kind(await complete_in_vain(door)) == ("UnauthenticatedError", "SESSION_MISSING", "NEVER")
        assert door.calls == []


async def test_an_operation_out_of_calls_is_told_so(opened):
    two = """
        mutation ($first: CompleteProcessStepInput!, $second: CompleteProcessStepInput!) {
          first: completeProcessStep(input: $first) { __typename }
          second: completeProcessStep(input: $second) { __typename ... on OperationError { code retry { kind } } }
        }"""
    async with opened(settings={"max_calls_per_operation": 1}) as door:
        async with nothing_changes(lambda: door.look_at_process(story.MIDWAY_PROCESS_ID)):
            second = {"processStepId": story.step_id(story.MIDWAY_PROCESS_ID, 2)}
            answered = await door.data(two, first={"processStepId": STARTED}, second=second)
        assert kind(answered["second"]) == ("RateLimitedError", "LIMIT_EXCEEDED", "NEVER")


@pytest.fixture
def meet(opened):
    """Ask for a completion that meets a fault, and see that the process stays as it is."""

    async def ask_for(fault, refusal=""):
        async with opened(wrap=on_changes(fault)) as door:
            refused = await complete_in_vain(door, refusal=refusal)
            assert door.calls == [WRITE]
            return refused

    return ask_for


def envelope(message, data):
    return {"message": message, "timestamp": "2023-09-28T15:37:14.222Z", "data": data, "version": "string"}


async def test_a_400_is_invalid_input(meet):
    refused = await meet(answer(400, envelope("Bad request", "params")))
    assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")


async def test_a_403_is_permission_denied(meet):
    assert kind(await meet(answer(403))) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


async def test_the_details_of_a_precondition_are_read_in_whatever_shape_they_come(meet):
    data = {"a": {"missing": "why", "invalid": "why"}, "b": "plain", "c": {}, "d": 7}
    refused = await meet(answer(412, envelope("Precondition failed", data)), DETAILS)
    assert refused["details"] == [
        {"name": "a", "reason": "missing, invalid"},
        {"name": "b", "reason": "plain"},
        {"name": "c", "reason": "{}"},
        {"name": "d", "reason": "7"},
    ]


async def test_a_429_is_rate_limited_until_its_retry_after(meet):
    limited = answer(429, None, **{"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"})
    refused = await meet(limited, "... on RateLimitedError { budget { state } retry { after } }")
    assert kind(refused) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
    assert refused["retry"]["after"] == "2099-10-21T07:28:00Z"
    assert refused["budget"] is None


async def test_a_lost_request_leaves_the_outcome_unknown_and_names_the_step(meet):
    refused = await meet(lose_request, "... on OutcomeUnknownError { check }")
    assert kind(refused) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")
    assert refused["check"] == STARTED


async def test_a_success_that_cannot_be_read_leaves_the_outcome_unknown(meet):
    refused = await meet(answer(200, ["not", "an", "envelope"]))
    assert kind(refused) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")


async def test_a_500_is_to_be_checked_first(meet):
    refused = await meet(answer(500, envelope("Internal Server Error", "string")))
    assert kind(refused) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "CHECK_FIRST")


async def test_a_404_is_passed_on(meet):
    assert kind(await meet(answer(404))) == ("UpstreamError", "UPSTREAM_REJECTED", "NEVER")


async def test_a_refused_connection_is_safe_to_try_again(meet):
    assert kind(await meet(refuse_connection)) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "SAFE_NOW")


async def test_a_connection_that_never_came_is_safe_to_try_again(meet):
    assert kind(await meet(never_connect)) == ("UpstreamError", "UPSTREAM_TIMEOUT", "SAFE_NOW")


async def test_a_redirect_breaks_the_contract(meet):
    assert kind(await meet(answer(302))) == ("UpstreamError", "UPSTREAM_CONTRACT", "CHECK_FIRST")


async def test_the_token_of_the_request_goes_upstream_in_place_of_the_services(opened):
    async with opened(cognaize_token="a token of their own") as door:
        door.headers["authorization"] = "Bearer a token of their own"
        assert (await complete(door))["outcome"] == "APPLIED"
        assert door.requests[0].headers["authorization"] == "Bearer a token of their own"


async def test_the_arena_session_stays_with_arena(door):
    await complete(door)
    assert door.headers["arena_session_id"] not in str(door.requests[0].headers.raw)
