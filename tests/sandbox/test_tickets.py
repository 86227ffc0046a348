import pytest
from arena_caller import refusal

from sandbox.arena.story import guids
from sandbox.arena.story.ticket_guids import (
    COMPONENTS,
    DEFECTS,
    IMPROVEMENT_TICKET,
    LABELS,
    MAIN_COMPONENT,
    MARKETS,
    PAINT_TICKET,
    UNASSIGNED_TICKET,
)

pytestmark = pytest.mark.anyio

UNKNOWN = "ZZZZZZZZZZZZZZZZZZZZ"


async def numbers(arena, **query):
    return [ticket["number"] for ticket in (await arena.read("/tickets", **query))["results"]]


async def test_a_ticket_is_read_as_its_page_prints_it(arena):
    ticket = await arena.read(f"/tickets/{PAINT_TICKET}")

    ingrid = {"email": "owner@sandbox.test", "fullName": "Ingrid Solberg", "guid": guids.OWNER}
    assert ticket == {
        "additionalAttributes": [
            {
                "apiName": LABELS,
                "fieldType": "SINGLE_LINE_TEXT",
                "guid": LABELS,
                "name": "Labels",
                "value": "Model 20000",
            },
            {
                "apiName": COMPONENTS,
                "fieldType": "SINGLE_LINE_TEXT",
                "guid": COMPONENTS,
                "name": "Components",
                "value": "Model 3000",
            },
        ],
        "assignee": ingrid,
        "creationDateTime": "2021-09-07T05:24:08Z",
        "creator": ingrid,
        "description": "",
        "fixVersion": "3.0",
        "foundOn": "2.0",
        "guid": PAINT_TICKET,
        "modifyDateTime": "2021-09-07T05:24:08Z",
        "title": "Paint chipping on new Model 3000",
        "number": "DEF-000004",
        "priority": "Critical",
        "status": {"guid": ticket["status"]["guid"], "value": "Not Started"},
        "template": {"guid": DEFECTS, "name": "Defects"},
    }


async def test_found_on_is_absent_where_the_template_lacks_it(arena):
    assert "foundOn" not in await arena.read(f"/tickets/{IMPROVEMENT_TICKET}")


async def test_an_unassigned_ticket_has_a_null_assignee(arena):
    assert (await arena.read(f"/tickets/{UNASSIGNED_TICKET}"))["assignee"] is None


async def test_empty_attributes_are_there_with_a_null(arena):
    ticket = await arena.read(f"/tickets/{UNASSIGNED_TICKET}")

    assert {attribute["name"]: attribute["value"] for attribute in ticket["additionalAttributes"]} == {
        "Labels": None,
        "Components": "Sensor head",
    }


async def test_the_same_status_has_another_guid_in_another_template(arena):
    defects = await arena.read("/tickets", number="DEF-*", status="COMPLETE", limit=1)
    improvements = await arena.read("/tickets", number="IMP-*", status="COMPLETE", limit=1)

    [defect], [improvement] = defects["results"], improvements["results"]
    assert defect["status"]["value"] == improvement["status"]["value"] == "Complete"
    assert defect["status"]["guid"] != improvement["status"]["guid"]


async def test_an_unknown_ticket_cannot_be_read(arena):
    assert refusal(await arena.get(f"/tickets/{UNKNOWN}")) == (400, 3011)


async def test_a_list_holds_what_single_reads_hold(arena):
    [ticket] = (await arena.read("/tickets", number="DEF-000004"))["results"]

    assert ticket == await arena.read(f"/tickets/{PAINT_TICKET}")


async def test_a_list_is_twenty_long_unless_asked(arena):
    page = await arena.read("/tickets")

    assert page["count"] == 20
    assert [ticket["number"] for ticket in page["results"]] == [f"DEF-{number:06d}" for number in range(1, 21)]


async def test_pages_add_up_to_all_tickets_once(arena):
    pages = [await numbers(arena, limit=40, offset=offset) for offset in (0, 40, 80, 120, 160)]

    assert [len(page) for page in pages] == [40, 40, 40, 30, 0]
    assert len({number for page in pages for number in page}) == 150


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 401}, {"limit": "x"}, {"offset": -1}])
async def test_a_page_out_of_range_is_refused(arena, query):
    assert refusal(await arena.get("/tickets", **query)) == (400, 3041)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"number": "DEF-000004"}, 1),
        ({"number": "DEF-00000"}, 0),
        ({"number": "DEF-00000*"}, 9),
        ({"title": "*Tromsø"}, 10),
        ({"title": "*Tromsø", "number": "FLD-00000*"}, 9),
        ({"template.guid": DEFECTS}, 70),
        ({"template.guid": UNKNOWN}, 0),
        ({LABELS: "Model 20000"}, 1),
        ({LABELS: "Model*"}, 1),
        ({MAIN_COMPONENT: "Display;Housing"}, 12),
        ({MARKETS: "Asia"}, 22),
    ],
)
async def test_filters_are_exact_but_for_wildcards(arena, query, count):
    assert len(await numbers(arena, limit=400, **query)) == count


@pytest.mark.parametrize(
    ("status", "label"), [("NOT_STARTED", "Not Started"), ("IN_PROGRESS", "In Progress"), ("COMPLETE", "Complete")]
)
async def test_a_status_is_asked_for_by_name_and_answered_by_label(arena, status, label):
    page = await arena.read("/tickets", status=status, limit=400)

    assert page["count"] > 20
    assert {ticket["status"]["value"] for ticket in page["results"]} == {label}


@pytest.mark.parametrize("status", ["!COMPLETE", "In Progress", "OPEN", "*"])
async def test_a_status_that_is_none_is_refused(arena, status):
    assert refusal(await arena.get("/tickets", status=status)) == (400, 3006)


@pytest.mark.parametrize("name", ["guid", "assignee.guid", "modifyDateTime", guids.PROBLEM_STATEMENT])
async def test_an_unknown_filter_is_refused(arena, name):
    assert refusal(await arena.get("/tickets", **{name: "x"})) == (400, 3019)


async def test_templates_are_listed_with_their_numbering(arena):
    templates = (await arena.read("/settings/tickets/templates"))["results"]

    assert [(template["name"], template["active"]) for template in templates] == [
        ("Complaints on Paper", False),
        ("Defects", True),
        ("Field Reports", True),
        ("Improvements", True),
    ]
    assert [prefix["value"] for prefix in templates[2]["defaultNumberSequence"]["prefixes"]] == ["FLD-", "FLDX-"]


async def test_templates_are_filtered(arena):
    active = await arena.read("/settings/tickets/templates", active="true", name="*e*s")

    assert [template["name"] for template in active["results"]] == ["Defects", "Field Reports", "Improvements"]
    assert refusal(await arena.get("/settings/tickets/templates", description="x")) == (400, 3019)


async def test_a_template_names_its_attributes(arena):
    path = f"/settings/tickets/templates/{DEFECTS}"

    assert (await arena.read(path))["name"] == "Defects"
    attributes = (await arena.read(path + "/attributes"))["results"]
    assert [attribute["name"] for attribute in attributes] == ["Labels", "Components"]


async def test_attributes_tell_their_options_when_asked(arena):
    attributes = (await arena.read("/settings/tickets/attributes", includePossibleValues="true"))["results"]

    [markets] = [attribute for attribute in attributes if attribute["guid"] == MARKETS]
    assert markets["possibleValues"] == ["Europe", "North America", "Asia"]


async def test_number_sequences_and_prefixes_are_listed(arena):
    sequences = (await arena.read("/settings/tickets/numbersequences"))["results"]
    prefixes = (await arena.read("/settings/tickets/numbersequenceprefixes"))["results"]

    assert [sequence["name"] for sequence in sequences] == ["Defects", "Field Reports", "Improvements"]
    assert [prefix["value"] for prefix in prefixes] == ["DEF-", "FLD-", "FLDX-", "IMP-"]
    path = f"/settings/tickets/numbersequences/{sequences[0]['guid']}"
    assert await arena.read(path) == sequences[0]
