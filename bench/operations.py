"""Prints what operations cost: REST calls, and CPU time of the service alone.

The REST answers are those of the sandbox, kept from a first run and replayed from memory, so that the sandbox's own
work is not in the figures.

    python -m bench.operations [rounds]
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import httpx

from app import create_app
from sandbox.app import create_sandbox
from sandbox.settings import SandboxSettings
from settings import Settings
from upstreams.errors import System

OPERATIONS = {
    "one ticket": '{ ticket(guid: "1J3M5I3UHK1GZI1K31L4") { ... on Ticket { number title status } } }',
    "20 processes with their steps": (
        "{ qualityProcesses(first: 20) "
        "{ nodes { number owner { fullName } steps { name status assignees { fullName } } } } }"
    ),
    "100 tickets": (
        "{ tickets(first: 100) { nodes { id number title status priority assignee { fullName } "
        "attributes { name values } } } }"
    ),
    "a workflow process": (
        '{ process(id: "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600001") { ... on Process { status steps { delegate status '
        "params { name value { ... on StringParam { string } ... on LongParam { long } } } } } } }"
    ),
}


class Replaying(httpx.AsyncBaseTransport):
    """Asks the sandbox once for every call, and itself from then on."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.calls = 0
        self.kept: dict[tuple[str, str], tuple[int, list[tuple[bytes, bytes]], bytes]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        key = (request.method, str(request.url))
        if key not in self.kept:
            response = await self.inner.handle_async_request(request)
            self.kept[key] = (response.status_code, list(response.headers.raw), await response.aread())
        status, headers, body = self.kept[key]
        return httpx.Response(status, headers=headers, content=body)


async def measure(rounds: int, database: Path) -> None:
    sandbox = create_sandbox(SandboxSettings(database_url=f"sqlite+aiosqlite:///{database}"))
    transports: dict[System, Replaying] = {}

    def replay(system: System, inner: httpx.AsyncBaseTransport) -> httpx.AsyncBaseTransport:
        transports[system] = Replaying(inner)
        return transports[system]

    app = create_app(Settings(), sandbox=sandbox, wrap=replay)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stepgraph") as client,
    ):
        print(f"{'operation':32} {'REST calls':>10} {'CPU ms':>8}")
        for name, query in OPERATIONS.items():
            body = {"query": query}
            for _ in range(3):
                answer = (await client.post("/graphql", json=body)).json()
            if "errors" in answer:
                raise SystemExit(f"{name}: {answer['errors']}")
            before = sum(transport.calls for transport in transports.values())
            started = time.process_time()
            for _ in range(rounds):
                await client.post("/graphql", json=body)
            seconds = time.process_time() - started
            calls = (sum(transport.calls for transport in transports.values()) - before) / rounds
            print(f"{name:32} {calls:10.0f} {seconds / rounds * 1000:8.2f}")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(rounds, Path(folder) / "sandbox.db"))


if __name__ == "__main__":
    main()
