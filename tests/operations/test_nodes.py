"""Objects by their global ids."""

import json
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.stand_ins import answering, refusal
from resolvers.node_ids import read_id, write_id
from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

NODES = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename id
    ... on QualityProcess { number }
    ... on QualityStep { name }
    ... on Ticket { number }
    ... on Process { processId }
    ... on ProcessStep { processStepId }
  }
}"""


def node_id(*parts):
    """An id as the service writes it, or one that only looks so."""
    return urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).rstrip(b"=").decode()


RICH = node_id("q", guids.RICH_PROCESS)
STEP = node_id("s", guids.RICH_PROCESS, guids.ASSIGNED_STEP)
TICKET = node_id("t", ticket_guids.PAINT_TICKET)
PROCESS = node_id("p", story.FRESH_PROCESS_ID)
PROCESS_STEP_ID = story.step_id(story.FRESH_PROCESS_ID, 2)
PROCESS_STEP = node_id("ps", story.FRESH_PROCESS_ID, PROCESS_STEP_ID)

FOUND = {
    RICH: {"__typename": "QualityProcess", "number": "CAPA-000001"},
    STEP: {"__typename": "QualityStep", "name": "Root cause analysis"},
    TICKET: {"__typename": "Ticket", "number": "DEF-000004"},
    PROCESS: {"__typename": "Process", "processId": story.FRESH_PROCESS_ID},
    PROCESS_STEP: {"__typename": "ProcessStep", "processStepId": PROCESS_STEP_ID},
}

# Ids this service never wrote: no text of ours, texts of other services, and ours with something changed.
NOT_OURS = {
    "empty": "",
    "text": "no id",
    "not ASCII": "é",
    "a NUL": "\0",
    "a guid": guids.RICH_PROCESS,
    "another service's": "VGlja2V0OjE=",
    "padded": RICH + "=",
    "with a space": RICH + " ",
    "cut off": RICH[:-3],
    "an unknown kind": node_id("x", guids.RICH_PROCESS),
    "a guid too few": node_id("s", guids.RICH_PROCESS),
    "a guid too many": node_id("q", guids.RICH_PROCESS, guids.RICH_PROCESS),
    "no guid": node_id("t"),
    "no list": urlsafe_b64encode(b'{"q":1}').decode(),
    "numbers": node_id("q", 1),
    "too long": node_id("q", "G" * 600),
    "deeply nested": urlsafe_b64encode(b"[" * 300).decode(),
}

# Well-formed ids with guids that must never become part of an address.
POISONED = {
    "a path": node_id("q", "../tickets"),
    "a query": node_id("t", "A?limit=400"),
    "a fragment": node_id("t", "A#"),
    "an encoded slash": node_id("q", "A%2Fsteps"),
    "a line break": node_id("t", "A\r\nX: y"),
    "an empty guid": node_id("q", ""),
    "dots": node_id("s", guids.RICH_PROCESS, ".."),
}


async def refused_node(door, id):
    """The code of a node that cannot be had."""
    body = await door.ask("query ($id: ID!) { node(id: $id) { id } }", id=id)
    assert body["data"] == {"node": None}
    [error] = body["errors"]
    assert error["path"] == ["node"]
    return error["extensions"]["code"]


@pytest.mark.parametrize("id", FOUND, ids=[found["__typename"] for found in FOUND.values()])
async def test_a_node_of_every_type_is_found_again_by_its_id_in_one_call(door, id):
    data = await door.data(NODES, ids=[id])
    assert data["nodes"] == [{"id": id, **FOUND[id]}]
    assert len(door.calls) == 1


async def test_the_ids_objects_give_are_the_ids_that_find_them(door):
    data = await door.data(
        """
        query ($process: String!, $ticket: String!, $workflow: String!) {
          qualityProcess(guid: $process) { ... on QualityProcess { id currentStep { id } } }
          ticket(guid: $ticket) { ... on Ticket { id } }
          process(id: $workflow) { ... on Process { id steps { id } } }
        }""",
        process=guids.RICH_PROCESS,
        ticket=ticket_guids.PAINT_TICKET,
        workflow=story.FRESH_PROCESS_ID,
    )
    assert data["qualityProcess"] == {"id": RICH, "currentStep": {"id": STEP}}
    assert data["ticket"]["id"] == TICKET
    assert data["process"]["id"] == PROCESS
    assert data["process"]["steps"][1]["id"] == PROCESS_STEP


async def test_nodes_come_in_the_order_asked_also_twice(door):
    ids = [PROCESS, TICKET, STEP, TICKET, RICH]
    data = await door.data(NODES, ids=ids)
    assert [node["id"] for node in data["nodes"]] == ids
    assert len(door.calls) == 4


async def test_a_step_knows_its_process_when_found_by_its_id(door):
    data = await door.data(
        "query ($id: ID!) { node(id: $id) { ... on QualityStep { qualityProcess { id guid } } } }", id=STEP
    )
    assert data["node"]["qualityProcess"] == {"id": RICH, "guid": guids.RICH_PROCESS}
    assert len(door.calls) == 1


@pytest.mark.parametrize("id", NOT_OURS.values(), ids=NOT_OURS)
async def test_an_id_that_is_not_ours_is_refused_without_a_call(door, id):
    assert await refused_node(door, id) == "INVALID_INPUT"
    assert door.calls == []


@pytest.mark.parametrize("id", POISONED.values(), ids=POISONED)
async def test_a_guid_that_means_something_in_an_address_is_refused_without_a_call(door, id):
    assert await refused_node(door, id) == "INVALID_INPUT"
    assert door.calls == []


UNKNOWN = {
    "QualityProcess": node_id("q", "UNKNOWN"),
    "QualityStep": node_id("s", guids.RICH_PROCESS, "UNKNOWN"),
    "QualityStep of no process": node_id("s", "UNKNOWN", guids.ASSIGNED_STEP),
    "QualityStep of another process": node_id("s", guids.FRESH_PROCESS, guids.ASSIGNED_STEP),
    "Ticket": node_id("t", "UNKNOWN"),
    "Ticket that is a process": node_id("t", guids.RICH_PROCESS),
    "Process": node_id("p", "UNKNOWN"),
    "ProcessStep": node_id("ps", story.FRESH_PROCESS_ID, "UNKNOWN"),
    "ProcessStep of no process": node_id("ps", "UNKNOWN", PROCESS_STEP_ID),
}


@pytest.mark.parametrize("id", UNKNOWN.values(), ids=UNKNOWN)
async def test_an_object_that_is_not_there_is_null_with_a_coded_error(door, id):
    assert await refused_node(door, id) == "NOT_FOUND"


async def test_one_bad_id_leaves_the_other_nodes(door):
    body = await door.ask(NODES, ids=[TICKET, "no id", RICH, UNKNOWN["Ticket"]])
    assert [node and node["id"] for node in body["data"]["nodes"]] == [TICKET, None, RICH, None]
    assert [(error["path"], error["extensions"]["code"]) for error in body["errors"]] == [
        (["nodes", 1], "INVALID_INPUT"),
        (["nodes", 3], "NOT_FOUND"),
    ]


async def test_one_system_that_fails_leaves_the_nodes_of_the_other(opened):
    def forbid_arena(request):
        return refusal(403, 3085) if "/arena/" in request.url.path else None

    async with opened(wrap=answering(forbid_arena)) as door:
        body = await door.ask(NODES, ids=[TICKET, PROCESS])
        assert body["data"]["nodes"] == [None, {"id": PROCESS, **FOUND[PROCESS]}]
        assert [error["extensions"]["code"] for error in body["errors"]] == ["PERMISSION_DENIED"]


async def test_no_ids_are_no_nodes(door):
    assert await door.data(NODES, ids=[]) == {"nodes": []}


async def test_many_tickets_by_id_cost_one_call(door):
    tickets = (await door.look("/tickets?limit=400"))["results"]
    ids = [node_id("t", ticket["guid"]) for ticket in tickets]
    data = await door.data(NODES, ids=ids)
    assert [node["id"] for node in data["nodes"]] == ids
    assert door.calls == ["GET /tickets?limit=400&offset=0"]


async def test_more_than_four_hundred_ids_are_refused_without_a_call(door):
    body = await door.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[TICKET] * 401)
    assert body["data"] is None
    assert [error["extensions"]["code"] for error in body["errors"]] == ["INVALID_INPUT"]
    assert door.calls == []


@given(
    st.text(st.characters(codec="utf-8"), max_size=700)
    | st.binary(max_size=450).map(lambda b: urlsafe_b64encode(b).decode())
)
def test_any_text_is_an_id_of_ours_or_none(text):
    key = read_id(text)
    assert key is None or write_id(key.kind, *key.guids) == text
