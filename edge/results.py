"""What GraphQL executed, as the body of an HTTP answer."""

from typing import Any

from graphql import GraphQLError
from starlette.types import Scope
from strawberry.types import ExecutionResult

from edge.refusals import INVALID_REQUEST
from edge.request_ids import request_id


def format_result(result: ExecutionResult, scope: Scope) -> dict[str, Any]:
    """Formats the result of a request, with its id in every error.

    An error before execution (parsing, validation, coercion of variables) leaves no `data` entry,
    and is the client's unless its code says otherwise.

    Raises:
        Exception: Whatever broke the service, not the document, before execution.
    """
    response = {"data": result.data}
    if result.errors:
        response = _format_errors(result, result.errors, request_id(scope))
    if result.extensions:
        response["extensions"] = result.extensions
    return response


def was_executed(result: ExecutionResult) -> bool:
    """Tells whether a result is of execution, not of something wrong with the document or its variables."""
    return result.data is not None or any(error.path for error in result.errors or ())


def _format_errors(result: ExecutionResult, errors: list[GraphQLError], request_id: str) -> dict[str, Any]:
    if was_executed(result):
        return {"data": result.data, "errors": [_identified(error, {}, request_id) for error in errors]}
    _raise_crash(errors)
    return {"errors": [_identified(error, {"code": INVALID_REQUEST}, request_id) for error in errors]}


def _identified(error: GraphQLError, default: dict[str, Any], request_id: str) -> dict[str, Any]:
    extensions = {**default, **(error.extensions or {}), "requestId": request_id}
    return {**error.formatted, "extensions": extensions}


def _raise_crash(errors: list[GraphQLError]) -> None:
    """Raises what Strawberry wrapped as an error of the document: an exception with no place in it."""
    for error in errors:
        if error.original_error and not error.locations and "code" not in (error.extensions or {}):
            raise error.original_error
