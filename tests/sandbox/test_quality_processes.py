import pytest
from arena_caller import refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

PROCESSES = "/qualityprocesses"
RICH = f"{PROCESSES}/{guids.RICH_PROCESS}"


async def numbers(arena, **query):
    return [row["number"] for row in (await arena.read(PROCESSES, limit=400, **query))["results"]]


async def test_a_process_has_every_field_of_its_page(arena):
    process = await arena.read(RICH)
    owner = {"email": "owner@sandbox.test", "fullName": "Ingrid Solberg", "guid": guids.OWNER}
    assert process.pop("additionalAttributes")[2] == {
        "apiName": guids.PRODUCT_LINES,
        "fieldType": "DROP_DOWN",
        "guid": guids.PRODUCT_LINES,
        "name": "Product lines",
        "value": ["Aurora", "Polaris"],
    }
    assert process.pop("creator")["fullName"] == "Zoë Müller-Lüdenscheidt"
    assert process == {
        "completedDateTime": None,
        "creationDateTime": "2025-09-01T14:05:07Z",
        "currentStep": {"approvals": None, "attributes": None, "guid": guids.ASSIGNED_STEP},
        "description": "Bezels of lots 2417–2431 show hairline cracks at −40 °C. Customers in Tromsø noticed first.",
        "guid": guids.RICH_PROCESS,
        "name": "Aurora bezels crack after thermal cycling",
        "number": "CAPA-000001",
        "owner": owner,
        "status": "OPEN",
        "statusMode": "MANUAL",
        "targetCompletionDateTime": "2025-11-01T06:59:59Z",
        "template": {"active": None, "guid": guids.CAPA_TEMPLATE},
        "type": "Product",
    }


async def test_possible_values_come_on_request(arena):
    plain = (await arena.read(RICH))["additionalAttributes"][2]
    asked = (await arena.read(RICH, includePossibleValues="true"))["additionalAttributes"][2]
    assert asked == plain | {"possibleValues": ["Aurora", "Borealis", "Polaris"]}


async def test_an_unknown_process_is_refused(arena):
    assert refusal(await arena.get(f"{PROCESSES}/NOPE")) == (400, 3011)


async def test_the_list_has_twenty_rows_unless_told_otherwise(arena):
    answer = await arena.read(PROCESSES)
    assert (answer["count"], len(answer["results"])) == (20, 20)
    assert answer["results"][0] == await arena.read(RICH)


async def test_count_is_the_rows_of_the_page(arena):
    assert (await arena.read(PROCESSES, limit=400))["count"] == 36
    assert (await arena.read(PROCESSES, limit=20, offset=30))["count"] == 6
    assert await arena.read(PROCESSES, offset=400) == {"count": 0, "results": []}


async def test_pages_follow_each_other(arena):
    pages = [await arena.read(PROCESSES, limit=7, offset=offset) for offset in range(0, 36, 7)]
    assert [row["number"] for page in pages for row in page["results"]] == await numbers(arena)


@pytest.mark.parametrize(
    "query",
    [{"limit": limit} for limit in ("0", "401", "-1", "ten", "", "1.5", "٣", "9" * 5000)]
    + [{"offset": offset} for offset in ("-1", "x", "99999999999")],
)
async def test_a_page_out_of_range_is_refused(arena, query):
    assert refusal(await arena.get(PROCESSES, **query)) == (400, 3041)


async def test_an_unknown_filter_is_refused(arena):
    assert refusal(await arena.get(PROCESSES, guid=guids.RICH_PROCESS)) == (400, 3019)
    assert refusal(await arena.get(PROCESSES, assignee="x")) == (400, 3019)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"number": "8D-000001"}, ["8D-000001"]),
        ({"number": "8D-00000"}, []),
        ({"number": "8D*"}, ["8D-000001", "8D-000002", "8D-000003", "8D-000004"]),
        ({"number": "*-000004", "type": "Process"}, ["CAPA-000004"]),
        ({"name": "*µ*"}, ["CAPA-000002", "NCR-000006"]),
        ({"name": "« L’écran reste noir »: display stays black"}, ["CMP-000001"]),
        ({"name": "?urrs*"}, []),
        ({"description": "*Tromsø*"}, ["CAPA-000001"]),
        ({"type": "Software"}, ["CAPA-000005"]),
        ({"owner.fullName": "Zoë*"}, ["NCR-000003"]),
        ({"creator.fullName": "Zoë*", "template.guid": guids.CAPA_TEMPLATE}, ["CAPA-000001"]),
        ({"status": "CANCELED"}, ["NCR-000009"]),
        ({"status": "IN_PROGRESS"}, []),
        ({"any": "DISPLAY"}, ["CMP-000001", "8D-000003"]),
        ({"any": "100%"}, []),
    ],
)
async def test_filters_are_exact_but_for_stars(arena, query, expected):
    assert await numbers(arena, **query) == expected


async def test_a_status_can_be_excluded(arena):
    completed = await numbers(arena, status="COMPLETED")
    assert completed[:2] == ["NCR-000002", "CAPA-000003"]
    assert sorted(completed + await numbers(arena, status="!COMPLETED")) == sorted(await numbers(arena))


async def test_a_status_that_is_none_is_refused(arena):
    assert refusal(await arena.get(PROCESSES, status="COMPLETE")) == (400, 3006)


async def test_owner_and_creator_are_found_by_guid(arena):
    everything = (await arena.read(PROCESSES, limit=400))["results"]
    creator = everything[0]["creator"]["guid"]
    assert await numbers(arena, **{"creator.guid": creator}) == [
        row["number"] for row in everything if row["creator"]["guid"] == creator
    ]
    assert await numbers(arena, **{"owner.guid": guids.MEMBER}) == []


async def test_filters_are_anded(arena):
    query = {"number": "CAPA*", "status": "COMPLETED"}
    assert await numbers(arena, **query) == ["CAPA-000003"]


async def test_an_attribute_is_found_by_its_guid(arena):
    attributes = {row["name"]: row["guid"] for row in (await arena.read(RICH))["additionalAttributes"]}
    customer, site = attributes["Customer"], attributes["Site"]
    ráfaga = await numbers(arena, **{customer: "Ráfaga*"})
    assert ráfaga == (await numbers(arena))[3::4]
    assert await numbers(arena, **{attributes["Estimated cost"]: "830.5"}) == (await numbers(arena))[2::4]
    assert len(await numbers(arena, **{site: "Tromsø;Kraków"})) == 18
    assert len(await numbers(arena, **{guids.PRODUCT_LINES: "Polaris"})) == 18


async def test_a_new_process_takes_number_steps_and_owner_from_its_template(arena):
    body = {"name": "Lid does not close", "template": {"guid": guids.CAPA_TEMPLATE}}
    answer = await arena.post(PROCESSES, body)
    process = answer.json()
    assert answer.status_code == 201
    assert process == await arena.read(f"{PROCESSES}/{process['guid']}")
    assert (process["number"], process["status"], process["statusMode"]) == ("CAPA-000009", "OPEN", "MANUAL")
    assert (process["owner"]["guid"], process["creator"]["guid"]) == (guids.OWNER, guids.OWNER)
    assert (process["description"], process["type"], process["targetCompletionDateTime"]) == (None,) * 3
    assert process["creationDateTime"] == "2026-05-12T09:30:00Z"
    steps = (await arena.read(f"{PROCESSES}/{process['guid']}/steps"))["results"]
    assert [step["status"] for step in steps] == ["OPEN"] * 8
    assert process["currentStep"]["guid"] == steps[0]["guid"]
    decisions = await arena.read(f"{PROCESSES}/{process['guid']}/steps/{steps[7]['guid']}/decisions")
    assert [row["decision"] for row in decisions["results"]] == [None, None]


async def test_a_new_process_takes_what_it_is_given(arena):
    formats = (await arena.read("/settings/qualityprocesses/numberformats"))["results"]
    prefix = next(row["prefixes"][0] for row in formats if row["prefixes"][0]["value"] == "NCR-")
    body = {
        "name": "Späne im Gehäuse",
        "template": {"guid": guids.CAPA_TEMPLATE, "numberFormat": {"prefix": {"guid": prefix["guid"]}}},
        "description": "Chips",
        "owner": {"guid": guids.MEMBER},
        "type": "Process",
        "targetCompletionDateTime": "2026-06-30T12:00:00+02:00",
        "additionalAttributes": [{"guid": guids.PRODUCT_LINES, "value": ["Borealis"]}],
    }
    process = (await arena.post(PROCESSES, body)).json()
    assert (process["number"], process["description"], process["type"]) == ("NCR-000010", "Chips", "Process")
    assert process["owner"]["guid"] == guids.MEMBER
    assert process["targetCompletionDateTime"] == "2026-06-30T10:00:00Z"
    values = [row["value"] for row in process["additionalAttributes"]]
    assert values == [None, None, ["Borealis"], None]


CAPA = {"guid": guids.CAPA_TEMPLATE}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"template": CAPA}, 3001),
        ({"name": "x"}, 3001),
        ({"name": "x" * 201, "template": CAPA}, 3003),
        ({"name": "x", "description": "x" * 4001, "template": CAPA}, 3003),
        ({"name": "x", "template": {"guid": "NOPE"}}, 3011),
        ({"name": "x", "template": {"guid": guids.INACTIVE_TEMPLATE}}, 3087),
        ({"name": "x", "template": CAPA | {"numberFormat": {"prefix": {"guid": "NOPE"}}}}, 3177),
        ({"name": "x", "template": CAPA, "owner": {"guid": "NOPE"}}, 3011),
        ({"name": "x", "template": CAPA, "colour": "red"}, 3004),
        ({"name": "x", "template": CAPA, "number": "CAPA-1"}, 3031),
        ({"name": "x", "template": CAPA, "targetCompletionDateTime": "soon"}, 3003),
        ({"name": "x", "template": CAPA, "additionalAttributes": [{"guid": "NOPE", "value": 1}]}, 3004),
    ],
)
async def test_a_process_that_cannot_be_created_is_refused(arena, body, code):
    assert refusal(await arena.post(PROCESSES, body)) == (400, code)
    assert len(await numbers(arena)) == 36
    assert (await arena.post(PROCESSES, {"name": "y", "template": CAPA})).json()["number"] == "CAPA-000009"


async def test_a_template_without_a_default_owner_needs_one_in_the_body(arena):
    templates = (await arena.read("/settings/qualityprocesses/templates", name="Deviation*"))["results"]
    body = {"name": "x", "template": {"guid": templates[0]["guid"]}}
    assert refusal(await arena.post(PROCESSES, body)) == (400, 400)
    assert (await arena.post(PROCESSES, body | {"owner": {"guid": guids.OWNER}})).status_code == 201


async def test_an_update_changes_what_is_sent_and_nothing_else(arena):
    before = await arena.read(RICH)
    body = {"name": "Bezels", "additionalAttributes": [{"guid": guids.PRODUCT_LINES, "value": []}]}
    answer = await arena.put(RICH, body)
    assert (answer.status_code, answer.json()) == (201, await arena.read(RICH))
    before["name"] = "Bezels"
    before["additionalAttributes"][2]["value"] = []
    assert answer.json() == before


async def test_nulls_are_ignored_unless_they_are_meant(arena):
    body = {"description": None, "type": None, "targetCompletionDateTime": None}
    before = await arena.read(RICH)
    assert (await arena.put(RICH, body)).json() == before
    assert (await arena.put(RICH, body, setnull="true")).json() == before | body


async def test_a_name_cannot_be_cleared(arena):
    assert refusal(await arena.put(RICH, {"name": None}, setnull="true")) == (400, 3001)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"number": "CAPA-7"}, 3032),
        ({"status": "COMPLETED"}, 3032),
        ({"colour": "red"}, 3004),
        ({"name": 7}, 3003),
        ({"owner": {"guid": "NOPE"}}, 3011),
        ({"owner": {"guid": ""}}, 3098),
        ({"name": "Changed", "additionalAttributes": [{"guid": guids.PRODUCT_LINES, "value": ["Sol"]}]}, 3006),
        ({"name": "Changed", "additionalAttributes": [{"guid": guids.PRODUCT_LINES, "value": "Aurora"}]}, 3003),
    ],
)
async def test_an_update_that_cannot_be_made_is_refused_and_changes_nothing(arena, body, code):
    before = await arena.read(RICH)
    assert refusal(await arena.put(RICH, body)) == (400, code)
    assert await arena.read(RICH) == before


async def test_a_disabled_user_cannot_become_the_owner(arena):
    [soren] = (await arena.read("/settings/users", enabled="false"))["results"]
    assert refusal(await arena.put(RICH, {"owner": {"guid": soren["guid"]}})) == (400, 3203)


async def test_a_deleted_process_is_gone_with_its_steps(arena):
    answer = await arena.delete(RICH)
    assert (answer.status_code, answer.content) == (204, b"")
    assert refusal(await arena.get(RICH)) == (400, 3011)
    assert refusal(await arena.get(f"{RICH}/steps")) == (400, 3011)
    assert refusal(await arena.delete(RICH)) == (400, 3011)


async def test_the_viewer_changes_no_process(arena):
    await arena.log_in("viewer")
    before = await arena.read(RICH)
    assert refusal(await arena.put(RICH, {"name": "x"})) == (403, 3024)
    assert refusal(await arena.delete(RICH)) == (403, 3024)
    assert refusal(await arena.post(PROCESSES, {"name": "x", "template": CAPA})) == (403, 3024)
    assert await arena.read(RICH) == before
