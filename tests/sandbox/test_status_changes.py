"""POST /qualityprocesses/statuschanges for steps: every rule of the two seed pages."""

import asyncio

import pytest
from arena_caller import Arena, refusal

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS


async def test_completing_a_step_answers_the_process_the_flag_and_the_comment(arena):
    answer = await arena.change_step(RICH, guids.ASSIGNED_STEP, comment="Ferdig – größer als nötig")
    assert answer.status_code == 201
    assert answer.json() == {
        "qualityProcess": await arena.read(f"/qualityprocesses/{RICH}"),
        "complete": True,
        "comment": "Ferdig – größer als nötig",
    }


async def test_a_comment_may_be_left_out(arena):
    assert (await arena.change_step(RICH, guids.ASSIGNED_STEP)).json()["comment"] is None


async def test_a_completed_step_says_when_and_by_whom(arena):
    await arena.change_step(RICH, guids.ASSIGNED_STEP)
    step = await arena.step(RICH, guids.ASSIGNED_STEP)
    assert step["status"] == "COMPLETE"
    assert step["completeDateTime"] == "2026-05-12T09:30:00Z"
    assert step["completeUser"] == {"fullName": "Ingrid Solberg"}


async def test_a_reopened_step_says_neither(arena):
    answer = await arena.change_step(RICH, guids.COMPLETED_STEP, complete=False)
    assert (answer.status_code, answer.json()["complete"]) == (201, False)
    step = await arena.step(RICH, guids.COMPLETED_STEP)
    assert (step["status"], step["completeDateTime"], step["completeUser"]) == ("OPEN", None, None)


async def test_the_current_step_is_the_next_open_one(arena):
    completed = (await arena.change_step(RICH, guids.ASSIGNED_STEP)).json()
    assert completed["qualityProcess"]["currentStep"]["guid"] == guids.GROUP_STEP
    reopened = (await arena.change_step(RICH, guids.COMPLETED_STEP, complete=False)).json()
    assert reopened["qualityProcess"]["currentStep"]["guid"] == guids.COMPLETED_STEP


ASSIGNED = (guids.ASSIGNED_STEP, guids.COMPLETED_STEP)
OF_GROUP = (guids.GROUP_STEP, guids.GROUP_COMPLETED_STEP)


@pytest.mark.parametrize("steps", [ASSIGNED, OF_GROUP])
@pytest.mark.parametrize("user", ["assignee", "owner"])
async def test_an_assigned_step_is_changed_by_its_assignees_and_the_owner(arena, user, steps):
    await arena.log_in(user)
    to_complete, to_reopen = steps
    assert (await arena.change_step(RICH, to_complete)).status_code == 201
    assert (await arena.change_step(RICH, to_reopen, complete=False)).status_code == 201


@pytest.mark.parametrize("dialect", ["seed", "2023"])
@pytest.mark.parametrize("steps", [ASSIGNED, OF_GROUP])
@pytest.mark.parametrize("user", ["member", "administrator"])
async def test_an_assigned_step_is_changed_by_nobody_else(arena, user, steps):
    await arena.log_in(user)
    to_complete, to_reopen = steps
    assert refusal(await arena.change_step(RICH, to_complete)) == (403, 3085)
    assert refusal(await arena.change_step(RICH, to_reopen, complete=False)) == (403, 3085)
    assert (await arena.step(RICH, to_complete))["status"] == "OPEN"
    assert (await arena.step(RICH, to_reopen))["status"] == "COMPLETE"


async def test_a_step_assigned_to_a_colleague_is_not_the_assignees(arena):
    await arena.log_in("assignee")
    assert refusal(await arena.change_step(RICH, guids.OTHERS_STEP)) == (403, 3085)
    assert (await arena.step(RICH, guids.OTHERS_STEP))["status"] == "OPEN"


async def test_an_unassigned_step_is_changed_by_anyone_with_the_rule(arena):
    await arena.log_in("member")
    assert (await arena.change_step(RICH, guids.UNASSIGNED_STEP)).status_code == 201
    assert (await arena.change_step(RICH, guids.UNASSIGNED_STEP, complete=False)).status_code == 201


@pytest.mark.parametrize(("dialect", "code"), [("seed", 3024), ("2023", 3221)])
async def test_without_the_edit_details_rule_nothing_is_changed(arena, code):
    await arena.log_in("viewer")
    assert refusal(await arena.change_step(RICH, guids.UNASSIGNED_STEP)) == (403, code)
    assert refusal(await arena.change_step(RICH, guids.COMPLETED_STEP, complete=False)) == (403, code)
    assert (await arena.step(RICH, guids.UNASSIGNED_STEP))["status"] == "OPEN"
    assert (await arena.step(RICH, guids.COMPLETED_STEP))["status"] == "COMPLETE"


REFUSALS = [
    (RICH, guids.COMPLETED_STEP, True, 3166),
    (RICH, guids.ASSIGNED_STEP, False, 3169),
    (RICH, guids.PENDING_STEP, True, 3167),
    (RICH, guids.APPROVED_STEP, True, 3167),
    (RICH, guids.APPROVED_STEP, False, 3170),
    (RICH, guids.PENDING_STEP, False, 3170),
    (guids.COMPLETED_PROCESS, guids.OPEN_STEP_OF_COMPLETED_PROCESS, True, 3165),
    (guids.COMPLETED_PROCESS, guids.DONE_STEP_OF_COMPLETED_PROCESS, False, 3168),
    (guids.COMPLETED_PROCESS, guids.DONE_STEP_OF_COMPLETED_PROCESS, True, 3166),
    (guids.COMPLETED_PROCESS, guids.OPEN_STEP_OF_COMPLETED_PROCESS, False, 3169),
]


@pytest.mark.parametrize(("process", "step", "complete", "code"), REFUSALS)
async def test_what_cannot_be_done_is_refused_and_changes_nothing(arena, arena_2023, process, step, complete, code):
    await arena.log_in()
    before = await arena.step(process, step), await arena.read(f"/qualityprocesses/{process}")
    assert refusal(await arena.change_step(process, step, complete)) == (400, 3089)
    await arena_2023.log_in()
    assert refusal(await arena_2023.change_step(process, step, complete)) == (400, code)
    await arena.log_in()
    assert (await arena.step(process, step), await arena.read(f"/qualityprocesses/{process}")) == before


async def test_the_two_printed_messages_are_word_for_word(arena):
    completed = await arena.change_step(RICH, guids.COMPLETED_STEP)
    assert completed.json()["errors"][0]["message"] == "The quality process step is already completed."
    opened = await arena.change_step(RICH, guids.ASSIGNED_STEP, complete=False)
    assert opened.json()["errors"][0]["message"] == "The quality process is already open."


async def test_the_edit_rule_comes_before_the_state(arena_2023):
    await arena_2023.log_in("viewer")
    assert refusal(await arena_2023.change_step(RICH, guids.PENDING_STEP)) == (403, 3221)


async def test_the_state_comes_before_who_asks(arena_2023):
    await arena_2023.log_in("member")
    assert refusal(await arena_2023.change_step(RICH, guids.COMPLETED_STEP)) == (400, 3166)


async def test_unknown_guids_are_refused(arena):
    assert refusal(await arena.change_step("NOPE", guids.ASSIGNED_STEP)) == (400, 3011)
    assert refusal(await arena.change_step(RICH, "NOPE")) == (400, 3011)


async def test_a_step_of_another_process_is_refused_and_stays_as_it_is(arena):
    assert refusal(await arena.change_step(RICH, guids.FRESH_STEP)) == (400, 3011)
    assert (await arena.step(guids.FRESH_PROCESS, guids.FRESH_STEP))["status"] == "OPEN"


PROCESS_AND_STEP = {"guid": RICH, "step": {"guid": guids.ASSIGNED_STEP}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"complete": True}, 3001),
        ({"qualityProcess": None, "complete": True}, 3001),
        ({"qualityProcess": "K2M5", "complete": True}, 3003),
        ({"qualityProcess": {"guid": RICH, "step": None}, "complete": True}, 3003),
        ({"qualityProcess": {"guid": "", "step": {"guid": guids.ASSIGNED_STEP}}, "complete": True}, 3098),
        ({"qualityProcess": {"guid": RICH, "step": {}}, "complete": True}, 3098),
        ({"qualityProcess": {"guid": 7, "step": {"guid": guids.ASSIGNED_STEP}}, "complete": True}, 3011),
        ({"qualityProcess": PROCESS_AND_STEP}, 3001),
        ({"qualityProcess": PROCESS_AND_STEP, "complete": "true"}, 3003),
        ({"qualityProcess": PROCESS_AND_STEP, "complete": 1}, 3003),
        ({"qualityProcess": PROCESS_AND_STEP, "complete": True, "comment": 5}, 3003),
        ({"qualityProcess": PROCESS_AND_STEP, "complete": True, "force": True}, 3004),
        ({"qualityProcess": PROCESS_AND_STEP | {"name": "x"}, "complete": True}, 3004),
    ],
)
async def test_a_body_of_another_shape_is_refused_and_changes_nothing(arena, body, code):
    assert refusal(await arena.post("/qualityprocesses/statuschanges", body)) == (400, code)
    assert (await arena.step(RICH, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_completing_the_last_step_completes_an_automatic_process(arena):
    answer = (await arena.change_step(guids.NEARLY_DONE_PROCESS, guids.LAST_STEP)).json()
    assert answer["qualityProcess"]["status"] == "COMPLETED"
    assert answer["qualityProcess"]["completedDateTime"] == "2026-05-12T09:30:00Z"
    assert answer["qualityProcess"]["currentStep"]["guid"] == guids.LAST_STEP


async def test_an_automatic_process_with_open_steps_left_stays_open(arena):
    answer = (await arena.change_step(guids.FRESH_PROCESS, guids.FRESH_STEP)).json()
    assert answer["qualityProcess"]["status"] == "OPEN"


async def test_completing_the_last_step_leaves_a_manual_process_open(arena):
    await arena.change_process(guids.COMPLETED_PROCESS, complete=False)
    answer = await arena.change_step(guids.COMPLETED_PROCESS, guids.OPEN_STEP_OF_COMPLETED_PROCESS)
    assert answer.json()["qualityProcess"]["status"] == "OPEN"


async def test_a_step_can_be_changed_by_status_too(arena):
    body = {"qualityProcess": {"guid": RICH, "step": {"guid": guids.ASSIGNED_STEP, "status": "COMPLETE"}}}
    answer = await arena.post("/qualityprocesses/statuschanges", body | {"comment": "Done"})
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["comment"]) == ("COMPLETE", "Done")
    assert answer.json()["qualityProcess"]["currentStep"]["guid"] == guids.GROUP_STEP
    assert refusal(await arena.post("/qualityprocesses/statuschanges", body)) == (400, 3089)


async def test_a_step_takes_no_other_status(arena):
    body = {"qualityProcess": {"guid": RICH, "step": {"guid": guids.ASSIGNED_STEP, "status": "SUBMITTED"}}}
    assert refusal(await arena.post("/qualityprocesses/statuschanges", body)) == (400, 3006)
    assert (await arena.step(RICH, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_of_ten_completions_at_once_one_wins(arena):
    answers = await asyncio.gather(
        *(arena.change_step(RICH, guids.ASSIGNED_STEP, comment=str(turn)) for turn in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 9


async def test_of_completions_through_two_servers_on_one_database_one_wins(sandbox):
    async with sandbox() as first, sandbox() as second:
        await Arena(first).log_in()
        second.headers.update(first.headers)
        answers = await asyncio.gather(
            *(Arena(client).change_step(RICH, guids.ASSIGNED_STEP) for client in (first, second) * 3)
        )
    assert sorted(answer.status_code for answer in answers) == [201] + [400] * 5
