"""What GraphQL executed, as the body of an HTTP answer."""

from typing import Any

from graphql import GraphQLError
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.types import ExecutionResult

from edge.refusals import INVALID_REQUEST


def format_result(result: ExecutionResult, request_id: str) -> GraphQLHTTPResponse:
    """Formats a result, with the request's id in every error.

    An error before execution (parsing, validation, coercion of variables) leaves no `data` entry,
    and is the client's unless its code says otherwise.

    Raises:
        Exception: Whatever broke the service, not the document, before execution.
    """
    response = process_result(result)
    if not result.errors:
        return response

    executed = result.data is not None or any(error.path for error in result.errors)
    if not executed:
        _raise_crash(result.errors)
        del response["data"]
    default = {} if executed else {"code": INVALID_REQUEST}
    response["errors"] = [_identified(error, default, request_id) for error in result.errors]
    return response


def _identified(error: GraphQLError, default: dict[str, Any], request_id: str) -> dict[str, Any]:
    extensions = {**default, **(error.extensions or {}), "requestId": request_id}
    return {**error.formatted, "extensions": extensions}


def _raise_crash(errors: list[GraphQLError]) -> None:
    """Raises what Strawberry wrapped as an error of the document: an exception with no place in it."""
    for error in errors:
        if error.original_error and not error.locations and "code" not in (error.extensions or {}):
            raise error.original_error
