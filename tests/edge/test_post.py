import gzip

import pytest
from edge_answers import refusal

pytestmark = pytest.mark.anyio

SAVE = 'mutation { save(text: "x") }'
JSON = {"content-type": "application/json"}


async def send(client, body, **headers):
    return await client.post("/graphql", content=body, headers={**JSON, **headers})


async def test_a_query_is_answered(client):
    answer = await client.post("/graphql", json={"query": "{ echo }"})
    assert (answer.status_code, answer.json()) == (200, {"data": {"echo": "hello"}})


async def test_a_path_with_a_slash_too_many_leads_to_the_endpoint(client):
    answer = await client.post("/graphql/", json={"query": "{ echo }"})
    assert (answer.status_code, answer.headers["location"]) == (307, "http://stepgraph/graphql")


async def test_a_path_below_the_endpoint_is_unknown(client):
    answer = await client.post("/graphql/x", json={"query": "{ echo }"})
    assert refusal(answer) == (404, "INVALID_REQUEST")


async def test_variables_and_operation_name_are_passed_on(client):
    query = "query A { echo } query B($text: String!) { echo(text: $text) }"
    answer = await client.post(
        "/graphql", json={"query": query, "operationName": "B", "variables": {"text": "Paint \U0001f3a8"}}
    )
    assert answer.json() == {"data": {"echo": "Paint \U0001f3a8"}}


async def test_a_mutation_is_executed(client, log):
    answer = await client.post("/graphql", json={"query": SAVE})
    assert answer.json() == {"data": {"save": "x"}}
    assert log.saved == ["x"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"1",
        b"null",
        b'"x"',
        b"[]",
        b'[{"query": "{ echo }"}]',
        b"{",
        b'{"query": "{ echo }"} x',
        b'{"query": "{ echo }", "variables": {"a": NaN}}',
        b'{"query": "{ echo }", "variables": {"a": Infinity}}',
        b'{"query": "{ echo }", "variables": {"a": 1e999}}',
        b'{"query": "{ echo }", "variables": {"a": 1' + b"0" * 6000 + b"}}",
        b'{"query": "\xff"}',
        b'{"query": "{ echo }", "unknown": "\xff"}',
        b'\xff\xfe{\x00"\x00',
        b'{"query": "\\ud800"}',
        b'{"query": "{ echo }", "variables": {"\\ud800": 1}}',
        b'{"query": "{ echo }", "variables": {"a": "\\ud800"}}',
        b'{"query": "{ echo }", "variables": {"a": ["\\udc00\\ud800"]}}',
        b'{"query": "{ echo }", "operationName": "\\ud800"}',
        b'{"query": "{ echo }", "variables": {"a": "\xed\xa0\x80"}}',
        b"{}",
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": 1}',
        b'{"query": ["{ echo }"]}',
        b'{"query": "{ echo }", "variables": []}',
        b'{"query": "{ echo }", "variables": "{}"}',
        b'{"query": "{ echo }", "operationName": 1}',
        b'{"query": "{ echo }", "operationName": {}}',
        b'{"query": "{ echo }", "variables": true}',
        b'{"query": "{ echo }", "extensions": "x"}',
        b'{"query": "{ echo }", "extensions": []}',
    ],
)
async def test_a_body_that_is_no_graphql_request_is_refused(client, log, body):
    answer = await send(client, body)
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert log.contexts == 0


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 50_000,
        b'{"a":' * 10_000,
        b'{"query": "{ echo }", "variables": {"a": ' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b'{"unknown": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
async def test_deep_json_is_refused(client, log, body):
    answer = await send(client, body)
    assert answer.status_code == 400
    assert log.contexts == 0


async def test_variables_just_within_the_depth_are_the_schemas_business(client):
    deep = b"[" * 800 + b"]" * 800
    answer = await send(
        client, b'{"query": "query($n: [Int!]!) { sum(numbers: $n) }", "variables": {"n": ' + deep + b"}}"
    )
    assert refusal(answer) == (200, "INVALID_REQUEST")


async def test_duplicate_keys_are_tolerated(client):
    answer = await send(client, b'{"query": "{ nope }", "query": "{ echo }"}')
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_a_body_over_the_limit_is_refused(client, log):
    answer = await send(client, b'{"query": "' + SAVE.encode() + b" " * 100_000 + b'"}')
    assert refusal(answer) == (413, "LIMIT_EXCEEDED")
    assert log.saved == []


async def test_a_chunked_body_is_read_no_further_than_the_limit(client):
    sent = []

    async def chunks():
        for number in range(1000):
            sent.append(number)
            yield b" " * 50_000

    answer = await send(client, chunks())
    assert refusal(answer) == (413, "LIMIT_EXCEEDED")
    assert len(sent) == 3


async def test_a_compressed_body_is_refused(client, log):
    body = gzip.compress(b'{"query": "mutation { save(text: \\"x\\") }"}')
    answer = await send(client, body, **{"content-encoding": "gzip"})
    assert refusal(answer) == (415, "INVALID_REQUEST")
    assert answer.headers["accept-encoding"] == "identity"
    assert log.saved == []


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "text/application/json",
        "application/jsonp",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
    ],
)
async def test_a_body_of_another_type_is_refused(client, log, content_type):
    """These are all that a page of another site could send without asking first."""
    answer = await send(client, b'{"query": "mutation { save(text: \\"x\\") }"}', **{"content-type": content_type})
    assert refusal(answer) == (415, "INVALID_REQUEST")
    assert log.saved == []


@pytest.mark.parametrize(
    "content_type", ["Application/JSON", 'application/json;charset="UTF-8"', "application/json; profile=x"]
)
async def test_parameters_of_the_json_type_are_allowed(client, content_type):
    answer = await send(client, b'{"query": "{ echo }"}', **{"content-type": content_type})
    assert answer.json() == {"data": {"echo": "hello"}}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(client, log, method):
    answer = await client.request(method, "/graphql", json={"query": SAVE})
    assert refusal(answer) == (405, "INVALID_REQUEST")
    assert answer.headers["allow"] == "GET, POST"
    assert log.contexts == 0


async def test_brackets_in_strings_and_side_by_side_are_not_deep(client):
    flat = b'["' + b"[" * 2000 + b'\\"{", ' + b"[], " * 2000 + b"1]"
    answer = await send(client, b'{"query": "{ echo }", "variables": {"unused": ' + flat + b"}}")
    assert answer.json() == {"data": {"echo": "hello"}}
