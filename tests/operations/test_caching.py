import pytest

pytestmark = pytest.mark.anyio

TICKETS = "{ tickets(first: 2) { nodes { number status } } }"


async def get(door, **headers):
    return await door.client.get("/graphql", params={"query": TICKETS}, headers={**door.headers, **headers})


async def test_what_an_answer_cost_does_not_make_it_another(door):
    first, second = await get(door), await get(door)
    assert first.json()["extensions"] != second.json()["extensions"]
    assert first.headers["etag"] == second.headers["etag"]


async def test_an_answer_the_client_has_costs_the_same_calls(door):
    tag = (await get(door)).headers["etag"]
    calls, door.calls[:] = [*door.calls], []
    assert (await get(door, **{"if-none-match": tag})).status_code == 304
    assert door.calls == calls


async def test_a_change_makes_another_answer(door):
    first = await get(door)
    change = """mutation { changeTicketStatus(input: { ticketGuid: "%s", status: COMPLETE }) { __typename } }"""
    await door.data(
        change % (await door.data("{ tickets(first: 1) { nodes { guid } } }"))["tickets"]["nodes"][0]["guid"]
    )
    answer = await get(door, **{"if-none-match": first.headers["etag"]})
    assert (answer.status_code, answer.json()["data"]["tickets"]["nodes"][0]["status"]) == (200, "COMPLETE")


async def test_an_answer_with_a_refusal_has_no_tag(door):
    query = {"query": "{ qualityProcesses(first: 5) { nodes { number steps { assignees { fullName } } } } }"}
    own = await door.client.get("/graphql", params=query, headers=door.headers)
    refused = await door.client.get("/graphql", params=query, headers={"arena_session_id": "nobody's"})
    assert "etag" in own.headers
    assert "etag" not in refused.headers
