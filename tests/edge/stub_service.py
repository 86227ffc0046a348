"""A small service behind the edge, whose schema does what the edge must cope with."""

import asyncio

import strawberry
from graphql import GraphQLError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

import edge


class Log:
    """What reached the far side of the edge."""

    def __init__(self):
        self.contexts = 0
        self.saved = []


@strawberry.type
class Query:
    @strawberry.field
    def echo(self, text: str = "hello") -> str:
        return text

    @strawberry.field
    def sum(self, numbers: list[int]) -> int:
        return sum(numbers)

    @strawberry.field
    def refused(self) -> str | None:
        raise GraphQLError("No such ticket.", extensions={"code": "NOT_FOUND", "guid": "1J3M"})

    @strawberry.field
    def required(self) -> str:
        raise GraphQLError("No such ticket.", extensions={"code": "NOT_FOUND"})


@strawberry.type
class Mutation:
    @strawberry.mutation
    def save(self, info: strawberry.Info, text: str) -> str:
        info.context["log"].saved.append(text)
        return text


async def crash(request: Request):
    raise RuntimeError("the upstream's address")


async def lose_a_shared_future(request: Request):
    raise asyncio.CancelledError


async def crash_half_way(request: Request):
    async def chunks():
        yield b"first"
        raise RuntimeError("half way")

    return StreamingResponse(chunks())


SCHEMA = strawberry.Schema(Query, Mutation)


def make_app(settings=None, drain=None, schema=SCHEMA, log=None, library=None, graphiql=None):
    settings, drain, log = settings or edge.EdgeSettings(), drain or edge.Drain(grace_seconds=0), log or Log()

    def make_context(scope):
        log.contexts += 1
        return {"log": log}

    endpoint = edge.GraphQLEndpoint(schema, make_context, settings, library=library, graphiql=graphiql)
    return edge.Application(
        routes=[
            Route("/graphql", endpoint),
            Route("/crash", crash),
            Route("/cancel", lose_a_shared_future),
            Route("/half", crash_half_way),
            *edge.health_routes(drain.why_not_ready),
            *(graphiql.routes() if graphiql else []),
        ],
        middleware=[
            Middleware(drain.count),
            *edge.middleware(settings),
            Middleware(edge.ShortWay, "/graphql", endpoint),
        ],
        exception_handlers=edge.exception_handlers,
    )
