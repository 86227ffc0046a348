import json

import pytest
from edge_answers import refusal

from edge import EdgeSettings

pytestmark = pytest.mark.anyio


async def test_a_query_is_answered(client):
    answer = await client.get(
        "/graphql",
        params={
            "query": "query Say($text: String!) { echo(text: $text) }",
            "variables": json.dumps({"text": "né"}),
            "operationName": "Say",
            "extensions": "{}",
        },
    )
    assert (answer.status_code, answer.json()) == (200, {"data": {"echo": "né"}})


async def test_empty_variables_are_none(client):
    answer = await client.get("/graphql", params={"query": "{ echo }", "variables": "", "extensions": "null"})
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_a_mutation_is_refused(client, log):
    answer = await client.get("/graphql", params={"query": 'mutation { save(text: "x") }'})
    assert refusal(answer) == (405, "INVALID_REQUEST")
    assert answer.headers["allow"] == "POST"
    assert log.saved == []


@pytest.mark.parametrize(
    "query_string",
    [
        "",
        "query=",
        "variables={}",
        "query=%ff",
        "query=%ed%a0%80",
        "query={echo}&variables=1",
        "query={echo}&variables=[]",
        "query={echo}&variables=true",
        "query={echo}&variables=%22x%22",
        "query={echo}&variables={",
        "query={echo}&variables={%22a%22:NaN}",
        "query={echo}&variables={%22a%22:%22%5Cud800%22}",
        "query={echo}&variables={%22%5Cud800%22:1}",
        "query={echo}&variables={%22a%22:%22%ed%a0%80%22}",
        "query={echo}&operationName=%ed%a0%80",
        "query={echo}&variables={%22a%22:1" + "0" * 6000 + "}",
        "query={echo}&extensions=%22x%22",
        "query={echo}&extensions=1",
        "query={echo}&extensions=[]",
        "query={echo}&extensions=true",
        "query={echo}&extensions={",
    ],
)
async def test_a_query_string_that_is_no_graphql_request_is_refused(client, log, query_string):
    answer = await client.get(f"/graphql?{query_string}")
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert log.contexts == 0


async def test_deep_variables_are_refused(client):
    answer = await client.get("/graphql", params={"query": "{ echo }", "variables": '{"a":' + "[" * 5000})
    assert refusal(answer) == (400, "LIMIT_EXCEEDED")


async def test_a_query_string_over_the_limit_is_refused(connect, log):
    async with connect(EdgeSettings(max_body_bytes=1000)) as client:
        answer = await client.get("/graphql", params={"query": "{ echo }", "padding": "x" * 1000})
    assert refusal(answer) == (414, "LIMIT_EXCEEDED")
    assert log.contexts == 0
