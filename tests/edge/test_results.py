import pytest
import strawberry
from edge_answers import refusal
from strawberry.extensions import SchemaExtension
from stub_service import Query

pytestmark = pytest.mark.anyio

STREAMS = "text/event-stream, multipart/mixed"
GRAPHQL_RESPONSE = "application/graphql-response+json"
REQUEST_ERRORS = [
    {"query": "{"},
    {"query": "{ nope }"},
    {"query": "query($text: String!) { echo(text: $text) }"},
    {"query": "query($text: String!) { echo(text: $text) }", "variables": {"text": 1}},
    {"query": "query A { echo }", "operationName": "B"},
    {"query": "fragment F on Query { echo }"},
    {"query": '{ echo(text: "\\ud800") }'},
    {"query": "{ echo " * 500},
]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html, application/*;q=0.8", "application/json"),
        ("image/png", "application/json"),
        (STREAMS, "application/json"),
        (f"application/json, {STREAMS}", "application/json"),
        (f"{STREAMS}, {GRAPHQL_RESPONSE}, application/json", GRAPHQL_RESPONSE),
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}, application/json;q=0.9", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE}; charset=utf-8, */*", GRAPHQL_RESPONSE),
        (f"{GRAPHQL_RESPONSE};q=0.5, application/json", "application/json"),
        (f"{GRAPHQL_RESPONSE};q=0", "application/json"),
        (f"{GRAPHQL_RESPONSE};q=much", "application/json"),
    ],
)
async def test_the_answer_is_of_a_type_the_client_reads(client, accept, media_type):
    answer = await client.post("/graphql", json={"query": "{ echo }"}, headers={"accept": accept})
    assert (answer.status_code, answer.json()) == (200, {"data": {"echo": "hello"}})
    assert answer.headers["content-type"] == media_type


@pytest.mark.parametrize("body", REQUEST_ERRORS)
async def test_an_error_before_execution_is_400_in_the_graphql_type(client, body):
    answer = await client.post("/graphql", json=body, headers={"accept": GRAPHQL_RESPONSE})
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert answer.headers["content-type"] == GRAPHQL_RESPONSE


@pytest.mark.parametrize("body", REQUEST_ERRORS)
async def test_an_error_before_execution_is_200_in_plain_json(client, body):
    answer = await client.post("/graphql", json=body)
    assert refusal(answer) == (200, "INVALID_REQUEST")


async def test_a_refusal_is_of_the_type_the_client_reads(client):
    answer = await client.put("/graphql", headers={"accept": GRAPHQL_RESPONSE})
    assert answer.headers["content-type"] == GRAPHQL_RESPONSE


async def test_a_field_error_keeps_its_extensions_and_gets_the_request_id(client):
    answer = await client.post("/graphql", json={"query": "{ refused }"}, headers={"x-request-id": "r-1"})
    assert answer.json() == {
        "data": {"refused": None},
        "errors": [
            {
                "message": "No such ticket.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["refused"],
                "extensions": {"code": "NOT_FOUND", "guid": "1J3M", "requestId": "r-1"},
            }
        ],
    }


async def test_data_that_execution_lost_stays_null(client):
    answer = await client.post("/graphql", json={"query": "{ required }"}, headers={"accept": GRAPHQL_RESPONSE})
    assert (answer.status_code, answer.json()["data"]) == (200, None)


async def test_an_extension_that_crashes_is_no_fault_of_the_document(connect):
    class Crash(SchemaExtension):
        async def on_operation(self):
            raise RuntimeError("the cache's address")
            yield

    schema = strawberry.Schema(Query, extensions=[Crash])
    async with connect(schema=schema) as client:
        answer = await client.post("/graphql", json={"query": "{ echo }"})
    assert refusal(answer) == (500, "INTERNAL")
