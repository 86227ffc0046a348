"""Documents of a manifest, by their ids."""

import json
from hashlib import sha256

import pytest
from edge_answers import refusal

from documents import Library, MemoryStore

pytestmark = pytest.mark.anyio

ECHO = "query Say($text: String!) { echo(text: $text) }"
SAVE = 'mutation { save(text: "x") }'
UNKNOWN = "{ echo }"
TRUSTED = {"a1": ECHO, "b2": SAVE}
HELLO = {"variables": {"text": "né"}}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def named(name):
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": name}}}


def hashed(text):
    return named(sha256(text.encode()).hexdigest())


@pytest.fixture
async def client(connect):
    async with connect(library=Library(MemoryStore(), TRUSTED)) as client:
        yield client


@pytest.fixture
async def strict_client(connect):
    async with connect(library=Library(MemoryStore(), TRUSTED, trusted_only=True)) as client:
        yield client


@pytest.mark.parametrize("name", [{"documentId": "a1"}, named("a1")])
async def test_a_trusted_document_is_executed_by_its_id(strict_client, name):
    answer = await strict_client.post("/graphql", json={**name, **HELLO})
    assert answer.json() == {"data": {"echo": "né"}}


async def test_a_trusted_document_is_executed_by_its_id_over_get(strict_client):
    answer = await strict_client.get(
        "/graphql", params={"documentId": "a1", "variables": json.dumps(HELLO["variables"])}
    )
    assert answer.json() == {"data": {"echo": "né"}}


async def test_a_trusted_mutation_is_not_executed_over_get(strict_client, log):
    assert refusal(await strict_client.get("/graphql", params={"documentId": "b2"})) == (405, "INVALID_REQUEST")
    assert log.saved == []


async def test_a_trusted_document_sent_with_an_id_that_is_no_hash_is_executed(client):
    answer = await client.post("/graphql", json={"query": ECHO, **named("a1"), **HELLO})
    assert answer.json() == {"data": {"echo": "né"}}


async def test_without_the_setting_other_documents_are_executed_and_registered(client):
    await client.post("/graphql", json={"query": UNKNOWN, **hashed(UNKNOWN)})
    assert (await client.post("/graphql", json=hashed(UNKNOWN))).json() == {"data": {"echo": "hello"}}


async def test_without_the_setting_an_unknown_id_is_not_found(client, log):
    answer = await client.post("/graphql", json={"documentId": "c3"})
    assert refusal(answer) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert log.contexts == 0


async def test_with_the_setting_a_trusted_document_may_be_sent_whole(strict_client):
    answer = await strict_client.post("/graphql", json={"query": ECHO, **HELLO})
    assert answer.json() == {"data": {"echo": "né"}}


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": UNKNOWN},
        {"query": UNKNOWN, **hashed(UNKNOWN)},
        {"query": UNKNOWN, **named("a1")},
        {"query": f"{ECHO} "},
        {"query": "{"},
        {"query": "{ __schema { queryType { name } } }"},
        {"documentId": "c3"},
        hashed(UNKNOWN),
    ],
)
async def test_with_the_setting_nothing_else_is_executed(strict_client, log, parameters):
    answer = await strict_client.post("/graphql", json={**parameters, **HELLO})
    assert refusal(answer) == (200, "DOCUMENT_NOT_TRUSTED")
    assert log.contexts == 0


async def test_what_is_not_trusted_is_400_in_the_graphql_type(strict_client):
    headers = {"accept": "application/graphql-response+json"}
    answer = await strict_client.get("/graphql", params={"query": UNKNOWN}, headers=headers)
    assert refusal(answer) == (400, "DOCUMENT_NOT_TRUSTED")


async def test_a_browser_that_names_a_document_gets_its_answer(client):
    params = {"documentId": "a1", "variables": json.dumps(HELLO["variables"])}
    answer = await client.get("/graphql", params=params, headers=BROWSER)
    assert answer.json() == {"data": {"echo": "né"}}
