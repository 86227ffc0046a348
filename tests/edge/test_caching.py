"""What the client's own cache may keep."""

import json

import pytest
from starlette.datastructures import Headers

from documents import Library, hash_of
from edge import EdgeSettings

pytestmark = pytest.mark.anyio

GRAPHQL_RESPONSE = "application/graphql-response+json"
DESK = "https://desk.example.com"


async def get(client, query="{ echo }", **headers):
    return await client.get("/graphql", params={"query": query}, headers=headers)


async def tag_of(client, query="{ echo }", **headers):
    return (await get(client, query, **headers)).headers["etag"]


async def test_a_query_by_get_may_be_kept_by_its_user_and_is_asked_for_each_time(client):
    answer = await get(client)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["etag"].startswith('W/"')
    assert answer.headers["vary"] == "accept, accept-encoding, arena_session_id, arena-session-id, authorization"


async def test_an_answer_the_client_has_is_not_sent_again(client, log):
    tag = await tag_of(client)
    answer = await get(client, **{"if-none-match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "accept, accept-encoding, arena_session_id, arena-session-id, authorization"
    assert "content-length" not in answer.headers
    assert log.contexts == 2  # it has to be worked out anew all the same


async def test_another_answer_is_sent(client):
    tag = await tag_of(client, '{ echo(text: "old") }')
    answer = await get(client, '{ echo(text: "new") }', **{"if-none-match": tag})
    assert (answer.status_code, answer.json()) == (200, {"data": {"echo": "new"}})
    assert answer.headers["etag"] != tag


@pytest.mark.parametrize("write", ["{}", '"x", {}', '{}, W/"x"', '"x,y" ,{}'])
async def test_any_of_the_tags_a_client_sends_will_do(client, write):
    tag = await tag_of(client)
    assert (await get(client, **{"if-none-match": write.format(tag)})).status_code == 304


async def test_tags_are_compared_weakly(client):
    tag = (await tag_of(client)).removeprefix("W/")
    assert (await get(client, **{"if-none-match": tag})).status_code == 304


async def test_any_answer_is_that_of_a_star(client):
    assert (await get(client, **{"if-none-match": "*"})).status_code == 304


@pytest.mark.parametrize("tags", ["", '""', "W/", "x", ",", '"\xe9"'.encode("latin-1")])
async def test_other_tags_do_not_match(client, tags):
    assert (await get(client, **{"if-none-match": tags})).status_code == 200


async def test_each_media_type_has_a_tag_of_its_own(client):
    tag = await tag_of(client)
    answer = await get(client, accept=GRAPHQL_RESPONSE, **{"if-none-match": tag})
    assert (answer.status_code, answer.json()) == (200, {"data": {"echo": "hello"}})
    assert answer.headers["content-type"] == GRAPHQL_RESPONSE


@pytest.mark.parametrize("query", ["{ refused }", "{ required }", "{ nope }", "{"])
async def test_an_answer_with_errors_is_not_to_be_kept(client, query):
    answer = await get(client, query, **{"if-none-match": "*"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_a_refusal_is_not_to_be_kept(client):
    answer = await get(client, 'mutation { save(text: "x") }', **{"if-none-match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (405, "no-store")


async def test_an_answer_by_post_is_not_to_be_kept(client):
    answer = await client.post("/graphql", json={"query": "{ echo }"}, headers={"if-none-match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in answer.headers


async def test_the_origin_matters_beside_where_it_is_answered(connect):
    async with connect(EdgeSettings(allowed_origins=(DESK,))) as client:
        answer = await get(client, origin=DESK)
    assert Headers(answer.headers).get("vary").split(", ")[-1].lower() == "origin"


@pytest.mark.parametrize("header", ["x-explain", "x-upstream-trace"])
async def test_what_is_asked_for_beside_the_data_is_not_to_be_kept(client, header):
    answer = await get(client, **{header: "true", "if-none-match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


async def test_what_an_extension_asks_for_is_not_to_be_kept(client):
    params = {"query": "{ echo }", "extensions": '{"upstreamTrace": true}'}
    answer = await client.get("/graphql", params=params, headers={"if-none-match": "*"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


async def test_an_answer_to_a_client_that_names_its_library_may_be_kept(client):
    extensions = '{"clientLibrary": {"name": "apollo-ios", "version": "2.3.0"}}'
    answer = await client.get("/graphql", params={"query": "{ echo }", "extensions": extensions})
    assert answer.headers["etag"] == await tag_of(client)


async def test_a_document_that_is_named_may_be_kept_as_one_that_is_sent(connect):
    name = hash_of("{ echo }")
    extensions = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": name}})
    async with connect(library=Library(trusted={name: "{ echo }"})) as client:
        tag = await tag_of(client)
        for params in ({"extensions": extensions}, {"documentId": name}):
            answer = await client.get("/graphql", params=params, headers={"if-none-match": tag})
            assert answer.status_code == 304
