"""What a request may ask about its REST calls: a trace of those it makes, or an explanation of those it would make."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from resolvers.context import Context
from resolvers.refusals import ErrorCode

TRACE, EXPLAIN = "upstreamTrace", "explain"
HEADERS = {TRACE: "x-upstream-trace", EXPLAIN: "x-explain"}

ON, OFF = {"true", "1"}, {"false", "0", ""}

SWITCHED_OFF = (
    "This service tells nobody of its REST calls (UPSTREAM_DETAILS is off): ask without {}. Nothing was sent."
)
NEITHER_ON_NOR_OFF = "Say true or false in {}. Nothing was sent."

_inspectors: ContextVar[tuple[type[SchemaExtension], ...]] = ContextVar("inspectors", default=())


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is asked."""

    trace: bool
    explain: bool


def read_inspection(context: object, extensions: Mapping[str, Any] | None, *, is_allowed: bool) -> Inspection | None:
    """What a request asks about its calls, None for nothing.

    Args:
        context: The operation's, which knows the request's headers.
        extensions: The request's.
        is_allowed: Whether requests may ask.

    Raises:
        GraphQLError: It is not clear whether it asks, or it may not. A request that asks for an explanation is never
            executed by mistake.
    """
    if not isinstance(context, Context):
        return None
    asked = {name: _is_asked(name, context.wishes, extensions or {}) for name in (TRACE, EXPLAIN)}
    names = [name for name, is_asked in asked.items() if is_asked]
    if not names:
        return None
    if not is_allowed:
        raise _refuse(SWITCHED_OFF.format(" and ".join(names)))
    return Inspection(trace=asked[TRACE], explain=asked[EXPLAIN])


@contextmanager
def inspecting(*inspectors: type[SchemaExtension]) -> Iterator[None]:
    """Have operations executed with these extensions besides the schema's own."""
    token = _inspectors.set(inspectors)
    try:
        yield
    finally:
        _inspectors.reset(token)


def inspectors() -> Iterator[SchemaExtension]:
    """The extensions that the operation under way is executed with besides the schema's own."""
    return (make() for make in _inspectors.get())


def _is_asked(name: str, wishes: Mapping[str, str], extensions: Mapping[str, Any]) -> bool:
    wish = extensions.get(name)
    if not (wish is None or isinstance(wish, bool)):
        raise _refuse(NEITHER_ON_NOR_OFF.format(f"the extension {name}"))
    text = wishes.get(HEADERS[name], "").strip().lower()
    if text not in ON | OFF:
        raise _refuse(NEITHER_ON_NOR_OFF.format(f"the header {HEADERS[name]}"))
    return bool(wish) or text in ON


def _refuse(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": ErrorCode.INVALID_REQUEST.value})
