"""Values that no upstream's client gives: plans answer them as graphql-core does, also of classes they have seen."""

import enum
import random
from datetime import UTC, datetime
from decimal import Decimal
from math import nan
from typing import Annotated, Any, NewType

import pytest
import strawberry
from graphql import Undefined
from strawberry.schema.config import StrawberryConfig

from schema.execution import Schema
from schema.limits import DocumentCheck, DocumentLimiter, DocumentLimits
from schema.scalars import SCALARS, BigInt
from schema.shared import is_record

pytestmark = pytest.mark.anyio


class Record:
    def __init__(self, kind):
        self.kind = self.name = kind


class RecordOfAnotherClass(Record): ...


class OtherRecord(Record): ...


class Text(str): ...


@strawberry.enum
class Colour(enum.Enum):
    RED = "red"
    CRIMSON = "red"  # noqa: PIE796 - another name of the same member
    BLUE = "blue"


class OtherColour(enum.Enum):
    RED = "red"
    GREEN = "green"


def of_kind(kind):
    return classmethod(lambda cls, value, _info: isinstance(value, Record) and value.kind == kind)


@strawberry.interface
class Named:
    name: str | None


@strawberry.type
class ByKind(Named):
    is_type_of = of_kind("kind")


@strawberry.type
class ByOtherKind(Named):
    is_type_of = of_kind("other kind")


@strawberry.type
class ByClass(Named):
    is_type_of = is_record(OtherRecord, RecordOfAnotherClass)


@strawberry.type
class Anything:
    name: str | None


@strawberry.interface
class Taken:
    name: str | None


@strawberry.type
class Whatever(Taken):
    is_type_of = classmethod(lambda cls, value, _info: True)


AnyOfThem = Annotated[ByKind | ByClass | ByOtherKind, strawberry.union("AnyOfThem")]
AnyAtAll = Annotated[ByClass | Whatever, strawberry.union("AnyAtAll")]
Nothing = NewType("Nothing", str)
NOTHING = strawberry.scalar(
    name="Nothing", serialize=lambda value: {"none": None, "undefined": Undefined}.get(value, 0)
)

LEAVES = (str, int, float, bool, strawberry.ID, Colour, datetime, BigInt, Nothing)
OBJECTS = (Named, ByKind, ByClass, Anything, AnyOfThem, Taken, AnyAtAll)
LEAF_VALUES = [
    *("a", "", "none", "undefined", "RED", "red", Text("a"), Text(""), b"a"),
    *(0, 1, -1, 2**31, True, False, 0.0, 1.0, 1.5, nan, Decimal("1.5")),
    *(Colour.RED, Colour.CRIMSON, Colour.BLUE, OtherColour.RED, OtherColour.GREEN),
    *(
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime.min,
        None,
        Undefined,
        ValueError("A value."),
        ValueError,
        [],
        {"a": 1},
    ),
]
RECORDS = [of(kind) for of in (Record, RecordOfAnotherClass, OtherRecord) for kind in ("kind", "other kind", None)]
OBJECT_VALUES = [*RECORDS, Record(ValueError("A name.")), ByKind(name="a"), Anything(name="b"), None, Undefined, 1, "a"]
OBJECT_VALUES += [ValueError("An object."), Record]


def wrapped(type_):
    return type_ | None, type_, list[type_ | None] | None, list[type_], list[list[type_]]


TYPES = {f"f{number}": type_ for number, type_ in enumerate(one for of in (*LEAVES, *OBJECTS) for one in wrapped(of))}
OF_OBJECTS = len(LEAVES) * len(wrapped(str))
ASKED = [
    (field, selection)
    for number, field in enumerate(TYPES)
    for selection in (("{ __typename name }", "{ __typename }") if number >= OF_OBJECTS else ("",))
]


class Row:
    def __init__(self, field, value):
        setattr(self, field, value)


def values(field, dice):
    """What the field of a row may have, lists as deep as its type."""
    number = int(field[1:])
    pool = OBJECT_VALUES if number >= OF_OBJECTS else LEAF_VALUES
    depth = (0, 0, 1, 1, 2)[number % len(wrapped(str))]
    return value(pool, depth, dice)


def value(pool, depth, dice):
    if depth == 0 or dice.random() < 0.1:
        return dice.choice(pool)
    items = [value(pool, depth - 1, dice) for _ in range(dice.randrange(3))]
    return dice.choice([items, tuple(items)])


rows: list[Row] = []


async def read_rows() -> Any:
    return rows


RowType = strawberry.type(type("RowType", (), {"__annotations__": TYPES, "is_type_of": is_record(Row)}))


@strawberry.type
class Query:
    rows = strawberry.field(resolver=read_rows, graphql_type=list[RowType | None])


def schema(check):
    """A schema that remembers documents, and so the plans of them."""
    config = StrawberryConfig(scalar_map={**SCALARS, Nothing: NOTHING})
    types = [ByKind, ByOtherKind, ByClass, Whatever]
    return Schema(query=Query, types=types, config=config, extensions=[lambda: DocumentLimiter(check)])


async def answer(schema, document):
    result = await schema.execute(document)
    errors = sorted((str(error.path), error.message) for error in result.errors or ())
    return repr(result.data), errors  # a text, because True is 1, and nan is not nan


@pytest.mark.parametrize(("field", "selection"), ASKED)
async def test_values_of_any_kind_are_answered_as_by_graphql_core(field, selection):
    check = DocumentCheck(DocumentLimits(), {}, introspection=True, suggestions=True)
    with_plans, without_plans = schema(check), schema(check)
    with_plans.run_plans(check)
    document = f"{{ rows {{ {field} {selection} }} }}"
    dice = random.Random(field)  # the same values in every run
    for _ in range(40):
        rows[:] = [Row(field, values(field, dice)) for _ in range(2)]
        assert await answer(with_plans, document) == await answer(without_plans, document)
