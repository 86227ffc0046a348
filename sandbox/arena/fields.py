"""The fields of a request body, each taken as what it must be."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.times import parse_time

Fields = Mapping[str, Any]


def check_names(
    fields: Fields, taken: Collection[str], *, known: Collection[str] = (), refusal: Refusal = Refusal.NOT_EDITABLE
) -> None:
    """Accept only the field names an endpoint takes.

    Args:
        fields: The object to look at.
        taken: The names the endpoint takes.
        known: Names the object has but the endpoint does not take.
        refusal: What those are refused with.

    Raises:
        Refused: Any other name is there.
    """
    for name in fields:
        if name not in taken:
            raise Refused(refusal if name in known else Refusal.FIELD_UNKNOWN, name=name)


def without_nulls(fields: Fields, *, clearable: Collection[str], sets_null: bool) -> dict[str, Any]:
    """The fields an update means: nulls are ignored, unless the call sets nulls and the field can be cleared.

    Raises:
        Refused: The call sets nulls, and a field that cannot be cleared is null.
    """
    for name, value in fields.items():
        if value is None and sets_null and name not in clearable:
            raise Refused(Refusal.FIELD_REQUIRED, name=name)
    return {name: value for name, value in fields.items() if value is not None or sets_null}


def required(fields: Fields, name: str) -> Any:
    """A field that must be there and not null."""
    if fields.get(name) is None:
        raise Refused(Refusal.FIELD_REQUIRED, name=name)
    return fields[name]


def text(value: Any, name: str, *, longest: int | None = None) -> str:
    """A value that must be text, of at most `longest` characters."""
    if not isinstance(value, str) or (longest is not None and len(value) > longest):
        raise Refused(Refusal.FIELD_VALUE, name=name)
    return value


def optional_text(value: Any, name: str, *, longest: int | None = None) -> str | None:
    """A value that must be text or null."""
    return None if value is None else text(value, name, longest=longest)


def option(value: Any, name: str, options: Collection[str]) -> str:
    """A value that must be one of a few words."""
    if not isinstance(value, str) or value not in options:
        raise Refused(Refusal.FIELD_OPTION, name=name)
    return value


def instant(value: Any, name: str) -> datetime:
    """A value that must be a date-time with an offset from UTC."""
    try:
        return parse_time(text(value, name))
    except ValueError:
        raise Refused(Refusal.FIELD_VALUE, name=name) from None


def nested(value: Any, name: str) -> dict[str, Any]:
    """A value that must be an object."""
    if not isinstance(value, dict):
        raise Refused(Refusal.FIELD_VALUE, name=name)
    return value


def rows(value: Any, name: str) -> list[dict[str, Any]]:
    """A value that must be a list of objects."""
    if not isinstance(value, list):
        raise Refused(Refusal.FIELD_VALUE, name=name)
    return [nested(row, name) for row in value]


def guid_in(value: Any, name: str) -> str:
    """The guid of a value that must be a reference, `{"guid": "..."}`."""
    guid = nested(value, name).get("guid")
    if guid is None or guid == "":
        raise Refused(Refusal.GUID_EMPTY, name=name)
    if not isinstance(guid, str):
        raise Refused(Refusal.GUID_NOT_VALID, guid=guid)
    return guid
