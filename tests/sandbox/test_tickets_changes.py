import pytest
from arena_caller import refusal

from sandbox.arena.story import guids
from sandbox.arena.story.ticket_guids import (
    COMPLETE_TICKET,
    COMPONENTS,
    DEFECTS,
    DEFECTS_IN_PROGRESS,
    EFFORT,
    FIELD_REPORTS,
    IMPROVEMENT_TICKET,
    IMPROVEMENTS,
    IN_PROGRESS_TICKET,
    LABELS,
    MAIN_COMPONENT,
    MARKETS,
    NOT_STARTED_TICKET,
    PAINT_TICKET,
    RETIRED_TEMPLATE,
)

pytestmark = pytest.mark.anyio

UNKNOWN = "ZZZZZZZZZZZZZZZZZZZZ"
NOW = "2026-05-12T09:30:00Z"


async def change_status(arena, guid, status):
    return await arena.post("/tickets/statuschanges", {"ticket": {"guid": guid}, "status": status})


async def test_the_page_s_ticket_is_started(arena):
    answer = await change_status(arena, PAINT_TICKET, "IN_PROGRESS")

    assert answer.status_code == 201
    assert answer.json()["status"] == {"guid": DEFECTS_IN_PROGRESS, "value": "In Progress"}
    assert answer.json()["modifyDateTime"] == NOW
    assert answer.json() == await arena.read(f"/tickets/{PAINT_TICKET}")


@pytest.mark.parametrize("ticket", [NOT_STARTED_TICKET, IN_PROGRESS_TICKET, COMPLETE_TICKET])
@pytest.mark.parametrize(
    ("status", "label"), [("NOT_STARTED", "Not Started"), ("IN_PROGRESS", "In Progress"), ("COMPLETE", "Complete")]
)
async def test_any_status_may_follow_any_other(arena, ticket, status, label):
    answer = await change_status(arena, ticket, status)

    assert answer.status_code == 201
    assert (await arena.read(f"/tickets/{ticket}"))["status"]["value"] == label


async def test_the_present_status_again_changes_nothing(arena):
    before = await arena.read(f"/tickets/{COMPLETE_TICKET}")

    answer = await change_status(arena, COMPLETE_TICKET, "COMPLETE")

    assert answer.status_code == 201
    assert answer.json() == before
    assert await arena.read(f"/tickets/{COMPLETE_TICKET}") == before


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"ticket": {"guid": PAINT_TICKET}, "status": "In Progress"}, 3006),
        ({"ticket": {"guid": PAINT_TICKET}, "status": "COMPLETED"}, 3006),
        ({"ticket": {"guid": PAINT_TICKET}, "status": ["COMPLETE"]}, 3006),
        ({"ticket": {"guid": PAINT_TICKET}}, 3001),
        ({"ticket": {"guid": PAINT_TICKET}, "status": "COMPLETE", "comment": "x"}, 3004),
        ({"ticket": {"guid": UNKNOWN}, "status": "COMPLETE"}, 3011),
        ({"ticket": {"guid": ""}, "status": "COMPLETE"}, 3098),
        ({"ticket": {}, "status": "COMPLETE"}, 3098),
        ({"ticket": PAINT_TICKET, "status": "COMPLETE"}, 3003),
        ({"status": "COMPLETE"}, 3001),
        ({}, 3001),
    ],
)
async def test_a_status_change_that_cannot_be_read_is_refused(arena, body, code):
    before = await arena.read(f"/tickets/{PAINT_TICKET}")

    assert refusal(await arena.post("/tickets/statuschanges", body)) == (400, code)
    assert await arena.read(f"/tickets/{PAINT_TICKET}") == before


async def test_who_may_not_change_tickets_is_refused(arena):
    await arena.log_in("viewer")
    before = await arena.read(f"/tickets/{PAINT_TICKET}")

    assert refusal(await change_status(arena, PAINT_TICKET, "COMPLETE")) == (403, 3085)
    assert refusal(await arena.put(f"/tickets/{PAINT_TICKET}", {"title": "x"})) == (403, 3085)
    assert refusal(await arena.delete(f"/tickets/{PAINT_TICKET}")) == (403, 3085)
    assert refusal(await arena.post("/tickets", {"template": {"guid": DEFECTS}, "title": "x"})) == (403, 3085)
    assert await arena.read(f"/tickets/{PAINT_TICKET}") == before


async def test_a_new_ticket_is_not_started_and_numbered(arena):
    answer = await arena.post("/tickets", {"template": {"guid": DEFECTS}, "title": "Größe falsch"})

    assert answer.status_code == 201
    ticket = answer.json()
    assert ticket["number"] == "DEF-000071"
    assert ticket["status"]["value"] == "Not Started"
    assert ticket["creator"]["guid"] == guids.OWNER
    assert ticket["assignee"] is None
    assert ticket["description"] == ""
    assert ticket["creationDateTime"] == ticket["modifyDateTime"] == NOW
    assert [attribute["value"] for attribute in ticket["additionalAttributes"]] == [None, None]
    assert await arena.read(f"/tickets/{ticket['guid']}") == ticket


async def test_a_new_ticket_takes_every_field(arena):
    body = {
        "template": {"guid": FIELD_REPORTS},
        "title": "Snow in the housing",
        "numberSequencePrefix": {"value": "FLDX-"},
        "description": "<p>−20 °C</p>",
        "assignee": {"guid": guids.ASSIGNEE},
        "priority": "High",
        "fixVersion": "5.0",
        "foundOn": "4.9",
        "additionalAttributes": [
            {"guid": MAIN_COMPONENT, "value": "Housing"},
            {"guid": MARKETS, "value": ["Europe", "Asia"]},
        ],
    }

    ticket = (await arena.post("/tickets", body)).json()

    assert ticket["number"] == "FLDX-000001"
    assert ticket["assignee"]["guid"] == guids.ASSIGNEE
    assert [attribute["value"] for attribute in ticket["additionalAttributes"]] == ["Housing", ["Europe", "Asia"]]
    for name in ("title", "description", "priority", "fixVersion", "foundOn"):
        assert ticket[name] == body[name]


async def test_a_number_of_one_s_own_is_taken_once(arena):
    body = {"template": {"guid": IMPROVEMENTS}, "title": "x", "number": "IMP-000051"}

    assert (await arena.post("/tickets", body)).json()["number"] == "IMP-000051"
    assert refusal(await arena.post("/tickets", body)) == (400, 3454)
    following = await arena.post("/tickets", {"template": {"guid": IMPROVEMENTS}, "title": "x"})
    assert following.json()["number"] == "IMP-000052"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"title": "x"}, 3001),
        ({"template": {"guid": DEFECTS}}, 3001),
        ({"template": {"guid": DEFECTS}, "title": None}, 3001),
        ({"template": {"guid": DEFECTS}, "title": " "}, 3001),
        ({"template": {"guid": DEFECTS}, "title": 7}, 3003),
        ({"template": {"guid": UNKNOWN}, "title": "x"}, 3011),
        ({"template": {"guid": RETIRED_TEMPLATE}, "title": "x"}, 3452),
        ({"template": {"guid": DEFECTS}, "title": "x", "number": "MINE-1"}, 3451),
        ({"template": {"guid": DEFECTS}, "title": "x", "numberSequencePrefix": {"value": "IMP-"}}, 3006),
        ({"template": {"guid": DEFECTS}, "title": "x", "assignee": {"guid": UNKNOWN}}, 3011),
        ({"template": {"guid": DEFECTS}, "title": "x", "priority": "Urgent"}, 3006),
        ({"template": {"guid": IMPROVEMENTS}, "title": "x", "foundOn": "1.0"}, 3004),
        ({"template": {"guid": DEFECTS}, "title": "x", "status": "COMPLETE"}, 3031),
        ({"template": {"guid": DEFECTS}, "title": "x", "colour": "red"}, 3004),
        (
            {"template": {"guid": DEFECTS}, "title": "x", "additionalAttributes": [{"guid": EFFORT, "value": 1}]},
            3004,
        ),
    ],
)
async def test_a_ticket_that_cannot_be_made_is_refused(arena, body, code):
    assert refusal(await arena.post("/tickets", body)) == (400, code)
    assert (await arena.read("/tickets", limit=400))["count"] == 150


async def test_an_edit_changes_the_fields_sent_and_no_others(arena):
    path = f"/tickets/{PAINT_TICKET}"
    before = await arena.read(path)

    answer = await arena.put(path, {"description": "<p>Ränder</p>", "assignee": {"guid": guids.MEMBER}})

    assert answer.status_code == 200
    after = answer.json()
    assert after["description"] == "<p>Ränder</p>"
    assert after["assignee"]["guid"] == guids.MEMBER
    assert after["modifyDateTime"] == NOW
    changed = {"description", "assignee", "modifyDateTime"}
    assert {name for name in after if after[name] != before[name]} == changed
    assert await arena.read(path) == after


async def test_a_null_clears_a_field_only_when_asked(arena):
    path = f"/tickets/{PAINT_TICKET}"

    ignored = await arena.put(path, {"assignee": None, "fixVersion": None})
    assert ignored.json()["assignee"]["guid"] == guids.OWNER
    assert ignored.json()["fixVersion"] == "3.0"

    cleared = await arena.put(path, {"assignee": None, "fixVersion": None}, setnull="true")
    assert cleared.json()["assignee"] is None
    assert cleared.json()["fixVersion"] is None


async def test_attributes_are_edited_by_guid(arena):
    path = f"/tickets/{PAINT_TICKET}"

    answer = await arena.put(path, {"additionalAttributes": [{"guid": LABELS, "value": "Lack"}]})

    values = {attribute["guid"]: attribute["value"] for attribute in answer.json()["additionalAttributes"]}
    assert values == {LABELS: "Lack", COMPONENTS: "Model 3000"}


@pytest.mark.parametrize(
    ("ticket", "body", "query", "code"),
    [
        (COMPLETE_TICKET, {"title": "x"}, {}, 3090),
        (PAINT_TICKET, {"status": "COMPLETE"}, {}, 3032),
        (PAINT_TICKET, {"number": "DEF-000999"}, {}, 3032),
        (PAINT_TICKET, {"template": {"guid": IMPROVEMENTS}}, {}, 3032),
        (PAINT_TICKET, {"colour": "red"}, {}, 3004),
        (PAINT_TICKET, {"title": None}, {"setnull": "true"}, 3001),
        (PAINT_TICKET, {"additionalAttributes": [{"guid": MARKETS, "value": ["Asia"]}]}, {}, 3004),
        (PAINT_TICKET, {"title": "y", "priority": "Urgent"}, {}, 3006),
        (IMPROVEMENT_TICKET, {"foundOn": "1.0"}, {}, 3004),
        (IMPROVEMENT_TICKET, {"additionalAttributes": [{"guid": MARKETS, "value": ["Mars"]}]}, {}, 3006),
    ],
)
async def test_an_edit_that_cannot_be_made_is_refused(arena, ticket, body, query, code):
    before = await arena.read(f"/tickets/{ticket}")

    assert refusal(await arena.put(f"/tickets/{ticket}", body, **query)) == (400, code)
    assert await arena.read(f"/tickets/{ticket}") == before


async def test_a_ticket_nobody_needs_is_deleted(arena):
    created = await arena.post("/tickets", {"template": {"guid": DEFECTS}, "title": "x"})
    path = f"/tickets/{created.json()['guid']}"

    answer = await arena.delete(path)

    assert answer.status_code == 204
    assert answer.content == b""
    assert refusal(await arena.get(path)) == (400, 3011)


@pytest.mark.parametrize(("ticket", "code"), [(PAINT_TICKET, 3450), (COMPLETE_TICKET, 3459), (UNKNOWN, 3011)])
async def test_a_ticket_in_use_is_not_deleted(arena, ticket, code):
    assert refusal(await arena.delete(f"/tickets/{ticket}")) == (400, code)
    assert (await arena.read("/tickets", limit=400))["count"] == 150


async def test_a_ticket_another_refers_to_is_not_deleted(arena):
    created = (await arena.post("/tickets", {"template": {"guid": DEFECTS}, "title": "x"})).json()
    await arena.post(f"/tickets/{PAINT_TICKET}/tickets", {"ticket": {"guid": created["guid"]}})

    assert refusal(await arena.delete(f"/tickets/{created['guid']}")) == (400, 3450)
