import asyncio
import json
import os
import subprocess
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from browser.driver import installed_chromium
from real_server import listening

BROWSER = Path(__file__).parent
ROOT = BROWSER.parent.parent
SECONDS = 600  # after which the scenarios of a file have failed


@pytest.fixture(scope="session")
def chromium():
    return installed_chromium()


@pytest.fixture(scope="session")
def play(chromium):
    """Runs the scenarios of a file on the pages of an origin; gives what went wrong with each."""

    async def play(scenarios, origin, **environment):
        process = await asyncio.create_subprocess_exec(
            "node",
            BROWSER / "run.mjs",
            BROWSER / scenarios,
            origin,
            env={**os.environ, **environment, "CHROMIUM": chromium},
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            printed, _ = await asyncio.wait_for(process.communicate(), SECONDS)
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0
        return json.loads(printed)

    return play


@pytest.fixture(scope="session")
def serve():
    """Serves an application on a real server: `async with serve(app) as origin`."""

    @asynccontextmanager
    async def serve(app):
        async with app.router.lifespan_context(app), listening(app) as address:
            yield address.removesuffix("/graphql")

    return serve


@pytest.fixture(scope="session")
def built_graphiql(chromium):
    """GraphiQL as the present sources have it."""
    subprocess.run(["make", "--silent", "graphiql"], cwd=ROOT, check=True, timeout=SECONDS)
