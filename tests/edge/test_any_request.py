import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_service import make_app

pytestmark = pytest.mark.anyio

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
requests = st.fixed_dictionaries(
    {"query": st.sampled_from(["{ echo }", "query($n: [Int!]!) { sum(numbers: $n) }"]) | values},
    optional={"variables": values, "operationName": values, "extensions": values},
)
bodies = st.binary() | values.map(json.dumps) | requests.map(json.dumps)


async def send(method, **parts):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(make_app()), base_url="http://stepgraph") as client:
        return await client.request(method, "/graphql", **parts)


@settings(deadline=None, derandomize=True)
@given(bodies)
async def test_any_body_is_answered_in_graphqls_shape(body):
    answer = await send("POST", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400)
    assert answer.json().keys() & {"data", "errors"}


@settings(deadline=None, derandomize=True)
@given(st.fixed_dictionaries({"query": st.text(), "variables": values.map(json.dumps) | st.text()}))
async def test_any_query_string_is_answered_in_graphqls_shape(parameters):
    answer = await send("GET", params=parameters)
    assert answer.status_code in (200, 400)
    assert answer.json().keys() & {"data", "errors"}


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])))
async def test_any_header_is_answered(value):
    headers = dict.fromkeys(
        ["accept", "content-type", "x-request-id", "origin", "sec-fetch-site"], value.encode("latin-1")
    )
    answer = await send("POST", content=b'{"query": "{ echo }"}', headers=headers)
    assert answer.status_code in (200, 415)
