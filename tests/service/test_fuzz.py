"""Operations that schemathesis makes up from the schema, against the service as it runs."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize.story import MIDWAY_PROCESS_ID, step_id
from service.processes import ROOT, running_service

pytestmark = pytest.mark.anyio

SCHEMATHESIS = ROOT / ".venv-clients" / "bin" / "schemathesis"
HOOKS = Path(__file__).parent / "fuzz_hooks.py"
SECONDS = os.environ.get("FUZZ_SECONDS", "20")  # `make fuzz` takes two minutes
LEAST_SHARE_EXECUTED = 0.5
NAMES = {
    "guid": ticket_guids.PAINT_TICKET,
    "ticketGuid": ticket_guids.PAINT_TICKET,
    "qualityProcessGuid": guids.RICH_PROCESS,
    "stepGuid": guids.UNASSIGNED_STEP,
    "id": MIDWAY_PROCESS_ID,
    "processStepId": step_id(MIDWAY_PROCESS_ID, 2),
}


@pytest.fixture(scope="module", autouse=True)
def schemathesis_is_installed():
    if not SCHEMATHESIS.exists():
        missing = "schemathesis is not installed: `make test` installs it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


async def fuzz(address, folder, report):
    """What schemathesis found: its exit code and its output. A report says what became of the operations."""
    command = [SCHEMATHESIS, "run", f"{address}/graphql", "--max-time", SECONDS, "--checks", "Sound"]
    process = await asyncio.create_subprocess_exec(
        *command,
        "--warnings=off",
        cwd=folder,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": str(HOOKS),
            "FUZZ_NAMES": json.dumps(NAMES),
            "FUZZ_REPORT": str(report),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_no_operation_that_fits_the_schema_is_too_much_for_the_service(tmp_path, database):
    url = f"sqlite+aiosqlite:///{database}"
    limits = {"SANDBOX_DAILY_LIMIT": "10000000"}
    report = tmp_path / "became.json"
    async with running_service(tmp_path, SANDBOX_DATABASE_URL=url, **limits) as service:
        exit_code, output = await fuzz(service.address, tmp_path, report)
    assert exit_code == 0, output
    became = json.loads(report.read_text())
    print(became)
    assert became["executed"] > LEAST_SHARE_EXECUTED * (became["executed"] + became.get("refused", 0))
    assert [line for line in service.lines if " ERROR " in line] == []
