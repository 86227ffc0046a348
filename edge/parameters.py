"""The parameters of a GraphQL request, by the GraphQL over HTTP specification."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from starlette.types import Receive, Scope

from edge.media_types import is_utf8_json
from edge.reading import read_body, read_query_string
from edge.refusals import LIMIT_EXCEEDED, Refusal

PERSISTED_QUERY = "persistedQuery"  # the extension by which Apollo's clients name documents
CLIENT_LIBRARY = "clientLibrary"  # the extension by which they name themselves

MAX_DEPTH = 900  # of lists and objects in each other; how much of it Python can read differs between its versions
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")

Value = TypeVar("Value")


class Parameters(msgspec.Struct, rename="camel"):
    """What a request may hold; anything else in it is ignored."""

    query: str | None = None
    document_id: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


def names_document(parameters: Parameters) -> bool:
    """Tells whether a request names its document, be it that it sends the text as well."""
    if parameters.document_id:
        return True
    return parameters.extensions is not None and PERSISTED_QUERY in parameters.extensions


_parameters = msgspec.json.Decoder(Parameters)
_map = msgspec.json.Decoder(dict[str, Any] | None)


async def read_parameters(scope: Scope, fields: Mapping[bytes, bytes], receive: Receive, max_bytes: int) -> Parameters:
    """Reads the parameters from a GET request's query string or a POST request's body.

    Args:
        scope: The request.
        fields: Its header fields.
        receive: Where its body comes from.
        max_bytes: The length up to which its query string or body is read.

    Returns:
        The parameters, with a query unless the client names its document.

    Raises:
        ClientDisconnect: The client left before it had sent the whole.
        Refusal: They are too long, not JSON, not of the specification's types, or without a query.
    """
    if scope["method"] == "GET":
        parameters = _read_query_string(read_query_string(scope["query_string"], max_bytes))
    else:
        _check_headers(fields)
        body = await read_body(receive, max_bytes)
        if not body:
            raise Refusal(HTTPStatus.BAD_REQUEST, "The request has no body.")
        parameters = _decode(_parameters, body, "The body")
    if not parameters.query and not names_document(parameters):
        raise Refusal(HTTPStatus.BAD_REQUEST, "The request has no `query`.")
    return parameters


def _read_query_string(fields: Mapping[str, str]) -> Parameters:
    def read_map(name: str) -> dict[str, Any] | None:
        text = fields.get(name)
        return _decode(_map, text.encode(), f"`{name}`") if text else None

    return Parameters(
        query=fields.get("query"),
        document_id=fields.get("documentId"),
        variables=read_map("variables"),
        operation_name=fields.get("operationName"),
        extensions=read_map("extensions"),
    )


def _check_headers(fields: Mapping[bytes, bytes]) -> None:
    if not is_utf8_json(fields.get(b"content-type", b"").decode("latin-1")):
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the request as application/json in UTF-8.")
    if fields.get(b"content-encoding", b"identity").lower() != b"identity":
        raise Refusal(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "Send the request body uncompressed.",
            headers={"accept-encoding": "identity"},
        )


def _decode(decoder: msgspec.json.Decoder[Value], encoded: bytes, subject: str) -> Value:
    may_be_too_deep = encoded.count(b"[") + encoded.count(b"{") > MAX_DEPTH
    if may_be_too_deep and _is_too_deep(encoded):
        raise Refusal(HTTPStatus.BAD_REQUEST, f"{subject} is nested too deeply.", LIMIT_EXCEEDED)
    try:
        # Decoded first because msgspec lets any bytes pass in the fields it ignores.
        return decoder.decode(encoded.decode())
    except ValueError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"{subject} is not what GraphQL needs: {error}.") from error


def _is_too_deep(encoded: bytes) -> bool:
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", encoded)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False
