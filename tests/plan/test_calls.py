"""Resolvers take the object, the info and arguments by parameters of any names, as they do without plans."""

import pytest
import strawberry
from both_ways import runs_of_plans, watched_plans
from strawberry import Info, Parent

from schema.execution import Schema
from schema.limits import DocumentCheck, DocumentLimits

pytestmark = pytest.mark.anyio


async def by_root(root, info: Info) -> str:
    return f"{root.name} {info.field_name}"


async def by_parent(a0: Parent["Leaf"], source: int, info: Info) -> str:
    return f"{a0.name} {source} {info.field_name}"


async def by_root_that_is_a_parent(root: Parent["Leaf"], arguments: int = 1, a0: str | None = strawberry.UNSET) -> str:
    return f"{root.name} {arguments} {a0}"


@strawberry.type
class Leaf:
    name: str
    by_root: str = strawberry.field(resolver=by_root)
    by_parent: str = strawberry.field(resolver=by_parent)
    by_root_that_is_a_parent: str = strawberry.field(resolver=by_root_that_is_a_parent)

    @strawberry.field
    async def by_self(self, info: Info, lambda_: str = "none") -> str:
        return f"{self.name} {info.field_name} {lambda_}"


@strawberry.type
class Query:
    @strawberry.field
    def leaf(self) -> Leaf:
        return Leaf(name="oak")


async def test_every_resolver_is_called_as_without_plans():
    document = """
      query ($number: Int!, $text: String) { leaf {
        bySelf selfToo: bySelf(lambda_: "some") byRoot byParent(source: 2) parentToo: byParent(source: $number)
        byRootThatIsAParent rootToo: byRootThatIsAParent(arguments: $number, a0: $text)
        rootAsWell: byRootThatIsAParent(a0: null)
      } }
    """
    planned, plain = Schema(query=Query), strawberry.Schema(query=Query)
    planned.run_plans(DocumentCheck(DocumentLimits(), {}, introspection=True, suggestions=True))
    async with watched_plans():
        runs_of_plans.clear()
        for variables in ({"number": 3}, {"number": 4, "text": "five"}):
            results = [await schema.execute(document, variables) for schema in (planned, plain)]
            assert results[0].errors is None
            assert results[0].data == results[1].data
    assert runs_of_plans == [True, True]
