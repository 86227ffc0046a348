"""Several worker processes of one host."""

import asyncio
import os
import resource
from contextlib import asynccontextmanager, contextmanager

import pytest
from operations.door import open_door

from sandbox.arena.story import ticket_guids
from service.processes import (
    ROOT,
    ask,
    http_client,
    log_in,
    running,
    running_sandbox,
    running_service,
    upstreams_of,
)

pytestmark = pytest.mark.anyio

TICKET = "query($guid: String!) { ticket(guid: $guid) { ... on Ticket { guid } } }"
EXPECTED = {"ticket": {"guid": ticket_guids.PAINT_TICKET}}
CHANGE = """
mutation($input: ChangeTicketStatusInput!) {
  changeTicketStatus(input: $input) { __typename ... on InvalidInputError { code fields { path message } } }
}
"""
SERVICE_LOGIN = {"ARENA_EMAIL": "owner@sandbox.test", "ARENA_PASSWORD": "sandbox"}
ON_A_NEW_CONNECTION = {"connection": "close"}
REQUESTS = 100
MOST_OF_MACOS = 10_240  # files, where it says that there is no limit


async def ask_many(client):
    variables = {"guid": ticket_guids.PAINT_TICKET}
    asking = (ask(client, TICKET, variables, ON_A_NEW_CONNECTION) for _ in range(REQUESTS))
    return [(answer.get("data"), answer.get("errors")) for answer in await asyncio.gather(*asking)]


async def test_two_workers_share_one_login(tmp_path, database):
    async with (
        running_sandbox(tmp_path, database) as sandbox,
        running_service(tmp_path, workers=2, **upstreams_of(sandbox), **SERVICE_LOGIN) as service,
        http_client(service.address) as client,
    ):
        assert await ask_many(client) == [(EXPECTED, None)] * REQUESTS
        assert sandbox.count("POST /arena/v1/login") == 1


async def test_two_workers_log_in_once_more_when_their_session_is_ended(tmp_path, database):
    async with (
        running_sandbox(tmp_path, database) as sandbox,
        running_service(tmp_path, workers=2, **upstreams_of(sandbox), **SERVICE_LOGIN) as service,
        http_client(service.address) as client,
        http_client(sandbox.address) as other_client,
    ):
        await ask_many(client)
        await log_in(other_client, "owner")
        assert await ask_many(client) == [(EXPECTED, None)] * REQUESTS
        assert sandbox.count("POST /arena/v1/login") == 3  # the first, the other client's, the second


async def test_what_workers_share_is_private_and_gone_when_they_have_stopped(tmp_path, database):
    url = f"sqlite+aiosqlite:///{database}"
    async with (
        running_service(tmp_path, workers=2, SANDBOX_DATABASE_URL=url, TMPDIR=str(tmp_path)) as service,
        http_client(service.address) as client,
    ):
        await ask(client, TICKET, {"guid": ticket_guids.PAINT_TICKET})
        (directory,) = tmp_path.glob("stepgraph-*")
        (file,) = directory.iterdir()
        assert [path.stat().st_mode & 0o777 for path in (directory, file)] == [0o700, 0o600]
    assert not directory.exists()


async def test_two_workers_serve_the_embedded_sandbox(tmp_path, database):
    url = f"sqlite+aiosqlite:///{database}"
    async with (
        running_service(tmp_path, workers=2, SANDBOX_DATABASE_URL=url) as service,
        http_client(service.address) as client,
    ):
        assert await ask_many(client) == [(EXPECTED, None)] * REQUESTS


async def test_workers_that_share_no_ledger_refuse_idempotency_keys(database):
    change = {"ticketGuid": ticket_guids.PAINT_TICKET, "status": "COMPLETE", "idempotencyKey": "k-1"}
    async with open_door(database, settings={"workers": 2}) as door:
        data = await door.data(CHANGE, input=change)
        assert data["changeTicketStatus"] == {
            "__typename": "InvalidInputError",
            "code": "INVALID_INPUT",
            "fields": [
                {
                    "path": ["input", "idempotencyKey"],
                    "message": "cannot be kept: this service has several workers and no REDIS_URL to share keys in",
                }
            ],
        }
        assert door.calls == []


async def test_the_threads_of_workers_do_not_interrupt_each_other(tmp_path):
    """Where the system can have threads finish what they are at: elsewhere there is nothing to tell."""
    async with telling_workers(tmp_path) as told:
        assert [one["scheduler"] for one in await told()] == [getattr(os, "SCHED_BATCH", None)] * REQUESTS


async def test_workers_may_have_as_many_files_open_as_the_system_lets_them(tmp_path):
    with few_open_files() as most:
        async with telling_workers(tmp_path) as told:
            files = MOST_OF_MACOS if most == resource.RLIM_INFINITY else most
            assert [one["files"] for one in await told()] == [[files, most]] * REQUESTS


@asynccontextmanager
async def telling_workers(folder):
    """Workers served as the service's are; gives what asks them how the system treats them."""
    program = running(folder, "-m", "service.telling_workers", workers=2, PYTHONPATH=f"{ROOT}:{ROOT / 'tests'}")
    async with program as service, http_client(service.address) as client:

        async def ask_all():
            asking = (client.get("/", headers=ON_A_NEW_CONNECTION) for _ in range(REQUESTS))
            return [answer.json() for answer in await asyncio.gather(*asking)]

        yield ask_all


@contextmanager
def few_open_files():
    """Lets this process, and what it starts, have few files open unless it asks for more; gives the most it can get."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = 1024 if limits[1] == resource.RLIM_INFINITY else min(1024, limits[1] // 2)
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, limits[1]))
    try:
        yield limits[1]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
