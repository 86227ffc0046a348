from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from inspect import isawaitable
from typing import Any

import msgspec
from cross_web import AsyncHTTPRequestAdapter
from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from edge.graphiql import PAGE_HEADERS, graphiql_page
from edge.media_types import GRAPHQL_RESPONSE, accepts_html, answer_type
from edge.parameters import read_parameters
from edge.presence import watching
from edge.refusals import ANSWER_HEADERS, Refusal, refuse
from edge.request_ids import request_id
from edge.results import format_result
from edge.settings import EdgeSettings
from edge.strict_request import StrictRequest


class GraphQLEndpoint(GraphQL[None, None]):
    """One GraphQL schema over HTTP: POST, GET for queries, GraphiQL for browsers.

    Fills the steps of Strawberry's view so that it follows the GraphQL over HTTP specification.
    Serve it by a Starlette `Route`, which passes no WebSockets on, inside `middleware`.
    """

    def __init__(
        self,
        schema: BaseSchema,
        make_context: Callable[[Request], object],
        settings: EdgeSettings,
        when_left: Callable[[Any], None] = lambda _context: None,
    ) -> None:
        """Takes what to execute and how to meet clients.

        Args:
            schema: The schema to execute.
            make_context: Returns the context of one operation, or an awaitable of it. Called once a
                request is found valid, so never for GraphiQL's page.
            settings: The limit on requests, and whether GraphiQL is served.
            when_left: Told the context of an operation whose client has gone before it had its answer.
        """
        super().__init__(schema, subscription_protocols=())
        self.make_context = make_context
        self.when_left = when_left
        # The base view asks for a callable; only the ASGI view's own default narrows that to a class.
        self.request_adapter_class = partial(  # type: ignore[assignment]
            StrictRequest, max_bytes=settings.max_body_bytes
        )
        self.page = graphiql_page(settings.default_query) if settings.graphiql else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            # The view would make the context first of all; `execute_operation` makes it in time.
            response: Response = await self.run(Request(scope, receive), context=None)
        except Refusal as refusal:
            response = refuse(scope, refusal)
        await response(scope, receive, send)

    def is_request_allowed(self, request: BaseRequestProtocol) -> bool:
        if request.method in ("GET", "POST"):
            return True
        raise Refusal(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "GraphQL is served by POST, and by GET for queries.",
            headers={"allow": "GET, POST"},
        )

    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        return (
            self.page is not None
            and request.method == "GET"
            and accepts_html(request.headers.get("accept", ""))
            and "query" not in request.query_params
        )

    async def render_graphql_ide(self, request: Request) -> Response:
        return HTMLResponse(self.page, headers=PAGE_HEADERS)

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        return await read_parameters(request)

    async def execute_operation(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        request_data: GraphQLRequestData | list[GraphQLRequestData],
        context: None,
        root_value: None,
        sub_response: Response,
    ) -> ExecutionResult:
        assert isinstance(request_data, GraphQLRequestData)  # noqa: S101 - `parse_http_body` reads no batch
        if not request_data.query:
            return _failed("PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED")

        made = self.make_context(request)
        operation_context = await made if isawaitable(made) else made
        try:
            with watching(request.receive, partial(self.when_left, operation_context)):
                return await self.schema.execute(
                    request_data.query,
                    variable_values=request_data.variables,
                    context_value=operation_context,
                    operation_name=request_data.operation_name,
                    allowed_operation_types=OperationType.from_http(request_adapter.method),
                    operation_extensions=request_data.extensions,
                )
        except CannotGetOperationTypeError as error:
            return _failed(error.as_http_error_reason())
        except InvalidOperationTypeError as error:
            raise Refusal(
                HTTPStatus.METHOD_NOT_ALLOWED, "Send mutations by POST.", headers={"allow": "POST"}
            ) from error

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        return format_result(result, request_id(request.scope))

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        return Response(media_type=answer_type(request.headers.get("accept", "")))

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        unexecuted = sub_response.media_type == GRAPHQL_RESPONSE and "data" not in response_data
        return Response(
            msgspec.json.encode(response_data),
            status_code=HTTPStatus.BAD_REQUEST if unexecuted else HTTPStatus.OK,
            headers=ANSWER_HEADERS,
            media_type=sub_response.media_type,
        )


def _failed(message: str, code: str | None = None) -> ExecutionResult:
    extensions = {"code": code} if code else None
    return ExecutionResult(data=None, errors=[GraphQLError(message, extensions=extensions)])
