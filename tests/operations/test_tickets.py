"""Lists of tickets and what tickets refer to; what single reads answer is in test_read_results.py."""

from urllib.parse import parse_qsl

import pytest

from operations.stand_ins import answering, big_list, refusal, rows
from sandbox.arena.story import ticket_guids

pytestmark = pytest.mark.anyio

LIST = """
query ($first: Int, $after: String, $where: TicketWhere) {
  tickets(first: $first, after: $after, where: $where) {
    nodes { guid number status }
    edges { cursor node { guid } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""

REFERENCES = """
query ($guid: String!) {
  ticket(guid: $guid) { ... on Ticket { number qualityProcesses { name } tickets { title } } }
}"""

PAINT = ticket_guids.PAINT_TICKET


async def list_tickets(door, **variables):
    return (await door.data(LIST, **variables))["tickets"]


def error_of(body):
    assert body["data"] == {"tickets": None}
    [error] = body["errors"]
    assert error["path"] == ["tickets"]
    return error["extensions"]["code"], error["extensions"]["retry"]["kind"]


async def test_all_tickets_of_a_small_workspace_cost_one_call(door):
    page = await list_tickets(door, first=400)
    assert (len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (150, False)
    assert door.calls == ["GET /tickets?limit=400&offset=0"]


async def test_pages_follow_each_other_without_a_gap_or_a_row_twice(door):
    in_one = [node["guid"] for node in (await list_tickets(door, first=400))["nodes"]]
    first = await list_tickets(door, first=100)
    second = await list_tickets(door, first=100, after=first["pageInfo"]["endCursor"])
    assert [node["guid"] for node in first["nodes"] + second["nodes"]] == in_one
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_more_than_four_hundred_are_paged(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/tickets", 1000))) as door:
        page = await list_tickets(door, first=401)
        assert [node["guid"] for node in page["nodes"]] == [f"ROW{number}" for number in range(401)]
        assert door.calls == ["GET /tickets?limit=400&offset=0", "GET /tickets?limit=2&offset=400"]


async def test_a_full_page_of_four_hundred_may_be_followed_by_an_empty_one(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/tickets", 400))) as door:
        first = await list_tickets(door, first=400)
        assert first["pageInfo"]["hasNextPage"] is True
        second = await list_tickets(door, first=400, after=first["pageInfo"]["endCursor"])
        assert (second["nodes"], second["pageInfo"]["hasNextPage"]) == ([], False)


@pytest.mark.parametrize(
    ("where", "sent"),
    [
        ({"number": "DEF-*"}, ("number", "DEF-*")),
        (
            {"title": "Glød colour meter: paint chips at the edges"},
            ("title", "Glød colour meter: paint chips at the edges"),
        ),
        ({"title": "50 %, a&b=c #1?/+٣"}, ("title", "50 %, a&b=c #1?/+٣")),
        ({"status": "IN_PROGRESS"}, ("status", "IN_PROGRESS")),
        ({"templateGuid": ticket_guids.DEFECTS}, ("template.guid", ticket_guids.DEFECTS)),
    ],
)
async def test_a_filter_is_sent_in_arenas_spelling(door, where, sent):
    await list_tickets(door, where=where)
    [call] = door.calls
    assert parse_qsl(call.partition("?")[2]) == [sent, ("limit", "21"), ("offset", "0")]


@pytest.mark.parametrize(("status", "found"), [("NOT_STARTED", 58), ("IN_PROGRESS", 61), ("COMPLETE", 31)])
async def test_tickets_are_found_by_status(door, status, found):
    page = await list_tickets(door, first=400, where={"status": status})
    assert [node["status"] for node in page["nodes"]] == [status] * found


async def test_unknown_is_no_status_to_look_for(door):
    assert error_of(await door.ask(LIST, where={"status": "UNKNOWN"})) == ("INVALID_INPUT", "NEVER")
    assert door.calls == []


async def test_a_cursor_that_is_not_ours_is_refused_without_a_call(door):
    assert error_of(await door.ask(LIST, after="row:1")) == ("INVALID_INPUT", "NEVER")
    assert door.calls == []


async def test_a_list_that_cannot_be_read_is_null_with_a_coded_error(door):
    door.headers["arena_session_id"] = "dead"
    assert error_of(await door.ask(LIST)) == ("SESSION_EXPIRED", "NEVER")


async def test_references_lead_to_the_objects_themselves(door):
    data = await door.data(
        """
        query ($guid: String!) { ticket(guid: $guid) { ... on Ticket {
          qualityProcesses { guid number name owner { email } }
          tickets { guid number title quality: qualityProcesses { number } }
        } } }""",
        guid=PAINT,
    )
    [process] = data["ticket"]["qualityProcesses"]
    [other] = data["ticket"]["tickets"]
    as_arena_has_it = await door.look(f"/qualityprocesses/{process['guid']}")
    assert (process["number"], process["name"]) == (as_arena_has_it["number"], as_arena_has_it["name"])
    assert process["owner"]["email"] == as_arena_has_it["owner"]["email"]
    assert other["title"] == (await door.look(f"/tickets/{other['guid']}"))["title"]


async def test_the_steps_of_a_referenced_process_are_read_by_its_guid_alone(door):
    data = await door.data(
        "query ($guid: String!) { ticket(guid: $guid) { ... on Ticket { qualityProcesses { guid steps { name } } } } }",
        guid=PAINT,
    )
    [process] = data["ticket"]["qualityProcesses"]
    ticket = f"GET /tickets/{PAINT}"
    assert door.calls == [ticket, f"{ticket}/quality", f"GET /qualityprocesses/{process['guid']}/steps"]


async def test_a_ticket_without_references_has_empty_lists(opened):
    def refer_to_nothing(request):
        return rows() if request.url.path.endswith(("/quality", f"{PAINT}/tickets")) else None

    async with opened(wrap=answering(refer_to_nothing)) as door:
        data = await door.data(REFERENCES, guid=PAINT)
        assert data["ticket"] == {"number": "DEF-000004", "qualityProcesses": [], "tickets": []}


async def test_a_reference_that_cannot_be_read_makes_its_list_null_and_leaves_the_rest(opened):
    def hide_processes(request):
        return refusal(403, 3086) if "/qualityprocesses/" in request.url.path else None

    async with opened(wrap=answering(hide_processes)) as door:
        body = await door.ask(REFERENCES, guid=PAINT)
        [error] = body["errors"]
        assert body["data"]["ticket"]["qualityProcesses"] is None
        assert len(body["data"]["ticket"]["tickets"]) == 1
        assert error["path"] == ["ticket", "qualityProcesses"]
        assert error["extensions"]["code"] == "PERMISSION_DENIED"
