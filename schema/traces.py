"""How a trace is told to clients, in `extensions.upstream.trace`."""

import re
from collections.abc import Awaitable
from inspect import isawaitable
from typing import Any

from graphql import GraphQLResolveInfo
from strawberry.extensions import SchemaExtension

from resolvers.context import Context
from schema.answers import report_upstream
from upstreams.trace import Cause, Names, Trace, TracedCall, cause_of_calls


class TracedFields(SchemaExtension):
    """Lets calls know for which field they are made, and tells of the calls.

    It watches fields being resolved, so no plan runs: plans do not know at which index of a list a field stands.
    """

    def resolve(self, _next: Any, root: Any, info: GraphQLResolveInfo[Any], *args: Any, **kwargs: Any) -> Any:
        value = _next(root, info, *args, **kwargs)
        return _resolve_for(info, value) if isawaitable(value) else value

    def get_results(self) -> dict[str, Any]:
        context = self.execution_context.context
        if not isinstance(context, Context) or context.bounds.trace is None:
            return {}
        report = report_upstream(context)
        report["upstream"] |= describe_trace(context.bounds.trace)
        return report


async def _resolve_for(info: GraphQLResolveInfo[Any], value: Awaitable[Any]) -> Any:
    cause = Cause()
    cause.asked_by.add(".".join(map(str, info.path.as_list())))
    token = cause_of_calls.set(cause)
    try:
        return await value
    finally:
        cause_of_calls.reset(token)


def describe_trace(trace: Trace) -> dict[str, Any]:
    """A trace as clients get it; times are in milliseconds from the beginning of the operation."""
    latest = {id(traced.cause): traced for traced in trace.calls}
    calls = [
        _describe(traced, trace.started_at, is_latest=latest[id(traced.cause)] is traced) for traced in trace.calls
    ]
    return {"trace": calls} | ({"traceLeftOut": trace.left_out} if trace.left_out else {})


def _describe(traced: TracedCall, started_at: float, *, is_latest: bool) -> dict[str, Any]:
    call, cause = traced.call, traced.cause
    return {
        "system": call.endpoint.system.value,
        "method": call.endpoint.method,
        "path": call.endpoint.path,
        "query": [name for name, _ in call.query],
        "startMs": _milliseconds(started_at, traced.begun_at),
        "waitMs": _milliseconds(traced.begun_at, traced.left_at if traced.left_at is not None else traced.ended_at),
        "durationMs": _milliseconds(traced.left_at, traced.ended_at),
        "attempt": traced.attempt,
        "status": traced.status,
        "failure": _constant(traced.failure) if traced.failure else None,
        "bytes": traced.size,
        "remaining": traced.remaining,
        "askedBy": _describe_names(cause.asked_by),
        # Of several tries, the last one answered.
        "alsoAnswered": _describe_names(cause.also_answered if is_latest else Names()),
    }


def _describe_names(names: Names) -> dict[str, Any]:
    return {"count": names.count, "fields": names.first}


def _milliseconds(since: float | None, until: float | None) -> float | None:
    return None if since is None or until is None else round((until - since) * 1000, 2)


def _constant(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()
