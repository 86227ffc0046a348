"""Callers who go away, over a real server: no new reads for them, and no change cut off."""

import asyncio
import json
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from app import create_app
from facade import Facade
from faults.server import answer, says
from faults.service import CREDENTIALS
from settings import Settings

pytestmark = pytest.mark.anyio

CHANGE = 'mutation { changeTicketStatus(input: {ticketGuid: "T1", status: COMPLETE%s}) { %s } }'
OUTCOME = "__typename ... on ChangeTicketStatusSuccess { outcome }"
LIST = "{ qualityProcesses(first: 5) { nodes { guid steps { name } } } }"


class Gate:
    """An act that waits until the test lets it go on."""

    def __init__(self, *pieces):
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()
        self.act = says(*pieces)

    async def __call__(self, writer):
        self.reached.set()
        await self.opened.wait()
        await self.act(writer)


async def until(condition):
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("It did not come about in ten seconds.")


@asynccontextmanager
async def serving(url, **settings):
    """The service on a port of its own."""
    app = create_app(Settings(_env_file=None, arena_url=url, cognaize_url=url, **settings))
    config = uvicorn.Config(app, port=0, http="httptools", log_config=None, ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    try:
        await until(lambda: server.started)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def asking(port, query, method="POST"):
    """A client that has sent its request, and leaves at the end of the block."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"query": query}).encode() if method == "POST" else b""
    target = "/graphql" if method == "POST" else str(httpx.URL("/graphql", params={"query": query}))
    fields = {"host": "a", "content-type": "application/json", "content-length": len(body), **CREDENTIALS}
    head = "\r\n".join([f"{method} {target} HTTP/1.1", *(f"{name}: {text}" for name, text in fields.items()), "", ""])
    writer.write(head.encode() + body)
    try:
        yield
    finally:
        writer.close()
        await writer.wait_closed()


async def ask(port, query):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=CREDENTIALS) as client:
        return (await client.post("/graphql", json={"query": query})).json()["data"]


@pytest.fixture
def contexts(monkeypatch):
    """What operations worked with, in the order in which they came."""
    made = []
    make = Facade.context

    def remember(self, request):
        made.append(make(self, request))
        return made[-1]

    monkeypatch.setattr(Facade, "context", remember)
    return made


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_no_new_read_is_begun_for_a_caller_who_has_left(server, contexts, method):
    gate = Gate(answer({"results": []}))
    server.does(says(answer({"results": [{"guid": f"P{n}"} for n in range(5)]})), gate)
    async with serving(server.url, max_concurrent_calls=1) as port:
        async with asking(port, LIST, method):
            await gate.reached.wait()
        await until(lambda: contexts[0].bounds.caller_has_left)
        gate.opened.set()
        server.does(says(answer({"guid": "T1"})))
        await ask(port, '{ ticket(guid: "T1") { __typename } }')
    assert server.requests == [
        "GET /qualityprocesses?limit=6&offset=0",
        "GET /qualityprocesses/P0/steps",
        "GET /tickets/T1",
    ]


async def test_a_caller_who_stays_gets_every_read(server, contexts):
    server.does(says(answer({"results": [{"guid": "P0"}, {"guid": "P1"}]})), says(answer({"results": []})))
    async with serving(server.url) as port:
        data = await ask(port, LIST)
    assert data == {"qualityProcesses": {"nodes": [{"guid": "P0", "steps": []}, {"guid": "P1", "steps": []}]}}
    assert not contexts[0].bounds.caller_has_left


async def test_a_change_on_its_way_is_finished_and_its_key_settled(server, contexts):
    gate = Gate(answer({"guid": "T1"}, 201))
    server.does(gate)
    change = CHANGE % (', idempotencyKey: "k1"', OUTCOME)
    async with serving(server.url) as port:
        async with asking(port, change):
            await gate.reached.wait()
        await until(lambda: contexts[0].bounds.caller_has_left)
        gate.opened.set()
        answers = [await ask(port, change)]
        while answers[-1]["changeTicketStatus"]["__typename"] == "IdempotencyError":
            answers.append(await ask(port, change))
    assert answers[-1] == {"changeTicketStatus": {"__typename": "ChangeTicketStatusSuccess", "outcome": "REPLAYED"}}
    assert server.requests == ["POST /tickets/statuschanges"]


async def test_a_change_not_sent_yet_is_sent_all_the_same(server, contexts):
    gate = Gate(answer({"guid": "T1"}))
    server.does(gate, says(answer({"guid": "T1"}, 201)))
    read = '{ ticket(guid: "T1") { __typename } }'
    async with serving(server.url, max_concurrent_calls=1) as port, asking(port, read):
        await gate.reached.wait()
        async with asking(port, CHANGE % ("", OUTCOME)):
            await until(lambda: len(contexts) == 2)
        await until(lambda: contexts[1].bounds.caller_has_left)
        gate.opened.set()
        await until(lambda: len(server.requests) == 2)
    assert server.requests == ["GET /tickets/T1", "POST /tickets/statuschanges"]


async def test_all_items_of_a_bulk_are_sent_though_its_caller_leaves_after_the_first(server, contexts):
    gate = Gate(answer({"guid": "T0"}, 201))
    server.does(gate, says(answer({"guid": "T1"}, 201)))
    items = ", ".join(f'{{ticketGuid: "T{number}", status: COMPLETE}}' for number in range(5))
    change = f"mutation {{ changeTicketStatuses(input: {{items: [{items}]}}) {{ __typename }} }}"
    async with serving(server.url, max_concurrent_calls=1) as port:
        async with asking(port, change):
            await gate.reached.wait()
        await until(lambda: contexts[0].bounds.caller_has_left)
        gate.opened.set()
        await until(lambda: len(server.requests) == 5)
    assert server.requests == ["POST /tickets/statuschanges"] * 5


async def test_the_reads_that_tell_what_became_of_a_change_are_made_without_its_caller(server, contexts):
    """An ambiguous refusal of Arena is settled by a read, which the change's idempotency key needs."""
    gate = Gate(answer({"status": 400, "errors": [{"code": 3089}]}, 400))
    server.does(gate, says(answer({"results": []})))
    change = 'mutation { completeStep(input: {qualityProcessGuid: "P1", stepGuid: "S1"}) { __typename } }'
    async with serving(server.url) as port:
        async with asking(port, change):
            await gate.reached.wait()
        await until(lambda: contexts[0].bounds.caller_has_left)
        gate.opened.set()
        await until(lambda: len(server.requests) == 2)
    assert server.requests == ["POST /qualityprocesses/statuschanges", "GET /qualityprocesses/P1/steps"]
