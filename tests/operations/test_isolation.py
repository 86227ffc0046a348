"""Two callers share nothing: no loader, no cache, no budget, no replay."""

import asyncio
import random

import httpx
import pytest

from sandbox.arena.story import guids, ticket_guids
from upstreams.errors import System

pytestmark = pytest.mark.anyio

ROUNDS = 150
CALLERS = {
    "ada": {"arena_session_id": "session-of-ada", "authorization": "Bearer token-of-ada"},
    "ben": {"arena_session_id": "session-of-ben", "authorization": "Bearer token-of-ben"},
}
LEFT_OF_THE_DAY = {"ada": 20_000, "ben": 10_000}
PROCESS_ID = "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600001"

READ = f"""{{
  a: ticket(guid: "T1") {{ ... on Ticket {{ title }} }}
  b: ticket(guid: "T1") {{ ... on Ticket {{ title }} }}
  steps: qualityProcess(guid: "P1") {{ ... on QualityProcess {{ name steps {{ name }} }} }}
  process(id: "{PROCESS_ID}") {{ ... on Process {{ workflowId }} }}
  upstreamBudgets {{ remaining }}
}}"""
CHANGE = """mutation($input: ChangeTicketStatusInput!) {
  changeTicketStatus(input: $input) { ... on ChangeTicketStatusSuccess { outcome ticket { title } } }
}"""


def who_asks(request):
    """The caller whose credential a call carries."""
    credential = request.headers.get("arena_session_id") or request.headers["authorization"]
    return credential.rpartition("-")[2]


def answer_by_caller(system, request):
    """An upstream where each caller sees another world under the same guids."""
    caller = who_asks(request)
    if system is System.COGNAIZE:
        return httpx.Response(200, json={"data": {"id": PROCESS_ID, "workflowId": caller, "steps": []}})
    rows = {
        "/tickets/T1": {"guid": "T1", "title": caller},
        "/tickets/statuschanges": {"guid": "T1", "title": caller},
        "/qualityprocesses/P1": {"guid": "P1", "name": caller},
        "/qualityprocesses/P1/steps": {"count": 1, "results": [{"guid": "S1", "name": caller}]},
    }
    return httpx.Response(
        201 if request.method == "POST" else 200,
        json=rows[request.url.path.removeprefix("/arena/v1")],
        headers={
            "X-Arena-Requests-Remaining": str(LEFT_OF_THE_DAY[caller]),
            "X-Arena-Next-Request-Limit-Reset": "Sat Jan 01 00:00:00 PST 2050",
        },
    )


class World(httpx.AsyncBaseTransport):
    """Gives its answers some turns of the loop later, so that those of different operations mingle."""

    def __init__(self, system):
        self.system = system
        self.chance = random.Random(7)

    async def handle_async_request(self, request):
        for _ in range(self.chance.randrange(5)):
            await asyncio.sleep(0)
        return answer_by_caller(self.system, request)


@pytest.fixture
async def door(opened):
    async with opened(wrap=lambda system, _transport: World(system)) as door:
        door.headers = {}
        yield door


def expected(caller):
    return {
        "a": {"title": caller},
        "b": {"title": caller},
        "steps": {"name": caller, "steps": [{"name": caller}]},
        "process": {"workflowId": caller},
    }


async def interleaved(send):
    """What each caller is answered when they ask in turns, all at once."""
    order = [*CALLERS] * ROUNDS
    random.Random(11).shuffle(order)
    return order, await asyncio.gather(*map(send, order))


async def test_interleaved_reads_of_two_callers_never_mix(door):
    async def read(caller):
        body = (await door.post(READ, **CALLERS[caller])).json()
        assert "errors" not in body, body
        return body["data"]

    order, answers = await interleaved(read)
    budgets = [answer.pop("upstreamBudgets")[0]["remaining"] for answer in answers]
    assert answers == [expected(caller) for caller in order]
    for caller, left in LEFT_OF_THE_DAY.items():
        told = {budget for who, budget in zip(order, budgets, strict=True) if who == caller}
        assert told <= {None, left}  # not known before the first answer


async def test_each_caller_is_told_their_own_budget(door):
    for caller in CALLERS:
        await door.post(READ, **CALLERS[caller])
    budgets = {
        caller: (await door.post("{ upstreamBudgets { remaining } }", **headers)).json()["data"]["upstreamBudgets"]
        for caller, headers in CALLERS.items()
    }
    assert budgets == {caller: [{"remaining": left}] for caller, left in LEFT_OF_THE_DAY.items()}


async def test_one_key_of_two_callers_is_two_keys(door):
    change = {"ticketGuid": "T1", "status": "COMPLETE", "idempotencyKey": "shared"}

    async def send(caller):
        body = (await door.post(CHANGE, {"input": change}, **CALLERS[caller])).json()
        return body["data"]["changeTicketStatus"]

    first = {caller: await send(caller) for caller in CALLERS}
    assert first == {caller: {"outcome": "APPLIED", "ticket": {"title": caller}} for caller in CALLERS}
    order, again = await interleaved(send)
    assert again == [{"outcome": "REPLAYED", "ticket": {"title": caller}} for caller in order]
    assert door.calls == ["POST /tickets/statuschanges"] * len(CALLERS)


async def test_what_one_caller_may_the_other_still_may_not(opened):
    """The owner completes a step; the member, asking at the same time, is refused every time."""
    complete = """mutation($input: CompleteStepInput!) { completeStep(input: $input) { __typename } }"""
    reopen = """mutation($input: ReopenStepInput!) { reopenStep(input: $input) { __typename } }"""
    step = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.OTHERS_STEP}
    async with opened() as door:
        member = await door.log_in("member")

        async def send(query, **headers):
            (answer,) = (await door.post(query, {"input": step}, **headers)).json()["data"].values()
            return answer["__typename"]

        for _ in range(20):
            answers = await asyncio.gather(send(complete), *(send(complete, arena_session_id=member) for _ in range(5)))
            assert answers[0] == "CompleteStepSuccess"
            assert set(answers[1:]) <= {"PermissionDeniedError", "StepAlreadyCompletedError"}
            assert await send(reopen, arena_session_id=member) == "PermissionDeniedError"
            assert await send(reopen) == "ReopenStepSuccess"


async def test_interleaved_answers_of_owner_and_member_are_what_each_is_told_alone(opened):
    query = f"""{{
      ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ ... on Ticket {{ title statusLabel }} }}
      qualityProcess(guid: "{guids.RICH_PROCESS}") {{ ... on QualityProcess {{ name steps {{ name status }} }} }}
    }}"""
    async with opened() as door:
        sessions = {name: await door.log_in(name) for name in ("owner", "member")}

        async def read(name):
            return (await door.post(query, arena_session_id=sessions[name])).json()["data"]

        alone = {name: await read(name) for name in sessions}
        order = [*sessions] * 50
        assert await asyncio.gather(*map(read, order)) == [alone[name] for name in order]
