from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from graphql import GraphQLError
from starlette.types import Receive, Scope, Send
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from documents import Library
from edge.answers import answer, asks_for_data_only, cacheable_answer
from edge.compression import compress
from edge.graphiql import GraphiQL
from edge.header_fields import header_fields
from edge.media_types import accepts_html, answer_type, plain_type
from edge.parameters import Parameters, names_document, read_parameters
from edge.persisted import asks_for_text, put_document
from edge.presence import Presence
from edge.reading import read_query_string
from edge.refusals import Refusal, refuse
from edge.results import format_result, was_executed
from edge.settings import EdgeSettings

# Not sets: Python 3.11 hashes members of enumerations by a function of its own.
_OPERATION_TYPES = {method: tuple(OperationType.from_http(method)) for method in ("GET", "POST")}
_ASKING = {"query", "documentId", "extensions"}


class GraphQLEndpoint:
    """One GraphQL schema over HTTP: POST, GET for queries, GraphiQL for browsers.

    An ASGI application that follows the GraphQL over HTTP specification, for HTTP requests inside `middleware`.
    """

    def __init__(
        self,
        schema: BaseSchema,
        make_context: Callable[[Scope], object],
        settings: EdgeSettings,
        when_left: Callable[[Any], None] = lambda _context: None,
        library: Library | None = None,
        graphiql: GraphiQL | None = None,
    ) -> None:
        """Takes what to execute and how to meet clients.

        Args:
            schema: The schema to execute.
            make_context: Returns the context of one operation. Called once a request is found valid, so never for
                GraphiQL's page.
            settings: The limit on requests, and whether answers are compressed.
            when_left: Told the context of an operation whose client has gone before it had its answer.
            library: Where the documents are that requests name, and whether any others are executed.
            graphiql: What browsers get.
        """
        self.schema = schema
        self.make_context = make_context
        self.max_bytes = settings.max_body_bytes
        self.when_left = when_left
        self.library = library or Library()
        self.compresses = settings.compression
        self._presence = Presence()
        self._graphiql = graphiql

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fields = header_fields(scope)
        accept = fields.get(b"accept", b"").decode("latin-1")
        is_get = scope["method"] == "GET"
        try:
            if scope["method"] not in _OPERATION_TYPES:
                raise _wrong_method()
            if is_get and self._graphiql and self._is_for_a_browser(scope, accept):
                await self._graphiql.page(scope)(scope, receive, send)
                return
            parameters = await read_parameters(scope, fields, receive, self.max_bytes)
            is_by_name = self.library.trusted_only or names_document(parameters)
            execute = self._execute_by_name if is_by_name else self._execute
            result = await execute(parameters, scope, receive)
        except Refusal as refusal:
            await refuse(scope, refusal)(scope, receive, send)
            return
        response = format_result(result, scope)
        # Apollo iOS admits both types, and gives up at a status that is no success, whatever the body says.
        media_type = plain_type(accept) if result.errors and asks_for_text(result.errors) else answer_type(accept)
        if is_get and asks_for_data_only(parameters.extensions, fields):
            outgoing = cacheable_answer(response, media_type, fields.get(b"if-none-match", b""))
        else:
            outgoing = answer(response, media_type)
        if self.compresses and b"accept-encoding" in fields:
            await compress(outgoing, fields[b"accept-encoding"].decode("latin-1"), parameters.query or "")
        await outgoing.send(send)

    def _is_for_a_browser(self, scope: Scope, accept: str) -> bool:
        return accepts_html(accept) and _ASKING.isdisjoint(read_query_string(scope["query_string"], self.max_bytes))

    async def _execute_by_name(self, parameters: Parameters, scope: Scope, receive: Receive) -> ExecutionResult:
        try:
            new_name = await put_document(parameters, self.library)
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[error])
        result = await self._execute(parameters, scope, receive)
        if new_name and parameters.query and was_executed(result):
            await self.library.register(new_name, parameters.query)
        return result

    async def _execute(self, parameters: Parameters, scope: Scope, receive: Receive) -> ExecutionResult:
        context = self.make_context(scope)
        try:
            with self._presence.watching(receive, partial(self.when_left, context)):
                return await self.schema.execute(
                    parameters.query,
                    variable_values=parameters.variables,
                    context_value=context,
                    operation_name=parameters.operation_name,
                    allowed_operation_types=_OPERATION_TYPES[scope["method"]],
                    operation_extensions=parameters.extensions,
                )
        except CannotGetOperationTypeError as error:
            return ExecutionResult(data=None, errors=[GraphQLError(error.as_http_error_reason())])
        except InvalidOperationTypeError as error:
            raise Refusal(
                HTTPStatus.METHOD_NOT_ALLOWED, "Send mutations by POST.", headers={"allow": "POST"}
            ) from error


def _wrong_method() -> Refusal:
    return Refusal(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "GraphQL is served by POST, and by GET for queries.",
        headers={"allow": "GET, POST"},
    )
