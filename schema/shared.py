"""Types that several parts of the graph use."""

from typing import Any

import strawberry

from plan.hints import declared_class


@strawberry.interface(description="An object with a global id, which `node` finds again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, and unique in the whole graph.")


class IsRecord:
    """An `is_type_of` that knows values by their classes alone, which plans make use of."""

    def __init__(self, classes: tuple[type, ...]) -> None:
        self.classes = classes

    def __call__(self, value: object, _info: object) -> bool:
        return issubclass(declared_class(value.__class__), self.classes)


def is_record(*records: type) -> Any:
    """A type's `is_type_of`: its values are these records, which resolvers return in place of the type itself."""
    return IsRecord(records)


@strawberry.type(description="Somebody who works in Arena. Embedded where it appears: costs no call.")
class Person:
    guid: str | None = strawberry.field(description="The user's guid; absent where Arena tells only a name.")
    full_name: str | None = strawberry.field(description="First and last name.")
    email: str | None = strawberry.field(description="Mail address, where Arena tells it.")


@strawberry.type(description="A group of users. Embedded where it appears: costs no call.")
class PersonGroup:
    guid: str | None = strawberry.field(description="The group's guid.")
    name: str | None = strawberry.field(description="The group's name.")
    members: list[Person] | None = strawberry.field(description="Who belongs to it.")


@strawberry.type(description="A custom attribute and its value.")
class Attribute:
    guid: str | None = strawberry.field(description="The attribute's guid.")
    api_name: str | None = strawberry.field(description="Its name for programs; the guid for custom attributes.")
    name: str | None = strawberry.field(description="Its name for people.")
    field_type: str | None = strawberry.field(description="What it holds, in Arena's words (`SINGLE_LINE_TEXT`, ...).")
    values: list[str] = strawberry.field(
        description="Its value as text: none when empty, several for a multi-select; numbers as Arena wrote them."
    )


@strawberry.type(description="What an object was made from.")
class Template:
    guid: str | None = strawberry.field(description="The template's guid.")
    name: str | None = strawberry.field(description="The template's name.")


@strawberry.type(description="What lies around a page of a connection.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description="Whether rows follow. Exact, but for pages of 400 full rows, after which none may follow."
    )
    has_previous_page: bool = strawberry.field(description="Whether rows come before.")
    start_cursor: str | None = strawberry.field(description="The first row's cursor.")
    end_cursor: str | None = strawberry.field(description="The last row's cursor: the `after` of the next page.")
