import pytest
from arena_caller import refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

STEPS = f"/qualityprocesses/{guids.RICH_PROCESS}/steps"
DECISIONS = f"{STEPS}/{guids.PENDING_STEP}/decisions"
MINE = f"{DECISIONS}/{guids.PENDING_DECISION}"


async def test_pending_decisions_are_listed(arena):
    answer = await arena.read(DECISIONS)
    assert answer["count"] == 2
    assert answer["results"][0] == {
        "comments": None,
        "decision": None,
        "decisionDateTime": None,
        "decisionType": "ALL_REQUIRED",
        "guid": guids.PENDING_DECISION,
        "user": {"email": "owner@sandbox.test", "fullName": "Ingrid Solberg", "guid": guids.OWNER},
    }
    assert await arena.read(MINE) == answer["results"][0]


async def test_taken_decisions_say_when_and_why(arena):
    [decision] = (await arena.read(f"{STEPS}/{guids.APPROVED_STEP}/decisions"))["results"]
    assert (decision["decision"], decision["comments"]) == ("APPROVED", "Looks right to me.")
    assert decision["decisionDateTime"] == "2025-09-13T23:38:07Z"


async def test_regular_steps_have_none(arena):
    path = f"{STEPS}/{guids.ASSIGNED_STEP}/decisions"
    assert refusal(await arena.get(path)) == (400, 3201)
    assert refusal(await arena.post(path, {"decisionType": "OPTIONAL", "user": {"guid": guids.OWNER}})) == (
        400,
        3201,
    )


async def test_an_unknown_decision_is_refused(arena):
    assert refusal(await arena.get(f"{DECISIONS}/NOPE")) == (400, 3011)


async def test_an_approver_decides(arena):
    answer = await arena.put(MINE, {"decision": "REJECTED", "comments": "Nein"})
    assert answer.status_code == 200
    assert answer.json() == await arena.read(MINE)
    assert (answer.json()["decision"], answer.json()["comments"]) == ("REJECTED", "Nein")
    assert answer.json()["decisionDateTime"] == "2026-05-12T09:30:00Z"


async def test_a_step_is_open_until_all_required_approvers_approve(arena):
    await arena.put(MINE, {"decision": "APPROVED"})
    assert (await arena.step(guids.RICH_PROCESS, guids.PENDING_STEP))["status"] == "OPEN"
    other = (await arena.read(DECISIONS))["results"][1]["guid"]
    await arena.log_in("zoe")
    await arena.put(f"{DECISIONS}/{other}", {"decision": "APPROVED"})
    step = await arena.step(guids.RICH_PROCESS, guids.PENDING_STEP)
    assert step["status"] == "COMPLETE"
    assert [row["fullName"] for row in step["approvals"]] == ["Ingrid Solberg", "Zoë Müller-Lüdenscheidt"]


async def test_nobody_decides_for_somebody_else(arena):
    await arena.log_in("member")
    assert refusal(await arena.put(MINE, {"decision": "APPROVED"})) == (403, 3085)
    assert (await arena.read(MINE))["decision"] is None


@pytest.mark.parametrize(
    ("body", "code"), [({}, 3001), ({"decision": "MAYBE"}, 3006), ({"decision": "APPROVED", "x": 1}, 3004)]
)
async def test_what_is_no_decision_is_refused(arena, body, code):
    assert refusal(await arena.put(MINE, body)) == (400, code)
    assert (await arena.read(MINE))["decision"] is None


async def test_a_completed_step_is_not_decided_again(arena):
    await arena.log_in("huong")
    path = f"{STEPS}/{guids.APPROVED_STEP}/decisions"
    [decision] = (await arena.read(path))["results"]
    assert refusal(await arena.put(f"{path}/{decision['guid']}", {"decision": "REJECTED"})) == (400, 3173)
    assert (await arena.read(path))["results"] == [decision]


@pytest.mark.parametrize("approver", [{"user": {"guid": guids.MEMBER}}, {"group": {"guid": guids.QUALITY_ENGINEERS}}])
async def test_the_owner_adds_an_approver(arena, approver):
    answer = await arena.post(DECISIONS, {"decisionType": "ALL_REQUIRED"} | approver)
    assert (answer.status_code, answer.json()) == (201, await arena.read(DECISIONS))
    assert answer.json()["count"] == 3


async def test_a_member_decides_for_a_group(arena):
    body = {"decisionType": "OPTIONAL", "group": {"guid": guids.QUALITY_ENGINEERS}}
    added = (await arena.post(DECISIONS, body)).json()["results"][2]
    await arena.log_in("assignee")
    answer = await arena.put(f"{DECISIONS}/{added['guid']}", {"decision": "COMMENT", "comments": "Bien"})
    assert (answer.json()["decision"], answer.json()["user"]) == ("COMMENTED", None)
    assert answer.json()["group"] == {"guid": guids.QUALITY_ENGINEERS, "name": "Quality Engineers"}


async def test_others_add_no_approver(arena):
    await arena.log_in("member")
    body = {"decisionType": "ALL_REQUIRED", "user": {"guid": guids.MEMBER}}
    assert refusal(await arena.post(DECISIONS, body)) == (403, 3085)
    assert (await arena.read(DECISIONS))["count"] == 2
