"""What records have in common, and the ones that several others hold."""

import enum
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import field

EnumType = TypeVar("EnumType", bound=enum.Enum)


class Labels(dict[str | None, EnumType | None]):
    """The members of an enumeration by the upstream's own words: `UNKNOWN` for any other, None for none.

    Args:
        members: The enumeration; one of its members is `UNKNOWN`.
        spelled: Words other than the members' names, with the names.
    """

    def __init__(self, members: type[EnumType], spelled: Mapping[str, str] | None = None) -> None:
        super().__init__({None: None})
        self.update({member.name: member for member in members})
        self.update({word: members[name] for word, name in (spelled or {}).items()})
        self._unknown = members["UNKNOWN"]

    def __missing__(self, label: str | None) -> EnumType | None:
        return self._unknown


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
