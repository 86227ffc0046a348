"""Apollo's automatic persisted queries."""

import json
from hashlib import sha256

import pytest
from edge_answers import refusal

from documents import Library, MemoryStore

pytestmark = pytest.mark.anyio

ECHO = "query Say($text: String!) { echo(text: $text) }"
SAVE = 'mutation { save(text: "x") }'
GRAPHQL_RESPONSE = "application/graphql-response+json"
HELLO = {"variables": {"text": "né"}}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def hashed(text, **changes):
    """The extensions that name a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest(), **changes}}


@pytest.fixture
async def client(connect):
    async with connect(library=Library(MemoryStore())) as client:
        yield client


@pytest.fixture(params=["GET", "POST"])
def ask(request, client):
    """Sends parameters one way or the other."""

    async def ask(headers=None, **parameters):
        if request.param == "POST":
            return await client.post("/graphql", json=parameters, headers=headers)
        texts = {name: text if isinstance(text, str) else json.dumps(text) for name, text in parameters.items()}
        return await client.get("/graphql", params=texts, headers=headers)

    return ask


async def test_a_hash_that_is_not_known_is_not_found(ask, log):
    answer = await ask(extensions=hashed(ECHO), **HELLO)
    assert refusal(answer) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert answer.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert answer.headers["cache-control"] == "no-store"
    assert log.contexts == 0


async def test_a_hash_that_is_not_known_is_400_in_the_graphql_type(ask):
    answer = await ask(extensions=hashed(ECHO), headers={"accept": GRAPHQL_RESPONSE})
    assert refusal(answer) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_hash_that_is_not_known_is_no_failure_of_http_to_a_client_that_admits_plain_json(ask):
    answer = await ask(
        extensions=hashed(ECHO), headers={"accept": f"multipart/mixed,{GRAPHQL_RESPONSE},application/json"}
    )
    assert refusal(answer) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert answer.headers["content-type"] == "application/json"


async def test_a_query_sent_with_its_hash_is_executed_and_found_from_then_on(ask):
    first = await ask(query=ECHO, extensions=hashed(ECHO), **HELLO)
    second = await ask(extensions=hashed(ECHO), variables={"text": "again"})
    assert (first.json(), second.json()) == ({"data": {"echo": "né"}}, {"data": {"echo": "again"}})


async def test_a_registered_query_can_be_sent_whole_again(ask):
    await ask(query=ECHO, extensions=hashed(ECHO), **HELLO)
    assert (await ask(query=ECHO, extensions=hashed(ECHO), **HELLO)).json() == {"data": {"echo": "né"}}


async def test_the_operation_of_a_registered_document_is_chosen_by_name(ask):
    two = "query A { echo } query B { sum(numbers: [1, 2]) }"
    await ask(query=two, extensions=hashed(two), operationName="A")
    assert (await ask(extensions=hashed(two), operationName="B")).json() == {"data": {"sum": 3}}


async def test_a_query_registered_by_get_is_found_by_post(client):
    await client.get("/graphql", params={"query": "{ echo }", "extensions": json.dumps(hashed("{ echo }"))})
    answer = await client.post("/graphql", json={"extensions": hashed("{ echo }")})
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_a_registered_query_is_found_by_its_document_id(ask):
    await ask(query="{ echo }", extensions=hashed("{ echo }"))
    answer = await ask(documentId="sha256:" + sha256(b"{ echo }").hexdigest())
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_a_hash_of_another_query_is_refused_and_nothing_is_kept(ask, log):
    answer = await ask(query="{ echo }", extensions=hashed(ECHO))
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert log.contexts == 0
    assert refusal(await ask(extensions=hashed(ECHO))) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert refusal(await ask(extensions=hashed("{ echo }"))) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_known_hash_with_another_query_is_refused(ask):
    await ask(query="{ echo }", extensions=hashed("{ echo }"))
    answer = await ask(query=ECHO, extensions=hashed("{ echo }"), **HELLO)
    assert refusal(answer) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("{", {}),
        ("{ nope }", {}),
        (ECHO, {"variables": {}}),
        ("fragment F on Query { echo }", {}),
    ],
)
async def test_what_is_not_executed_is_not_kept(ask, text, parameters):
    assert refusal(await ask(query=text, extensions=hashed(text), **parameters)) == (200, "INVALID_REQUEST")
    assert refusal(await ask(extensions=hashed(text))) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_query_whose_fields_fail_is_kept(ask):
    await ask(query="{ required }", extensions=hashed("{ required }"))
    answer = await ask(extensions=hashed("{ required }"))
    assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_a_mutation_is_registered_by_post_and_never_executed_by_get(client, log):
    as_get = {"extensions": json.dumps(hashed(SAVE))}
    assert refusal(await client.get("/graphql", params={"query": SAVE, **as_get})) == (405, "INVALID_REQUEST")
    assert refusal(await client.get("/graphql", params=as_get)) == (200, "PERSISTED_QUERY_NOT_FOUND")
    await client.post("/graphql", json={"query": SAVE, "extensions": hashed(SAVE)})
    assert refusal(await client.get("/graphql", params=as_get)) == (405, "INVALID_REQUEST")
    assert log.saved == ["x"]
    await client.post("/graphql", json={"extensions": hashed(SAVE)})
    assert log.saved == ["x", "x"]


@pytest.mark.parametrize(
    "persisted_query",
    [
        None,
        1,
        "ab",
        {},
        {"version": 1},
        {"sha256Hash": "ab"},
        {"version": "1", "sha256Hash": "ab"},
        {"version": 2, "sha256Hash": "ab"},
        {"version": 1, "sha256Hash": None},
    ],
)
async def test_what_is_not_of_the_protocol_is_refused(ask, log, persisted_query):
    answer = await ask(extensions={"persistedQuery": persisted_query})
    assert refusal(answer) == (400, "INVALID_REQUEST")
    assert log.contexts == 0


async def test_a_document_id_beside_a_query_is_refused(ask, log):
    assert refusal(await ask(query="{ echo }", documentId="ab")) == (400, "INVALID_REQUEST")
    assert log.contexts == 0


async def test_a_browser_that_sends_a_hash_gets_its_answer(client):
    params = {"extensions": json.dumps(hashed("{ echo }"))}
    await client.get("/graphql", params={"query": "{ echo }", **params})
    answer = await client.get("/graphql", params=params, headers=BROWSER)
    assert answer.json() == {"data": {"echo": "hello"}}


@pytest.mark.parametrize("parameters", [{"extensions": hashed("{ echo }")}, {"documentId": "ab"}])
async def test_without_a_store_clients_are_told_to_send_the_text(connect, log, parameters):
    async with connect() as client:
        answer = await client.post("/graphql", json=parameters)
    assert refusal(answer) == (200, "PERSISTED_QUERY_NOT_SUPPORTED")
    assert answer.json()["errors"][0]["message"] == "PersistedQueryNotSupported"
    assert log.contexts == 0


async def test_without_a_store_a_query_with_its_hash_is_executed(connect):
    async with connect() as client:
        answer = await client.post("/graphql", json={"query": "{ echo }", "extensions": hashed("{ echo }")})
    assert answer.json() == {"data": {"echo": "hello"}}
