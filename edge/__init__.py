"""The service's HTTP edge: what meets clients before and after GraphQL is executed."""

from edge.drain import Drain
from edge.endpoint import GraphQLEndpoint
from edge.graphiql import graphiql_routes
from edge.health import health_routes
from edge.middleware import middleware
from edge.refusals import exception_handlers
from edge.request_ids import request_id
from edge.server import serve
from edge.settings import EdgeSettings

__all__ = [
    "Drain",
    "EdgeSettings",
    "GraphQLEndpoint",
    "exception_handlers",
    "graphiql_routes",
    "health_routes",
    "middleware",
    "request_id",
    "serve",
]
