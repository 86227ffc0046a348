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

Write = Callable[[Any], Any]

# What of these scalars is written as it stands. An Int is not among them: it has 32 bits.
_AS_IT_STANDS: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool}


def written_as_it_stands(type_: GraphQLLeafType) -> type | None:
    """The Python class, where there is one, whose instances a leaf type writes as they are."""
    return _AS_IT_STANDS.get(type_)


def writer(type_: GraphQLLeafType) -> Write:
    """What writes values of a leaf type other than null. It raises what graphql-core would report."""
    coerce = type_.coerce_output_value

    def write(value: Any) -> Any:
        if isinstance(value, Exception):
            raise value
        written = coerce(value)
        if written is None or written is Undefined:
            raise TypeError(f"{type_} writes {value!r} as null.")
        return written

    if not isinstance(type_, GraphQLEnumType):
        return write
    enumeration = getattr(type_, "wrapped_cls", ())
    written = {member.name: coerce(member) for member in enumeration}

    def write_member(value: Any) -> Any:
        return written[value._name_] if value.__class__ is enumeration else write(value)

    return write_member
