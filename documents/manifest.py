"""Trusted documents, read from the manifest that a client's build writes."""

from collections.abc import Callable, Iterable
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal

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


def read_manifest(path: Path, mistakes_in: Callable[[str], Iterable[str]]) -> dict[str, str]:
    """Read the documents of a manifest.

    Args:
        path: A JSON file: Apollo's `{"format": "apollo-persisted-query-manifest", ...}`, or the map of ids to documents
            that graphql-codegen and Relay write.
        mistakes_in: Says what is wrong with a document, whatever its variables.

    Returns:
        The documents by their ids, and by their hashes if these are not the ids.

    Raises:
        BadManifest: The file cannot be read, has another format, or holds a document with mistakes.
    """
    documents = list(_read(path))
    mistakes = [
        f'{name} ("{shorten(text, 60)}"): {mistake}' for name, text in documents for mistake in mistakes_in(text)
    ]
    by_name: dict[str, str] = {}
    for name, text in documents:
        if by_name.setdefault(name.removeprefix(HASH_PREFIX), text) != text:
            mistakes.append(f"{name} is the id of two documents")
    if mistakes:
        raise BadManifest("\n".join([f"Mend these documents in {path}, then start again:", *mistakes[:MOST_MISTAKES]]))
    return {hash_of(text): text for text in by_name.values()} | by_name


def _read(path: Path) -> Iterable[tuple[str, str]]:
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        if manifest.get("format") == APOLLO_FORMAT:
            operations = msgspec.convert(manifest, ApolloManifest).operations
            return [(operation.id, operation.body) for operation in operations]
        return msgspec.convert(manifest, dict[str, str]).items()
    except OSError as error:
        raise BadManifest(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadManifest(
            f"{path} is neither a map of ids to documents nor a manifest of Apollo's format, version 1: {error}."
        ) from error
