"""Requests that name their document, by Apollo's automatic persisted queries or GraphQL over HTTP's `documentId`."""

from http import HTTPStatus

import msgspec
from graphql import GraphQLError

from documents import HASH_PREFIX, Library, hash_of
from edge.parameters import PERSISTED_QUERY, Parameters
from edge.refusals import Refusal

VERSION = 1
NOT_FOUND = "PERSISTED_QUERY_NOT_FOUND"
NOT_SUPPORTED = "PERSISTED_QUERY_NOT_SUPPORTED"


class PersistedQuery(msgspec.Struct):
    """What Apollo's clients send as `extensions.persistedQuery`."""

    version: int
    sha256Hash: str


async def put_document(parameters: Parameters, library: Library) -> str | None:
    """Puts the document that a request names into its parameters, as if it had been sent and not named.

    Where not every document is executed, one that is sent has to be among them.

    Returns:
        The document's hash, when the client has it registered by this request and it is worth keeping if it is valid.

    Raises:
        Refusal: The request contradicts itself, or is not of the protocol.
        GraphQLError: There is no such document here, with a code that tells the client what to do.
    """
    name = _take_name(parameters)
    known = await library.find(name) if name else None
    text = parameters.query = parameters.query or known
    if not text or (library.trusted_only and not library.trusts(text)):
        raise _miss(library)
    if not name or known == text or not library.takes_documents:
        return None
    if hash_of(text) != name:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The sha256Hash is not that of the query.")
    return name


def asks_for_text(errors: list[GraphQLError]) -> bool:
    """Tells whether errors have the client send the document's text: a step of the protocol, not yet a failure."""
    return any((error.extensions or {}).get("code") in (NOT_FOUND, NOT_SUPPORTED) for error in errors)


def _take_name(parameters: Parameters) -> str | None:
    if parameters.document_id:
        if parameters.query:
            raise Refusal(HTTPStatus.BAD_REQUEST, "Send either the `query` or its `documentId`.")
        return parameters.document_id.removeprefix(HASH_PREFIX)
    extensions = parameters.extensions
    if extensions is None or PERSISTED_QUERY not in extensions:
        return None
    try:
        sent = msgspec.convert(extensions.pop(PERSISTED_QUERY), PersistedQuery)
    except msgspec.ValidationError as error:
        raise Refusal(
            HTTPStatus.BAD_REQUEST, f"`persistedQuery` is not what Apollo's clients send: {error}."
        ) from error
    if sent.version != VERSION:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"Persisted queries are served in version {VERSION} only.")
    return sent.sha256Hash.removeprefix(HASH_PREFIX)


def _miss(library: Library) -> GraphQLError:
    if library.trusted_only:
        message = "Only trusted documents are executed here, and this is none: have it added to the service's manifest."
        return GraphQLError(message, extensions={"code": "DOCUMENT_NOT_TRUSTED"})
    # Clients of Apollo know these two by their messages as well.
    if library.takes_documents:
        return GraphQLError("PersistedQueryNotFound", extensions={"code": NOT_FOUND})
    return GraphQLError("PersistedQueryNotSupported", extensions={"code": NOT_SUPPORTED})
