"""What the type hints of records say of their attributes.

It is believed: msgspec has checked what a REST answer brought, and mypy whatever else makes records.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a value.

    Attributes:
        class_: Its class.
        is_optional: Whether it may be None instead.
        item: What is known of its items, where it is a list of one kind.
        getter: What gives it, where it is a property: called by itself, that is a function like any other.
    """

    class_: type
    is_optional: bool = False
    item: "Hint | None" = None
    getter: Callable[[Any], Any] | None = None


def declared_class(class_: type) -> type:
    """The class whose hints hold for objects of a class: its own, or the one that it says it stands in for."""
    declared: type = getattr(class_, "stands_in_for", class_)
    return declared


@lru_cache(maxsize=256)  # there are not so many records
def hints_of(class_: type) -> Mapping[str, Hint]:
    """What is known of the attributes of a class's objects: nothing, unless they are records."""
    if not issubclass(class_, msgspec.Struct):
        return {}
    hints = {name: _read(type_) for name, type_ in get_type_hints(class_).items()}
    for name in dir(class_):
        attribute = getattr(class_, name)
        if isinstance(attribute, property) and attribute.fget is not None:
            hint = _read(get_type_hints(attribute.fget).get("return"))
            hints[name] = hint and replace(hint, getter=attribute.fget)
    return {name: hint for name, hint in hints.items() if hint is not None}


def _read(type_: Any) -> Hint | None:
    origin, arguments = get_origin(type_), get_args(type_)
    if origin in (Union, UnionType):
        others = [argument for argument in arguments if argument is not NoneType]
        inner = _read(others[0]) if len(others) == 1 else None
        return inner and replace(inner, is_optional=True)
    if origin is list:
        return Hint(list, item=_read(arguments[0]))
    return Hint(type_) if isinstance(type_, type) and type_ not in (Any, object) else None
