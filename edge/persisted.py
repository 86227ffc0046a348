"""Requests that name their document, by Apollo's automatic persisted queries or GraphQL over HTTP's `documentId`."""

from http import HTTPStatus
from typing import NamedTuple, NoReturn

import msgspec
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from documents import HASH_PREFIX, Library, hash_of
from edge.parameters import PERSISTED_QUERY, Parameters, names_document
from edge.refusals import Refusal

VERSION = 1
NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"


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
    """Finds the document a request names, or sends where not every document is executed.

    Raises:
        Refusal: The request contradicts itself, or is not of the protocol.
        GraphQLError: There is no such document here, with a code that tells the client what to do.
    """
    name = _name(parameters)
    known = await library.find(name) if name else None
    text = parameters.query
    if not text:
        return Document(known if known is not None else _miss(library))
    if library.trusted_only and not library.trusts(text):
        _miss(library)
    if not name or known == text or not library.takes_documents:
        return Document(text)
    if hash_of(text) != name:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The sha256Hash is not that of the query.")
    return Document(text, new_name=name)


def asks_for_text(result: ExecutionResult) -> bool:
    """Tells whether a result has the client send the document's text: a step of the protocol, not yet a failure."""
    return any((error.extensions or {}).get("code") in (NOT_FOUND, NOT_SUPPORTED) for error in result.errors or ())


def _name(parameters: Parameters) -> str | None:
    if parameters.document_id:
        if parameters.query:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Send either the `query` or its `documentId`.")
        return parameters.document_id.removeprefix(HASH_PREFIX)
    if not names_document(parameters):
        return None
    try:
        sent = msgspec.convert((parameters.extensions or {})[PERSISTED_QUERY], PersistedQuery)
    except msgspec.ValidationError as error:
        raise Refusal(
            HTTPStatus.BAD_REQUEST, f"`persistedQuery` is not what Apollo's clients send: {error}."
        ) from error
    if sent.version != VERSION:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Persisted queries are served in version {VERSION} only.")
    return sent.sha256Hash.removeprefix(HASH_PREFIX)


def _miss(library: Library) -> NoReturn:
    if library.trusted_only:
        message = "Only trusted documents are executed here, and this is none: have it added to the service's manifest."
        raise GraphQLError(message, extensions={"code": "DOCUMENT_NOT_TRUSTED"})
    # Clients of Apollo know these two by their messages as well.
    if library.takes_documents:
        raise GraphQLError("PersistedQueryNotFound", extensions={"code": NOT_FOUND})
    raise GraphQLError("PersistedQueryNotSupported", extensions={"code": NOT_SUPPORTED})
