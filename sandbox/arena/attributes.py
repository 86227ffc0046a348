"""Custom attributes: their definitions and values. Arena: Attribute (object)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, String, cast, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.fields import required, text
from sandbox.arena.lists import Filter, matches
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.tables import AttributeDefinition
from sandbox.arena.times import parse_time

Definitions = Mapping[str, AttributeDefinition]
Values = dict[str, Any]

DROP_DOWNS = frozenset({"DROP_DOWN", "FIXED_DROP_DOWN"})
VALUE_SEPARATORS = dict.fromkeys(DROP_DOWNS, ";") | {"MULTI_LINE_TEXT": "*"}


async def definitions_of(session: AsyncSession, belongs_to: str) -> Definitions:
    """The attributes of processes, steps or tickets, by guid and in order."""
    found = await session.scalars(
        select(AttributeDefinition)
        .where(AttributeDefinition.belongs_to == belongs_to)
        .order_by(AttributeDefinition.position)
    )
    return {definition.guid: definition for definition in found}


def attribute_values(
    values: Values, definitions: Definitions, *, include_empty: bool, include_options: bool = False
) -> list[dict[str, Any]]:
    """Attributes with their values, as a process, step or ticket carries them."""
    return [
        described(definitions[guid], include_options=include_options) | {"value": value}
        for guid, value in values.items()
        if include_empty or value is not None
    ]


def described(definition: AttributeDefinition, *, include_options: bool = False) -> dict[str, Any]:
    """An attribute without a value."""
    shape: dict[str, Any] = {
        "apiName": definition.guid,
        "fieldType": definition.field_type,
        "guid": definition.guid,
        "name": definition.name,
    }
    return shape | {"possibleValues": definition.options} if include_options else shape


def changed_values(
    values: Values, changes: list[dict[str, Any]], definitions: Definitions, *, sets_null: bool
) -> Values:
    """The values after `[{guid, value}]` is applied; a null clears one only if the call sets nulls.

    Raises:
        Refused: An attribute is not one of these, or a value is not of its kind.
    """
    changed = dict(values)
    for change in changes:
        guid = text(required(change, "guid"), "guid")
        if guid not in values:
            raise Refused(Refusal.FIELD_UNKNOWN, name=guid)
        value = change.get("value")
        if value is None and not sets_null:
            continue
        changed[guid] = _checked(definitions[guid], value)
    return changed


def attribute_filters(values_column: SQLColumnExpression[Any], definitions: Definitions) -> dict[str, Filter]:
    """A filter for each attribute, by guid; some take several values of which one must match."""
    return {guid: _attribute_filter(values_column, definition) for guid, definition in definitions.items()}


def _attribute_filter(values_column: SQLColumnExpression[Any], definition: AttributeDefinition) -> Filter:
    path = literal(f'$."{definition.guid}"')
    element = func.json_each(values_column, path).table_valued("value")
    is_value = matches(cast(element.c.value, String))
    separator = VALUE_SEPARATORS.get(definition.field_type)

    def passes(wanted: str) -> ColumnElement[bool]:
        choices = wanted.split(separator) if separator else [wanted]
        return exists(select(1).select_from(element).where(or_(*map(is_value, choices))))

    return passes


def _checked(definition: AttributeDefinition, value: Any) -> Any:
    if value is None:
        return None
    if definition.field_type in DROP_DOWNS:
        return _checked_options(definition, value)
    if not _is_of_type(definition.field_type, value):
        raise Refused(Refusal.FIELD_VALUE, name=definition.name)
    return value


def _checked_options(definition: AttributeDefinition, value: Any) -> Any:
    if isinstance(value, list) is not definition.multi_select:
        raise Refused(Refusal.FIELD_VALUE, name=definition.name)
    for choice in value if definition.multi_select else [value]:
        if choice not in (definition.options or ()):
            raise Refused(Refusal.FIELD_OPTION, name=definition.name)
    return value


def _is_of_type(field_type: str, value: Any) -> bool:
    if field_type == "NUMBER":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if field_type == "BOOLEAN":
        return isinstance(value, bool)
    return isinstance(value, str) and (field_type not in ("DATE", "DATETIME") or _is_time(value))


def _is_time(value: str) -> bool:
    try:
        parse_time(value)
    except ValueError:
        return False
    return True
