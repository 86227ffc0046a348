"""What happens when a plan cannot go on: graphql-core takes over, and nothing is read or changed again."""

import json

import httpx
import pytest
from operation_maker import Operation
from spoken_answers import Spoken, steps

from resolvers import tickets
from resolvers.node_ids import Kind, write_id

pytestmark = pytest.mark.anyio

PROCESS = {"guid": "P1", "number": "CAPA-1"}
REFUSAL = httpx.Response(403, json={"status": 403, "errors": [{"code": 3024, "message": "No."}]})
SECRET = "postgres://user:password@10.0.0.1"


def operation(document, **variables):
    return Operation(document, variables, None)


async def ask_twice(side, asked, far_side):
    """What becomes of an operation the first time, and the short way."""
    return [await side.ask(asked, far_side) for _ in range(2)]


async def test_a_change_is_not_sent_again_when_a_field_below_it_fails(with_plans):
    complete = operation(
        """mutation { completeStep(input: {qualityProcessGuid: "P1", stepGuid: "S1"}) {
          ... on CompleteStepSuccess { outcome qualityProcess { steps { name } } }
        } }"""
    )
    far_side = Spoken(
        {"/qualityprocesses/statuschanges": {"qualityProcess": PROCESS}, "/qualityprocesses/P1/steps": REFUSAL}
    )
    for outcome in await ask_twice(with_plans, complete, far_side):
        assert json.loads(outcome.data) == {"completeStep": {"outcome": "APPLIED", "qualityProcess": {"steps": None}}}
        assert [call.split()[1] for call in outcome.calls] == [
            "/qualityprocesses/P1/steps",
            "/qualityprocesses/statuschanges",
        ]


async def test_no_change_is_sent_again_when_a_later_one_fails(with_plans):
    changes = operation(
        """mutation {
          first: changeTicketStatus(input: {ticketGuid: "T1", status: COMPLETE}) { __typename }
          second: completeStep(input: {qualityProcessGuid: "P1", stepGuid: "S1"}) {
            ... on CompleteStepSuccess { step { name } }
          }
          third: changeTicketStatus(input: {ticketGuid: "T1", status: IN_PROGRESS}) { __typename }
        }"""
    )
    far_side = Spoken(
        {
            "/tickets/statuschanges": {"guid": "T1"},
            "/qualityprocesses/statuschanges": PROCESS,
            "/qualityprocesses/P1/steps": REFUSAL,
        }
    )
    for outcome in await ask_twice(with_plans, changes, far_side):
        assert json.loads(outcome.data) == {
            "first": {"__typename": "ChangeTicketStatusSuccess"},
            "second": {"step": None},
            "third": {"__typename": "ChangeTicketStatusSuccess"},
        }
        assert len(outcome.changes) == 3
        assert len(outcome.calls) == 4


async def test_reads_are_not_repeated_when_one_of_them_failed(with_plans):
    read = operation(
        """{
          ticket(guid: "T1") { ... on Ticket { number } }
          qualityProcess(guid: "P1") { ... on QualityProcess { number steps { name } } }
        }"""
    )
    far_side = Spoken(
        {"/tickets/T1": {"guid": "T1"}, "/qualityprocesses/P1": PROCESS, "/qualityprocesses/P1/steps": REFUSAL}
    )
    for outcome in await ask_twice(with_plans, read, far_side):
        assert json.loads(outcome.data) == {
            "ticket": {"number": None},
            "qualityProcess": {"number": "CAPA-1", "steps": None},
        }
        assert outcome.calls == ["GET /qualityprocesses/P1", "GET /qualityprocesses/P1/steps", "GET /tickets/T1"]


async def test_what_is_below_a_list_with_an_object_that_is_none_is_read_together(with_plans):
    """The plan leaves it to graphql-core, and begins none of it: its reads would be others, and by themselves."""

    def references(*guids):
        return steps(*({"ticket": {"guid": guid, "number": guid}} for guid in guids))

    far_side = Spoken(
        {
            "/tickets/T1": {"guid": "T1"},
            "/tickets/T2": {"guid": "T2"},
            "/tickets/T1/tickets": references("A", "B"),
            "/tickets/T2/tickets": references("C"),
            "/tickets": steps(*({"guid": guid, "title": guid} for guid in "ABC")),
        }
    )
    ids = [write_id(Kind.TICKET, "T1"), "no id", write_id(Kind.TICKET, "T2")]
    read = operation(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Ticket { tickets { title description } } } }", ids=ids
    )
    for outcome in await ask_twice(with_plans, read, far_side):
        assert outcome.calls == [
            "GET /tickets/T1",
            "GET /tickets/T1/tickets",
            "GET /tickets/T2",
            "GET /tickets/T2/tickets",
            "GET /tickets?limit=400&offset=0",
        ]


async def test_an_exception_nobody_foresaw_is_internal_and_tells_nothing(with_plans, monkeypatch):
    async def fail(*_args):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(tickets, "find_ticket", fail)
    read = operation('{ ticket(guid: "T1") { __typename } }')
    for outcome in await ask_twice(with_plans, read, Spoken({})):
        (error,) = map(json.loads, outcome.errors)
        assert error["extensions"] == {"code": "INTERNAL"}
        assert error["message"] == "Something went wrong in this service."
        assert outcome.data == "null"


async def test_a_null_condition_is_reported_where_it_stands(with_plans):
    read = operation(
        """query ($shown: Boolean = true) {
          qualityProcess(guid: "P1") { ... on QualityProcess { steps { name @include(if: $shown) } } }
        }""",
        shown=None,
    )
    far_side = Spoken({"/qualityprocesses/P1": PROCESS, "/qualityprocesses/P1/steps": steps({"guid": "S1"})})
    for outcome in await ask_twice(with_plans, read, far_side):
        (error,) = map(json.loads, outcome.errors)
        assert error["path"] == ["qualityProcess", "steps", 0]
        assert outcome.data == '{"qualityProcess": {"steps": null}}'


async def test_of_an_object_that_is_listed_twice_the_second_is_refused_when_there_is_room_for_one(limited_to_rows):
    read = operation(
        """{ nodes(ids: ["WyJxIiwiUDEiXQ", "WyJxIiwiUDEiXQ"]) { ... on QualityProcess { steps { guid } } } }"""
    )
    far_side = Spoken({"/qualityprocesses/P1": PROCESS, "/qualityprocesses/P1/steps": steps({"guid": "S1"})})
    for outcome in await ask_twice(limited_to_rows, read, far_side):
        assert json.loads(outcome.data) == {"nodes": [{"steps": [{"guid": "S1"}]}, {"steps": None}]}
