import os
import shutil
import socket
import subprocess

import pytest

from sandbox.app import reset
from sandbox.settings import SandboxSettings


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
async def story(tmp_path_factory):
    """A database file with the story in it; tests work on copies."""
    path = tmp_path_factory.mktemp("story") / "sandbox.db"
    await reset(SandboxSettings(database_url=f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def database(story, tmp_path):
    """A fresh copy of the story."""
    return shutil.copy(story, tmp_path / "sandbox.db")


@pytest.fixture(scope="session")
def redis_server():
    """The address of a Redis server of the tests' own, that keeps nothing on disk."""
    if shutil.which("redis-server") is None:
        missing = "redis-server is missing: `make test-deps` installs it."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    port = str(unused_port())
    options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
    with subprocess.Popen(["redis-server", *options], stdout=subprocess.PIPE, text=True) as server:
        try:
            for line in server.stdout:
                if "Ready to accept connections" in line:
                    break
            else:
                pytest.fail("redis-server ended before it was ready.")
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()


@pytest.fixture
def redis_url(redis_server, monkeypatch):
    """Where Redis is, for services of this process, which do not take a machine held up for a Redis that failed."""
    monkeypatch.setattr("documents.in_redis.TIMEOUT", 60.0)
    monkeypatch.setattr("idempotency.in_redis.TIMEOUT", 60.0)
    return redis_server


@pytest.fixture
def unused_redis_url():
    return f"redis://127.0.0.1:{unused_port()}/0"


def unused_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
