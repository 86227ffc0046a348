"""How the values of scalars and enumerations are written, settled once for every field."""

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

from plan.fields import Shortcut

Write = Callable[[Any], Any]

# What of these scalars is written as it stands. An Int is not among them: it has 32 bits.
_AS_IT_STANDS: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}


def writing(type_: GraphQLLeafType) -> tuple[Write, Shortcut]:
    """What writes values of a leaf type other than null, and what is shorter for most of them.

    It raises what graphql-core would report.
    """
    coerce = type_.coerce_output_value
    classes: set[type] = set()

    def write(value: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        written = coerce(value)
        if written is None or written is Undefined:
            raise TypeError(f"{type_} writes {value!r} as null.")
        classes.add(value.__class__)
        return written

    if isinstance(type_, GraphQLEnumType) and (enumeration := getattr(type_, "wrapped_cls", None)):
        written = {member.name: coerce(member) for member in enumeration}
        return write, Shortcut(enumeration, "{tool}[{value}._name_]", written)
    if type_ in _AS_IT_STANDS:
        return write, Shortcut(_AS_IT_STANDS[type_], "{value}", None)
    # What it writes may be nothing, which is an error.
    return write, Shortcut(classes, "({tool}({value}) or {complete}({value}, branch))", coerce)
