"""Every field asked alone: a plan, which has decoded little more than the field, answers as graphql-core does."""

import pytest
from far_side import World
from graphql import get_named_type, is_leaf_type, is_object_type
from operation_maker import Operation

from resolvers.node_ids import Kind, write_id
from schema import build_schema

pytestmark = pytest.mark.anyio

TYPES = build_schema()._schema.type_map
STEP = write_id(Kind.QUALITY_STEP, "P1", "S1")
ROOTS = [
    ("QualityProcess", 3, '{{ qualityProcess(guid: "P1") {{ ... on QualityProcess {{ {} }} }} }}'),
    ("QualityProcess", 1, "{{ qualityProcesses {{ edges {{ node {{ {} }} }} }} }}"),
    ("QualityStep", 1, f'{{{{ node(id: "{STEP}") {{{{ ... on QualityStep {{{{ {{}} }}}} }}}} }}}}'),
    ("Ticket", 2, '{{ ticket(guid: "T1") {{ ... on Ticket {{ {} }} }} }}'),
    ("Ticket", 1, "{{ tickets {{ edges {{ node {{ {} }} }} }} }}"),
    ("Process", 3, '{{ process(id: "W1") {{ ... on Process {{ {} }} }} }}'),
]


def single_fields(type_, depth):
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield name
        elif is_object_type(inner) and depth > 0:
            yield from (f"{name} {{ {field} }}" for field in single_fields(inner, depth - 1))


DOCUMENTS = [root.format(field) for name, depth, root in ROOTS for field in single_fields(TYPES[name], depth)]


async def test_fields_that_are_asked_alone_are_answered_as_by_graphql_core(with_plans, without_plans):
    assert len(DOCUMENTS) > 400
    differing = []
    for number, document in enumerate(DOCUMENTS):
        operation, world = Operation(document, {}, None), World(seed=number % 7 + 1, failing=0)
        core = await without_plans.ask(operation, world)
        ways = [await with_plans.ask(operation, world) for _ in range(2)]
        if any((way.answer, way.calls) != (core.answer, core.calls) for way in ways):
            differing.append((document, core, ways))
    assert differing == []


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ __typename }", {}),
        ("mutation { a: __typename __typename }", {}),
        (
            "query ($v: Boolean!) { a: __typename ...F } fragment F on Query { b: __typename @include(if: $v) }",
            {"v": True},
        ),
        (
            "query ($v: Boolean!) { a: __typename ...F } fragment F on Query { b: __typename @include(if: $v) }",
            {"v": False},
        ),
        ("query ($v: Boolean!) { __typename @skip(if: $v) }", {"v": True}),
    ],
)
async def test_what_the_document_alone_tells_is_answered_as_by_graphql_core(
    with_plans, without_plans, document, variables
):
    operation, world = Operation(document, variables, None), World(seed=1, failing=0)
    core = await without_plans.ask(operation, world)
    ways = [await with_plans.ask(operation, world) for _ in range(3)]
    assert {(way.answer, str(way.upstream)) for way in ways} == {(core.answer, str(core.upstream))}
    assert core.errors == ()
