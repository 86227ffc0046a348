import json

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_service import make_app

from documents import Library, MemoryStore, hash_of

pytestmark = pytest.mark.anyio

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
requests = st.fixed_dictionaries(
    {"query": st.sampled_from(["{ echo }", "query($n: [Int!]!) { sum(numbers: $n) }"]) | values},
    optional={"variables": values, "operationName": values, "extensions": values},
)
names = st.fixed_dictionaries(
    {}, optional={"version": st.just(1) | values, "sha256Hash": st.just(hash_of("{ echo }")) | values}
)
naming_requests = st.fixed_dictionaries(
    {},
    optional={
        "query": st.just("{ echo }") | values,
        "documentId": st.just("a1") | values,
        "extensions": st.fixed_dictionaries({"persistedQuery": names | values}),
    },
)
bodies = st.binary() | (values | requests | naming_requests).map(json.dumps)


async def send(method, **parts):
    app = make_app(library=Library(MemoryStore(), {"a1": "{ echo }"}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stepgraph") as client:
        return await client.request(method, "/graphql", **parts)


@settings(deadline=None, derandomize=True)
@given(bodies)
async def test_any_body_is_answered_in_graphqls_shape(body):
    answer = await send("POST", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (200, 400)
    assert answer.json().keys() & {"data", "errors"}


@settings(deadline=None, derandomize=True)
@given(
    st.fixed_dictionaries({"query": st.text(), "variables": values.map(json.dumps) | st.text()})
    | naming_requests.map(lambda request: {name: json.dumps(value) for name, value in request.items()})
)
async def test_any_query_string_is_answered_in_graphqls_shape(parameters):
    answer = await send("GET", params=parameters)
    assert answer.status_code in (200, 400)
    assert answer.json().keys() & {"data", "errors"}


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(codec="latin-1", exclude_categories=["Cc"])))
async def test_any_header_is_answered(value):
    headers = dict.fromkeys(
        ["accept", "accept-encoding", "content-type", "x-request-id", "origin", "sec-fetch-site", "if-none-match"],
        value.encode("latin-1"),
    )
    answer = await send("POST", content=b'{"query": "{ echo }"}', headers=headers)
    assert answer.status_code in (200, 415)
    answer = await send("GET", params={"query": '{ echo(text: "' + "x" * 2000 + '") }'}, headers=headers)
    assert answer.status_code in (200, 304)
