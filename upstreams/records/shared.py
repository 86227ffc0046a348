"""What records have in common, and the ones that several others hold."""

import enum
from typing import Any, TypeVar

import msgspec
from msgspec import field

EnumType = TypeVar("EnumType", bound=enum.Enum)


def read_label(known: type[EnumType], label: str | None, spelled: dict[str, str] | None = None) -> EnumType | None:
    """The member of `known` that `label` spells, its `UNKNOWN` for any other text, None for none."""
    if label is None:
        return None
    name = spelled.get(label, label) if spelled else label
    try:
        return known[name]
    except KeyError:
        return known["UNKNOWN"]


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One object of an upstream. The garbage collector can leave records alone: none leads back to itself."""


class Person(Record, frozen=True):
    guid: str | None = None
    full_name: str | None = field(default=None, name="fullName")
    email: str | None = None


class PersonGroup(Record, frozen=True):
    guid: str | None = None
    name: str | None = None
    members: list[Person] | None = field(default=None, name="users")


class Attribute(Record, frozen=True):
    guid: str | None = None
    api_name: str | None = field(default=None, name="apiName")
    name: str | None = None
    field_type: str | None = field(default=None, name="fieldType")
    value: Any = None

    @property
    def values(self) -> list[str]:
        """Its values as text: none, one, or those of a multi-select."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return [spell(value) for value in values if value is not None]


def spell(value: object) -> str:
    """A JSON value as text. Numbers with a fraction were kept as they were written (see `decoding.decoder`)."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


class Template(Record, frozen=True):
    guid: str | None = None
    name: str | None = None
