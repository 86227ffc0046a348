"""urql, graphql-request and Apollo Client, as programs of their own against a real server."""

import json

import pytest

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

STEP = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.ASSIGNED_STEP}
TICKET_GUID = "1J3M5I3UHK1GZI1K31L4"


async def test_urql_pages_caches_changes_and_reads_refusals_and_partial_answers(node, door):
    told = await node("urql.mjs", await door.log_in("assignee"), json.dumps(STEP), TICKET_GUID)
    step_id = told["completed"]["step"].pop("id")
    assert told == {
        "pages": [["CAPA-000001", "CAPA-000002"], ["CAPA-000003", "CAPA-000004"]],
        "cached": ["CAPA-000001", "CAPA-000002"],
        "completed": {
            "__typename": "CompleteStepSuccess",
            "outcome": "APPLIED",
            "step": {"__typename": "QualityStep", "status": "COMPLETE"},
        },
        "refused": {
            "__typename": "StepAlreadyCompletedError",
            "code": "STEP_ALREADY_COMPLETED",
            "retry": {"__typename": "RetryAdvice", "kind": "NEVER"},
        },
        "partial": [
            {"ticket": {"__typename": "Ticket", "number": "DEF-000004"}, "nodes": [None]},
            ["INVALID_INPUT"],
        ],
    }
    assert door.calls == [
        "GET /qualityprocesses?number=CAPA-%2A&limit=3&offset=0",
        "GET /qualityprocesses?number=CAPA-%2A&limit=3&offset=2",
        "POST /qualityprocesses/statuschanges",
        "POST /qualityprocesses/statuschanges",
        f"GET /qualityprocesses/{guids.RICH_PROCESS}/steps",
        f"GET /tickets/{TICKET_GUID}",
    ]
    found = await door.data("query ($id: ID!) { node(id: $id) { ... on QualityStep { guid } } }", id=step_id)
    assert found == {"node": {"guid": guids.ASSIGNED_STEP}}


async def test_graphql_request_reads_by_post_and_by_get_changes_and_is_refused(node, door):
    in_progress = [{"number": number, "status": "IN_PROGRESS"} for number in ("DEF-000001", "DEF-000003")]
    assert await node("graphql-request.mjs", await door.log_in("assignee"), json.dumps(STEP)) == {
        "tickets": in_progress,
        "overGet": in_progress,
        "calls": 1,
        "completed": {"__typename": "CompleteStepSuccess", "outcome": "APPLIED"},
        "refused": [400, ["INVALID_REQUEST"]],
    }
    assert door.calls == [
        "POST /qualityprocesses/statuschanges",
        *["GET /tickets?status=IN_PROGRESS&limit=3&offset=0"] * 3,
    ]


async def test_apollos_link_sends_a_hash_over_get_and_the_text_only_where_it_is_not_known(node, door):
    told = await node("apollo-persisted.mjs", await door.log_in("assignee"), json.dumps(STEP))
    ticket = {"__typename": "Ticket", "number": "DEF-000001"}
    tickets = {"tickets": {"__typename": "TicketConnection", "nodes": [ticket]}}
    completed = {"completeStep": {"__typename": "CompleteStepSuccess", "outcome": "APPLIED"}}
    assert told == {
        "first": {"data": tickets, "requests": ["GET hash", "POST hash and text"]},
        "second": {"data": tickets, "requests": ["GET hash"]},
        "change": {"data": completed, "requests": ["POST hash", "POST hash and text"]},
    }
    assert door.calls == [*["GET /tickets?limit=2&offset=0"] * 2, "POST /qualityprocesses/statuschanges"]
