"""Whatever a request's body holds, the answer is JSON and not the service's fault."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
QUERIES = [
    "{ __typename }",
    "query($text: String!) { ticket(guid: $text) { __typename } node(id: $text) { __typename } }",
    "query($count: Int, $text: String) { tickets(first: $count, after: $text) { nodes { guid } } }",
    "mutation($input: CompleteStepInput!) { completeStep(input: $input) { __typename } }",
    "mutation($input: CompleteProcessStepInput!) { completeProcessStep(input: $input) { __typename } }",
]
INPUT_NAMES = [
    "qualityProcessGuid",
    "stepGuid",
    "comment",
    "idempotencyKey",
    "processStepId",
    "params",
    "name",
    "value",
]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(INPUT_NAMES), inner),
)
variables = st.dictionaries(st.sampled_from(["input", "text", "count"]), values)
requests = st.fixed_dictionaries(
    {"query": st.sampled_from(QUERIES) | values},
    optional={"variables": variables | values, "operationName": values, "extensions": values},
)
sharing_a_door = settings(
    deadline=None, derandomize=True, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def check(door, body):
    answer = await door.client.post("/graphql", content=body, headers=JSON)
    assert answer.status_code < 500
    assert answer.json().keys() & {"data", "errors"}
    codes = [error["extensions"]["code"] for error in answer.json().get("errors", [])]
    assert "INTERNAL" not in codes


@sharing_a_door
@given(body=st.binary())
async def test_any_bytes_are_answered(door, body):
    await check(door, body)


@sharing_a_door
@given(body=values.map(json.dumps))
async def test_any_json_is_answered(door, body):
    await check(door, body)


@sharing_a_door
@given(body=requests.map(json.dumps))
async def test_any_graphql_request_is_answered(door, body):
    await check(door, body)
