"""The four endpoint pages, sentence by sentence: each test quotes the one it holds the service to."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from operations.changes import change, kind, look_at_quality_process, nothing_changes, quality_step
from operations.door import open_door
from operations.meddling import answer, on_changes
from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS


@pytest.fixture
async def arena(opened, dialect):
    """The service, with Arena speaking either dialect."""
    async with opened(dialect=dialect) as door:
        yield door


async def complete(door, step_guid, process_guid=RICH):
    return await change(door, "completeStep", **quality_step(step_guid, process_guid))


async def reopen(door, step_guid, process_guid=RICH):
    return await change(door, "reopenStep", **quality_step(step_guid, process_guid))


async def status_of(door, step_guid):
    return (await door.look_at_step(RICH, step_guid))["status"]


def unchanged(door, process_guid=RICH):
    return nothing_changes(lambda: look_at_quality_process(door, process_guid))


# POST Quality Process Step Complete


@pytest.mark.parametrize("step", [guids.ASSIGNED_STEP, guids.GROUP_STEP], ids=["user", "group"])
@pytest.mark.parametrize("user", ["assignee", "owner"])
async def test_assigned_steps_can_be_completed_by_the_quality_process_step_assignee_or_owner(arena, user, step):
    """Assigned Quality Process steps (excluding sign-off steps) can be completed by the Quality Process Step
    Assignee or the Quality Process Owner."""
    await arena.become(user)
    assert (await complete(arena, step))["outcome"] == "APPLIED"
    assert await status_of(arena, step) == "COMPLETE"


@pytest.mark.parametrize("user", ["member", "administrator"])
async def test_assigned_steps_can_be_completed_by_nobody_else(arena, user):
    await arena.become(user)
    async with unchanged(arena):
        refused = await complete(arena, guids.ASSIGNED_STEP)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


@pytest.mark.parametrize("user", ["member", "assignee", "owner"])
async def test_steps_without_an_assignee_can_be_completed_by_any_user_with_permissions(arena, user):
    """Quality Process steps without an assignee (excluding sign-off steps) can be completed by any user with
    permissions."""
    await arena.become(user)
    assert (await complete(arena, guids.UNASSIGNED_STEP))["outcome"] == "APPLIED"
    assert await status_of(arena, guids.UNASSIGNED_STEP) == "COMPLETE"


async def test_steps_cannot_be_completed_if_the_quality_process_itself_is_completed(arena):
    """Quality Process steps (exluding sign-off steps) cannot be completed if the Quality Process itself is
    completed."""
    async with unchanged(arena, guids.COMPLETED_PROCESS):
        refused = await complete(arena, guids.OPEN_STEP_OF_COMPLETED_PROCESS, guids.COMPLETED_PROCESS)
    assert kind(refused) == ("QualityProcessCompletedError", "QUALITY_PROCESS_COMPLETED", "NEVER")


async def test_quality_process_sign_off_steps_cannot_be_completed_by_this_endpoint(arena):
    """Quality Process sign-off steps cannot be completed by this endpoint."""
    async with unchanged(arena):
        refused = await complete(arena, guids.PENDING_STEP)
    assert kind(refused) == ("SignOffStepError", "SIGN_OFF_STEP", "NEVER")


async def test_a_user_must_have_the_quality_edit_details_rule_enabled_to_complete_a_quality_process_step(arena):
    """For Access Policies: A user must have the Quality Edit Details rule enabled to complete a Quality Process
    step."""
    await arena.become("viewer")
    async with unchanged(arena):
        refused = await complete(arena, guids.UNASSIGNED_STEP)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


async def test_completing_returns_an_error_if_the_quality_process_step_is_already_completed(arena):
    """Returns an error if the Quality Process step is already completed."""
    async with unchanged(arena):
        refused = await complete(arena, guids.COMPLETED_STEP)
    assert kind(refused) == ("StepAlreadyCompletedError", "STEP_ALREADY_COMPLETED", "NEVER")


COMPLETED_SAMPLE = {
    "qualityProcess": {
        "completedDateTime": "2019-07-05T21:57:22Z",
        "creationDateTime": "2017-01-20T19:35:37Z",
        "creator": {"email": "hwalker@everyroadgps.com", "fullName": "Heidi W", "guid": "WEYH0DYPCFWFYH0JSIPD"},
        "currentStep": {"approvals": None, "attributes": None, "guid": "Q6Q9S5QH47QMFO7QZ3MG"},
        "description": "Products have been melting at high temps.",
        "guid": "K2M5O1MD03ML1K3MVZIC",
        "name": "Everyroad bezels melted/burned.",
        "number": "CAR-000003",
        "owner": {"email": "hwalker@everyroadgps.com", "fullName": "Heidi W", "guid": "WEYH0DYPCFWFYH0JSIPD"},
        "status": "COMPLETED",
        "statusMode": "AUTOMATIC",
        "targetCompletionDateTime": "2017-02-04T07:59:59Z",
        "template": {"active": None, "guid": "2KN4N6J4VIL40J2L4N0B3"},
        "type": None,
    },
    "complete": True,
    "comment": "Problem Description fields have been entered.",
}


async def test_the_sample_answer_to_completing_is_read_field_by_field(opened):
    success = """qualityProcess {
        completedAt createdAt creator { email fullName guid } currentStep { guid } description guid name number
        owner { fullName } status statusMode targetCompletionAt type
      } comment"""
    async with opened(wrap=on_changes(answer(201, COMPLETED_SAMPLE))) as door:
        step = quality_step("8QAT748L1KFYH0JOGNB", "K2M5O1MD03MI1K3MVZIC")
        completed = await change(door, "completeStep", success, **step, comment=COMPLETED_SAMPLE["comment"])
    assert completed["comment"] == "Problem Description fields have been entered."
    assert completed["qualityProcess"] == {
        "completedAt": "2019-07-05T21:57:22Z",
        "createdAt": "2017-01-20T19:35:37Z",
        "creator": {"email": "hwalker@everyroadgps.com", "fullName": "Heidi W", "guid": "WEYH0DYPCFWFYH0JSIPD"},
        "currentStep": {"guid": "Q6Q9S5QH47QMFO7QZ3MG"},
        "description": "Products have been melting at high temps.",
        "guid": "K2M5O1MD03ML1K3MVZIC",
        "name": "Everyroad bezels melted/burned.",
        "number": "CAR-000003",
        "owner": {"fullName": "Heidi W"},
        "status": "COMPLETED",
        "statusMode": "AUTOMATIC",
        "targetCompletionAt": "2017-02-04T07:59:59Z",
        "type": None,
    }


# POST Quality Process Step Reopen


@pytest.mark.parametrize("step", [guids.COMPLETED_STEP, guids.GROUP_COMPLETED_STEP], ids=["user", "group"])
@pytest.mark.parametrize("user", ["assignee", "owner"])
async def test_assigned_steps_can_be_reopened_by_the_quality_process_step_assignee_or_owner(arena, user, step):
    """Assigned Quality Process steps (excluding sign-off steps) can be reopened by the Quality Process Step Assignee
    or the Quality Process Owner."""
    await arena.become(user)
    assert (await reopen(arena, step))["outcome"] == "APPLIED"
    assert await status_of(arena, step) == "OPEN"


@pytest.mark.parametrize("user", ["member", "administrator"])
async def test_assigned_steps_can_be_reopened_by_nobody_else(arena, user):
    await arena.become(user)
    async with unchanged(arena):
        refused = await reopen(arena, guids.COMPLETED_STEP)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


@pytest.mark.parametrize("user", ["member", "assignee", "owner"])
async def test_steps_without_an_assignee_can_be_reopened_by_any_user_with_permissions(arena, user):
    """Quality Process steps without an assignee (excluding sign-off steps) can be reopened by any user with
    permissions."""
    await complete(arena, guids.UNASSIGNED_STEP)
    await arena.become(user)
    assert (await reopen(arena, guids.UNASSIGNED_STEP))["outcome"] == "APPLIED"
    assert await status_of(arena, guids.UNASSIGNED_STEP) == "OPEN"


async def test_steps_cannot_be_reopened_if_the_quality_process_itself_is_completed(arena):
    """Quality Process steps (exluding sign-off steps) cannot be reopened if the Quality Process itself is
    completed."""
    async with unchanged(arena, guids.COMPLETED_PROCESS):
        refused = await reopen(arena, guids.DONE_STEP_OF_COMPLETED_PROCESS, guids.COMPLETED_PROCESS)
    assert kind(refused) == ("QualityProcessCompletedError", "QUALITY_PROCESS_COMPLETED", "NEVER")


async def test_quality_process_approved_sign_off_steps_cannot_be_reopened_or_reversed_by_this_endpoint(arena):
    """Quality Process approved sign-off steps cannot be reopened or reversed by this endpoint."""
    decisions = f"/qualityprocesses/{RICH}/steps/{guids.APPROVED_STEP}/decisions"
    async with unchanged(arena), nothing_changes(lambda: arena.look(decisions)):
        refused = await reopen(arena, guids.APPROVED_STEP)
    assert kind(refused) == ("SignOffStepError", "SIGN_OFF_STEP", "NEVER")


async def test_a_user_must_have_the_quality_edit_details_rule_enabled_to_reopen_a_quality_process_step(arena):
    """For Access Policies: A user must have the Quality Edit Details rule enabled to reopen a Quality Process
    step."""
    await complete(arena, guids.UNASSIGNED_STEP)
    await arena.become("viewer")
    async with unchanged(arena):
        refused = await reopen(arena, guids.UNASSIGNED_STEP)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


async def test_reopening_returns_an_error_if_the_quality_process_is_already_open(arena):
    """Returns an error if the Quality Process is already open."""
    async with unchanged(arena):
        refused = await reopen(arena, guids.ASSIGNED_STEP)
    assert kind(refused) == ("StepAlreadyOpenError", "STEP_ALREADY_OPEN", "NEVER")


MESSAGES_OF_3089 = [
    ("completeStep", guids.COMPLETED_STEP, "STEP_ALREADY_COMPLETED"),
    ("reopenStep", guids.ASSIGNED_STEP, "STEP_ALREADY_OPEN"),
]


@pytest.mark.parametrize(("mutation", "step", "code"), MESSAGES_OF_3089)
@pytest.mark.parametrize(
    "message", ["The quality process step is already completed.", "The quality process is already open."]
)
async def test_what_3089_means_is_told_by_operation_and_direction_not_by_its_message(
    opened, mutation, step, code, message
):
    sample = {"status": 400, "errors": [{"code": 3089, "message": message}]}
    async with opened(wrap=on_changes(answer(400, sample))) as door:
        assert (await change(door, mutation, **quality_step(step)))["code"] == code


# POST Ticket Status Change


@pytest.mark.parametrize("user", ["owner", "assignee", "member"])
async def test_users_can_change_the_status_of_a_ticket_through_this_endpoint(arena, user):
    """Users can change the status of a Ticket through this endpoint."""
    await arena.become(user)
    ticket = ticket_guids.NOT_STARTED_TICKET
    assert (await change(arena, "changeTicketStatus", ticketGuid=ticket, status="COMPLETE"))["outcome"] == "APPLIED"
    assert (await arena.look(f"/tickets/{ticket}"))["status"]["value"] == "Complete"


LABELS = {"NOT_STARTED": "Not Started", "IN_PROGRESS": "In Progress", "COMPLETE": "Complete"}
TICKETS = [ticket_guids.NOT_STARTED_TICKET, ticket_guids.IN_PROGRESS_TICKET, ticket_guids.COMPLETE_TICKET]


@pytest.mark.parametrize("ticket", TICKETS, ids=LABELS)
@pytest.mark.parametrize("status", LABELS)
async def test_supported_statuses_not_started_in_progress_and_complete(arena, ticket, status):
    """Supported statuses: NOT_STARTED, IN_PROGRESS, and COMPLETE."""
    changed = await change(arena, "changeTicketStatus", "ticket { status }", ticketGuid=ticket, status=status)
    assert changed["ticket"] == {"status": status}
    assert (await arena.look(f"/tickets/{ticket}"))["status"]["value"] == LABELS[status]


async def test_upgrade_the_status_of_a_ticket_from_not_started_to_in_progress(arena):
    """Upgrade the status of a Ticket from NOT_STARTED to IN_PROGRESS."""
    success = """ticket {
        attributes { apiName fieldType guid name values } assignee { email guid } creationDateTime: createdAt
        description fixVersion foundOn guid title number priority status statusLabel template { guid name }
      }"""
    ticket = {"ticketGuid": ticket_guids.PAINT_TICKET, "status": "IN_PROGRESS"}
    assert (await change(arena, "changeTicketStatus", success, **ticket))["ticket"] == {
        "attributes": [
            {
                "apiName": "5N7Q9M7YLO5N6P8RATF6",
                "fieldType": "SINGLE_LINE_TEXT",
                "guid": "5N7Q9M7YLO5N6P8RATF6",
                "name": "Labels",
                "values": ["Model 20000"],
            },
            {
                "apiName": "6O8RAN8ZMP6O7Q9SBUGT",
                "fieldType": "SINGLE_LINE_TEXT",
                "guid": "6O8RAN8ZMP6O7Q9SBUGT",
                "name": "Components",
                "values": ["Model 3000"],
            },
        ],
        "assignee": {"email": "owner@sandbox.test", "guid": guids.OWNER},
        "creationDateTime": "2021-09-07T05:24:08Z",
        "description": "",
        "fixVersion": "3.0",
        "foundOn": "2.0",
        "guid": "1J3M5I3UHK1GZI1K31L4",
        "title": "Paint chipping on new Model 3000",
        "number": "DEF-000004",
        "priority": "Critical",
        "status": "IN_PROGRESS",
        "statusLabel": "In Progress",
        "template": {"guid": "8QATCPA1OR83M5O7Q967", "name": "Defects"},
    }


# The Arena pages together


async def test_arena_session_id_is_the_unique_id_for_the_session_obtained_from_login(arena):
    """arena_session_id: unique ID for session obtained from login; content-type: application/json."""
    await complete(arena, guids.ASSIGNED_STEP)
    sent = arena.requests[0].headers
    assert sent["arena_session_id"] == arena.headers["arena_session_id"]
    assert sent["content-type"] == "application/json"


async def test_x_arena_requests_remaining_says_how_many_calls_are_left(opened, dialect):
    """X-Arena-Requests-Remaining: how many calls left. X-Arena-Next-Request-Limit-Reset: the scheduled time for
    resetting of the count."""
    noon, midnight_in_california = datetime(2125, 11, 20, 12, tzinfo=UTC), datetime(2125, 11, 21, 8, tzinfo=UTC)
    async with opened(dialect=dialect, daily_limit=100, clock=lambda: noon) as door:
        report = "mutation ($input: CompleteStepInput!) { completeStep(input: $input) { __typename } }"
        answered = await door.post(report, {"input": quality_step(guids.ASSIGNED_STEP)})
    told = answered.json()["extensions"]["upstream"]
    assert (told["calls"], told["remaining"]) == (1, 99)
    assert datetime.fromisoformat(told["resetsAt"]) == midnight_in_california


# Complete Step (Cognaize)

FRESH = story.FRESH_PROCESS_ID
STARTED = story.step_id(FRESH, 1)
NEXT = story.step_id(FRESH, 2)


async def complete_process_step(door, success="outcome", refusal="", step=STARTED, **more):
    return await change(door, "completeProcessStep", success, refusal, processStepId=step, **more)


async def statuses(door):
    return [step["processStepStatus"] for step in (await door.look_at_process(FRESH))["steps"]]


async def test_the_process_steps_status_becomes_completed_and_the_status_of_the_next_step_started(door):
    """... the server has changing the process step's status to COMPLETED and then starts next step with calling
    delegate method and changing status of next step to STARTED"""
    assert await statuses(door) == ["STARTED", "PENDING", "PENDING"]
    completed = await complete_process_step(door, "startedStep { status }")
    assert completed["startedStep"] == {"status": "STARTED"}
    assert await statuses(door) == ["COMPLETED", "STARTED", "PENDING"]


async def test_the_next_step_starts_with_calling_its_delegate(door, database):
    """... starts next step with calling delegate method ..."""
    await complete_process_step(door)
    with closing(sqlite3.connect(database)) as store:
        calls = store.execute("SELECT process_step_id, delegate FROM cognaize_delegate_call").fetchall()
    assert calls == [(NEXT, "MODEL")]


async def test_process_id_and_process_step_id_are_those_of_what_was_started(door):
    """processId: Started process id. processStepId: Started process step id"""
    completed = await complete_process_step(door, "process { processId } startedStep { processStepId }")
    assert completed["process"] == {"processId": FRESH}
    assert completed["startedStep"] == {"processStepId": NEXT}


async def test_params_is_a_dictionary_of_strings_longs_and_doubles(door):
    """params: Parameters dictionary"""
    params = [
        {"name": "additionalProp1", "value": {"string": "string"}},
        {"name": "additionalProp2", "value": {"long": "42"}},
        {"name": "additionalProp3", "value": {"double": 0.5}},
    ]
    values = "... on StringParam { string } ... on LongParam { long } ... on DoubleParam { double }"
    completed = await complete_process_step(door, f"params {{ name value {{ {values} }} }}", params=params)
    assert [param for param in completed["params"] if param["name"].startswith("additionalProp")] == params


async def test_message_and_timestamp_of_the_envelope_are_passed_on(opened):
    """ "message": "string", "timestamp": "2024-03-29T12:50:59.211Z" """
    sample = {
        "message": "string",
        "timestamp": "2024-03-29T12:50:59.211Z",
        "data": {"processId": "string", "processStepId": "string", "params": {}},
        "version": "string",
    }
    async with opened(wrap=on_changes(answer(200, sample))) as door:
        completed = await complete_process_step(door, "message timestamp")
    assert (completed["message"], completed["timestamp"]) == ("string", "2024-03-29T12:50:59.211000Z")


async def test_process_step_id_is_required(door):
    """processStepId: (required): id of process step to complete."""
    document = "mutation ($input: CompleteProcessStepInput!) { completeProcessStep(input: $input) { __typename } }"
    refused = await door.post(document, {"input": {"params": []}})
    assert "data" not in refused.json()
    assert "processStepId" in refused.json()["errors"][0]["message"]
    assert (await complete_process_step(door, step=""))["code"] == "INVALID_INPUT"
    assert door.calls == []
    assert await statuses(door) == ["STARTED", "PENDING", "PENDING"]


async def test_401_is_returned_if_the_request_is_not_authorized(door):
    """401 (Unauthorized) This response is returned if the request is not authorized."""
    door.headers["authorization"] = "Bearer nobody"
    refused = await complete_process_step(door)
    assert kind(refused) == ("UnauthenticatedError", "SESSION_EXPIRED", "NEVER")
    assert refused["upstream"] == {"system": "COGNAIZE", "httpStatus": 401, "code": None}
    assert await statuses(door) == ["STARTED", "PENDING", "PENDING"]


async def test_412_is_returned_if_a_precondition_is_not_met(door):
    """412 (Precondition Failed) This response is returned if a precondition is not met."""
    refused = await complete_process_step(
        door, refusal="... on PreconditionFailedError { details { name } }", step=NEXT
    )
    assert kind(refused) == ("PreconditionFailedError", "PRECONDITION_FAILED", "NEVER")
    assert refused["details"] == [{"name": "processStepId"}]
    assert await statuses(door) == ["STARTED", "PENDING", "PENDING"]


async def test_500_is_returned_if_an_unexpected_internal_server_error_occurs(opened, database):
    """500 (Internal Server Error) This response is returned if an unexpected internal server error occurs."""
    sample = {"message": "Internal Server Error", "timestamp": "2023-09-28T15:37:14.223Z", "data": "string"}
    async with opened(wrap=on_changes(answer(500, sample))) as door:
        refused = await complete_process_step(door)
    assert kind(refused) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "CHECK_FIRST")
    async with open_door(database) as door:
        assert await statuses(door) == ["STARTED", "PENDING", "PENDING"]
