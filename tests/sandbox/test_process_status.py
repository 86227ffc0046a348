"""POST /qualityprocesses/statuschanges for whole processes."""

import pytest
from arena_caller import refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

RICH = f"/qualityprocesses/{guids.RICH_PROCESS}"
COMPLETED = f"/qualityprocesses/{guids.COMPLETED_PROCESS}"


async def test_completing_a_process_answers_the_process_itself(arena):
    answer = await arena.change_process(guids.RICH_PROCESS, comment="Good enough")
    assert answer.status_code == 201
    assert answer.json() == await arena.read(RICH)
    assert answer.json()["status"] == "COMPLETED"
    assert answer.json()["completedDateTime"] == "2026-05-12T09:30:00Z"


async def test_completing_a_process_leaves_its_steps_as_they_are(arena):
    await arena.change_process(guids.RICH_PROCESS)
    assert (await arena.step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_reopening_a_process_clears_its_completion(arena):
    answer = await arena.change_process(guids.COMPLETED_PROCESS, complete=False)
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["completedDateTime"]) == ("OPEN", None)


async def test_a_reopened_process_lets_its_steps_be_changed(arena):
    await arena.change_process(guids.COMPLETED_PROCESS, complete=False)
    answer = await arena.change_step(guids.COMPLETED_PROCESS, guids.DONE_STEP_OF_COMPLETED_PROCESS, False)
    assert answer.status_code == 201


@pytest.mark.parametrize(("dialect", "complete_code", "open_code"), [("seed", 3089, 3089), ("2023", 3290, 3291)])
async def test_the_state_a_process_is_in_is_refused(arena, complete_code, open_code):
    before = await arena.read(COMPLETED)
    assert refusal(await arena.change_process(guids.COMPLETED_PROCESS)) == (400, complete_code)
    assert await arena.read(COMPLETED) == before
    assert refusal(await arena.change_process(guids.RICH_PROCESS, complete=False)) == (400, open_code)


async def test_an_administrator_may_complete_a_process(arena):
    await arena.log_in("administrator")
    assert (await arena.change_process(guids.RICH_PROCESS)).status_code == 201


@pytest.mark.parametrize(("user", "code"), [("member", 3085), ("assignee", 3085), ("viewer", 3024)])
async def test_others_may_not_complete_a_process(arena, user, code):
    await arena.log_in(user)
    assert refusal(await arena.change_process(guids.RICH_PROCESS)) == (403, code)
    assert (await arena.read(RICH))["status"] == "OPEN"


@pytest.mark.parametrize("status", ["SUBMITTED", "CANCELED", "COMPLETED"])
async def test_a_process_can_be_changed_by_status_too(arena, status):
    body = {"qualityProcess": {"guid": guids.RICH_PROCESS, "status": status}, "comment": "As agreed"}
    answer = await arena.post("/qualityprocesses/statuschanges", body)
    assert answer.status_code == 201
    assert answer.json() == {
        "qualityProcess": await arena.read(RICH),
        "comment": "As agreed",
        "status": status,
    }
    assert answer.json()["qualityProcess"]["status"] == status


async def test_a_process_takes_no_other_status(arena):
    body = {"qualityProcess": {"guid": guids.RICH_PROCESS, "status": "COMPLETE"}}
    assert refusal(await arena.post("/qualityprocesses/statuschanges", body)) == (400, 3006)
    assert (await arena.read(RICH))["status"] == "OPEN"


async def test_unknown_processes_are_refused(arena):
    assert refusal(await arena.change_process("NOPE")) == (400, 3011)
