"""The service's HTTP edge: what meets clients before and after GraphQL is executed."""

from edge.application import Application
from edge.drain import Drain
from edge.endpoint import GraphQLEndpoint
from edge.graphiql import Example, GraphiQL, GraphiQLSettings, Session
from edge.header_fields import header_fields
from edge.health import health_routes
from edge.memory import long_lived
from edge.middleware import middleware
from edge.refusals import exception_handlers
from edge.request_ids import request_id
from edge.server import serve
from edge.settings import EdgeSettings
from edge.short_way import ShortWay

__all__ = [
    "Application",
    "Drain",
    "EdgeSettings",
    "Example",
    "GraphiQL",
    "GraphiQLSettings",
    "GraphQLEndpoint",
    "Session",
    "ShortWay",
    "exception_handlers",
    "header_fields",
    "health_routes",
    "long_lived",
    "middleware",
    "request_id",
    "serve",
]
