"""Lists: paging, filters and wildcards. Arena: Responses, GET Quality Processes Search, GET Tickets."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression
from starlette.datastructures import QueryParams

from sandbox.arena.calls import Answer, Call
from sandbox.arena.refusals import Refusal, Refused

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 400
LARGEST_OFFSET = 2**31 - 1
PAGING = frozenset({"limit", "offset"})
BOOLEANS = {"true": True, "false": False}

Filter = Callable[[str], ColumnElement[bool]]


def list_answer(rows: Sequence[Any], *, status: int = 200) -> Answer:
    """The rows of one page; `count` is how many those are, not how many match."""
    return Answer({"count": len(rows), "results": rows}, status)


def page(statement: Select[Any], call: Call) -> Select[Any]:
    """The part of a result that `limit` and `offset` ask for.

    Raises:
        Refused: Either is no number or out of its range.
    """
    query = call.request.query_params
    limit = _number(query, "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT)
    offset = _number(query, "offset", 0, 0, LARGEST_OFFSET)
    return statement.limit(limit).offset(offset)


def filtered(
    statement: Select[Any], call: Call, filters: Mapping[str, Filter], *, others: frozenset[str] = PAGING
) -> Select[Any]:
    """The rows that pass every filter in the query.

    Args:
        statement: What to filter.
        call: Whose query says how.
        filters: The filters there are, by name.
        others: Names in the query that are no filters.

    Raises:
        Refused: The query asks for a filter there is not.
    """
    for name, value in call.request.query_params.multi_items():
        if name in others:
            continue
        if name not in filters:
            raise Refused(Refusal.FILTER_UNKNOWN, name=name)
        statement = statement.where(filters[name](value))
    return statement


def matches(column: SQLColumnExpression[Any]) -> Filter:
    """A filter for a value in full, in which `*` stands for any text."""
    return lambda value: column.op("GLOB", is_comparison=True)(_glob(value))


def is_flag(column: SQLColumnExpression[bool]) -> Filter:
    """A filter for `true` or `false`; no row passes any other value."""
    return lambda value: column == BOOLEANS.get(value.lower())


def _glob(value: str) -> str:
    return value.replace("[", "[[]").replace("?", "[?]")


def _number(query: QueryParams, name: str, default: int, smallest: int, largest: int) -> int:
    value = query.get(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and len(value) <= 10) or not smallest <= int(value) <= largest:
        raise Refused(Refusal.PAGE, name=name)
    return int(value)
