"""The service and the sandbox as programs of their own, and how to talk to them."""

import asyncio
import os
import re
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60  # after which a test has failed
LISTENING = re.compile(r"Uvicorn running on (http://\S+)")
STARTED = "Application startup complete."


class Program:
    """A running server.

    Attributes:
        address: Where it listens, such as "http://127.0.0.1:40123".
        lines: What it has printed and logged.
    """

    def __init__(self, process):
        self.process = process
        self.address = None
        self.lines = []

    async def start(self, workers):
        """Wait until so many workers serve."""
        while sum(STARTED in line for line in self.lines) < workers or self.address is None:
            line = (await self.process.stdout.readline()).decode()
            assert line, "".join(self.lines)
            self._note(line)

    async def listen(self):
        """Take down everything else it prints."""
        async for line in self.process.stdout:
            self._note(line.decode())

    def count(self, text):
        """How many lines hold a text."""
        return sum(text in line for line in self.lines)

    async def stop(self):
        """Tell it to stop, unless it has; its exit code."""
        if self.process.returncode is None:
            self.process.terminate()
        return await self.process.wait()

    def _note(self, line):
        self.lines.append(line)
        if found := LISTENING.search(line):
            self.address = found[1]


@asynccontextmanager
async def running(folder, *command, workers=1, **environment):
    """A server on a port of the system's choice, at home in an empty folder.

    Args:
        folder: Where it runs.
        command: What to run, after Python's own name.
        workers: How many processes serve.
        environment: Its settings.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PORT": "0", "WORKERS": str(workers), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    program = Program(process)
    try:
        async with asyncio.timeout(SECONDS):
            await program.start(workers)
        listening = asyncio.create_task(program.listen())
        yield program
    finally:
        await program.stop()
    await listening


def running_service(folder, **settings):
    """`python app.py`."""
    return running(folder, str(ROOT / "app.py"), **settings)


def running_sandbox(folder, database):
    """`python -m sandbox`."""
    url = f"sqlite+aiosqlite:///{database}"
    return running(folder, "-m", "sandbox", "--port", "0", SANDBOX_DATABASE_URL=url)


def upstreams_of(sandbox):
    """The settings of a service in front of a sandbox."""
    return {"ARENA_URL": f"{sandbox.address}/arena/v1", "COGNAIZE_URL": f"{sandbox.address}/cognaize"}


def http_client(address, **options):
    """A client that opens as many connections as are asked for."""
    return httpx.AsyncClient(base_url=address, timeout=SECONDS, limits=httpx.Limits(max_connections=100), **options)


async def log_in(client, name, path="/arena/v1/login"):
    """A session of a demo user."""
    answer = await client.post(path, json={"email": f"{name}@sandbox.test", "password": "sandbox"})
    assert answer.status_code == 200, answer.text
    return answer.json()["arenaSessionId"]


async def ask(client, query, variables=None, headers=None):
    """The body of the answer to a GraphQL request."""
    body = {"query": query, "variables": variables or {}}
    answer = await client.post("/graphql", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()
