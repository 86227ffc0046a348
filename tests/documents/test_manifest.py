import json
from hashlib import md5

import pytest

from documents import BadManifest, hash_of, read_manifests

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
        return read_manifests(path, lambda text: ["It is wrong."] if "wrong" in text else [])

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
        read_manifests(tmp_path / "manifest.json", lambda text: [])


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadManifest, match=r"none\.json cannot be read: No such file or directory\.$"):
        read_manifests(tmp_path / "none.json", lambda text: [])


def test_a_document_with_a_mistake_is_named(read, tmp_path):
    with pytest.raises(BadManifest) as refused:
        read({"a1": ECHO, "b2": "query Tickets {\n  wrong\n}"})
    assert str(refused.value).splitlines() == [
        "Mend these trusted documents, then start again:",
        f'{tmp_path / "manifest.json"}: b2 ("query Tickets {{ wrong }}"): It is wrong.',
    ]


def test_an_id_of_two_documents_is_refused(read):
    with pytest.raises(BadManifest, match=r"manifest\.json: a1 .*: The id is that of another document, too\."):
        read({**APOLLO, "operations": [operation("a1", ECHO), operation("a1", SUM)]})


def test_the_same_document_may_be_listed_twice(read):
    assert read({**APOLLO, "operations": [operation("a1", ECHO)] * 2})["a1"] == ECHO


def write(folder, **manifests):
    for name, manifest in manifests.items():
        (folder / f"{name}.json").write_text(json.dumps(manifest))
    return folder


def read_all(folder):
    return read_manifests(folder, lambda text: [])


def test_a_folder_may_hold_the_manifests_of_several_clients(tmp_path):
    write(tmp_path, web={"a1": ECHO, "b2": SUM}, ios={**APOLLO, "operations": [operation("a1", ECHO)]})
    (tmp_path / "README").write_text("what is here")
    assert read_all(tmp_path) == {"a1": ECHO, "b2": SUM, hash_of(ECHO): ECHO, hash_of(SUM): SUM}


def test_an_id_of_two_documents_in_a_folder_is_refused(tmp_path):
    write(tmp_path, ios={"a1": ECHO}, web={"a1": SUM})
    with pytest.raises(BadManifest, match=r"web\.json: a1 .*: The id is that of another document, too\."):
        read_all(tmp_path)


def test_a_folder_without_a_manifest_is_refused(tmp_path):
    with pytest.raises(BadManifest, match=r"holds no manifest, which would be a file named \*\.json\.$"):
        read_all(tmp_path)
