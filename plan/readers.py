"""Expressions made for what is asked: of the fields of an object, and of the items of a list.

A loop over the fields would take twice as long, and so would a call for each value: these are the innermost of all.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from plan.expressions import Names
from plan.fields import Completion, ConstantField, Field, PlainField, ResolvedField
from plan.hints import Hint

Reader = Callable[[Any, Any], dict[str, Any]]
ListReader = Callable[[Any, Any], list[Any]]


def reader(fields: Sequence[Field], hints: Mapping[str, Hint]) -> Reader:
    """What makes the answer for an object: with its plain fields, and null where a resolver is to answer.

    For a ticket's title, its status, which is a property, and who works on it, all of which its hints tell, it is:

        lambda source, branch: {
            "title": source.title,
            "status": (a1[v1._name_] if (v1 := a2(source)) is not None else None),
            "assignee": ({"fullName": v2.full_name} if (v2 := source.assignee) is not None else None),
        }

    and for a status of which nothing is known:

        lambda source, branch: {
            "status": a2[value._name_]
                if (value := source.status).__class__ is a1 else None if value is None else a0(value, branch),
        }

    Args:
        fields: The fields, in the order of the answer.
        hints: What is known of the object's attributes.
    """
    names = Names()
    read_fields: Reader = names.evaluate(f"lambda source, branch: {entries(fields, hints, 'source', names)}")
    return read_fields


def rows_reader(fields: Sequence[Field], hints: Mapping[str, Hint]) -> ListReader | None:
    """What makes the answers for all objects of a list, None where that is no shorter than one after the other.

    For the titles of tickets, and when they were made, it is:

        lambda rows, branch: [
            {"title": row.title, "createdAt": v1} for row, v1 in zip(rows, a0([row.created_at for row in rows]))
        ]

    Takes what `reader` takes.
    """
    names = Names()
    columns = {field.key: column for field in fields if (column := _column(field, hints, names))}
    if not columns:
        return None
    bound = {key: names.bind() for key in columns}
    answer = entries(fields, hints, "row", names, bound)
    row, rows = ", ".join(["row", *bound.values()]), ", ".join(["rows", *columns.values()])
    read_rows: ListReader = names.evaluate(f"lambda rows, branch: [{answer} for {row} in zip({rows})]")
    return read_rows


def items_reader(item: Completion) -> ListReader:
    """What completes the items of a list."""
    names = Names()
    completed = _checked(item, "value", names)
    read_each: ListReader = names.evaluate(f"lambda values, branch: [{completed} for value in values]")
    rows_of = item.rows_of
    if rows_of is None:
        return read_each

    def read_items(values: Any, branch: Any) -> list[Any]:
        classes = set(map(type, values))
        read_rows = rows_of(classes.pop()) if len(classes) == 1 else None
        return (read_rows or read_each)(values, branch)

    return read_items


def entries(
    fields: Sequence[Field],
    hints: Mapping[str, Hint],
    source: str,
    names: Names,
    known: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The expression of an object's answer, given its name, and those of values that are `known`, by their keys."""
    values = [f"{field.key!r}: {known.get(field.key) or _value(field, hints, source, names)}" for field in fields]
    return "{" + ", ".join(values) + "}"


def _column(field: Field, hints: Mapping[str, Hint], names: Names) -> str | None:
    """The expression of what a field's values become in all `rows`; None where they become it one after the other."""
    if not isinstance(field, PlainField) or field.attribute is None or field.completion.write_all is None:
        return None
    hint = hints.get(field.attribute)
    if hint is None or hint.getter or (hint.is_optional and field.completion.is_required):
        return None
    return f"{names.add(field.completion.write_all)}([row.{field.attribute} for row in rows])"


def _value(field: Field, hints: Mapping[str, Hint], source: str, names: Names) -> str:
    if isinstance(field, ConstantField):
        return repr(field.value)
    if isinstance(field, ResolvedField):
        return "None"
    if field.attribute is None:
        return _checked(field.completion, f"{names.add(field.read)}({source})", names)
    hint = hints.get(field.attribute)
    read = f"{names.add(hint.getter)}({source})" if hint and hint.getter else f"{source}.{field.attribute}"
    trusted = field.completion.trust(read, hint, names) if hint else None
    return trusted or _checked(field.completion, read, names)


def _checked(completion: Completion, read: str, names: Names) -> str:
    """The expression of a value of which nothing is known, given the expression that reads it."""
    shortcut = completion.shortcut
    complete = names.add(completion.complete)
    if shortcut is None:
        return f"{complete}({read}, branch)"
    bound = read if read == "value" else f"(value := {read})"
    operator = "is" if isinstance(shortcut.classes, type) else "in"
    test = f"{bound}.__class__ {operator} {names.add(shortcut.classes)}"
    short = shortcut.write("value", completion.complete, names)
    null = "" if completion.is_required else "None if value is None else "
    return f"{short} if {test} else {null}{complete}(value, branch)"
