"""Extensions beside plans: they take part in every operation, and those that watch fields see them all."""

import pytest
import strawberry
from both_ways import runs_of_plans, watched_plans
from strawberry import Info
from strawberry.extensions import SchemaExtension

from schema.execution import Schema
from schema.limits import DocumentCheck, DocumentLimits

pytestmark = pytest.mark.anyio


@strawberry.type
class Leaf:
    name: str

    @strawberry.field
    async def selected(self, info: Info) -> "Leaf":
        return Leaf(name=spell(info.selected_fields))


def spell(selections) -> str:
    """Selections with what is below them, as text."""
    return " ".join(f"{getattr(one, 'name', 'inline')}({spell(one.selections)})" for one in selections)


@strawberry.type
class Query:
    @strawberry.field
    def leaves(self) -> list[Leaf]:
        return [Leaf(name="oak"), Leaf(name="ash")]


@pytest.fixture
async def seen():
    """What extensions have seen, while plans are watched."""
    async with watched_plans():
        runs_of_plans.clear()
        yield []


def schema_with(*extensions):
    """A small schema with plans."""
    schema = Schema(query=Query, extensions=extensions)
    schema.run_plans(DocumentCheck(DocumentLimits(), {}, introspection=True, suggestions=True))
    return schema


async def test_an_extension_that_watches_fields_sees_each_of_every_object(seen):
    class Watching(SchemaExtension):
        def resolve(self, resolve_next, source, info, *args, **kwargs):
            seen.append(info.path.as_list())
            return resolve_next(source, info, *args, **kwargs)

    schema = schema_with(Watching)
    for _ in range(2):
        seen.clear()
        result = await schema.execute("{ leaves { name } }")
        assert result.data == {"leaves": [{"name": "oak"}, {"name": "ash"}]}
        assert seen == [["leaves"], ["leaves", 0, "name"], ["leaves", 1, "name"]]
    assert runs_of_plans == []


async def test_an_extension_takes_part_in_every_operation_that_runs_on_a_plan(seen):
    class Present(SchemaExtension):
        def on_operation(self):
            seen.append("operation begins")
            yield
            seen.append("operation ends")

        def on_execute(self):
            seen.append("execution begins")
            yield
            seen.append("execution ends")

        def get_results(self):
            return {"present": True}

    schema = schema_with(Present)
    for _ in range(2):
        seen.clear()
        result = await schema.execute("{ leaves { name } }")
        assert result.extensions == {"present": True}
        assert seen == ["operation begins", "execution begins", "execution ends", "operation ends"]
    assert runs_of_plans == [True, True]


async def test_a_resolver_is_told_the_selected_fields_as_without_a_plan(seen):
    document = """
      query ($shown: Boolean!) { leaves { name ...more } }
      fragment more on Leaf { selected { ... on Leaf { selected @include(if: $shown) { name } } name } }
    """
    planned, plain = schema_with(), strawberry.Schema(query=Query)
    for shown in (True, False, True):
        results = [await schema.execute(document, {"shown": shown}) for schema in (planned, plain)]
        assert results[0].errors is None
        assert results[0].data == results[1].data
    assert runs_of_plans == [True, True, True]
