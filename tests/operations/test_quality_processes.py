"""Lists of quality processes; what single reads answer is in test_read_results.py."""

from urllib.parse import parse_qsl

import pytest

from operations.stand_ins import answering, big_list, editing
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

LIST = """
query ($first: Int, $after: String, $where: QualityProcessWhere) {
  qualityProcesses(first: $first, after: $after, where: $where) {
    nodes { guid number }
    edges { cursor node { guid } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


async def list_processes(door, **variables):
    return (await door.data(LIST, **variables))["qualityProcesses"]


async def numbers(door, **where):
    return [node["number"] for node in (await list_processes(door, first=400, where=where))["nodes"]]


def error_of(body):
    assert body["data"] == {"qualityProcesses": None}
    [error] = body["errors"]
    assert error["path"] == ["qualityProcesses"]
    return error["extensions"]["code"], error["extensions"]["retry"]["kind"]


async def test_twenty_are_given_unless_a_number_is_asked(door):
    assert len((await list_processes(door))["nodes"]) == 20
    assert door.calls == ["GET /qualityprocesses?limit=21&offset=0"]


async def test_first_null_means_the_default(door):
    assert len((await list_processes(door, first=None))["nodes"]) == 20


async def test_pages_follow_each_other_without_a_gap_or_a_row_twice(door):
    in_one = [node["guid"] for node in (await list_processes(door, first=400))["nodes"]]
    in_pages, cursor, sizes = [], None, []
    while cursor is not None or not sizes:
        page = await list_processes(door, first=10, after=cursor)
        in_pages += [node["guid"] for node in page["nodes"]]
        sizes.append(len(page["nodes"]))
        cursor = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
    assert sizes == [10, 10, 10, 6]
    assert in_pages == in_one


async def test_edges_are_the_nodes_with_their_cursors(door):
    page = await list_processes(door, first=3)
    assert [edge["node"]["guid"] for edge in page["edges"]] == [node["guid"] for node in page["nodes"]]
    assert page["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": page["edges"][0]["cursor"],
        "endCursor": page["edges"][2]["cursor"],
    }


async def test_any_cursor_of_a_page_leads_on_from_there(door):
    page = await list_processes(door, first=5)
    rest = await list_processes(door, first=2, after=page["edges"][1]["cursor"])
    assert rest["nodes"] == page["nodes"][2:4]
    assert rest["pageInfo"]["hasPreviousPage"] is True


async def test_the_last_page_says_that_nothing_follows(door):
    page = await list_processes(door, first=36)
    assert (len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (36, False)
    assert (await list_processes(door, first=35))["pageInfo"]["hasNextPage"] is True


async def test_after_the_last_row_there_is_an_empty_page(door):
    last = (await list_processes(door, first=400))["pageInfo"]["endCursor"]
    page = await list_processes(door, first=5, after=last)
    assert page["nodes"] == []
    assert page["pageInfo"] == {
        "hasNextPage": False,
        "hasPreviousPage": True,
        "startCursor": None,
        "endCursor": None,
    }


async def test_four_hundred_cost_one_call(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/qualityprocesses", 1000))) as door:
        page = await list_processes(door, first=400)
        assert (len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (400, True)
        assert door.calls == ["GET /qualityprocesses?limit=400&offset=0"]


async def test_more_than_four_hundred_are_paged(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/qualityprocesses", 1000))) as door:
        page = await list_processes(door, first=900)
        assert [node["guid"] for node in page["nodes"]] == [f"ROW{number}" for number in range(900)]
        assert page["pageInfo"]["hasNextPage"] is True
        assert door.calls == [
            "GET /qualityprocesses?limit=400&offset=0",
            "GET /qualityprocesses?limit=400&offset=400",
            "GET /qualityprocesses?limit=101&offset=800",
        ]


async def test_paging_ends_at_the_first_page_that_is_not_full(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/qualityprocesses", 650))) as door:
        page = await list_processes(door, first=2000)
        assert (len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (650, False)
        assert len(door.calls) == 2


@pytest.mark.parametrize("count", [0, 10**6, None, "many"])
async def test_the_count_of_a_list_is_not_believed(opened, count):
    def miscount(body):
        body["count"] = count

    async with opened(wrap=editing("/qualityprocesses", miscount)) as door:
        page = await list_processes(door, first=30)
        assert (len(page["nodes"]), page["pageInfo"]["hasNextPage"]) == (30, True)
        assert len(door.calls) == 1


@pytest.mark.parametrize("first", [0, -1, 2001, 2**31 - 1])
async def test_a_first_out_of_range_is_refused_without_a_call(door, first):
    assert error_of(await door.ask(LIST, first=first)) == ("INVALID_INPUT", "NEVER")
    assert door.calls == []


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "!",
        "é",
        "cm93",
        "cm93Og",
        "cm93Oi0x",
        "cm93OjAx",
        "cm93OnRlbg",
        "cm93OjEy=",
        "cm93OjEwMDAwMDAwMDAw",
        "A" * 9000,
    ],
)
async def test_a_cursor_that_is_not_ours_is_refused_without_a_call(door, cursor):
    assert error_of(await door.ask(LIST, after=cursor)) == ("INVALID_INPUT", "NEVER")
    assert door.calls == []


@pytest.mark.parametrize(
    ("where", "sent"),
    [
        ({"number": "CAPA-000001"}, ("number", "CAPA-000001")),
        ({"name": "Scratched lenses from Kraków"}, ("name", "Scratched lenses from Kraków")),
        ({"type": "Product"}, ("type", "Product")),
        ({"status": "COMPLETED"}, ("status", "COMPLETED")),
        ({"statusNot": "OPEN"}, ("status", "!OPEN")),
        ({"ownerGuid": guids.OWNER}, ("owner.guid", guids.OWNER)),
        ({"creatorGuid": guids.OWNER}, ("creator.guid", guids.OWNER)),
        ({"templateGuid": guids.CAPA_TEMPLATE}, ("template.guid", guids.CAPA_TEMPLATE)),
        ({"number": "50%+1&limit=1#"}, ("number", "50%+1&limit=1#")),
    ],
)
async def test_a_filter_is_sent_in_arenas_spelling(door, where, sent):
    await list_processes(door, where=where)
    [call] = door.calls
    assert parse_qsl(call.partition("?")[2]) == [sent, ("limit", "21"), ("offset", "0")]


async def test_a_star_stands_for_any_text(door):
    assert await numbers(door, number="CAPA-*") == [f"CAPA-00000{number}" for number in range(1, 9)]


async def test_without_a_star_a_filter_matches_whole(door):
    assert await numbers(door, number="CAPA-00000") == []


async def test_only_rows_that_pass_every_filter_are_given(door):
    of_owner = set(await numbers(door, ownerGuid=guids.OWNER))
    capas = set(await numbers(door, number="CAPA-*"))
    assert set(await numbers(door, ownerGuid=guids.OWNER, number="CAPA-*")) == of_owner & capas


async def test_status_not_gives_all_others(door):
    everything = set(await numbers(door))
    completed = set(await numbers(door, status="COMPLETED"))
    assert len(completed) == 6
    assert set(await numbers(door, statusNot="COMPLETED")) == everything - completed


async def test_a_status_that_is_not_another_is_that_status(door):
    assert await numbers(door, status="COMPLETED", statusNot="OPEN") == await numbers(door, status="COMPLETED")
    assert "OPEN" not in "".join(door.calls)


async def test_a_status_that_is_not_itself_matches_nothing_and_costs_nothing(door):
    assert await numbers(door, status="OPEN", statusNot="OPEN") == []
    assert door.calls == []


@pytest.mark.parametrize("filter_name", ["status", "statusNot"])
async def test_unknown_is_no_status_to_look_for(door, filter_name):
    body = await door.ask(LIST, where={filter_name: "UNKNOWN"})
    assert error_of(body) == ("INVALID_INPUT", "NEVER")
    assert door.calls == []


async def test_a_filter_of_null_is_no_filter(door):
    page = await list_processes(door, where={"status": None, "number": None})
    assert len(page["nodes"]) == 20
    assert door.calls == ["GET /qualityprocesses?limit=21&offset=0"]


@pytest.mark.parametrize("text", ["x" * 501, "👩" * 20_000])
async def test_a_filter_too_long_for_an_address_is_refused_without_a_call(door, text):
    body = await door.ask(LIST, where={"ownerGuid": text})
    assert error_of(body) == ("INVALID_INPUT", "NEVER")
    assert body["errors"][0]["message"] == "where.ownerGuid: must not be longer than 500 characters"
    assert door.calls == []


async def test_the_longest_filters_fit_an_address(door):
    names = ["number", "name", "type", "ownerGuid", "creatorGuid", "templateGuid"]
    assert (await list_processes(door, where=dict.fromkeys(names, "👩" * 500)))["nodes"] == []


async def test_the_filters_go_along_to_every_page(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/qualityprocesses", 1000))) as door:
        await list_processes(door, first=500, where={"number": "N-*"})
        assert door.calls == [
            "GET /qualityprocesses?number=N-%2A&limit=400&offset=0",
            "GET /qualityprocesses?number=N-%2A&limit=101&offset=400",
        ]


async def test_steps_can_be_asked_by_status(door):
    data = await door.data(
        """
        query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess {
          open: steps(status: OPEN) { guid status } done: steps(status: COMPLETE) { guid } all: steps { guid order }
        } } }""",
        guid=guids.RICH_PROCESS,
    )
    process = data["qualityProcess"]
    assert process["open"][0] == {"guid": guids.ASSIGNED_STEP, "status": "OPEN"}
    assert (len(process["open"]), len(process["done"])) == (5, 3)
    assert [step["order"] for step in process["all"]] == [1, 2, 3, 4, 5, 6, 7, 8]
