import pytest
from arena_caller import Arena

from sandbox.app import reset
from sandbox.arena.story import guids
from sandbox.settings import SandboxSettings

pytestmark = pytest.mark.anyio


async def every_process_with_steps(arena):
    processes = (await arena.read("/qualityprocesses", limit=400))["results"]
    return [
        (process, (await arena.read(f"/qualityprocesses/{process['guid']}/steps"))["results"]) for process in processes
    ]


async def test_the_story_has_processes_of_every_kind(arena):
    story = await every_process_with_steps(arena)
    assert len(story) == 36
    assert {len(steps) for _, steps in story} == {4, 5, 6, 8}
    assert {process["status"] for process, _ in story} == {"OPEN", "COMPLETED", "CANCELED"}
    assert {process["statusMode"] for process, _ in story} == {"AUTOMATIC", "MANUAL"}


async def test_an_automatic_process_is_completed_when_its_steps_are(arena):
    for process, steps in await every_process_with_steps(arena):
        if process["statusMode"] == "AUTOMATIC" and process["status"] != "CANCELED":
            is_done = all(step["status"] == "COMPLETE" for step in steps)
            assert (process["status"] == "COMPLETED") is is_done, process["number"]


async def test_a_reset_restores_the_story(sandbox, tmp_path):
    async with sandbox() as client:
        arena = Arena(client)
        await arena.log_in()
        before = await arena.read("/qualityprocesses")
        await arena.delete(f"/qualityprocesses/{guids.RICH_PROCESS}")
    await reset(SandboxSettings(database_url=f"sqlite+aiosqlite:///{tmp_path}/copy.db"))
    async with sandbox() as client:
        arena = Arena(client)
        await arena.log_in()
        assert await arena.read("/qualityprocesses") == before


async def test_changes_outlive_a_restart(sandbox):
    async with sandbox() as client:
        arena = Arena(client)
        await arena.log_in()
        await arena.change_step(guids.RICH_PROCESS, guids.ASSIGNED_STEP)
    async with sandbox() as client:
        arena = Arena(client)
        await arena.log_in()
        assert (await arena.step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "COMPLETE"
