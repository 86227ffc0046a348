"""Input values as resolvers take them: what Strawberry finds out for every value, found out once for a type."""

from collections.abc import Callable
from dataclasses import MISSING
from typing import Any

from strawberry import ID, UNSET
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition

Convert = Callable[[Any], Any]

UNCONVERTED = (str, int, float, bool, ID)


def conversion(type_: Any, converter: Any) -> Convert:
    """What turns a coerced value of a type into the resolver's: inputs into objects, lists into lists of their own.

    Args:
        type_: The type as Strawberry has it.
        converter: Strawberry's, which made the schema. It still does what is rare: scalars of a schema's own, types
            that refer to each other, values that tell absence from null.
    """
    if isinstance(type_, StrawberryOptional) and not isinstance(type_, StrawberryMaybe):
        return conversion(type_.of_type, converter)
    if isinstance(type_, StrawberryList):
        return _list_conversion(conversion(type_.of_type, converter))
    if isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_) or type_ in UNCONVERTED:
        return _as_it_is
    if has_object_definition(type_) and type_.__strawberry_definition__.from_input is None:
        return _object_conversion(type_, converter)
    return lambda value: convert_argument(value, type_, converter.scalar_registry, converter.config)


def _as_it_is(value: Any) -> Any:
    return value


def _list_conversion(convert_item: Convert) -> Convert:
    def convert(value: Any) -> Any:
        return value if value is None or value is UNSET else [convert_item(item) for item in value]

    return convert


def _object_conversion(type_: Any, converter: Any) -> Convert:
    definition = type_.__strawberry_definition__
    name_of = converter.config.name_converter.from_field
    fields = [
        (name_of(field), field.python_name, conversion(field.resolve_type(type_definition=definition), converter))
        for field in definition.fields
    ]
    without_default = [
        field.python_name
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    ]

    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        attributes = dict.fromkeys(without_default)
        for name, python_name, convert_value in fields:
            if name in value:
                attributes[python_name] = convert_value(value[name])
        return type_(**attributes)

    return convert
