"""Expressions made for what is asked: of the fields of an object, and of the items of a list.

A loop over the fields would take twice as long, and so would a call for each value: these are the innermost of all.
Nothing of a request gets into an expression but names of GraphQL, which are letters, digits and underscores.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from plan.fields import Completion, PlainField, ResolvedField

Reader = Callable[[Any, Any], dict[str, Any]]


def reader(fields: Sequence[PlainField | ResolvedField]) -> Reader:
    """What makes the answer for an object: with its plain fields, and null where a resolver is to answer.

    For a ticket's status and when it was created it is:

        lambda source, branch: {
            "status": a2[value._name_]
                if (value := source.status).__class__ is a1 else None if value is None else a0(value, branch),
            "createdAt": (a5(value) or a3(value, branch))
                if (value := source.created_at).__class__ in a4 else None if value is None else a3(value, branch),
        }
    """
    names = _Names()
    entries = []
    for field in fields:
        value = "None"
        if isinstance(field, PlainField):
            read = f"source.{field.attribute}" if field.attribute else f"{names.add(field.read)}(source)"
            value = _completed(field.completion, read, names)
        entries.append(f"{field.key!r}: {value}")
    read_fields: Reader = names.evaluate("lambda source, branch: {" + ", ".join(entries) + "}")
    return read_fields


def items_reader(item: Completion) -> Callable[[Any, Any], list[Any]]:
    """What completes the items of a list."""
    names = _Names()
    completed = _completed(item, "value", names)
    read_items: Callable[[Any, Any], list[Any]] = names.evaluate(
        f"lambda values, branch: [{completed} for value in values]"
    )
    return read_items


def _completed(completion: Completion, read: str, names: "_Names") -> str:
    """The expression of a value, given the expression that reads it."""
    complete = names.add(completion.complete)
    shortcut = completion.shortcut
    if shortcut is None:
        return f"{complete}({read}, branch)"
    bound = read if read == "value" else f"(value := {read})"
    operator = "is" if isinstance(shortcut.classes, type) else "in"
    test = f"{bound}.__class__ {operator} {names.add(shortcut.classes)}"
    short = shortcut.expression.format(tool=names.add(shortcut.tool), complete=complete)
    null = "" if completion.is_required else "None if value is None else "
    return f"{short} if {test} else {null}{complete}(value, branch)"


class _Names:
    """The names of an expression."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}

    def add(self, named: Any) -> str:
        name = f"a{len(self._objects)}"
        self._objects[name] = named
        return name

    def evaluate(self, expression: str) -> Any:
        return eval(_compiled(expression), self._objects)  # noqa: S307 - see above


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> CodeType:
    return compile(expression, "<plan>", "eval")
