"""The service in front of hosts that fail, and what a client sees of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from operations.door import Door

from app import create_app
from settings import Settings

# Nothing of this may reach a client: addresses, libraries, stacks.
INTERNALS = (
    "127.0.0.1",
    "localhost",
    ".invalid",
    "http",
    "errno",
    "traceback",
    "ssl",
    "msgspec",
    "json",
    ".py",
    "socket",
)

ERROR = """
  __typename
  ... on OperationError { code message retry { kind after } upstream { system httpStatus code message } }
"""

CHANGES = {
    name: f"mutation {{ result: {name}(input: {arguments}) {{ {ERROR} ... on OutcomeUnknownError {{ check }} }} }}"
    for name, arguments in {
        "completeStep": '{qualityProcessGuid: "P1", stepGuid: "S1"}',
        "reopenStep": '{qualityProcessGuid: "P1", stepGuid: "S1"}',
        "changeTicketStatus": '{ticketGuid: "T1", status: COMPLETE}',
        "completeProcessStep": '{processStepId: "W1"}',
    }.items()
}

READS = {
    name: f"{{ result: {name}({arguments}) {{ {ERROR} }} }}"
    for name, arguments in {"qualityProcess": 'guid: "P1"', "ticket": 'guid: "T1"', "process": 'id: "W1"'}.items()
}

CREDENTIALS = {"arena_session_id": "0123456789", "authorization": "Bearer token"}


class Service(Door):
    """The running service, and nothing behind it but the faults."""

    def forgive(self):
        """Let no circuit open on account of what has failed so far."""
        self.app.state.facade.arena.breaker.succeeded()
        self.app.state.facade.cognaize.breaker.succeeded()

    async def result(self, query):
        """The member of its union that an operation answers, after a look for anything that leaks."""
        answer = await self.post(query)
        assert answer.status_code == 200, answer.text
        assert_nothing_leaks(answer)
        body = answer.json()
        assert "errors" not in body, body
        return body["data"]["result"]

    async def error(self, query, field="result"):
        """The only error of a query whose field is null, after a look for anything that leaks."""
        answer = await self.post(query)
        assert answer.status_code == 200, answer.text
        assert_nothing_leaks(answer)
        body = answer.json()
        assert body["data"] == {field: None}
        (error,) = body["errors"]
        return error


def assert_nothing_leaks(answer):
    # "httpStatus" is a field of ours.
    text = answer.text.lower().replace("httpstatus", "")
    assert not [word for word in INTERNALS if word in text], text
    assert answer.headers.get("server") is None


@asynccontextmanager
async def open_service(url, cognaize_url=None, wrap=None, **settings) -> AsyncIterator[Service]:
    """The service; with one base address for both upstreams unless there are two."""
    hosts = {"arena_url": url, "cognaize_url": cognaize_url or url}
    app = create_app(Settings(_env_file=None, **hosts, **settings), wrap=wrap)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stepgraph") as client,
    ):
        service = Service(client, None)
        service.app = app
        service.headers = dict(CREDENTIALS)
        yield service
