"""The parameters of a GraphQL request, by the GraphQL over HTTP specification."""

from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from cross_web import AsyncHTTPRequestAdapter
from strawberry.http import GraphQLRequestData

from edge.media_types import is_utf8_json
from edge.refusals import LIMIT_EXCEEDED, Refusal

Value = TypeVar("Value")


class Body(msgspec.Struct, rename="camel"):
    """What a POST request's JSON may hold; anything else in it is ignored."""

    query: str | None = None
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


_body = msgspec.json.Decoder(Body)
_map = msgspec.json.Decoder(dict[str, Any] | None)


async def read_parameters(request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
    """Reads the parameters from a GET request's query string or a POST request's body.

    Returns:
        The parameters, with a query unless the client names a persisted one.

    Raises:
        Refusal: They are not JSON, not of the specification's types, or without a query.
    """
    parameters = _read_query_string(request) if request.method == "GET" else await _read_body(request)
    if not parameters.query and "persistedQuery" not in (parameters.extensions or {}):
        raise Refusal(HTTPStatus.BAD_REQUEST, "The request has no `query`.")
    return parameters


def _read_query_string(request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
    fields = request.query_params

    def read_map(name: str) -> dict[str, Any] | None:
        text = fields.get(name)
        return _decode(_map, text.encode(), f"`{name}`") if text else None

    return GraphQLRequestData(
        query=fields.get("query"),
        variables=read_map("variables"),
        operation_name=fields.get("operationName"),
        extensions=read_map("extensions"),
    )


async def _read_body(request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
    if not is_utf8_json(request.content_type or ""):
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the request as application/json in UTF-8.")
    content = await request.get_body()
    if not content:
        raise Refusal(HTTPStatus.BAD_REQUEST, "The request has no body.")
    body = _decode(_body, content, "The body")
    return GraphQLRequestData(body.query, body.variables, body.operation_name, body.extensions)


def _decode(decoder: msgspec.json.Decoder[Value], encoded: bytes, subject: str) -> Value:
    try:
        # Decoded first because msgspec lets any bytes pass in the fields it ignores.
        return decoder.decode(encoded.decode())
    except RecursionError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"{subject} is nested too deeply.", LIMIT_EXCEEDED) from error
    except ValueError as error:
        raise Refusal(HTTPStatus.BAD_REQUEST, f"{subject} is not what GraphQL needs: {error}.") from error
