"""What every answer says beside its data: codes of errors, and what it cost upstream."""

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from graphql import GraphQLError, ValueNode
from strawberry.extensions import SchemaExtension

from resolvers.context import Context
from resolvers.refusals import ErrorCode

logger = logging.getLogger("stepgraph")


class CodedErrors(SchemaExtension):
    """Gives every error a code. Ours stay; a mistake of ours becomes `INTERNAL`, and its story goes to the log."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [self._code(error) for error in errors]  # type: ignore[union-attr]

    def _code(self, error: GraphQLError) -> GraphQLError:
        if (error.extensions and "code" in error.extensions) or not error.path:
            return error  # an error without a path is about the document, which the HTTP edge codes
        if _is_about_an_argument(error):
            error.extensions = {**(error.extensions or {}), "code": ErrorCode.INVALID_REQUEST.value}
            return error
        context = self.execution_context.context
        request_id = context.request_id if isinstance(context, Context) else "unknown"
        logger.error("request %s failed at %s", request_id, error.path, exc_info=error.original_error or error)
        return GraphQLError(
            "Something went wrong in this service.",
            nodes=error.nodes,
            source=error.source,
            positions=error.positions,
            path=error.path,
            extensions={"code": ErrorCode.INTERNAL.value},
        )


def _is_about_an_argument(error: GraphQLError) -> bool:
    """Whether graphql-core refused the value of an argument: a null by a variable, say, where none may be.

    Validation lets a variable pass that may be null where its default, or the argument's, could stand in for it.
    """
    cause = error.original_error
    return isinstance(cause, GraphQLError) and any(isinstance(node, ValueNode) for node in cause.nodes or ())


class UpstreamReport(SchemaExtension):
    """Tells in `extensions.upstream` how many REST calls an operation made and saved, and what is left of the day."""

    def get_results(self) -> dict[str, Any]:
        return report_upstream(self.execution_context.context)


def report_upstream(context: object) -> dict[str, Any]:
    """The extensions of an answer that tell what it cost."""
    if not isinstance(context, Context):
        return {}
    remaining, resets_at = context.arena.budget.known or (None, None)
    report: dict[str, Any] = {
        "calls": context.bounds.calls,
        "saved": context.loaders.saved,
        "remaining": remaining,
        "resetsAt": _spell(resets_at) if resets_at else None,
    }
    return {"upstream": report}


@lru_cache(maxsize=64)  # every answer of a day says the same
def _spell(moment: datetime) -> str:
    return moment.isoformat()
