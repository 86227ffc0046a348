"""The service put together: settings, facade, schema, HTTP edge. `python app.py` serves it."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Scope

from documents import BadManifest, Library, make_store, read_manifests
from edge import (
    Application,
    Drain,
    EdgeSettings,
    GraphiQL,
    GraphQLEndpoint,
    ShortWay,
    exception_handlers,
    health_routes,
    long_lived,
    middleware,
    serve,
)
from facade import Facade, WrapTransport, open_facade, utc_now
from resolvers.context import Context
from sandbox.app import create_sandbox
from sandbox.settings import read_settings as read_sandbox_settings
from schema import build_schema
from schema.execution import Schema
from schema.limits import DocumentLimits
from settings import Settings, read_settings
from welcome import graphiql_settings, greet


def create_app(
    settings: Settings | None = None,
    *,
    sandbox: Starlette | None = None,
    wrap: WrapTransport | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Starlette:
    """The whole service as one ASGI application.

    Args:
        settings: Read from the environment unless given.
        sandbox: The sandbox to embed; one of its own settings unless given. Used where a host is not set.
        wrap: Put around the transport to every upstream, which then is one of httpx.
        clock: The time now, by which failed logins are slowed down.

    Raises:
        BadManifest: The trusted documents are not to be trusted.
    """
    settings = settings or Settings()
    embedded = (sandbox or create_sandbox()) if settings.embeds_sandbox else None
    edge = EdgeSettings(
        max_body_bytes=settings.max_body_bytes,
        max_requests=settings.max_requests,
        allowed_origins=settings.allowed_origins,
        compression=settings.compression,
    )
    schema = make_schema(settings)
    library = make_library(settings, schema)
    drain = Drain(settings.drain_seconds - settings.operation_seconds)

    facade: Facade  # what the lifespan opens

    def make_context(scope: Scope) -> Context:
        return facade.context(scope)

    def note_departure(context: Context) -> None:
        context.bounds.caller_has_left = True

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if embedded is not None:
                await stack.enter_async_context(embedded.router.lifespan_context(embedded))
            stack.push_async_callback(library.close)
            nonlocal facade
            facade = app.state.facade = await stack.enter_async_context(
                open_facade(settings, embedded, wrap, clock=clock)
            )
            stack.enter_context(drain.on_signals())
            stack.enter_context(long_lived())
            yield

    graphiql = GraphiQL(graphiql_settings(settings)) if serves_graphiql(settings) else None
    endpoint = GraphQLEndpoint(schema, make_context, edge, note_departure, library, graphiql)
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        *health_routes(drain.why_not_ready),
        *(graphiql.routes() if graphiql else []),
        *(sandbox_routes(settings, embedded) if embedded is not None else []),
    ]
    return Application(
        routes=routes,
        middleware=[Middleware(drain.count), *middleware(edge), Middleware(ShortWay, "/graphql", endpoint)],
        exception_handlers=exception_handlers,
        lifespan=lifespan,
    )


def sandbox_routes(settings: Settings, sandbox: Starlette) -> list[Mount]:
    """The sandbox below `/sandbox`, without the system that has a real host: nothing there passes for it."""
    hosts = {"arena": settings.arena_url, "cognaize": settings.cognaize_url}
    hidden = [Mount(f"/sandbox/{system}", routes=[]) for system, host in hosts.items() if host]
    return [*hidden, Mount("/sandbox", sandbox)]


def make_schema(settings: Settings) -> Schema:
    """The schema as the settings have it served."""
    return build_schema(
        limits=DocumentLimits(upstream_calls=settings.max_estimated_calls),
        introspection=settings.introspection,
        suggestions=settings.suggestions,
        upstream_report=settings.upstream_report,
        upstream_details=settings.upstream_details,
        plans=settings.execution_plans,
    )


def make_library(settings: Settings, schema: Schema) -> Library:
    """The documents that requests can name; to be closed in the end.

    Raises:
        BadManifest: The trusted documents cannot be read, or one of them is not valid.
    """
    return Library(
        make_store(settings.redis_address) if settings.persisted_queries else None,
        read_manifests(settings.trusted_documents, schema.mistakes_in) if settings.trusted_documents else None,
        trusted_only=settings.trusted_documents_only,
    )


def serves_graphiql(settings: Settings) -> bool:
    """Whether browsers get GraphiQL: not where it could ask nothing, for none of its documents is trusted."""
    return settings.graphiql and not settings.trusted_documents_only


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    if settings.embeds_sandbox:
        read_sandbox_settings()
    if settings.trusted_documents:
        check_manifests(settings.trusted_documents, make_schema(settings))
    print(greet(settings), flush=True)
    if settings.workers == 1 or settings.runtime_directory:
        run(settings)
        return
    with TemporaryDirectory(prefix="stepgraph-") as directory:
        os.environ["RUNTIME_DIRECTORY"] = directory  # for the workers, which share the service's session there
        run(settings)


def check_manifests(path: Path, schema: Schema) -> None:
    """End with what is to be mended in manifests, before workers start that would end one after the other."""
    try:
        read_manifests(path, schema.mistakes_in)
    except BadManifest as error:
        raise SystemExit(str(error)) from None


def run(settings: Settings) -> None:
    """Serve as the settings say; within `drain_seconds` of a stop, nothing is in flight any more."""
    serve(
        "app:create_app",
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        keep_alive_seconds=settings.keep_alive_seconds,
        stop_seconds=settings.operation_seconds,
    )


if __name__ == "__main__":
    main()
