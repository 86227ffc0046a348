"""completeSteps, reopenSteps, changeTicketStatuses: what they change and answer, in which order, at what cost."""

import pytest

from operations.bulks import (
    ITEMS,
    STEP_CHANGE,
    change_all,
    counts,
    document,
    feasible_steps,
    on_changes_of,
    targets,
    types,
)
from operations.changes import change, kind, look_at_quality_process, nothing_changes, quality_step
from operations.meddling import answer, lose_answer
from sandbox.arena.story import guids, ticket_guids
from upstreams.arena import Arena

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS
STEPS_OF_RICH = f"GET /qualityprocesses/{RICH}/steps"
STEPS_OF_COMPLETED = f"GET /qualityprocesses/{guids.COMPLETED_PROCESS}/steps"


@pytest.fixture(params=ITEMS)
def bulk(request):
    return request.param


async def look_at_all(door):
    """What the items of every bulk are about, as Arena itself has it."""
    paths = [f"/tickets/{guid}" for guid in (ticket_guids.PAINT_TICKET, ticket_guids.NOT_STARTED_TICKET)]
    return [await look_at_quality_process(door, RICH), *[await door.look(path) for path in paths]]


# What becomes of the items


def says(status, code):
    return answer(status, {"status": status, "errors": [{"code": code, "message": "No."}]})


TEN_REFUSALS = {
    guids.COMPLETED_STEP: "StepAlreadyCompletedError",
    guids.PENDING_STEP: "SignOffStepError",
    guids.OPEN_STEP_OF_COMPLETED_PROCESS: "QualityProcessCompletedError",
    "NOSUCHSTEP": "NotFoundError",
    "NOTFORME": "PermissionDeniedError",
    "ILLVALUED": "InvalidInputError",
    "NOSESSION": "UnauthenticatedError",
    "TOOMANY": "RateLimitedError",
    "LOST": "OutcomeUnknownError",
    "UNNAMED": "UpstreamError",
}
FAULTS = {
    "NOTFORME": says(403, 3085),
    "ILLVALUED": says(400, 3003),
    "NOSESSION": says(401, 401),
    "TOOMANY": says(429, 4000),
    "LOST": lose_answer,
    "UNNAMED": says(400, 9999),
}


async def test_a_hundred_completions_with_ten_different_refusals_are_a_hundred_typed_items_and_writes(opened, dialect):
    async with opened(dialect=dialect, wrap=on_changes_of(FAULTS)) as door:
        feasible = await feasible_steps(door)
        items = feasible[:90]
        for number, guid in enumerate(TEN_REFUSALS):
            is_completed = guid == guids.OPEN_STEP_OF_COMPLETED_PROCESS
            process = guids.COMPLETED_PROCESS if is_completed else RICH
            items.insert(number * 10, quality_step(guid, process))
        answered = await change_all(door, "completeSteps", items)
        assert counts(answered) == ("PARTLY_SUCCEEDED", 90, 10, 0)
        expected = [TEN_REFUSALS.get(item["stepGuid"], "CompleteStepSuccess") for item in items]
        assert types(answered) == expected
        assert door.calls.count(STEP_CHANGE) == 100
        assert sorted(targets(door)) == sorted(item["stepGuid"] for item in items)
        # In the older dialect three of the refusals share a code; they are of two processes.
        reads = [STEPS_OF_COMPLETED, STEPS_OF_RICH] if dialect == "seed" else []
        assert sorted(call for call in door.calls if call != STEP_CHANGE) == sorted(reads)
        assert await feasible_steps(door) == feasible[90:]


async def test_the_results_are_in_the_order_of_the_items(door, bulk):
    answered = await change_all(door, bulk, ITEMS[bulk])
    success = answered["results"][0]["__typename"]
    assert success.endswith("Success")
    assert types(answered) == [success, "NotFoundError", success]
    assert counts(answered) == ("PARTLY_SUCCEEDED", 2, 1, 0)


async def test_every_item_that_succeeds_is_made(door, bulk):
    feasible = [ITEMS[bulk][0], ITEMS[bulk][2]]
    assert counts(await change_all(door, bulk, feasible)) == ("ALL_SUCCEEDED", 2, 0, 0)
    again = await change_all(door, bulk, feasible)
    already = {"completeSteps": "StepAlreadyCompletedError", "reopenSteps": "StepAlreadyOpenError"}
    assert types(again) == [already.get(bulk, "ChangeTicketStatusSuccess")] * 2


async def test_nothing_succeeds_where_every_item_is_refused(door, bulk):
    async with nothing_changes(lambda: look_at_all(door)):
        answered = await change_all(door, bulk, [ITEMS[bulk][1]])
    assert counts(answered) == ("NONE_SUCCEEDED", 0, 1, 0)


async def test_a_refused_item_tells_what_the_single_mutation_tells(door):
    refusal = "... on SignOffStepError { message step { guid name } }"
    step = quality_step(guids.PENDING_STEP)
    alone = await change(door, "completeStep", refusal=refusal, **step)
    assert (await change_all(door, "completeSteps", [step], refusal=refusal))["results"] == [alone]


async def test_a_comment_is_kept_with_its_own_item(door):
    items = [{**step, "comment": f"Done, {number}."} for number, step in enumerate(ITEMS["completeSteps"])]
    answered = await change_all(door, "completeSteps", items, "comment")
    assert [result.get("comment") for result in answered["results"]] == ["Done, 0.", None, "Done, 2."]


async def test_without_a_session_no_item_is_sent_and_each_says_so(opened, bulk):
    async with opened(settings={"arena_url": "http://arena.test/v1"}) as door:
        del door.headers["arena_session_id"]
        answered = await change_all(door, bulk, ITEMS[bulk])
        assert types(answered) == ["UnauthenticatedError"] * 3
        assert door.calls == []


async def test_a_mistake_of_the_service_leaves_the_other_items_their_results(door, monkeypatch):
    change_step = Arena.change_step

    async def stumble(arena, process_guid, step_guid, **more):
        if step_guid == "NOSUCHSTEP":
            raise ZeroDivisionError
        return await change_step(arena, process_guid, step_guid, **more)

    monkeypatch.setattr(Arena, "change_step", stumble)
    body = await door.ask(document("completeSteps"), input={"items": ITEMS["completeSteps"]})
    answered = body["data"]["completeSteps"]
    assert types(answered) == ["CompleteStepSuccess", None, "CompleteStepSuccess"]
    assert counts(answered) == ("PARTLY_SUCCEEDED", 2, 1, 0)
    (error,) = body["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["completeSteps", "results", 1], "INTERNAL")
    assert door.calls == [STEP_CHANGE] * 2


# What cannot be a bulk


async def refused_whole(door, bulk, items):
    """Why a bulk is refused; nothing of it is sent."""
    async with nothing_changes(lambda: look_at_all(door)):
        answered = await change_all(door, bulk, items)
    assert (answered["__typename"], answered["code"]) == ("InvalidInputError", "INVALID_INPUT")
    assert door.calls == []
    return answered["fields"]


@pytest.mark.parametrize("count", [0, 101, 1000])
async def test_none_and_more_than_a_hundred_items_are_refused_without_a_call(door, bulk, count):
    name = "ticketGuid" if bulk == "changeTicketStatuses" else "stepGuid"
    items = [{**ITEMS[bulk][0], name: f"G{number}"} for number in range(count)]
    fields = await refused_whole(door, bulk, items)
    assert fields == [{"path": ["input", "items"], "message": "must be 1 to 100"}]


async def test_the_same_target_twice_is_refused_without_a_call(door, bulk):
    fields = await refused_whole(door, bulk, [*ITEMS[bulk], ITEMS[bulk][0]])
    name = "ticketGuid" if bulk == "changeTicketStatuses" else "stepGuid"
    assert fields == [{"path": ["input", "items", "3", name], "message": "is given twice"}]


async def test_the_same_idempotency_key_twice_is_refused_without_a_call(door, bulk):
    fields = await refused_whole(door, bulk, [{**item, "idempotencyKey": "one"} for item in ITEMS[bulk]])
    assert fields == [{"path": ["input", "items", "1", "idempotencyKey"], "message": "is given twice"}]


# Items that cannot be right


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"qualityProcessGuid": "no/guid"}, "qualityProcessGuid"),
        ({"stepGuid": ""}, "stepGuid"),
        ({"comment": "x" * 4001}, "comment"),
        ({"idempotencyKey": ""}, "idempotencyKey"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_step_that_cannot_be_right_costs_no_call_and_is_refused_with_its_place(door, wrong, path):
    first, _, last = ITEMS["completeSteps"]
    items = [first, {**quality_step(guids.GROUP_STEP), **wrong}, last]
    fields = "... on InvalidInputError { fields { path } }"
    answered = await change_all(door, "completeSteps", items, refusal=fields)
    assert types(answered) == ["CompleteStepSuccess", "InvalidInputError", "CompleteStepSuccess"]
    assert answered["results"][1]["fields"] == [{"path": ["input", "items", "1", path]}]
    assert door.calls == [STEP_CHANGE] * 2


async def test_a_ticket_that_cannot_be_one_costs_no_call_and_is_refused_with_its_place(door):
    items = [{"ticketGuid": "no/guid", "status": "COMPLETE"}, ITEMS["changeTicketStatuses"][0]]
    fields = "... on InvalidInputError { message fields { path } }"
    answered = await change_all(door, "changeTicketStatuses", items, refusal=fields)
    refused = answered["results"][0]
    assert refused["fields"] == [{"path": ["input", "items", "0", "ticketGuid"]}]
    assert refused["message"].startswith("input.items.0.ticketGuid: must be")
    assert targets(door) == [ticket_guids.PAINT_TICKET]


async def test_a_value_that_arena_refuses_is_refused_with_its_place(opened):
    async with opened(wrap=on_changes_of({guids.UNASSIGNED_STEP: says(400, 3003)})) as door:
        fields = "... on InvalidInputError { fields { path } }"
        answered = await change_all(door, "completeSteps", ITEMS["completeSteps"], refusal=fields)
    assert answered["results"][2]["fields"] == [{"path": ["input", "items", "2"]}]


# Order


async def test_changes_of_different_objects_run_at_once_as_many_as_the_wire_lets_out(opened):
    async with opened(settings={"max_concurrent_calls": 7}) as door:
        items = [{"ticketGuid": f"T{number}", "status": "COMPLETE"} for number in range(20)]
        await change_all(door, "changeTicketStatuses", items)
        assert (door.most_at_once, len(door.calls)) == (7, 20)


async def test_the_steps_of_one_process_are_sent_one_after_the_other_in_their_order(door):
    steps = [guids.UNASSIGNED_STEP, guids.ASSIGNED_STEP, guids.OTHERS_STEP, guids.GROUP_STEP]
    await change_all(door, "completeSteps", [quality_step(step) for step in steps])
    assert targets(door) == steps
    assert door.most_at_once == 1


async def test_the_steps_of_another_process_do_not_wait_for_them(door):
    items = [*ITEMS["completeSteps"], quality_step(guids.FRESH_STEP, guids.FRESH_PROCESS)]
    await change_all(door, "completeSteps", items)
    assert door.most_at_once == 2
    assert targets(door)[:2] == [guids.ASSIGNED_STEP, guids.FRESH_STEP]


async def test_the_last_step_of_a_process_may_come_before_one_of_it_that_is_refused_then(door):
    """Completing its last open step completes the process; what comes after it in the bulk meets a completed one."""
    process = guids.NEARLY_DONE_PROCESS
    steps = (await door.look(f"/qualityprocesses/{process}/steps"))["results"]
    items = [quality_step(guids.LAST_STEP, process), quality_step(steps[0]["guid"], process)]
    answered = await change_all(door, "completeSteps", items, "qualityProcess { status }")
    assert answered["results"][0]["qualityProcess"] == {"status": "COMPLETED"}
    assert kind(answered["results"][1]) == ("StepAlreadyCompletedError", "STEP_ALREADY_COMPLETED", "NEVER")


# onError: STOP


async def test_after_the_first_failure_nothing_is_sent(door, bulk):
    answered = await change_all(door, bulk, ITEMS[bulk], onError="STOP")
    success = answered["results"][0]["__typename"]
    assert types(answered) == [success, "NotFoundError", None]
    assert counts(answered) == ("PARTLY_SUCCEEDED", 1, 1, 1)
    assert len(targets(door)) == 2


async def test_where_the_first_item_fails_nothing_else_is_sent(door, bulk):
    async with nothing_changes(lambda: look_at_all(door)):
        answered = await change_all(door, bulk, [ITEMS[bulk][1], ITEMS[bulk][0]], onError="STOP")
    assert counts(answered) == ("NONE_SUCCEEDED", 0, 1, 1)


async def test_an_item_that_cannot_be_right_stops_too(door):
    items = [quality_step(guids.ASSIGNED_STEP), quality_step(""), quality_step(guids.UNASSIGNED_STEP)]
    answered = await change_all(door, "completeSteps", items, onError="STOP")
    assert types(answered) == ["CompleteStepSuccess", "InvalidInputError", None]
    assert targets(door) == [guids.ASSIGNED_STEP]


async def test_items_that_stop_one_another_are_sent_one_by_one(door):
    items = [{"ticketGuid": guid, "status": "COMPLETE"} for guid in (ticket_guids.PAINT_TICKET, "GONE", "NEVERSENT")]
    items.insert(1, ITEMS["changeTicketStatuses"][2])
    await change_all(door, "changeTicketStatuses", items, onError="STOP")
    assert targets(door) == [ticket_guids.PAINT_TICKET, ticket_guids.NOT_STARTED_TICKET, "GONE"]
    assert door.most_at_once == 1


async def test_a_policy_of_null_is_that_of_no_policy(door, bulk):
    answered = await change_all(door, bulk, ITEMS[bulk], onError=None)
    assert counts(answered) == ("PARTLY_SUCCEEDED", 2, 1, 0)


# The fewest calls


async def test_the_ambiguous_refusals_of_one_process_are_settled_by_one_read(door):
    """Between them is a step that is completed, after which what was read before would be old."""
    refused = [guids.COMPLETED_STEP, guids.GROUP_COMPLETED_STEP, guids.PENDING_STEP]
    steps = [refused[0], guids.ASSIGNED_STEP, refused[1], refused[2]]
    answered = await change_all(door, "completeSteps", [quality_step(step) for step in steps])
    already = "StepAlreadyCompletedError"
    assert types(answered) == [already, "CompleteStepSuccess", already, "SignOffStepError"]
    assert door.calls == [STEP_CHANGE] * 4 + [STEPS_OF_RICH]


async def test_the_steps_of_the_results_cost_no_call_beside_that_read(door):
    steps = [guids.COMPLETED_STEP, guids.ASSIGNED_STEP, guids.UNASSIGNED_STEP]
    refusal = "... on StepAlreadyCompletedError { step { name } }"
    success = "step { name status completedBy { fullName } }"
    answered = await change_all(door, "completeSteps", [quality_step(step) for step in steps], success, refusal=refusal)
    assert [result["step"]["name"] for result in answered["results"]] == [
        "Problem description",
        "Root cause analysis",
        "Preventive action",
    ]
    assert door.calls == [STEP_CHANGE] * 3 + [STEPS_OF_RICH]


async def test_the_steps_of_a_hundred_results_cost_a_call_for_each_process(door):
    feasible = await feasible_steps(door)
    answered = await change_all(door, "completeSteps", feasible, "step { name status } qualityProcess { number }")
    assert {result["step"]["status"] for result in answered["results"]} == {"COMPLETE"}
    processes = {step["qualityProcessGuid"] for step in feasible}
    assert sorted(call for call in door.calls if call != STEP_CHANGE) == sorted(
        f"GET /qualityprocesses/{process}/steps" for process in processes
    )


async def test_the_tickets_of_the_results_cost_no_call(door):
    success = "ticket { number status assignee { fullName } }"
    answered = await change_all(door, "changeTicketStatuses", ITEMS["changeTicketStatuses"], success)
    assert answered["results"][0]["ticket"] == {
        "number": "DEF-000004",
        "status": "IN_PROGRESS",
        "assignee": {"fullName": "Ingrid Solberg"},
    }
    assert door.calls == ["POST /tickets/statuschanges"] * 3


async def test_a_hundred_items_with_all_that_results_can_tell_are_not_too_many(door):
    """Estimates count what one member of the union can cost, not what all could together."""
    steps = [quality_step(f"S{number}") for number in range(100)]
    members = """
        ... on StepAlreadyCompletedError { step { name } }
        ... on SignOffStepError { step { name decisions { decision } } }
        ... on QualityProcessCompletedError { process: qualityProcess { number steps { name } } }"""
    success = "step { name } qualityProcess { currentStep { name } }"
    answered = await change_all(door, "completeSteps", steps, success, refusal=members)
    assert types(answered) == ["NotFoundError"] * 100
