import asyncio
import json
from pathlib import Path

import pytest
from node_package import install
from operations.door import open_door
from real_server import listening

TOOLS = Path(__file__).parent
SECONDS = 120  # after which a test has failed


@pytest.fixture(scope="session")
def tools():
    """The folder of the tools, which are installed."""
    install(TOOLS)
    return TOOLS


@pytest.fixture
async def door(database):
    """The service on the sandbox; requests bring no credentials of their own."""
    async with open_door(database) as door:
        yield door


@pytest.fixture
async def node(tools, door):
    """Runs a program of the tools on the service's address with these arguments; answers what it prints as JSON."""
    async with listening(door.app) as address:

        async def run(program, *arguments):
            pipe = asyncio.subprocess.PIPE
            process = await asyncio.create_subprocess_exec(
                "node", tools / program, address, *arguments, stdout=pipe, stderr=pipe
            )
            try:
                printed, complaints = await asyncio.wait_for(process.communicate(), SECONDS)
            finally:
                if process.returncode is None:
                    process.kill()
            assert process.returncode == 0, complaints.decode()
            return json.loads(printed)

        yield run
