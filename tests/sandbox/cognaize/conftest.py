from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.cognaize.params import string
from sandbox.cognaize.routes import cognaize_routes
from sandbox.cognaize.story import plant_workflows
from sandbox.settings import SandboxSettings
from sandbox.store import Store, create_tables


class Clock:
    def __init__(self):
        self.now = datetime(2025, 6, 2, 9, 30, 0, 123_456, tzinfo=UTC)

    def __call__(self):
        return self.now


class DelegateSide:
    """Where delegates listen: keeps what arrives and answers with a status, or refuses the connection."""

    def __init__(self):
        self.notices = []
        self.status = 202

    def __call__(self, request):
        self.notices.append((str(request.url), request.read()))
        if self.status is None:
            raise httpx.ConnectError("refused")
        return httpx.Response(self.status)


class Cognaize:
    """A caller of the four endpoints."""

    def __init__(self, client):
        self.client = client

    async def complete(self, process_step_id, **params):
        body = {"processStepId": process_step_id, "params": params}
        return await self.client.post("/processes/complete-step", json=body)

    async def process(self, process_id):
        return (await self.client.get(f"/processes/{process_id}")).json()["data"]

    async def statuses(self, process_id):
        return [step["processStepStatus"] for step in (await self.process(process_id))["steps"]]

    async def start_timed_process(self):
        """Start a process whose first step has a minute."""
        model = {
            "delegate": "MODEL",
            "timeOutInSeconds": 60,
            "params": {"modelUrl": string("http://model.test")},
        }
        distribution = {"delegate": "DISTRIBUTION", "params": {"taskDefinitionId": string("review")}}
        workflow = await self.client.post("/workflows", json={"name": "Timed", "steps": [model, distribution]})
        body = {"workflowId": workflow.json()["data"]["id"]}
        return (await self.client.post("/processes/start", json=body)).json()["data"]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def delegate_side():
    return DelegateSide()


@pytest.fixture
async def store(tmp_path):
    store = Store(f"sqlite+aiosqlite:///{tmp_path}/sandbox.db")
    async with store.transaction() as session:
        await create_tables(session)
        await plant_workflows(session)
    yield store
    await store.close()


@pytest.fixture
async def cognaize(store, clock, delegate_side):
    settings = SandboxSettings(cognaize_token="let-me-in")
    routes = cognaize_routes(store, settings, clock, httpx.MockTransport(delegate_side))
    app = Starlette(routes=[Mount("/cognaize", routes=routes)])
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://cognaize.test/cognaize/api/v1",
        headers={"Authorization": "Bearer let-me-in"},
    ) as client:
        yield Cognaize(client)
