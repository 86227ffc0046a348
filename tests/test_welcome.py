"""The examples GraphiQL opens with."""

import json

import pytest
from graphql import parse
from operations.door import open_door

from schema import build_schema
from settings import Settings
from welcome import graphiql_settings

pytestmark = pytest.mark.anyio

ON_SANDBOX = graphiql_settings(Settings(_env_file=None))
ELSEWHERE = graphiql_settings(
    Settings(_env_file=None, arena_url="https://arena.example.com/v1", cognaize_url="https://cognaize.example.com")
)


@pytest.fixture
async def door(database):
    """The service on the sandbox; requests bring no credentials of their own."""
    async with open_door(database) as door:
        yield door


def fields(kind):
    """The root fields the examples ask, of one kind of operation."""
    definitions = [parse(example.query).definitions[0] for example in ON_SANDBOX.examples]
    return {
        selection.name.value
        for definition in definitions
        for selection in definition.selection_set.selections
        if definition.operation.value == kind
    }


def test_there_is_an_example_of_every_mutation():
    assert fields("mutation") == set(build_schema()._schema.mutation_type.fields)


@pytest.mark.parametrize("example", ON_SANDBOX.examples, ids=lambda example: example.title)
async def test_every_example_succeeds_on_the_demo_data(door, example):
    answer = await door.post(example.query, json.loads(example.variables or "{}"), **json.loads(example.headers))
    (data,) = answer.json()["data"].values()
    assert "errors" not in answer.json()
    assert data.get("__typename", "Success").endswith(("Success", "Payload"))


async def test_the_examples_of_changes_tell_why_one_is_refused(door):
    (example,) = [example for example in ON_SANDBOX.examples if example.title == "Complete a step"]
    answer = await door.post(example.query, json.loads(example.variables), arena_session_id="demo-viewer")
    assert answer.json()["data"]["completeStep"]["code"] == "PERMISSION_DENIED"


@pytest.mark.parametrize("session", ON_SANDBOX.sessions, ids=lambda session: session.name)
async def test_every_demo_session_is_somebodys(door, session):
    answer = await door.post("{ tickets(first: 1) { nodes { number } } }", **session.headers)
    assert answer.json()["data"]["tickets"]["nodes"] == [{"number": "DEF-000001"}]


async def test_demo_sessions_leave_the_services_own_session_alone(door):
    await door.ask("{ tickets(first: 1) { nodes { number } } }")
    await door.post("{ tickets(first: 1) { nodes { number } } }", arena_session_id="demo-owner")
    door.calls.clear()
    await door.ask("{ tickets(first: 1) { nodes { number } } }")
    assert door.calls == ["GET /tickets?limit=2&offset=0"]


def test_for_real_hosts_no_example_holds_anything_of_the_demo_data():
    assert ELSEWHERE.sessions == ()
    on_sandbox = {
        (example.title, example.variables) for example in ON_SANDBOX.examples if '"input"' in example.variables
    }
    elsewhere = {(example.title, example.variables) for example in ELSEWHERE.examples}
    assert on_sandbox & elsewhere == set()
    assert {example.headers for example in ELSEWHERE.examples} == {""}


def test_for_real_hosts_the_headers_have_places_for_what_the_service_does_not_have():
    assert json.loads(ELSEWHERE.default_headers) == {"arena_session_id": "", "authorization": "Bearer "}
    with_login = Settings(
        _env_file=None,
        arena_url="https://arena.example.com/v1",
        cognaize_url="https://cognaize.example.com",
        arena_email="service@example.com",
        arena_password="secret",
        cognaize_token="secret",
    )
    assert graphiql_settings(with_login).default_headers == ""


def test_a_browser_keeps_apart_what_belongs_to_other_hosts_and_learns_no_address():
    other = Settings(_env_file=None, arena_url="https://other.example.com/v1")
    places = {ON_SANDBOX.place, ELSEWHERE.place, graphiql_settings(other).place}
    assert len(places) == 3
    assert not any("example" in place for place in places)


def test_a_browser_keeps_secrets_only_of_the_sandbox():
    assert ON_SANDBOX.keeps_secrets
    assert not ELSEWHERE.keeps_secrets
    assert not graphiql_settings(Settings(_env_file=None, arena_url="https://arena.example.com/v1")).keeps_secrets
