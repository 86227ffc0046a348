import shutil
from contextlib import asynccontextmanager

import httpx
import pytest
from arena_caller import Arena, Clock

from sandbox.app import create_sandbox, reset
from sandbox.settings import SandboxSettings


@pytest.fixture(scope="session")
async def planted(tmp_path_factory):
    """A database file with the story in it; tests work on copies."""
    path = tmp_path_factory.mktemp("story") / "sandbox.db"
    await reset(SandboxSettings(database_url=f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sandbox(planted, tmp_path, clock):
    """Opens a sandbox on a fresh copy of the story: `async with sandbox(daily_limit=3) as client`."""

    @asynccontextmanager
    async def open_sandbox(**settings):
        database = tmp_path / "copy.db"
        if not database.exists():
            shutil.copy(planted, database)
        url = f"sqlite+aiosqlite:///{database}"
        app = create_sandbox(SandboxSettings(database_url=url, **settings), clock=clock)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://sandbox.test/arena/v1") as client,
        ):
            yield client

    return open_sandbox


@pytest.fixture
def dialect():
    """Whose codes `arena` speaks; parametrize it to hear others."""
    return "seed"


@pytest.fixture
async def arena(sandbox, dialect):
    """Arena, the owner logged in."""
    async with sandbox(dialect=dialect) as client:
        arena = Arena(client)
        await arena.log_in()
        yield arena


@pytest.fixture
async def arena_2023(sandbox):
    """Arena with its codes of 2023, the owner logged in."""
    async with sandbox(dialect="2023") as client:
        arena = Arena(client)
        await arena.log_in()
        yield arena
