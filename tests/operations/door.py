"""The way tests take: a GraphQL request in, the answer and the log of REST calls out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from app import create_app
from sandbox.app import create_sandbox
from sandbox.settings import SandboxSettings
from settings import Settings
from upstreams.errors import System

SANDBOX = "http://sandbox"

# Deadlines are the matter of a few tests, which set their own: no other may fail because a machine is held up.
PATIENCE = {"operation_seconds": 90, "call_seconds": 90, "drain_seconds": 90}


class Listening(httpx.AsyncBaseTransport):
    """Writes down every REST call on its way, and how many are under way at once."""

    def __init__(self, inner, door, prefix):
        self.inner = inner
        self.door = door
        self.prefix = prefix
        self.under_way = 0

    async def handle_async_request(self, request):
        target = request.url.raw_path.decode().removeprefix(self.prefix)
        self.door.calls.append(f"{request.method} {target}")
        self.door.requests.append(request)
        self.under_way += 1
        self.door.most_at_once = max(self.door.most_at_once, self.under_way)
        try:
            return await self.inner.handle_async_request(request)
        finally:
            self.under_way -= 1

    async def aclose(self):
        await self.inner.aclose()


class Door:
    """The running service, and a look behind it.

    Attributes:
        app: The service itself.
        calls: The REST calls so far, as "GET /tickets/1J3M"; clear it to count anew.
        requests: The same, as httpx has them.
        most_at_once: How many calls to one upstream were under way together.
        headers: Sent with every GraphQL request.
    """

    def __init__(self, client, sandbox):
        self.app = None
        self.client = client
        self.transport = None
        self.sandbox = sandbox
        self.calls = []
        self.requests = []
        self.most_at_once = 0
        self.headers = {}

    async def post(self, query, variables=None, **headers):
        """The HTTP answer to a GraphQL request."""
        body = {"query": query, "variables": variables or {}}
        return await self.client.post("/graphql", json=body, headers={**self.headers, **headers})

    async def ask(self, query, **variables):
        """The GraphQL answer, without the report on what it cost."""
        answer = await self.post(query, variables)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        body.pop("extensions", None)
        return body

    async def data(self, query, **variables):
        """The data of an answer without errors."""
        body = await self.ask(query, **variables)
        assert "errors" not in body, body["errors"]
        return body["data"]

    async def log_in(self, name, password="sandbox"):
        """A session of a demo user: a REST call that stays out of the log."""
        body = {"email": f"{name}@sandbox.test", "password": password}
        answer = await self.sandbox.post("/arena/v1/login", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()["arenaSessionId"]

    def move_to(self, address):
        """Send requests from this address from now on."""
        self.transport.client = (address, 50_000)

    async def become(self, name):
        """Send the session of a demo user from now on."""
        self.headers["arena_session_id"] = await self.log_in(name)

    async def look(self, path, name="kenji"):
        """What Arena itself says, to somebody nobody in the test is. Stays out of the log."""
        session = await self.log_in(name)
        answer = await self.sandbox.get(f"/arena/v1{path}", headers={"arena_session_id": session})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def look_at_step(self, process_guid, step_guid):
        """A step as Arena itself has it."""
        return await self.look(f"/qualityprocesses/{process_guid}/steps/{step_guid}")

    async def look_at_process(self, process_id):
        """A workflow process as Cognaize itself has it."""
        headers = {"authorization": "Bearer sandbox"}
        answer = await self.sandbox.get(f"/cognaize/api/v1/processes/{process_id}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]


@asynccontextmanager
async def open_door(database, *, settings=None, wrap=None, clock=None, **sandbox_settings) -> AsyncIterator[Door]:
    """The service on a sandbox of its own.

    Args:
        database: The sandbox's file.
        settings: Settings of the service, by name; without them it is patient.
        wrap: Put around the transport of a system, under the log: `wrap(system, transport)`.
        clock: The clock of the sandbox, and of the service's pauses after failed logins.
        sandbox_settings: Settings of the sandbox, by name.
    """
    url = f"sqlite+aiosqlite:///{database}"
    clocked = {"clock": clock} if clock else {}
    sandbox = create_sandbox(SandboxSettings(database_url=url, **sandbox_settings), **clocked)
    door = Door(None, None)
    prefixes = {System.ARENA: "/arena/v1", System.COGNAIZE: "/cognaize/api/v1"}

    def listen(system, transport):
        inner = wrap(system, transport) if wrap else transport
        return Listening(inner, door, prefixes[system])

    app = create_app(Settings(_env_file=None, **PATIENCE | (settings or {})), sandbox=sandbox, wrap=listen, **clocked)
    door.transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=door.transport, base_url="http://stepgraph") as client,
        httpx.AsyncClient(transport=httpx.ASGITransport(sandbox), base_url=SANDBOX) as sandbox_client,
    ):
        door.app = app
        door.client = client
        door.sandbox = sandbox_client
        yield door
