import pytest
from arena_caller import refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

STEPS = f"/qualityprocesses/{guids.RICH_PROCESS}/steps"
ASSIGNED = f"{STEPS}/{guids.ASSIGNED_STEP}"


async def test_the_list_has_all_steps_in_order_whatever_the_paging(arena):
    answer = await arena.read(STEPS)
    assert answer["count"] == 8
    assert [step["order"] for step in answer["results"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert await arena.read(STEPS, limit=400, offset=0) == answer


async def test_a_regular_step_has_every_field_of_its_page(arena):
    step = await arena.read(ASSIGNED)
    [attribute] = step.pop("attributes")
    assert (attribute["name"], attribute["fieldType"]) == ("Root cause", "RICH_TEXT")
    assert attribute["value"] == "<p>Regrind share of the resin was <b>35 %</b> instead of 15 %.</p>"
    user = {"email": "assignee@sandbox.test", "fullName": "Tomás Ibáñez", "guid": guids.ASSIGNEE}
    assert step == {
        "assignee": {
            "deprecated": True,
            "fullName": "Tomás Ibáñez",
            "guid": guids.ASSIGNEE,
            "note": "Use assignees instead.",
        },
        "assignees": {"users": [user]},
        "completeDateTime": None,
        "completeUser": None,
        "dueDateTime": "2025-10-05T06:59:59Z",
        "guid": guids.ASSIGNED_STEP,
        "name": "Root cause analysis",
        "order": 4,
        "status": "OPEN",
        "type": "REGULAR",
    }


async def test_values_are_text_numbers_flags_and_lists(arena):
    done = (await arena.read(f"/qualityprocesses/{guids.COMPLETED_PROCESS}/steps"))["results"]
    values = {row["name"]: row["value"] for step in done for row in step.get("attributes", [])}
    assert values["Quantity affected"] == 3
    assert values["Stock segregated"] is True
    audit = (await arena.read("/qualityprocesses", number="AUD-000002"))["results"][0]
    await arena.log_in("assignee")
    step = (await arena.read(f"/qualityprocesses/{audit['guid']}/steps"))["results"][1]
    answer = await arena.put(
        f"/qualityprocesses/{audit['guid']}/steps/{step['guid']}",
        {"attributes": [{"guid": guids.ROOT_CAUSE_CATEGORIES, "value": ["Method", "People"]}]},
    )
    assert answer.json()["attributes"][1]["value"] == ["Method", "People"]


async def test_a_group_assignee_comes_with_its_members(arena):
    step = await arena.step(guids.RICH_PROCESS, guids.GROUP_STEP)
    [group] = step["assignees"]["userGroups"]
    assert (group["guid"], group["name"]) == (guids.QUALITY_ENGINEERS, "Quality Engineers")
    assert [user["fullName"] for user in group["users"]] == [
        "Tomás Ibáñez",
        "Zoë Müller-Lüdenscheidt",
        "Łukasz Wójcik",
    ]
    assert step["assignee"] is None


async def test_an_unassigned_step_has_no_assignees(arena):
    assert (await arena.step(guids.RICH_PROCESS, guids.UNASSIGNED_STEP))["assignees"] is None


async def test_a_sign_off_step_has_approvals_once_all_have_decided(arena):
    approved = await arena.step(guids.RICH_PROCESS, guids.APPROVED_STEP)
    assert [row["fullName"] for row in approved["approvals"]] == ["Hương Nguyễn Thị"]
    assert approved["allowOwnerToAddApprovers"] is True
    assert "attributes" not in approved
    assert (await arena.step(guids.RICH_PROCESS, guids.PENDING_STEP))["approvals"] is None


async def test_empty_attributes_come_on_request(arena):
    filled = (await arena.read(ASSIGNED))["attributes"]
    everything = (await arena.read(ASSIGNED, includeEmptyAdditionalAttributes="true"))["attributes"]
    assert everything[:1] == filled
    assert (everything[1]["guid"], everything[1]["value"]) == (guids.ROOT_CAUSE_CATEGORIES, None)


async def test_unknown_steps_are_refused(arena):
    assert refusal(await arena.get(f"{STEPS}/NOPE")) == (400, 3011)
    assert refusal(await arena.get("/qualityprocesses/NOPE/steps")) == (400, 3011)
    assert refusal(await arena.get(f"{STEPS}/{guids.FRESH_STEP}")) == (400, 3011)


async def test_a_due_date_ends_its_pacific_day(arena):
    summer = await arena.put(ASSIGNED, {"dueDateTime": "2026-06-30T12:00:00Z"})
    assert (summer.status_code, summer.json()["dueDateTime"]) == (201, "2026-07-01T06:59:59Z")
    winter = await arena.put(ASSIGNED, {"dueDateTime": "2026-12-01T05:00:00Z"})
    assert winter.json()["dueDateTime"] == "2026-12-01T07:59:59Z"
    assert (await arena.put(ASSIGNED, {"dueDateTime": "2026-12-01T07:59:59Z"})).json() == winter.json()


async def test_a_due_date_is_cleared_only_when_that_is_meant(arena):
    body = {"dueDateTime": None}
    assert (await arena.put(ASSIGNED, body)).json()["dueDateTime"] == "2025-10-05T06:59:59Z"
    assert (await arena.put(ASSIGNED, body, setnull="true")).json()["dueDateTime"] is None


async def test_an_updated_step_answers_short_attributes(arena):
    change = {"guid": guids.ROOT_CAUSE_CATEGORIES, "value": ["Machine"]}
    answer = await arena.put(ASSIGNED, {"attributes": [change]})
    assert answer.status_code == 201
    assert answer.json()["attributes"][1] == change | {"name": "Root cause categories"}
    assert (await arena.read(ASSIGNED))["attributes"][1]["value"] == ["Machine"]


async def test_a_step_is_assigned_to_a_user(arena):
    body = {"assignees": {"users": [{"guid": guids.MEMBER}]}}
    answer = (await arena.put(f"{STEPS}/{guids.GROUP_STEP}", body)).json()
    assert [user["guid"] for user in answer["assignees"]["users"]] == [guids.MEMBER]
    assert (await arena.step(guids.RICH_PROCESS, guids.GROUP_STEP))["assignees"] == answer["assignees"]
    await arena.log_in("member")
    assert (await arena.change_step(guids.RICH_PROCESS, guids.GROUP_STEP)).status_code == 201


async def test_a_step_is_assigned_to_a_group(arena):
    answer = await arena.put(ASSIGNED, {"assignees": {"userGroups": [{"guid": guids.DOCUMENT_CONTROL}]}})
    assert [group["name"] for group in answer.json()["assignees"]["userGroups"]] == ["Document Control"]
    await arena.log_in("assignee")
    assert refusal(await arena.change_step(guids.RICH_PROCESS, guids.ASSIGNED_STEP)) == (403, 3085)


async def test_a_step_is_unassigned_by_an_empty_list(arena):
    assert (await arena.put(ASSIGNED, {"assignees": {"users": []}})).json()["assignees"] is None


MEMBER = {"guid": guids.MEMBER}
OWNER = {"guid": guids.OWNER}
GROUP = {"guid": guids.QUALITY_ENGINEERS}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"assignee": MEMBER, "assignees": {"users": [MEMBER]}}, 3161),
        ({"assignees": {"users": [MEMBER], "userGroups": [GROUP]}}, 3162),
        ({"assignees": {}}, 3162),
        ({"assignees": {"users": [MEMBER, OWNER]}}, 3163),
        ({"assignees": {"users": [{"guid": "NOPE"}]}}, 3011),
        ({"assignees": {"users": MEMBER}}, 3003),
        ({"assignees": {"people": [MEMBER]}}, 3004),
        ({"additionalAttributes": []}, 3004),
        ({"status": "COMPLETE"}, 3032),
        ({"dueDateTime": "tomorrow"}, 3003),
        ({"dueDateTime": "2026-06-30T12:00:00"}, 3003),
        ({"attributes": [{"guid": "NOPE", "value": "x"}]}, 3004),
        ({"attributes": [{"guid": guids.QUANTITY_AFFECTED, "value": 1}]}, 3004),
        ({"attributes": [{"guid": guids.ROOT_CAUSE_CATEGORIES, "value": ["Weather"]}]}, 3006),
        ({"dueDateTime": "2026-06-30T12:00:00Z", "attributes": [{"guid": "NOPE", "value": "x"}]}, 3004),
    ],
)
async def test_an_update_that_cannot_be_made_is_refused_and_changes_nothing(arena, body, code):
    before = await arena.read(ASSIGNED)
    assert refusal(await arena.put(ASSIGNED, body)) == (400, code)
    assert await arena.read(ASSIGNED) == before


async def test_a_group_that_is_not_assignable_is_refused(arena):
    [partners] = (await arena.read("/settings/usergroups", name="Partners"))["results"]
    body = {"assignees": {"userGroups": [{"guid": partners["guid"]}]}}
    assert refusal(await arena.put(ASSIGNED, body)) == (400, 3164)


@pytest.mark.parametrize("value", ["many", True, [1]])
async def test_a_number_must_be_a_number(arena, value):
    step = f"/qualityprocesses/{guids.FRESH_PROCESS}/steps/{guids.FRESH_STEP}"
    body = {"attributes": [{"guid": guids.QUANTITY_AFFECTED, "value": value}]}
    assert refusal(await arena.put(step, body)) == (400, 3003)


async def test_completed_steps_and_steps_of_completed_processes_are_not_edited(arena):
    body = {"assignees": {"users": [MEMBER]}}
    assert refusal(await arena.put(f"{STEPS}/{guids.COMPLETED_STEP}", body)) == (400, 3173)
    step = f"/qualityprocesses/{guids.COMPLETED_PROCESS}/steps/{guids.OPEN_STEP_OF_COMPLETED_PROCESS}"
    before = await arena.read(step)
    assert refusal(await arena.put(step, body)) == (400, 3172)
    assert await arena.read(step) == before


@pytest.mark.parametrize(("dialect", "code"), [("seed", 3024), ("2023", 3221)])
async def test_the_viewer_edits_no_step(arena, code):
    await arena.log_in("viewer")
    before = await arena.read(ASSIGNED)
    assert refusal(await arena.put(ASSIGNED, {"assignees": {"users": [MEMBER]}})) == (403, code)
    assert await arena.read(ASSIGNED) == before
