"""The web example in a real Chromium, built as its README says, in front of the service on the sandbox."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest
from operations.changes import change
from operations.meddling import Hold, answer, lose_answer, on_changes
from operations.stand_ins import answering, refusal
from web_site import GATEWAY_GAVE_UP

from sandbox.arena.story import guids, ticket_guids

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent

SECONDS_TO_CHECK = 120

CHANGE_STEP = "POST /qualityprocesses/statuschanges"

OPEN_STEP = ("CAPA-000001", "Root cause analysis")
COMPLETE_STEP = ("CAPA-000001", "Problem description")
SOMEBODY_ELSES_STEP = ("NCR-000003", "Containment action")


async def arena_has(visitor, process_guid, step_guid):
    """The status of a step in Arena itself."""
    return (await visitor.door.look_at_step(process_guid, step_guid))["status"]


async def test_the_page_lists_processes_with_their_steps(visit):
    async with visit() as visitor:
        steps = visitor.process("CAPA-000001").getByRole("listitem")
        await steps.first().waitFor()
        assert await steps.getByRole("status").allTextContents() == ["Complete"] * 3 + ["Open"] * 5
        assert await visitor.page.getByRole("article").count() == 10


async def test_more_processes_are_shown_when_they_are_asked_for(visit):
    async with visit() as visitor:
        await visitor.press(visitor.page, "Show more")
        await visitor.process("NCR-000004").waitFor()
        assert await visitor.page.getByRole("article").count() == 20


async def test_a_step_is_shown_as_complete_before_arena_has_answered(visit):
    hold = Hold()
    async with visit(wrap=on_changes(hold)) as visitor:
        step = visitor.step(*OPEN_STEP)
        await visitor.press(step, "Complete")
        await hold.reached.wait()
        assert await step.getByRole("status").textContent() == "Complete"
        assert await step.getAttribute("aria-busy") == "true"
        assert await arena_has(visitor, guids.RICH_PROCESS, guids.ASSIGNED_STEP) == "OPEN"
        hold.let_go.set()


async def test_a_step_is_completed_by_one_call(visit):
    async with visit() as visitor:
        step = visitor.step(*OPEN_STEP)
        await step.getByRole("button").waitFor()
        visitor.door.calls.clear()
        await visitor.press(step, "Complete")
        await visitor.settled(step)
        assert await step.getByRole("status").textContent() == "Complete"
        assert visitor.door.calls == [CHANGE_STEP]
        assert await arena_has(visitor, guids.RICH_PROCESS, guids.ASSIGNED_STEP) == "COMPLETE"


async def test_a_step_is_reopened(visit):
    async with visit() as visitor:
        step = visitor.step(*COMPLETE_STEP)
        await visitor.press(step, "Reopen")
        await visitor.settled(step)
        assert await step.getByRole("status").textContent() == "Open"
        assert await arena_has(visitor, guids.RICH_PROCESS, guids.COMPLETED_STEP) == "OPEN"


async def test_the_last_step_of_an_automatic_process_completes_it_on_the_page(visit):
    async with visit() as visitor:
        await visitor.press(visitor.step("NCR-000001", "Close-out"), "Complete")
        await visitor.process("NCR-000001").getByText("Completed, Ingrid Solberg").waitFor()
        assert await visitor.process("NCR-000001").getByRole("button").count() == 0


async def test_a_refused_step_goes_back_and_says_why(visit):
    hold = Hold()
    async with visit(wrap=on_changes(hold)) as visitor:
        step = visitor.step(*SOMEBODY_ELSES_STEP)
        await visitor.press(step, "Complete")
        await hold.reached.wait()
        assert await step.getByRole("status").textContent() == "Complete"
        hold.let_go.set()
        assert await visitor.told(step) == "You may not do this: ask somebody who may."
        assert await step.getByRole("status").textContent() == "Open"


async def test_what_somebody_else_has_done_meanwhile_is_shown(visit):
    async with visit() as visitor:
        step = visitor.step(*OPEN_STEP)
        await step.getByRole("button").waitFor()
        await visitor.door.become("assignee")
        input = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.ASSIGNED_STEP}
        await change(visitor.door, "completeStep", **input)
        await visitor.press(step, "Complete")
        assert await visitor.told(step) == "Tomás Ibáñez has completed this step already."
        assert await step.getByRole("status").textContent() == "Complete"


def refusing(status, code, message="No."):
    """Arena refuses a change."""
    return answer(status, refusal(status, code, message).json())


# By the error: what happens to the change, the words, and the buttons beside them.
REFUSALS = {
    "QualityProcessCompletedError": (
        [refusing(400, 3165)],
        "The process is completed, so its steps cannot change. Reopen it in Arena first.",
        ["×"],
    ),
    "SignOffStepError": (
        [refusing(400, 3167)],
        "This is a sign-off step: its approvers decide it in Arena.",
        ["×"],
    ),
    "NotFoundError": (
        [refusing(404, 3011)],
        "Arena has no such QualityStep, or you may not see it.",
        ["×"],
    ),
    "InvalidInputError": (
        [refusing(400, 3001)],
        "Arena refused an input value.",
        ["×"],
    ),
    "UnauthenticatedError": (
        [refusing(401, 401), refusing(401, 401)],
        "Your Arena session has ended. Please log in again.",
        ["×"],
    ),
    "RateLimitedError": (
        [refusing(429, 4014)],
        "Arena takes no more calls for now.",
        ["Try again", "×"],
    ),
    "UpstreamError, rejected": (
        [refusing(400, 9999, "Not on a Sunday.")],
        "Arena refused. Not on a Sunday.",
        ["×"],
    ),
    "UpstreamError, unavailable": (
        [answer(503)],
        "Arena cannot be reached just now.",
        ["Try again", "×"],
    ),
    "OutcomeUnknownError": (
        [lose_answer],
        "The answer was lost on its way, so nobody knows whether the change was made.",
        ["Try again", "×"],
    ),
}


@pytest.mark.parametrize("meddles, words, remedies", REFUSALS.values(), ids=REFUSALS)
async def test_every_typed_error_has_its_words_and_its_remedies(visit, meddles, words, remedies):
    async with visit(wrap=on_changes(*meddles)) as visitor:
        step = visitor.step(*OPEN_STEP)
        await visitor.press(step, "Complete")
        assert await visitor.told(step) == words
        assert await visitor.remedies(step) == remedies
        assert await step.getByRole("status").textContent() == "Open"


async def test_a_step_that_is_open_already_says_so(visit):
    async with visit(wrap=on_changes(refusing(400, 3169))) as visitor:
        step = visitor.step(*COMPLETE_STEP)
        await visitor.press(step, "Reopen")
        assert await visitor.told(step) == "This step is open already."


async def test_a_later_try_waits_until_it_may_be_made(visit):
    async with visit(wrap=on_changes(answer(503, **{"retry-after": "3600"}))) as visitor:
        step = visitor.step(*OPEN_STEP)
        await visitor.press(step, "Complete")
        again = step.getByRole("button", name="Try again after")
        await again.waitFor()
        assert await again.isDisabled()


async def test_a_refusal_is_dismissed(visit):
    async with visit() as visitor:
        step = visitor.step(*SOMEBODY_ELSES_STEP)
        await visitor.press(step, "Complete")
        await visitor.press(step, "Dismiss")
        assert await step.getByRole("alert").count() == 0


async def test_another_try_after_a_lost_answer_changes_nothing_twice(visit):
    async with visit(wrap=on_changes(lose_answer)) as visitor:
        step = visitor.step(*OPEN_STEP)
        await visitor.press(step, "Complete")
        await visitor.press(step, "Try again")
        await step.getByRole("button", name="Reopen").waitFor()
        assert visitor.door.calls.count(CHANGE_STEP) == 1


async def test_tries_keep_the_key_of_their_click(visit):
    """A gateway gives up before the service has: the first try, still under way, is known by its key."""
    hold = Hold()
    async with visit(wrap=on_changes(hold), excused=[GATEWAY_GAVE_UP]) as visitor:
        step = visitor.step(*OPEN_STEP)
        await step.getByRole("button").waitFor()
        visitor.site.gives_up = True
        await visitor.press(step, "Complete")
        await hold.reached.wait()
        assert await visitor.told(step) == "The service cannot be reached."
        await visitor.press(step, "Try again")
        await step.getByText("The first try is still under way.").waitFor()
        hold.let_go.set()
        await asyncio.gather(*visitor.site.going_on)
        await visitor.press(step, "Try again")
        await step.getByRole("button", name="Reopen").waitFor()
        assert visitor.door.calls.count(CHANGE_STEP) == 1


async def test_every_click_has_a_key_of_its_own(visit):
    async with visit() as visitor:
        step = visitor.step(*OPEN_STEP)
        await visitor.press(step, "Complete")
        await visitor.press(step, "Reopen")
        await visitor.press(step, "Complete")
        await step.getByRole("button", name="Reopen").waitFor()
        assert visitor.door.calls.count(CHANGE_STEP) == 3


STEPS_OF_THE_SECOND = f"/qualityprocesses/{guids.NEARLY_DONE_PROCESS}/steps"


def unreadable(request, path):
    """An answer nobody can read, to reads of a path."""
    return httpx.Response(200, text="<html>") if request.url.path.endswith(path) else None


async def test_the_list_works_while_the_steps_of_one_process_cannot_be_read(visit):
    async with visit(wrap=answering(lambda request: unreadable(request, STEPS_OF_THE_SECOND))) as visitor:
        failed = visitor.process("NCR-000001")
        assert await visitor.told(failed) == "Arena gave an answer that makes no sense."
        assert await failed.getByRole("listitem").count() == 0
        step = visitor.step(*OPEN_STEP)
        await visitor.press(step, "Complete")
        await step.getByRole("button", name="Reopen").waitFor()
        assert await visitor.told(failed) == "Arena gave an answer that makes no sense."


async def test_steps_that_could_not_be_read_are_read_when_asked_for_again(visit):
    unread = [True]
    async with visit(wrap=answering(lambda request: unread and unreadable(request, STEPS_OF_THE_SECOND))) as visitor:
        failed = visitor.process("NCR-000001")
        await failed.getByRole("alert").waitFor()
        unread.clear()
        await visitor.press(failed, "Try again")
        await failed.getByRole("listitem").first().waitFor()
        assert await failed.getByRole("alert").count() == 0


async def test_a_list_that_cannot_be_read_is_read_when_asked_for_again(visit):
    unread = [True]
    async with visit(wrap=answering(lambda request: unread and unreadable(request, "/qualityprocesses"))) as visitor:
        assert await visitor.told(visitor.page) == "Arena gave an answer that makes no sense."
        unread.clear()
        await visitor.press(visitor.page, "Try again")
        await visitor.process("CAPA-000001").waitFor()


async def test_a_ticket_is_given_a_status(visit):
    hold = Hold()
    async with visit(wrap=on_changes(hold)) as visitor:
        await visitor.press(visitor.page, "Tickets")
        ticket = visitor.ticket("DEF-000004")
        status = ticket.getByRole("combobox")
        await status.selectOption("IN_PROGRESS")
        await hold.reached.wait()
        assert await status.inputValue() == "IN_PROGRESS"
        hold.let_go.set()
        await visitor.settled(ticket)
        assert await status.inputValue() == "IN_PROGRESS"
        assert (await visitor.door.look(f"/tickets/{ticket_guids.PAINT_TICKET}"))["status"]["value"] == "In Progress"


async def test_a_ticket_that_is_refused_a_status_keeps_its_own(visit):
    async with visit(wrap=on_changes(refusing(403, 3024))) as visitor:
        await visitor.press(visitor.page, "Tickets")
        ticket = visitor.ticket("DEF-000004")
        await ticket.getByRole("combobox").selectOption("COMPLETE")
        assert await visitor.told(ticket) == "You may not do this: ask somebody who may."
        assert await ticket.getByRole("combobox").inputValue() == "NOT_STARTED"


def test_a_new_union_member_breaks_the_build(installed_web, tmp_path):
    schema = (ROOT / "schema" / "schema.graphql").read_text()
    grown = re.sub(r"(union CompleteStepResult = .*)", r"\1 | PreconditionFailedError", schema)
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "schema.graphql").write_text(grown)
    web = tmp_path / "examples" / "web"
    shutil.copytree(installed_web, web, ignore=shutil.ignore_patterns("node_modules", "dist", "gql"))
    (web / "node_modules").symlink_to(installed_web / "node_modules")
    command = ["npm", "run", "check"]
    checked = subprocess.run(command, cwd=web, capture_output=True, text=True, timeout=SECONDS_TO_CHECK)
    assert checked.returncode != 0
    assert "src/trouble.ts" in checked.stdout and "to parameter of type 'never'" in checked.stdout
