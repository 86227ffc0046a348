"""The Python example, run as its docstring says, against the service on the sandbox."""

import asyncio
import os
from pathlib import Path

import pytest
from operations.door import open_door
from operations.meddling import answer, lose_answer, on_changes
from real_server import listening

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent.parent
PYTHON = ROOT / ".venv-clients" / "bin" / "python"
SECONDS = 60
CHANGE = "POST /qualityprocesses/statuschanges"


@pytest.fixture
def complete(database):
    """Runs the example: its exit code, what it says, and the service it was run against."""
    if not PYTHON.exists():
        missing = "The public clients are not installed: `make test` installs them."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)

    async def run(process_guid, step_name, look, **options):
        async with open_door(database, **options) as door, listening(door.app) as address:
            example = await asyncio.create_subprocess_exec(
                PYTHON,
                ROOT / "examples" / "python" / "complete_step.py",
                address,
                process_guid,
                step_name,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            try:
                said, _ = await asyncio.wait_for(example.communicate(), SECONDS)
            finally:
                if example.returncode is None:
                    example.kill()
            status = (await door.look_at_step(process_guid, look))["status"]
            return example.returncode, said.decode().strip(), status, door.calls.count(CHANGE)

    return run


async def test_it_completes_a_step(complete):
    done = await complete(guids.RICH_PROCESS, "Root cause analysis", guids.ASSIGNED_STEP)
    assert done == (0, "APPLIED: the process is OPEN.", "COMPLETE", 1)


async def test_it_is_content_when_the_step_is_complete(complete):
    done = await complete(guids.RICH_PROCESS, "Problem description", guids.COMPLETED_STEP)
    assert done == (0, "Completed before, by Tomás Ibáñez.", "COMPLETE", 1)


async def test_it_sends_the_same_key_again_after_a_lost_answer(complete):
    lost = on_changes(lose_answer)
    done = await complete(guids.RICH_PROCESS, "Root cause analysis", guids.ASSIGNED_STEP, wrap=lost)
    assert done == (0, "REPLAYED: the process is OPEN.", "COMPLETE", 1)


async def test_it_gives_up_where_no_retry_would_help(complete):
    done = await complete(guids.RICH_PROCESS, "Final approval", guids.PENDING_STEP)
    message = "A sign-off step is decided by its approvers; it cannot be completed or reopened here."
    assert done == (1, f"SIGN_OFF_STEP (NEVER): {message}", "OPEN", 1)


async def test_it_does_not_wait_for_hours(complete):
    later = on_changes(answer(503, **{"retry-after": "7200"}))
    code, said, status, changes = await complete(
        guids.RICH_PROCESS, "Root cause analysis", guids.ASSIGNED_STEP, wrap=later
    )
    assert (code, status, changes) == (1, "OPEN", 1)
    assert said.startswith("Not before 20")


async def test_it_says_that_a_process_has_no_such_step(complete):
    done = await complete(guids.RICH_PROCESS, "Celebration", guids.ASSIGNED_STEP)
    assert done == (1, "CAPA-000001 has no step 'Celebration'.", "OPEN", 0)


async def test_it_says_how_it_is_run():
    example = ROOT / "examples" / "python" / "complete_step.py"
    asked = await asyncio.create_subprocess_exec(PYTHON, example, stderr=asyncio.subprocess.PIPE)
    _, said = await asyncio.wait_for(asked.communicate(), SECONDS)
    assert asked.returncode == 1
    assert (
        'python complete_step.py http://127.0.0.1:8000/graphql K06JJ5KG6HA1Q68K4TFE "Root cause analysis"'
        in said.decode()
    )
