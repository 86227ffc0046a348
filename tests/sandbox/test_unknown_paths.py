"""Paths on which neither system answers."""

import httpx
import pytest
from arena_caller import refusal
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.app import create_sandbox
from sandbox.settings import SandboxSettings

pytestmark = pytest.mark.anyio

HOST = "http://sandbox.test"


@pytest.fixture(params=["", "/sandbox"])
async def client(request, tmp_path):
    """A caller of the sandbox, alone and as part of another application; no path here needs its store."""
    sandbox = create_sandbox(SandboxSettings(database_url=f"sqlite+aiosqlite:///{tmp_path}/sandbox.db"))
    app = Starlette(routes=[Mount(request.param, sandbox)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=HOST + request.param) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/arena", "/arena/v2/x", "/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_path_of_neither_system_is_refused_in_arenas_envelope(client, method, path):
    answer = await client.request(method, path)
    assert answer.headers["content-type"] == "application/json"
    assert refusal(answer) == (404, 404)


@pytest.mark.parametrize("path", ["/cognaize/", "/cognaize/api/v1", "/cognaize/api/v2/x"])
async def test_a_path_below_cognaize_is_refused_in_cognaizes_envelope(client, path):
    answer = await client.get(path, headers={"Authorization": "Bearer sandbox"})
    assert answer.status_code == 404
    assert sorted(answer.json()) == ["data", "message", "timestamp", "version"]
    assert answer.json()["message"] == "Not Found"
