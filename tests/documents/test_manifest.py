import json
from hashlib import md5

import pytest

from documents import BadManifest, hash_of, read_manifest

ECHO, SUM = "query Echo { echo }", "query Sum { sum(numbers: [1]) }"
APOLLO = {"format": "apollo-persisted-query-manifest", "version": 1}


def operation(name, body):
    return {"id": name, "name": "Echo", "type": "query", "body": body}


@pytest.fixture
def read(tmp_path):
    """Reads a manifest, in which documents with "wrong" in them are."""

    def read(manifest):
        path = tmp_path / "manifest.json"
        path.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest))
        return read_manifest(path, lambda text: ["It is wrong."] if "wrong" in text else [])

    return read


@pytest.mark.parametrize(
    "manifest",
    [
        {"a1": ECHO, "b2": SUM},
        {**APOLLO, "operations": [operation("a1", ECHO), operation("b2", SUM)]},
    ],
)
def test_documents_are_known_by_their_ids_and_hashes(read, manifest):
    assert read(manifest) == {"a1": ECHO, "b2": SUM, hash_of(ECHO): ECHO, hash_of(SUM): SUM}


@pytest.mark.parametrize("name", [hash_of(ECHO), f"sha256:{hash_of(ECHO)}"])
def test_a_hash_is_known_by_itself_with_a_prefix_or_without(read, name):
    assert read({name: ECHO}) == {hash_of(ECHO): ECHO}


def test_relays_ids_are_md5(read):
    name = md5(ECHO.encode()).hexdigest()
    assert read({name: ECHO}) == {name: ECHO, hash_of(ECHO): ECHO}


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        '{"a1": 1}',
        '{"a1": "\\ud800"}',
        {"a1": None},
        {**APOLLO, "version": 2, "operations": []},
        {**APOLLO, "operations": [{"id": "a1"}]},
        APOLLO,
        {**APOLLO, "format": "another", "operations": []},
    ],
)
def test_another_format_is_refused(read, manifest):
    with pytest.raises(BadManifest, match=r"manifest\.json is neither a map of ids to documents nor a manifest of"):
        read(manifest)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "manifest.json").write_bytes(b'{"a1": "\xff"}')
    with pytest.raises(BadManifest, match="is neither a map"):
        read_manifest(tmp_path / "manifest.json", lambda text: [])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadManifest, match=r"none\.json cannot be read: No such file or directory\.$"):
        read_manifest(tmp_path / "none.json", lambda text: [])


def test_a_document_with_a_mistake_is_named(read):
    with pytest.raises(BadManifest) as refused:
        read({"a1": ECHO, "b2": "query Tickets {\n  wrong\n}"})
    first, *mistakes = str(refused.value).splitlines()
    assert first.startswith("Mend these documents in /") and first.endswith("manifest.json, then start again:")
    assert mistakes == ['b2 ("query Tickets { wrong }"): It is wrong.']


def test_an_id_of_two_documents_is_refused(read):
    with pytest.raises(BadManifest, match="a1 is the id of two documents"):
        read({**APOLLO, "operations": [operation("a1", ECHO), operation("a1", SUM)]})


def test_the_same_document_may_be_listed_twice(read):
    assert read({**APOLLO, "operations": [operation("a1", ECHO)] * 2})["a1"] == ECHO
