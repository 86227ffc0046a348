"""Many tickets or processes by their guids: one list call where that is cheaper than single reads."""

import httpx
import pytest

from operations.stand_ins import answering, big_list
from sandbox.arena.story import guids, ticket_guids

pytestmark = pytest.mark.anyio

ALL_TICKETS = "GET /tickets?limit=400&offset=0"
ALL_PROCESSES = "GET /qualityprocesses?limit=400&offset=0"


def aliases(field, type_name, keys, selection="guid", count=None):
    """A query that asks a field by each of the keys, over and over until it has been asked so often."""
    asked = [keys[number % len(keys)] for number in range(count or len(keys))]
    lines = (
        f'a{number}: {field}(guid: "{key}") {{ ... on {type_name} {{ {selection} }} }}'
        for number, key in enumerate(asked)
    )
    return "{" + " ".join(lines) + "}"


async def guids_in(door, path):
    return [row["guid"] for row in (await door.look(path))["results"]]


@pytest.fixture
async def ten_tickets(door):
    return await guids_in(door, "/tickets?limit=10")


async def test_fifty_aliases_over_ten_tickets_cost_one_call(door, ten_tickets):
    data = await door.data(aliases("ticket", "Ticket", ten_tickets, count=50))
    assert [data[f"a{number}"]["guid"] for number in range(50)] == ten_tickets * 5
    assert door.calls == [ALL_TICKETS]


async def test_fifty_aliases_over_two_tickets_cost_two_calls(door, ten_tickets):
    await door.data(aliases("ticket", "Ticket", ten_tickets[:2], count=50))
    assert sorted(door.calls) == sorted(f"GET /tickets/{guid}" for guid in ten_tickets[:2])


async def test_fifty_aliases_over_ten_processes_cost_one_call(door):
    ten = await guids_in(door, "/qualityprocesses?limit=10")
    data = await door.data(aliases("qualityProcess", "QualityProcess", ten, count=50))
    assert [data[f"a{number}"]["guid"] for number in range(50)] == ten * 5
    assert door.calls == [ALL_PROCESSES]


async def test_fifty_aliases_over_two_processes_cost_two_calls(door):
    two = [guids.RICH_PROCESS, guids.FRESH_PROCESS]
    await door.data(aliases("qualityProcess", "QualityProcess", two, count=50))
    assert sorted(door.calls) == sorted(f"GET /qualityprocesses/{guid}" for guid in two)


async def test_what_the_list_misses_is_read_singly(door, ten_tickets):
    asked = [*ten_tickets[:3], "UNKNOWN1", "UNKNOWN2"]
    await door.data(aliases("ticket", "Ticket", asked))
    assert door.calls[0] == ALL_TICKETS
    assert sorted(door.calls[1:]) == ["GET /tickets/UNKNOWN1", "GET /tickets/UNKNOWN2"]


async def test_a_workspace_too_big_for_the_list_pays_for_it_once(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/tickets", 1000))) as door:
        three = await guids_in(door, "/tickets?limit=3")
        singles = sorted(f"GET /tickets/{guid}" for guid in three)
        await door.data(aliases("ticket", "Ticket", three))
        assert door.calls[0] == ALL_TICKETS
        assert sorted(door.calls[1:]) == singles
        door.calls.clear()
        await door.data(aliases("ticket", "Ticket", three))
        assert sorted(door.calls) == singles


async def test_what_is_learned_of_tickets_says_nothing_of_processes(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/tickets", 1000))) as door:
        await door.data(aliases("ticket", "Ticket", await guids_in(door, "/tickets?limit=3")))
        door.calls.clear()
        processes = await guids_in(door, "/qualityprocesses?limit=3")
        await door.data(aliases("qualityProcess", "QualityProcess", processes))
        assert door.calls == [ALL_PROCESSES]


async def test_what_is_learned_of_one_session_says_nothing_of_another(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/tickets", 1000))) as door:
        three = await guids_in(door, "/tickets?limit=3")
        await door.data(aliases("ticket", "Ticket", three))
        await door.become("member")
        door.calls.clear()
        await door.data(aliases("ticket", "Ticket", three))
        assert door.calls[0] == ALL_TICKETS


async def test_a_full_page_that_holds_all_rows_asked_for_is_asked_again_next_time(opened):
    async with opened(wrap=answering(lambda request: big_list(request, "/tickets", 1000))) as door:
        document = aliases("ticket", "Ticket", ["ROW1", "ROW2", "ROW399"])
        await door.data(document)
        await door.data(document)
        assert door.calls == [ALL_TICKETS, ALL_TICKETS]


async def test_a_list_that_is_forbidden_does_not_forbid_the_single_reads(opened):
    def forbid_list(request):
        is_list = request.url.path.endswith("/tickets")
        return httpx.Response(403, json={"status": 403, "errors": [{"code": 3086}]}) if is_list else None

    async with opened(wrap=answering(forbid_list)) as door:
        three = await guids_in(door, "/tickets?limit=3")
        data = await door.data(aliases("ticket", "Ticket", three))
        assert [data[f"a{number}"]["guid"] for number in range(3)] == three
        assert len(door.calls) == 4


async def test_a_list_of_four_hundred_is_the_list_that_single_reads_look_into(door):
    three = [ticket_guids.PAINT_TICKET, ticket_guids.COMPLETE_TICKET, "UNKNOWN"]
    await door.data("{ tickets(first: 400) { nodes { number } } " + aliases("ticket", "Ticket", three)[1:])
    assert door.calls == [ALL_TICKETS, "GET /tickets/UNKNOWN"]


async def test_a_read_that_fails_is_not_made_again_for_another_alias(door):
    await door.data(aliases("ticket", "Ticket", ["UNKNOWN"], count=5))
    assert door.calls == ["GET /tickets/UNKNOWN"]


async def test_the_report_tells_the_calls_made_and_saved(door, ten_tickets):
    answer = await door.post(aliases("ticket", "Ticket", ten_tickets, count=50))
    report = answer.json()["extensions"]["upstream"]
    assert (report["calls"], report["saved"]) == (1, 49)
