"""The plain fields of a selection, read by one expression made for them.

A loop over the fields would take twice as long: it is the innermost of all.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from plan.fields import PlainField, ResolvedField

Reader = Callable[[Any, Any], dict[str, Any]]


def reader(fields: Sequence[PlainField | ResolvedField]) -> Reader:
    """What makes the answer for an object: with its plain fields, and null where a resolver is to answer.

    For a ticket's number and status it is:

        {
            "number": value if (value := source.number).__class__ is class_0 else complete_0(value, branch),
            "status": complete_1(source.status, branch),
        }

    Nothing of a request gets into the expression but names of GraphQL, which are letters, digits and underscores.
    """
    names: dict[str, Any] = {}
    entries = []
    for index, field in enumerate(fields):
        value = "None"
        if isinstance(field, PlainField):
            names[f"read_{index}"] = field.read
            names[f"complete_{index}"] = field.complete
            names[f"class_{index}"] = field.as_it_stands
            value = _expression(field, index)
        entries.append(f"{field.key!r}: {value}")
    expression = "lambda source, branch: {" + ", ".join(entries) + "}"
    read: Reader = eval(_compiled(expression), names)  # noqa: S307 - see above
    return read


def _expression(field: PlainField, index: int) -> str:
    read = f"source.{field.attribute}" if field.attribute else f"read_{index}(source)"
    if field.as_it_stands is None:
        return f"complete_{index}({read}, branch)"
    return f"value if (value := {read}).__class__ is class_{index} else complete_{index}(value, branch)"


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> CodeType:
    return compile(expression, "<plan>", "eval")
