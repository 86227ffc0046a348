"""Idempotency keys that two service processes share through Redis."""

import asyncio
from collections import Counter

import pytest

from sandbox.arena.story import guids
from service.processes import ask, http_client, log_in, running_sandbox, running_service, upstreams_of

pytestmark = pytest.mark.anyio

KEYS = 200
TRIES_OF_A_KEY = 10
STEPS = 60
CONNECTIONS = 100  # of each process

COMPLETE_STEP = """
mutation($input: CompleteStepInput!) {
  change: completeStep(input: $input) {
    ... on CompleteStepSuccess { outcome step { id guid status } }
    ... on OperationError { code }
  }
}
"""
CHANGE_TICKET = """
mutation($input: ChangeTicketStatusInput!) {
  change: changeTicketStatus(input: $input) {
    ... on ChangeTicketStatusSuccess { outcome ticket { id guid status title } }
    ... on OperationError { code }
  }
}
"""


class Arena:
    """The far side, seen by the owner, whose session the requests carry."""

    def __init__(self, client, session):
        self.client = client
        self.headers = {"arena_session_id": session}

    async def get(self, path):
        answer = await self.client.get(f"/arena/v1{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer

    async def calls_left(self):
        """What is left of the day when this call is counted too."""
        answer = await self.get("/settings/users/" + guids.OWNER)
        return int(answer.headers["x-arena-requests-remaining"])

    async def open_steps(self):
        """The open steps the owner can complete, with their processes."""
        processes = (await self.get("/qualityprocesses?limit=400&status=OPEN")).json()["results"]
        own = [process["guid"] for process in processes if process["owner"]["guid"] == guids.OWNER]
        return [
            (process, step["guid"])
            for process in own
            for step in (await self.get(f"/qualityprocesses/{process}/steps")).json()["results"]
            if step["type"] == "REGULAR" and step["status"] == "OPEN"
        ]

    async def tickets(self):
        return [ticket["guid"] for ticket in (await self.get("/tickets?limit=400")).json()["results"]]


async def choose_changes(arena):
    """A different change for each key: its document and its input."""
    steps = [
        (COMPLETE_STEP, {"qualityProcessGuid": process, "stepGuid": step})
        for process, step in (await arena.open_steps())[:STEPS]
    ]
    tickets = [(CHANGE_TICKET, {"ticketGuid": guid, "status": "COMPLETE"}) for guid in await arena.tickets()]
    chosen = [*steps, *tickets][:KEYS]
    return [(query, {**content, "idempotencyKey": f"key-{number}"}) for number, (query, content) in enumerate(chosen)]


async def test_two_thousand_changes_with_two_hundred_keys_are_two_hundred_changes(tmp_path, database, redis_url):
    async with running_sandbox(tmp_path, database) as sandbox:
        settings = {**upstreams_of(sandbox), "REDIS_URL": redis_url}
        async with (
            running_service(tmp_path, **settings) as one,
            running_service(tmp_path, **settings) as other,
            http_client(one.address) as client_of_one,
            http_client(other.address) as client_of_other,
            http_client(sandbox.address) as far_side,
        ):
            arena = Arena(far_side, await log_in(far_side, "owner"))
            changes = await choose_changes(arena)
            before = await arena.calls_left()

            async def send(number, client, turns):
                query, content = changes[number]
                async with turns:
                    return (await ask(client, query, {"input": content}, arena.headers))["data"]["change"]

            async def send_until_known(number, client, turns):
                first = await send(number, client, turns)
                if first == {"code": "IDEMPOTENCY_IN_PROGRESS"}:
                    await all_answered.wait()
                    return await send(number, client, turns)
                waited_for.discard(number)
                if not waited_for:
                    all_answered.set()
                return first

            waited_for, all_answered = set(range(KEYS)), asyncio.Event()
            # httpx's own queue for connections takes time that grows with the square of its length.
            clients = [(client, asyncio.Semaphore(CONNECTIONS)) for client in (client_of_one, client_of_other)]
            numbers = [number for number in range(KEYS) for _ in range(TRIES_OF_A_KEY)]
            answers = await asyncio.gather(
                *(send_until_known(number, *clients[place % 2]) for place, number in enumerate(numbers))
            )
            after = await arena.calls_left()

    assert before - after == KEYS + 1
    by_key = [answers[start : start + TRIES_OF_A_KEY] for start in range(0, len(answers), TRIES_OF_A_KEY)]
    outcomes = [Counter(answer.pop("outcome", answer) for answer in of_key) for of_key in by_key]
    assert outcomes == [{"APPLIED": 1, "REPLAYED": TRIES_OF_A_KEY - 1}] * KEYS
    assert [of_key for of_key in by_key if of_key != [of_key[0]] * TRIES_OF_A_KEY] == []
