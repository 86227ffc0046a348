from hashlib import sha256

import pytest

pytestmark = pytest.mark.anyio

TICKETS = "query Tickets($first: Int!) { tickets(first: $first) { nodes { number } } }"


async def send(door, text=None, *, of=None, **variables):
    """Sends a document with its hash, or the hash alone."""
    digest = sha256((of or text).encode()).hexdigest()
    body = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest}}, "variables": variables}
    if text:
        body["query"] = text
    answer = (await door.client.post("/graphql", json=body, headers=door.headers)).json()
    answer.pop("extensions", None)
    return answer


def code_of(answer):
    (error,) = answer["errors"]
    return error["extensions"]["code"]


async def test_a_hash_that_is_not_known_makes_no_call(door):
    assert code_of(await send(door, of=TICKETS, first=1)) == "PERSISTED_QUERY_NOT_FOUND"
    assert door.calls == []


async def test_a_hash_costs_the_calls_of_its_document(door):
    sent = await send(door, TICKETS, first=1)
    by_text, door.calls[:] = [*door.calls], []
    assert await send(door, of=TICKETS, first=1) == sent
    assert sent["data"]["tickets"]["nodes"]
    assert door.calls == by_text


async def test_a_document_over_the_limits_is_not_kept(door):
    aliases = "{" + "".join(f" a{number}: tickets {{ nodes {{ number }} }}" for number in range(300)) + " }"
    assert code_of(await send(door, aliases)) == "LIMIT_EXCEEDED"
    assert code_of(await send(door, of=aliases)) == "PERSISTED_QUERY_NOT_FOUND"
    assert door.calls == []


async def test_services_that_share_redis_share_documents(opened, redis_url):
    settings = {"redis_url": redis_url}
    async with opened(settings=settings) as first:
        sent = await send(first, TICKETS, first=1)
    async with opened(settings=settings) as second:
        assert await send(second, of=TICKETS, first=1) == sent


async def test_a_redis_that_is_away_costs_nothing_but_the_text(opened, unused_redis_url):
    async with opened(settings={"redis_url": unused_redis_url}) as door:
        assert code_of(await send(door, of=TICKETS, first=1)) == "PERSISTED_QUERY_NOT_FOUND"
        sent = await send(door, TICKETS, first=1)
        assert await send(door, of=TICKETS, first=1) == sent
    assert "errors" not in sent


async def test_persisted_queries_can_be_switched_off(opened):
    async with opened(settings={"persisted_queries": False}) as door:
        assert "errors" not in await send(door, TICKETS, first=1)
        assert code_of(await send(door, of=TICKETS, first=1)) == "PERSISTED_QUERY_NOT_SUPPORTED"
