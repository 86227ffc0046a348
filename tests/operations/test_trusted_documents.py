"""Which documents a service trusts, from its settings to its answers."""

import json

import pytest

from app import create_app, main
from documents import BadManifest
from settings import Settings

pytestmark = pytest.mark.anyio

TICKET_NUMBERS = "query TicketNumbers { tickets(first: 1) { nodes { number } } }"
BROWSER = {"accept": "text/html"}


@pytest.fixture
def write_manifest(tmp_path):
    def write(**documents):
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps(documents))
        return path

    return write


async def test_a_trusted_document_is_answered_by_its_id(opened, write_manifest):
    settings = {"trusted_documents": write_manifest(numbers=TICKET_NUMBERS), "trusted_documents_only": True}
    async with opened(settings=settings) as door:
        answer = await door.client.post("/graphql", json={"documentId": "numbers"}, headers=door.headers)
        assert answer.json()["data"]["tickets"]["nodes"]
        assert len(door.calls) == 1


async def test_nothing_but_trusted_documents_makes_a_call(opened, write_manifest):
    settings = {"trusted_documents": write_manifest(numbers=TICKET_NUMBERS), "trusted_documents_only": True}
    async with opened(settings=settings) as door:
        answer = await door.ask("{ tickets(first: 2) { nodes { number } } }")
        assert answer["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_TRUSTED"
        assert door.calls == []


@pytest.mark.parametrize(("only", "content_type"), [(False, "text/html; charset=utf-8"), (True, "application/json")])
async def test_graphiql_is_served_where_it_may_ask(opened, write_manifest, only, content_type):
    settings = {"trusted_documents": write_manifest(numbers=TICKET_NUMBERS), "trusted_documents_only": only}
    async with opened(settings=settings) as door:
        answer = await door.client.get("/graphql", headers=BROWSER)
    assert answer.headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("document", "mistake"),
    [
        ("{ wrong }", "Cannot query field 'wrong' on type 'Query'."),
        ("{", "Syntax Error: Expected Name, found <EOF>."),
        ("{" + " a: __typename" * 1000 + " }", "The document has 1001 or more tokens; 1000 are allowed."),
    ],
)
def test_a_document_that_is_not_valid_stops_the_start_and_is_named(write_manifest, document, mistake):
    manifest = write_manifest(numbers=TICKET_NUMBERS, wrong=document)
    settings = Settings(_env_file=None, trusted_documents=manifest)
    with pytest.raises(BadManifest) as refused:
        create_app(settings)
    lines = str(refused.value).splitlines()
    assert lines[0] == "Mend these trusted documents, then start again:"
    assert lines[1].startswith(f"{manifest}: wrong (") and lines[1].endswith(f": {mistake}")
    assert len(lines) == 2


def test_a_document_whose_calls_are_always_too_many_stops_the_start(write_manifest):
    manifest = write_manifest(many="{ qualityProcesses(first: 20) { nodes { steps { guid } } } }")
    with pytest.raises(BadManifest, match=r"json: many .*: The operation may take 21 upstream calls"):
        create_app(Settings(_env_file=None, trusted_documents=manifest, max_estimated_calls=20))


def test_a_bad_manifest_ends_the_program_with_its_message(write_manifest, monkeypatch):
    monkeypatch.setenv("TRUSTED_DOCUMENTS", str(write_manifest(wrong="{ nope }")))
    with pytest.raises(SystemExit, match=r"wrong \(\"{ nope }\"\): Cannot query field 'nope'"):
        main()


def test_the_setting_needs_a_manifest():
    with pytest.raises(ValueError, match="TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS"):
        Settings(_env_file=None, trusted_documents_only=True)
