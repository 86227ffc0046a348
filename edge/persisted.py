"""Requests that name their document, by Apollo's automatic persisted queries or GraphQL over HTTP's `documentId`."""

from http import HTTPStatus
from typing import NamedTuple

import msgspec
from graphql import GraphQLError

from documents import Library, hash_of
from edge.parameters import Parameters
from edge.refusals import Refusal

VERSION = 1
HASH_PREFIX = "sha256:"


class PersistedQuery(msgspec.Struct):
    """What Apollo's clients send as `extensions.persistedQuery`."""

    version: int
    sha256Hash: str


class Document(NamedTuple):
    """The document of a request.

    Attributes:
        text: The document.
        new_name: Its hash, when the client has it registered by this request and it is worth keeping if it is valid.
    """

    text: str
    new_name: str | None = None


async def find_document(parameters: Parameters, library: Library) -> Document:
    """Finds the document a request names.

    Raises:
        Refusal: The request contradicts itself, or is not of the protocol.
        GraphQLError: There is no such document here, with a code that tells the client what to do.
    """
    name = _name(parameters)
    known = await library.find(name)
    if not parameters.query:
        return Document(known if known is not None else _miss(library))
    if known == parameters.query or not library.takes_documents:
        return Document(parameters.query)
    if hash_of(parameters.query) != name:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The sha256Hash is not that of the query.")
    return Document(parameters.query, new_name=name)


def _name(parameters: Parameters) -> str:
    if parameters.document_id:
        if parameters.query:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Send either the `query` or its `documentId`.")
        return parameters.document_id.removeprefix(HASH_PREFIX)
    try:
        sent = msgspec.convert((parameters.extensions or {})["persistedQuery"], PersistedQuery)
    except msgspec.ValidationError as error:
        raise Refusal(
            HTTPStatus.BAD_REQUEST, f"`persistedQuery` is not what Apollo's clients send: {error}."
        ) from error
    if sent.version != VERSION:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Persisted queries are served in version {VERSION} only.")
    return sent.sha256Hash


def _miss(library: Library) -> str:
    # Clients of Apollo know these errors by their messages as well.
    if library.takes_documents:
        raise GraphQLError("PersistedQueryNotFound", extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
    raise GraphQLError("PersistedQueryNotSupported", extensions={"code": "PERSISTED_QUERY_NOT_SUPPORTED"})
