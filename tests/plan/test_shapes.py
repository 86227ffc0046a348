"""One plan for each shape of an operation, how many are remembered, and when there are none."""

import asyncio
import json

import pytest
from operation_maker import Operation
from spoken_answers import Spoken, steps

from plan.compiler import Compiler
from plan.plans import REMEMBERED_OPERATIONS, REMEMBERED_SHAPES, Plans

pytestmark = pytest.mark.anyio

STEP = {"guid": "S1", "name": "Analysis", "status": "OPEN"}
FAR_SIDE = Spoken(
    {
        "/tickets/T1": {"guid": "T1", "number": "DEF-1"},
        "/tickets/T2": {"guid": "T2", "number": "DEF-2"},
        "/qualityprocesses/P1": {"guid": "P1", "currentStep": {"guid": "S1"}},
        "/qualityprocesses/P1/steps": steps(STEP),
    },
    turns=3,
)
NUMBER = "query ($guid: String!) { ticket(guid: $guid) { ... on Ticket { number } } }"
CURRENT_STEP = """
  query ($named: Boolean!) {
    qualityProcess(guid: "P1") { ... on QualityProcess { currentStep { guid ...named } } }
  }
  fragment named on QualityStep { ... @include(if: $named) { name } }
"""


@pytest.fixture
def compiled(monkeypatch):
    """Grows with every operation that is compiled."""
    found = []
    compile_fields = Compiler.root_fields

    def note_and_compile(compiler):
        found.append(compiler)
        return compile_fields(compiler)

    monkeypatch.setattr(Compiler, "root_fields", note_and_compile)
    return found


def shaped(count, **shown):
    """An operation with so many conditions, of which some hold."""
    names = [f"c{number}" for number in range(count)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: __typename @include(if: ${name})" for name in names)
    variables = {name: shown.get(name, False) for name in names}
    return Operation(f"query ({declared}) {{ __typename {fields} }}", variables, None)


async def test_an_operation_is_compiled_once(with_plans, compiled):
    for _ in range(3):
        await with_plans.ask(Operation("{ once: __typename }", {}, None), FAR_SIDE)
    assert len(compiled) == 1


async def test_each_shape_of_an_operation_has_a_plan_of_its_own(with_plans, compiled):
    answers = [
        (await with_plans.ask(shaped(2, c0=first, c1=second), FAR_SIDE)).data
        for _ in range(2)
        for first in (False, True)
        for second in (False, True)
    ]
    assert [list(json.loads(answer)) for answer in answers[4:]] == [
        ["__typename"],
        ["__typename", "c1"],
        ["__typename", "c0"],
        ["__typename", "c0", "c1"],
    ]
    assert answers[:4] == answers[4:]
    assert len(compiled) == 4


async def test_more_shapes_than_are_remembered_are_compiled_anew(with_plans, compiled):
    values = [{f"c{number}": True} for number in range(REMEMBERED_SHAPES + 1)]
    asked = [shaped(REMEMBERED_SHAPES + 1, **value) for value in values]
    for operation in [*asked, asked[0]]:
        outcome = await with_plans.ask(operation, FAR_SIDE)
    assert list(json.loads(outcome.data)) == ["__typename", "c0"]
    assert len(compiled) == len(asked) + 1


async def test_operations_that_were_forgotten_are_compiled_anew(with_plans, compiled):
    asked = [Operation(f"{{ a{number}: __typename }}", {}, None) for number in range(REMEMBERED_OPERATIONS + 1)]
    for operation in [*asked, asked[0]]:
        outcome = await with_plans.ask(operation, FAR_SIDE)
    assert outcome.data == '{"a0": "Query"}'
    assert outcome.is_planned
    assert len(compiled) == len(asked) + 1


async def test_operations_at_the_same_time_keep_their_variables_apart(with_plans):
    await with_plans.ask(Operation(NUMBER, {"guid": "T1"}, None), FAR_SIDE)
    bodies = [Operation(NUMBER, {"guid": guid}, None).body for guid in ("T1", "T2", "T1")]
    answers = await asyncio.gather(*[with_plans.post(body, {"arena_session_id": "together"}) for body in bodies])
    assert [answer["data"]["ticket"]["number"] for answer in answers] == ["DEF-1", "DEF-2", "DEF-1"]


async def test_a_resolver_knows_which_fields_are_asked_by_fragments_and_variables(with_plans):
    outcomes = [
        await with_plans.ask(Operation(CURRENT_STEP, {"named": named}, None), FAR_SIDE)
        for named in (False, True, False, True)
    ]
    assert [outcome.calls for outcome in outcomes] == 2 * [
        ["GET /qualityprocesses/P1"],
        ["GET /qualityprocesses/P1", "GET /qualityprocesses/P1/steps"],
    ]
    assert all(outcome.is_planned for outcome in outcomes)


async def test_without_plans_nothing_is_compiled(without_plans, compiled):
    for _ in range(2):
        await without_plans.ask(Operation("{ __typename }", {}, None), FAR_SIDE)
    assert compiled == []


async def test_introspection_is_left_to_graphql_core(with_plans):
    outcome = await with_plans.ask(Operation("{ __schema { queryType { name } } }", {}, None), FAR_SIDE)
    assert outcome.data == '{"__schema": {"queryType": {"name": "Query"}}}'
    assert not outcome.is_planned


@pytest.fixture
def found(monkeypatch):
    """Grows with the plan of every operation."""
    plans = []
    find = Plans.find

    def find_and_note(*asked):
        plans.append(find(*asked))
        return plans[-1]

    monkeypatch.setattr(Plans, "find", find_and_note)
    return plans


@pytest.mark.parametrize(
    ("document", "begins_with_one"),
    [
        ('{ ticket(guid: "T1") { ... on Ticket { number } } }', True),
        ('{ __typename qualityProcess(guid: "P1") { ... on QualityProcess { currentStep { name } } } }', True),
        ('{ a: ticket(guid: "T1") { __typename } b: ticket(guid: "T2") { __typename } }', False),
        ('{ ticket(guid: "T1") { __typename } qualityProcess(guid: "P1") { __typename } }', False),
        ('{ nodes(ids: ["x"]) { id } }', False),
        ('mutation { completeStep(input: {qualityProcessGuid: "P1", stepGuid: "S1"}) { __typename } }', False),
    ],
)
async def test_a_plan_tells_whether_one_key_is_asked_for_before_all_others(
    with_plans, found, document, begins_with_one
):
    await with_plans.ask(Operation(document, {}, None), FAR_SIDE)
    assert found[0].begins_with_one is begins_with_one
