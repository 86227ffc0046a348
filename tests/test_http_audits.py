"""The GraphQL over HTTP audits of the npm package graphql-http, against a real server."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import uvicorn

from app import create_app
from edge.protocol import BoundedProtocol
from settings import Settings

pytestmark = pytest.mark.anyio

AUDITS = Path(__file__).parent / "audits"
AUDIT_COUNT = 61


@pytest.fixture
def app(monkeypatch, database):
    """The service that is audited."""
    monkeypatch.setenv("SANDBOX_DATABASE_URL", f"sqlite+aiosqlite:///{database}")
    return create_app(Settings(_env_file=None))


@pytest.fixture
async def address(app):
    """The address of its GraphQL endpoint on a real server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, http=BoundedProtocol, log_level="critical", ws="none"))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        server.should_exit = True
        await serving


@pytest.fixture(scope="session")
def installed_audits():
    if not (shutil.which("node") and shutil.which("npm")):
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("The HTTP audits need Node and npm: run `make test-deps`.")
    installed, locked = AUDITS / "node_modules" / ".package-lock.json", AUDITS / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < locked.stat().st_mtime:
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=AUDITS, check=True)


async def test_every_audit_of_graphql_over_http_passes(address, installed_audits):
    audits = await asyncio.create_subprocess_exec("node", AUDITS / "run.mjs", address, stdout=asyncio.subprocess.PIPE)
    output, _ = await audits.communicate()
    results = json.loads(output)
    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == AUDIT_COUNT
