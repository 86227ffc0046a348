"""The public face: GraphQL types over the records that resolvers return."""

from typing import Any

import strawberry
from graphql import GraphQLError, GraphQLInputObjectType, GraphQLObjectType, GraphQLResolveInfo, GraphQLType
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from plan.executor import planned_executor
from plan.plans import Plans
from schema import enums as _enums  # noqa: F401  # makes the records' enumerations part of the schema
from schema.answers import CodedErrors, UpstreamReport
from schema.costs import COSTS
from schema.limits import DocumentLimits, document_extensions
from schema.mutation import Mutation
from schema.processes import Process, ProcessStep
from schema.quality import QualityProcess, QualityStep
from schema.query import Query
from schema.scalars import SCALARS
from schema.tickets import Ticket


class Schema(strawberry.Schema):
    """The schema; errors are logged where they are given their codes, and nowhere else."""

    def run_plans(self) -> None:
        """Execute operations by plans, each compiled once for its document."""
        self.execution_context_class = planned_executor(Plans(self._schema, self.schema_converter))

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        return None

    def _extend_introspection(self) -> None:
        """Let `isOneOf` be answered for every type: Strawberry's own resolver fails for lists and non-nulls."""
        super()._extend_introspection()
        introspected = self._schema.type_map["__Type"]
        assert isinstance(introspected, GraphQLObjectType)  # noqa: S101 - GraphQL says so
        introspected.fields["isOneOf"].resolve = _is_one_of


def _is_one_of(type_: GraphQLType, _info: GraphQLResolveInfo[Any]) -> bool | None:
    if not isinstance(type_, GraphQLInputObjectType):
        return None
    is_one_of: bool = type_.extensions["strawberry-definition"].is_one_of
    return is_one_of


def build_schema(
    *,
    limits: DocumentLimits | None = None,
    introspection: bool = True,
    suggestions: bool = True,
    upstream_report: bool = True,
    plans: bool = True,
) -> Schema:
    """The schema as it is served.

    Args:
        limits: What a document may hold.
        introspection: Whether clients can ask for the schema.
        suggestions: Whether errors say "Did you mean".
        upstream_report: Whether answers tell what they cost.
        plans: Whether execution is compiled once for every document.
    """
    schema = Schema(
        query=Query,
        mutation=Mutation,
        types=[QualityProcess, QualityStep, Ticket, Process, ProcessStep],
        extensions=[
            *([UpstreamReport] if upstream_report else []),
            CodedErrors,
            *document_extensions(
                limits or DocumentLimits(), COSTS, introspection=introspection, suggestions=suggestions
            ),
        ],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    if plans:
        schema.run_plans()
    return schema
