"""The public face: GraphQL types over the records that resolvers return."""

from strawberry.schema.config import StrawberryConfig

from schema import enums as _enums  # noqa: F401  # makes the records' enumerations part of the schema
from schema.answers import CodedErrors, UpstreamReport
from schema.costs import COSTS
from schema.execution import Schema
from schema.limits import DocumentCheck, DocumentLimiter, DocumentLimits
from schema.mutation import Mutation
from schema.processes import Process, ProcessStep
from schema.quality import QualityProcess, QualityStep
from schema.query import Query
from schema.scalars import SCALARS
from schema.tickets import Ticket


def build_schema(
    *,
    limits: DocumentLimits | None = None,
    introspection: bool = True,
    suggestions: bool = True,
    upstream_report: bool = True,
    upstream_details: bool = True,
    plans: bool = True,
) -> Schema:
    """The schema as it is served.

    Args:
        limits: What a document may hold.
        introspection: Whether clients can ask for the schema.
        suggestions: Whether errors say "Did you mean".
        upstream_report: Whether answers tell what they cost.
        upstream_details: Whether requests may ask which calls they make, or would make.
        plans: Whether execution is compiled once for every document.
    """
    check = DocumentCheck(limits or DocumentLimits(), COSTS, introspection=introspection, suggestions=suggestions)
    schema = Schema(
        query=Query,
        mutation=Mutation,
        types=[QualityProcess, QualityStep, Ticket, Process, ProcessStep],
        extensions=[
            *([UpstreamReport] if upstream_report else []),
            CodedErrors,
            lambda: DocumentLimiter(check),
        ],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    schema.check = check
    schema.tells_details = upstream_details
    if plans:
        schema.run_plans(check)
    return schema
