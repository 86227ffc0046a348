"""changeTicketStatus: what it changes and answers, and every way to be refused."""

import json

import pytest

from operations.changes import change, kind, nothing_changes
from operations.door import open_door
from operations.meddling import answer, lose_request, never_connect, on_changes, refuse_connection
from sandbox.arena.story import ticket_guids

pytestmark = pytest.mark.anyio

TICKET = ticket_guids.PAINT_TICKET
WRITE = "POST /tickets/statuschanges"


@pytest.fixture
async def door(opened, dialect):
    async with opened(dialect=dialect) as door:
        yield door


async def put(door, success="outcome", status="IN_PROGRESS", ticket=TICKET, **more):
    return await change(door, "changeTicketStatus", success, ticketGuid=ticket, status=status, **more)


async def put_in_vain(door, **more):
    """Ask for a change, and see that the ticket stays as it is."""
    async with nothing_changes(lambda: door.look(f"/tickets/{TICKET}")):
        return await put(door, **more)


async def test_the_ticket_has_the_status(door):
    assert await put(door) == {"__typename": "ChangeTicketStatusSuccess", "outcome": "APPLIED"}
    assert (await door.look(f"/tickets/{TICKET}"))["status"]["value"] == "In Progress"


async def test_the_write_alone_tells_all_of_the_ticket_but_its_references(door):
    success = """ticket {
        id guid number title description priority status statusLabel fixVersion foundOn createdAt
        assignee { fullName } creator { email } template { name } attributes { name values }
      } outcome"""
    changed = (await put(door, success))["ticket"]
    assert changed.pop("id") == "WyJ0IiwiMUozTTVJM1VISzFHWkkxSzMxTDQiXQ"
    assert changed == {
        "guid": TICKET,
        "number": "DEF-000004",
        "title": "Paint chipping on new Model 3000",
        "description": "",
        "priority": "Critical",
        "status": "IN_PROGRESS",
        "statusLabel": "In Progress",
        "fixVersion": "3.0",
        "foundOn": "2.0",
        "createdAt": "2021-09-07T05:24:08Z",
        "assignee": {"fullName": "Ingrid Solberg"},
        "creator": {"email": "owner@sandbox.test"},
        "template": {"name": "Defects"},
        "attributes": [
            {"name": "Labels", "values": ["Model 20000"]},
            {"name": "Components", "values": ["Model 3000"]},
        ],
    }
    assert door.calls == [WRITE]


async def test_its_references_cost_one_call_a_kind(door):
    await put(door, "ticket { qualityProcesses { number } tickets { number } }")
    assert sorted(door.calls) == [f"GET /tickets/{TICKET}/quality", f"GET /tickets/{TICKET}/tickets", WRITE]


async def test_the_present_status_again_is_no_refusal(door):
    assert (await put_in_vain(door, status="NOT_STARTED"))["outcome"] == "APPLIED"


async def test_two_changes_in_one_operation_show_what_each_left(door):
    two = """
        mutation ($first: ChangeTicketStatusInput!, $second: ChangeTicketStatusInput!) {
          first: changeTicketStatus(input: $first) { ... on ChangeTicketStatusSuccess { ticket { status } } }
          second: changeTicketStatus(input: $second) { ... on ChangeTicketStatusSuccess { ticket { status } } }
        }"""
    first, second = ({"ticketGuid": TICKET, "status": status} for status in ("IN_PROGRESS", "COMPLETE"))
    assert await door.data(two, first=first, second=second) == {
        "first": {"ticket": {"status": "IN_PROGRESS"}},
        "second": {"ticket": {"status": "COMPLETE"}},
    }
    assert door.calls == [WRITE, WRITE]


async def test_arena_is_sent_the_body_of_the_page(door):
    await put(door)
    assert json.loads(door.requests[0].content) == {"ticket": {"guid": TICKET}, "status": "IN_PROGRESS"}


async def test_unknown_is_no_status_to_give(door):
    status = "mutation ($input: ChangeTicketStatusInput!) { changeTicketStatus(input: $input) { __typename } }"
    async with nothing_changes(lambda: door.look(f"/tickets/{TICKET}")):
        refused = await door.post(status, {"input": {"ticketGuid": TICKET, "status": "UNKNOWN"}})
    assert "data" not in refused.json()
    assert "UNKNOWN" in refused.json()["errors"][0]["message"]
    assert door.calls == []


async def test_an_unknown_ticket_is_not_found(door):
    refused = await put(door, ticket="NOSUCHTICKET", refusal="... on NotFoundError { resource key }")
    assert kind(refused) == ("NotFoundError", "NOT_FOUND", "NEVER")
    assert (refused["resource"], refused["key"]) == ("Ticket", "NOSUCHTICKET")


async def test_what_cannot_be_a_guid_is_refused_without_a_call(door):
    for guid in ["", " ", "a/b", "../users", "a" * 129]:
        refused = await put(door, ticket=guid, refusal="... on InvalidInputError { fields { path } }")
        assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
        assert refused["fields"] == [{"path": ["input", "ticketGuid"]}]
    assert door.calls == []


async def test_a_session_that_is_over_is_told_apart(door):
    door.headers["arena_session_id"] = "over"
    assert kind(await put_in_vain(door)) == ("UnauthenticatedError", "SESSION_EXPIRED", "NEVER")


async def test_nobody_to_act_as_costs_no_call(opened, dialect):
    async with opened(dialect=dialect, settings={"arena_url": "http://arena.test/v1"}) as door:
        del door.headers["arena_session_id"]
        assert kind(await put_in_vain(door)) == ("UnauthenticatedError", "SESSION_MISSING", "NEVER")
        assert door.calls == []


async def test_without_the_privilege_permission_is_denied(door):
    await door.become("viewer")
    refused = await put_in_vain(door)
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")
    assert refused["upstream"]["httpStatus"] == 403


async def test_a_spent_day_is_told_with_its_reset(opened, database, dialect):
    async with opened(dialect=dialect, daily_limit=0) as door:
        refused = await put(door, refusal="... on RateLimitedError { budget { state } retry { after } }")
    assert kind(refused) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
    assert refused["budget"] == {"state": "EXHAUSTED"}
    assert refused["retry"]["after"] is not None
    async with open_door(database) as door:
        assert (await door.look(f"/tickets/{TICKET}"))["status"]["value"] == "Not Started"


@pytest.fixture
def meet(opened, dialect):
    """Ask for a change that meets a fault, and see that the ticket stays as it is."""

    async def ask_for(fault, refusal=""):
        async with opened(dialect=dialect, wrap=on_changes(fault)) as door:
            refused = await put_in_vain(door, refusal=refusal)
            assert door.calls == [WRITE]
            return refused

    return ask_for


async def test_a_value_that_arena_refuses_is_invalid_input(meet):
    refused = await meet(answer(400, {"status": 400, "errors": [{"code": 3006, "message": "No option."}]}))
    assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")


async def test_a_lost_request_leaves_the_outcome_unknown_and_names_the_ticket_to_read(meet):
    refused = await meet(lose_request, "... on OutcomeUnknownError { check }")
    assert kind(refused) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "CHECK_FIRST")
    assert refused["check"] == "WyJ0IiwiMUozTTVJM1VISzFHWkkxSzMxTDQiXQ"


async def test_a_code_nobody_lists_is_passed_on(meet):
    refused = await meet(answer(400, {"status": 400, "errors": [{"code": 9999, "message": "Not today."}]}))
    assert kind(refused) == ("UpstreamError", "UPSTREAM_REJECTED", "NEVER")
    assert refused["upstream"] == {"system": "ARENA", "httpStatus": 400, "code": "9999"}


async def test_a_refused_connection_is_safe_to_try_again(meet):
    assert kind(await meet(refuse_connection)) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "SAFE_NOW")


async def test_a_connection_that_never_came_is_safe_to_try_again(meet):
    assert kind(await meet(never_connect)) == ("UpstreamError", "UPSTREAM_TIMEOUT", "SAFE_NOW")


async def test_a_redirect_breaks_the_contract(meet):
    assert kind(await meet(answer(302))) == ("UpstreamError", "UPSTREAM_CONTRACT", "CHECK_FIRST")
