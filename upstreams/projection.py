"""Records of which no more is decoded than is asked for: most of a REST answer seldom is.

Of a hundred tickets with their creators, templates and attributes, all of these would be objects that nobody reads.
"""

from collections.abc import Iterator
from functools import lru_cache, reduce
from operator import or_
from types import CodeType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from upstreams.decoding import decoder

T = TypeVar("T")


class Projection:
    """Narrows decoders.

    Args:
        names: The attributes that are read, of whatever record. All others keep their defaults, but for those that have
            none, which are decoded always.
    """

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._decoders: dict[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]] = {}

    def narrow(self, whole: msgspec.json.Decoder[T]) -> msgspec.json.Decoder[T]:
        """The decoder to take in place of one that decodes all there is."""
        narrow = self._decoders.get(whole)
        if narrow is None:
            narrow = self._decoders[whole] = decoder(_narrow(whole.type, self._names))
        return narrow


@lru_cache(maxsize=256)  # as many as plans, which so meet the same classes again
def projection_on(names: frozenset[str]) -> Projection:
    """The projection on attributes of these names, the same for all operations that read these."""
    return Projection(names)


def _narrow(type_: Any, names: frozenset[str]) -> Any:
    """What is decoded in place of a type: the same, with stand-ins for the records in it."""
    origin, inner = get_origin(type_), tuple(_narrow(argument, names) for argument in get_args(type_))
    if origin in (Union, UnionType):
        return reduce(or_, inner)
    if inner:
        return origin[inner]
    return _narrow_record(type_, names) if isinstance(type_, type) and issubclass(type_, msgspec.Struct) else type_


@lru_cache(maxsize=1024)
def _narrow_record(record: type[msgspec.Struct], names: frozenset[str]) -> type[msgspec.Struct]:
    """A record's stand-in, of the same name, that decodes what is read and skips the rest.

    It has the record's properties, methods and constants, and the defaults of what is not read as attributes of the
    class. Derived from the record, every one of its objects would hold those defaults, and filling them in is a tenth
    of all decoding. Left out are tags, methods such as `__bool__`, and what `super()` needs: no record that is narrowed
    has any of it.
    """
    names = names | _names_behind(record, names)
    fields = msgspec.structs.fields(record)
    read = [field for field in fields if field.name in names or _is_always_there(field)]
    unread = {field.name: field.default for field in fields if field not in read}
    return msgspec.defstruct(
        record.__name__,
        [_field(field, _narrow(field.type, names)) for field in read],
        namespace={**_behaviour(record), **unread, "stands_in_for": record},
        module=record.__module__,
        frozen=True,
        kw_only=True,
        gc=False,
    )


def _is_always_there(field: FieldInfo) -> bool:
    """Whether a field has no default that all records could share, or is not of the answer at all."""
    return field.default is msgspec.NODEFAULT or field.encode_name.startswith("<")


def _field(field: FieldInfo, type_: Any) -> tuple[str, Any, Any]:
    defaults: Any = {"default": field.default, "default_factory": field.default_factory}
    return field.name, type_, msgspec.field(name=field.encode_name, **defaults)


def _behaviour(record: type[msgspec.Struct]) -> dict[str, Any]:
    """What a record's class has: properties, methods, constants. What stands there for its fields is replaced."""
    attributes = [item for class_ in reversed(record.__mro__) for item in vars(class_).items()]
    return {name: attribute for name, attribute in attributes if not name.startswith("__")}


def _names_behind(record: type, names: frozenset[str]) -> frozenset[str]:
    """The attributes, of a record and of those in it, that its properties and methods of these names read."""
    found: set[str] = set()
    asked = set(names)
    while asked:
        name = asked.pop()
        attribute = getattr(record, name, None)
        code = getattr(attribute.fget if isinstance(attribute, property) else attribute, "__code__", None)
        if code is not None:
            behind = set(_names_in(code)) - found
            found |= behind
            asked |= behind
    return frozenset(found)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)
