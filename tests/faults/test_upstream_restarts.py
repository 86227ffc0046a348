"""The upstream dies under load and comes back: every change is made once, and nobody restarts the service."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from faults.service import open_service
from sandbox.arena.story import guids
from upstreams.breaker import CircuitBreaker, State

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
STEPS = "{ qualityProcesses(first: 40) { nodes { guid status owner { guid } steps { guid type status } } } }"
COMPLETE = """mutation Complete($process: String!, $step: String!) {
  completeStep(input: {qualityProcessGuid: $process, stepGuid: $step, idempotencyKey: $step}) {
    __typename
    ... on CompleteStepSuccess { outcome }
    ... on OperationError { code retry { kind } }
  }
}"""
READ = "query Read($guid: String!) { qualityProcess(guid: $guid) { __typename ... on OperationError { code } } }"
COLLEAGUES = 8
MOST_TRIES = 1000
REST_SECONDS = 0.2


class Sandbox:
    """A server process that can be killed and started again on the same port and database."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {"SANDBOX_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/sandbox.db"}
        self.process = None

    async def start(self):
        command = [sys.executable, "-m", "sandbox", "--port", str(self.port)]
        silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self.environment, **silence)
        for _ in range(1000):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
        pytest.fail("The sandbox did not start.")

    async def kill(self):
        self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


@pytest.fixture
async def sandbox(tmp_path):
    sandbox = Sandbox(tmp_path)
    await sandbox.start()
    yield sandbox
    await sandbox.kill()


async def log_in(sandbox):
    async with httpx.AsyncClient(base_url=sandbox.url) as client:
        body = {"email": "owner@sandbox.test", "password": "sandbox"}
        return (await client.post("/arena/v1/login", json=body)).json()["arenaSessionId"]


@asynccontextmanager
async def serving(sandbox):
    """The service in front of the sandbox, with a circuit that is probed soon; as the owner."""
    async with open_service(f"{sandbox.url}/arena/v1", f"{sandbox.url}/cognaize", max_requests=100) as service:
        service.headers = {"arena_session_id": await log_in(sandbox)}
        service.breaker = CircuitBreaker(10, REST_SECONDS, asyncio.get_running_loop().time)
        service.app.state.facade.arena.breaker = service.breaker
        yield service


async def open_steps(service):
    """The steps the owner can complete, by process and step."""
    processes = (await service.data(STEPS))["qualityProcesses"]["nodes"]
    return [
        (process["guid"], step["guid"])
        for process in processes
        if process["status"] == "OPEN" and process["owner"]["guid"] == guids.OWNER
        for step in process["steps"]
        if (step["type"], step["status"]) == ("REGULAR", "OPEN")
    ]


async def complete(service, process, step):
    """Do what a careful client does: try again, with the same key, for as long as the advice is not NEVER."""
    for _ in range(MOST_TRIES):
        data = await service.data(COMPLETE, process=process, step=step)
        result = data["completeStep"]
        if result["__typename"] == "CompleteStepSuccess" or result["retry"]["kind"] == "NEVER":
            return result
        await asyncio.sleep(REST_SECONDS / 10)
    return result


async def test_no_change_is_lost_or_doubled_when_the_upstream_is_killed_and_comes_back(sandbox):
    async with serving(sandbox) as service:
        todo = await open_steps(service)
        expected = set(todo)
        results, codes = [], set()
        some_are_done = asyncio.Event()

        async def work():
            while todo:
                process, step = todo.pop()
                read = (await service.data(READ, guid=process))["qualityProcess"]
                codes.add(read.get("code"))
                results.append(await complete(service, process, step))
                if len(results) >= len(expected) // 3:
                    some_are_done.set()

        load = asyncio.gather(*(work() for _ in range(COLLEAGUES)))
        await some_are_done.wait()
        await sandbox.kill()
        for _ in range(1000):
            if service.breaker.state is State.OPEN:
                break
            await asyncio.sleep(0.01)
        assert service.breaker.state is State.OPEN
        await sandbox.start()
        await load

        assert len(expected) > 20
        assert [result for result in results if result["__typename"] != "CompleteStepSuccess"] == []
        assert len(results) == len(expected)
        assert {result["outcome"] for result in results} <= {"APPLIED", "REPLAYED"}
        assert codes <= {None, "UPSTREAM_UNAVAILABLE", "UPSTREAM_TIMEOUT"}
        assert service.breaker.state is State.CLOSED
        assert expected & set(await open_steps(service)) == set()
