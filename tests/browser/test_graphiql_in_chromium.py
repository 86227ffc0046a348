"""GraphiQL in a real Chromium. A scenario also fails if its page meets an error, or asks another host for anything."""

import shutil

import pytest
from scenarios import scenarios_of

from app import create_app
from sandbox.app import create_sandbox
from sandbox.settings import SandboxSettings
from settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def on_the_sandbox(story, tmp_path_factory, serve, built_graphiql):
    """Where the service is on its embedded sandbox."""
    database = shutil.copy(story, tmp_path_factory.mktemp("graphiql") / "sandbox.db")
    sandbox = create_sandbox(SandboxSettings(database_url=f"sqlite+aiosqlite:///{database}", _env_file=None))
    async with serve(create_app(Settings(_env_file=None), sandbox=sandbox)) as origin:
        yield origin


@pytest.fixture(scope="module")
async def on_real_hosts(on_the_sandbox, serve):
    """Where a service is that takes the sandbox of the other for the real thing."""
    settings = Settings(
        _env_file=None,
        arena_url=f"{on_the_sandbox}/sandbox/arena/v1",
        cognaize_url=f"{on_the_sandbox}/sandbox/cognaize",
    )
    async with serve(create_app(settings)) as origin:
        yield origin


@pytest.fixture(scope="module")
async def troubles(play, on_the_sandbox):
    return await play("graphiql.mjs", on_the_sandbox)


@pytest.fixture(scope="module")
async def troubles_on_real_hosts(play, on_the_sandbox, on_real_hosts):
    return await play("graphiql_on_real_hosts.mjs", on_real_hosts, ARENA=f"{on_the_sandbox}/sandbox/arena/v1")


@pytest.mark.parametrize("scenario", scenarios_of("graphiql.mjs"))
async def test_graphiql(troubles, scenario):
    assert troubles[scenario] == []


@pytest.mark.parametrize("scenario", scenarios_of("graphiql_on_real_hosts.mjs"))
async def test_graphiql_on_real_hosts(troubles_on_real_hosts, scenario):
    assert troubles_on_real_hosts[scenario] == []
