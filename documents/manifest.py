"""Trusted documents, read from the manifests that clients' builds write."""

from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal, NamedTuple

import msgspec

from documents.store import HASH_PREFIX, hash_of

APOLLO_FORMAT = "apollo-persisted-query-manifest"
MOST_MISTAKES = 20  # a message for people


class ApolloOperation(msgspec.Struct):
    """One operation of Apollo's manifest; its name and type are in its body, too."""

    id: str
    body: str


class ApolloManifest(msgspec.Struct):
    """What `generate-persisted-query-manifest` writes."""

    version: Literal[1]
    operations: list[ApolloOperation]


class BadManifest(Exception):
    """A manifest that cannot be trusted; says what to mend."""


class _Entry(NamedTuple):
    """One document of a manifest."""

    path: Path
    name: str
    text: str

    def describe(self, mistake: str) -> str:
        return f'{self.path}: {self.name} ("{shorten(self.text, 60)}"): {mistake}'


def read_manifests(path: Path, mistakes_in: Callable[[str], Iterable[str]]) -> dict[str, str]:
    """Read the documents of a manifest, or of all manifests in a folder.

    Args:
        path: A JSON file: Apollo's `{"format": "apollo-persisted-query-manifest", ...}`, or the map of ids to documents
            that graphql-codegen and Relay write. Or a folder with such files, named *.json.
        mistakes_in: Says what is wrong with a document, whatever its variables.

    Returns:
        The documents by their ids, and by their hashes if these are not the ids.

    Raises:
        BadManifest: A file cannot be read, has another format, or holds a document with mistakes.
    """
    by_name: dict[str, str] = {}
    mistakes: list[str] = []
    for entry in [entry for file in _files(path) for entry in _read(file)]:
        name = entry.name.removeprefix(HASH_PREFIX)
        if name not in by_name:
            by_name[name] = entry.text
            mistakes += [entry.describe(mistake) for mistake in mistakes_in(entry.text)]
        elif by_name[name] != entry.text:
            mistakes.append(entry.describe("The id is that of another document, too."))
    if mistakes:
        raise BadManifest("\n".join(["Mend these trusted documents, then start again:", *mistakes[:MOST_MISTAKES]]))
    return {hash_of(text): text for text in by_name.values()} | by_name


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.json"))
    if not files:
        raise BadManifest(f"The folder {path} holds no manifest, which would be a file named *.json.")
    return files


def _read(path: Path) -> list[_Entry]:
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        if manifest.get("format") == APOLLO_FORMAT:
            operations = msgspec.convert(manifest, ApolloManifest).operations
            return [_Entry(path, operation.id, operation.body) for operation in operations]
        return [_Entry(path, name, text) for name, text in msgspec.convert(manifest, dict[str, str]).items()]
    except OSError as error:
        raise BadManifest(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadManifest(
            f"{path} is neither a map of ids to documents nor a manifest of Apollo's format, version 1: {error}."
        ) from error
