"""The limits of a document, over a small schema that answers nothing but counts what is asked."""

from dataclasses import replace
from enum import Enum

import pytest
import strawberry
from graphql import get_introspection_query
from strawberry.types import ExecutionResult

from schema import limits, limits_size
from schema.limits import CallCost, DocumentCheck, DocumentLimiter, DocumentLimits, FieldCost
from upstreams.endpoints import Endpoint
from upstreams.errors import System

pytestmark = pytest.mark.anyio

CALL = CallCost(Endpoint(System.ARENA, "GET", "/processes"))
COSTS = {
    ("Query", "process"): FieldCost((CALL,)),
    ("Query", "processes"): FieldCost((CALL,), page_size=400, list_size=20, list_size_argument="first"),
    ("Query", "nodes"): FieldCost((), (CALL,), list_size_argument="ids"),
    ("Process", "steps"): FieldCost((CALL,), list_size=6),
    ("Process", "parent"): FieldCost((replace(CALL, known=frozenset({"id"})),)),
    ("Step", "decisions"): FieldCost((CALL, CALL)),
    ("Step", "process"): FieldCost((replace(CALL, is_shared=True),)),
    ("Step", "processAgain"): FieldCost((replace(CALL, is_shared=True),)),
    ("Mutation", "complete"): FieldCost((CALL, CALL, CALL, replace(CALL, when="it is refused"))),
    ("Mutation", "completeAll"): FieldCost((), (CALL,), list_size_argument="input.items", max_list_size=5),
}
LIMITS = DocumentLimits(root_fields=20, aliases=30, introspection_aliases=2)
FREE_OF_COST = replace(LIMITS, upstream_calls=0)

DOUBLING = "fragment F0 on Process { name } " + " ".join(
    f"fragment F{level} on Process {{ ...F{level - 1} ...F{level - 1} }}" for level in range(1, 21)
)


@strawberry.enum
class Status(Enum):
    OPEN = "OPEN"
    COMPLETED = "COMPLETED"


@strawberry.interface
class Node:
    id: strawberry.ID


@strawberry.type
class Step(Node):
    name: str

    @strawberry.field
    def decisions(self) -> list[str]:
        return []

    @strawberry.field
    def process(self) -> "Process | None":
        return None

    @strawberry.field
    def process_again(self) -> "Process | None":
        return None


@strawberry.type
class Process(Node):
    name: str
    parent: "Process | None" = None

    @strawberry.field
    def steps(self, status: Status | None = None) -> list[Step]:
        return []


@strawberry.type
class Page:
    nodes: list[Process]


@strawberry.type
class Query:
    @strawberry.field
    def process(self, info: strawberry.Info, guid: str) -> Process | None:
        info.context.append(guid)
        return None

    @strawberry.field
    def processes(self, info: strawberry.Info, first: int | None = 20) -> Page | None:
        info.context.append(first)
        return None

    @strawberry.field
    def nodes(self, info: strawberry.Info, ids: list[strawberry.ID]) -> list[Node]:
        info.context.append(ids)
        return []


@strawberry.input
class Many:
    items: list[str]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def complete_all(self, info: strawberry.Info, input: Many) -> list[Process | None]:
        info.context.append(input.items)
        return []

    @strawberry.mutation
    def complete(self, info: strawberry.Info, guid: str) -> Process | None:
        info.context.append(guid)
        return None


def schema_within(numbers: DocumentLimits, *, introspection=True, suggestions=True) -> strawberry.Schema:
    check = DocumentCheck(numbers, COSTS, introspection=introspection, suggestions=suggestions)
    return strawberry.Schema(Query, Mutation, types=[Step], extensions=[lambda: DocumentLimiter(check)])


async def run(query, numbers=LIMITS, variables=None, operation=None, **settings) -> tuple[ExecutionResult, list]:
    asked: list = []
    schema = schema_within(numbers, **settings)
    answer = await schema.execute(query, variables, context_value=asked, operation_name=operation)
    return answer, asked


async def refusal(query, numbers, variables=None) -> dict:
    """The one refusal of a document, of which no resolver has seen anything."""
    answer, asked = await run(query, numbers, variables)
    assert (answer.data, asked, len(answer.errors)) == (None, [], 1)
    return answer.errors[0].extensions


async def cost(query, variables=None) -> int:
    """What an operation costs, as the refusal of one that may cost nothing tells."""
    refused = await refusal(query, FREE_OF_COST, variables)
    assert (refused["limit"], refused["allowed"]) == ("upstreamCalls", 0)
    return refused["actual"]


def too_large(limit: str, allowed: int, actual: int) -> dict:
    return {"code": "LIMIT_EXCEEDED", "limit": limit, "allowed": allowed, "actual": actual}


PROCESS = '{ process(guid: "1") '

SIZES = [
    ("depth", "depth", 4, PROCESS + "{ parent { parent { name } } } }"),
    ("depth", "depth", 3, PROCESS + "{ ...P } } fragment P on Process { parent { name } }"),
    ("depth", "depth", 2, PROCESS + "{ ... on Process { name } } }"),
    ("aliases", "aliases", 3, "{ a: processes { b: __typename } c: __typename }"),
    ("aliases", "aliases", 2, PROCESS + "{ ...P parent { ...P } } } fragment P on Process { x: name }"),
    (
        "root_fields",
        "rootFields",
        3,
        "{ a: __typename ...Q } fragment Q on Query { __typename b: __typename }",
    ),
    ("directives", "directives", 2, "{ __typename ... @skip(if: true) { a: __typename @skip(if: true) } }"),
    ("fields", "fields", 7, PROCESS + "{ name ...P parent { ...P } } } fragment P on Process { id name }"),
    ("introspection_depth", "introspectionDepth", 5, "{ __schema { types { ofType { ofType { name } } } } }"),
    ("introspection_fields", "introspectionFields", 3, "{ __schema { types { name } } __typename }"),
    (
        "introspection_fields",
        "introspectionFields",
        5,
        '{ a: __type(name: "Node") { ...T } ...Q } fragment T on __Type { name kind } '
        'fragment Q on Query { b: __type(name: "Node") { name } }',
    ),
    (
        "introspection_aliases",
        "introspectionAliases",
        2,
        '{ a: __schema { types { b: name } } c: __typename d: __type(name: "Node") { name } }',
    ),
]


@pytest.mark.parametrize(("number", "limit", "size", "query"), SIZES)
async def test_a_document_past_a_limit_is_refused_with_its_size(number, limit, size, query):
    refused = await refusal(query, replace(LIMITS, **{number: size - 1}))
    assert refused == too_large(limit, size - 1, size)


@pytest.mark.parametrize(("number", "limit", "size", "query"), SIZES)
async def test_a_document_at_a_limit_is_answered(number, limit, size, query):
    answer, _ = await run(query, replace(LIMITS, **{number: size}))
    assert answer.errors is None


async def test_a_document_with_too_many_tokens_is_refused_while_it_is_parsed():
    refused = await refusal("{ a b c }", replace(LIMITS, tokens=4))
    assert refused == too_large("tokens", 4, 5)


async def test_a_document_at_the_limit_of_tokens_is_answered():
    answer, _ = await run("{ __typename }", replace(LIMITS, tokens=3))
    assert answer.data == {"__typename": "Query"}


async def test_comments_count_as_tokens():
    refused = await refusal("{ __typename }" + "\n#" * 5, replace(LIMITS, tokens=7))
    assert refused == too_large("tokens", 7, 8)


async def test_a_syntax_error_stays_one():
    answer, _ = await run("{ process(")
    assert answer.errors[0].message == "Syntax Error: Expected Name, found <EOF>."


async def test_comparing_repeated_fields_is_bounded():
    query = '{ process(guid: "1") { ' + "name " * 60 + "} }"
    refused = await refusal(query, replace(LIMITS, field_comparisons=100))
    assert refused == too_large("fieldComparisons", 100, 101)


async def test_each_operation_of_a_document_is_measured_by_itself():
    query = "query A { a: __typename } query B { a: __typename b: __typename }"
    assert await refusal(query, replace(LIMITS, aliases=1)) == too_large("aliases", 1, 2)
    answer, _ = await run(query, replace(LIMITS, aliases=2), operation="A")
    assert answer.data == {"a": "Query"}


async def test_a_document_of_several_operations_must_say_which_one_to_run():
    answer, asked = await run("query A { a: __typename } query B { b: __typename }")
    assert [error.message for error in answer.errors] == [
        "Say in operationName which operation of the document to run."
    ]
    assert (answer.data, asked) == (None, [])


async def test_a_number_of_thousands_of_digits_is_refused():
    query = "{ processes(first: %s) { name } }" % ("1" * 6000)
    refused = await refusal(query, LIMITS)
    assert refused == too_large("numberLength", 400, 6000)


async def test_digits_in_a_text_are_no_number():
    answer, _ = await run('{ process(guid: "%s") { name } }' % ("1" * 600))
    assert answer.errors is None


async def test_doubling_fragments_are_counted_in_full_but_walked_once(monkeypatch):
    walked = []
    written = limits_size._written
    monkeypatch.setattr(limits_size, "_written", lambda node: walked.append(node.name) or written(node))
    refused = await refusal('query Q { process(guid: "1") { ...F20 } } ' + DOUBLING, LIMITS)
    assert refused == too_large("fields", 1000, 2**20 + 1)
    assert len(walked) == 22


async def test_a_count_beyond_a_graphql_int_is_reported_as_the_largest():
    levels = range(1, 40)
    fragments = " ".join(f"fragment F{n} on Query {{ ...F{n - 1} ...F{n - 1} }}" for n in levels)
    refused = await refusal("{ ...F39 } fragment F0 on Query { __typename } " + fragments, LIMITS)
    assert refused == too_large("rootFields", 20, 2**31 - 1)


async def test_a_long_chain_of_fragments_does_not_recurse():
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} }}" for n in range(3000))
    query = "{ ...F0 } fragment F3000 on Query { a: __typename } " + chain
    refused = await refusal(query, replace(LIMITS, tokens=100_000, aliases=0))
    assert refused == too_large("aliases", 0, 1)


async def test_a_very_deep_document_is_refused_by_its_depth():
    query = '{ process(guid: "1") ' + "{ parent " * 150 + "{ name } }" + "}" * 150
    assert await refusal(query, LIMITS) == too_large("depth", 15, 152)


async def test_fragments_in_a_circle_are_left_to_the_rule_of_graphql():
    answer, asked = await run("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }")
    assert answer.errors[0].message == "Cannot spread fragment 'A' within itself via 'B'."
    assert asked == []


COSTED = [
    (0, "{ __typename }"),
    (1, '{ process(guid: "1") { name } }'),
    (2, '{ process(guid: "1") { steps { name } } }'),
    (1 + 1 + 6 * 2, '{ process(guid: "1") { steps { decisions } } }'),
    (1 + 20 * (1 + 6 * 2), "{ processes { nodes { steps { decisions } } } }"),
    (1 + 3 * (1 + 6 * 2), "{ processes(first: 3) { nodes { steps { decisions } } } }"),
    (1, "{ processes(first: 0) { nodes { steps { decisions } } } }"),
    (1, "{ processes(first: -5) { nodes { steps { decisions } } } }"),
    (3 + 3 * 1, '{ nodes(ids: ["1", "2", "3"]) { ... on Process { steps { name } } } }'),
    (1, '{ nodes(ids: "1") { id } }'),
    (3 + 1, 'mutation { complete(guid: "1") { steps { name } } }'),
    (1, "{ processes(first: 400) { nodes { name } } }"),
    (2, "{ processes(first: 401) { nodes { name } } }"),
    (1, '{ process(guid: "1") { parent { id __typename } } }'),
    (2, '{ process(guid: "1") { parent { id ...Name } } } fragment Name on Process { name }'),
    (1 + 1 + 6 * 1, '{ process(guid: "1") { steps { process { name } processAgain { id } again: process { id } } } }'),
    (2 + 2, 'mutation { completeAll(input: { items: ["1", "2"] }) { steps { name } } }'),
    (1, 'mutation { completeAll(input: { items: "1" }) { name } }'),
    (
        3 + 3 * max(1, 2),
        '{ nodes(ids: ["1", "2", "3"]) { ... on Process { steps { id } } ... on Step { decisions } } }',
    ),
]


@pytest.mark.parametrize(("calls", "query"), COSTED)
async def test_an_operation_may_cost_its_upstream_calls_and_no_fewer(calls, query):
    answer, asked = await run(query, replace(LIMITS, upstream_calls=calls))
    assert (answer.errors, len(asked)) == (None, min(calls, 1))
    if calls:
        assert await cost(query) == calls


async def test_a_refusal_for_cost_names_the_cost_and_the_bound():
    answer, asked = await run("{ processes { nodes { steps { name } } } }", replace(LIMITS, upstream_calls=20))
    assert answer.errors[0].message == "The operation may take 21 upstream calls; 20 are allowed."
    assert asked == []


@pytest.mark.parametrize(
    ("variables", "size"),
    [({"size": 3}, 3), ({}, 7), ({"size": None}, 20), ({"size": 0}, 0)],
)
async def test_a_list_sized_by_a_variable_costs_what_the_request_asks_for(variables, size):
    query = "query ($size: Int = 7) { processes(first: $size) { nodes { steps { name } } } }"
    assert await cost(query, variables) == 1 + size


async def test_a_variable_left_out_without_a_default_costs_the_default_of_the_field():
    query = "query ($size: Int) { processes(first: $size) { nodes { steps { name } } } }"
    assert await cost(query) == 1 + 20


async def test_a_list_of_ids_in_a_variable_costs_a_call_for_each():
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await cost(query, {"ids": ["1", "2", "3", "4"]}) == 4


@pytest.mark.parametrize(
    ("declared", "argument", "variables"),
    [
        ("$given: Many!", "$given", {"given": {"items": ["1", "2", "3"]}}),
        ("$given: [String!]!", "{ items: $given }", {"given": ["1", "2", "3"]}),
        ("$given: String!", '{ items: ["1", $given, "3"] }', {"given": "2"}),
        ('$given: Many = { items: ["1", "2", "3"] }', "$given", {}),
    ],
)
async def test_a_list_inside_an_input_costs_a_call_for_each_wherever_variables_stand(declared, argument, variables):
    query = f"mutation ({declared}) {{ completeAll(input: {argument}) {{ steps {{ name }} }} }}"
    assert await cost(query, variables) == 3 + 3


async def test_items_beyond_the_most_there_can_be_cost_nothing():
    query = "mutation ($items: [String!]!) { completeAll(input: { items: $items }) { name } }"
    assert await cost(query, {"items": ["1"] * 1000}) == 5


async def test_the_same_question_under_two_aliases_costs_once():
    query = '{ process(guid: "1") { a: steps { name } b: steps { id } } }'
    assert await cost(query) == 1 + 1


async def test_equal_calls_below_aliased_fields_cost_once():
    query = '{ a: process(guid: "1") { steps { decisions } } b: process(guid: "1") { steps { x: decisions } } }'
    assert await cost(query) == 1 + 1 + 6 * 2


async def test_other_arguments_cost_again():
    query = '{ process(guid: "1") { a: steps(status: OPEN) { name } b: steps(status: COMPLETED) { name } } }'
    assert await cost(query) == 1 + 2


async def test_fragments_that_ask_the_same_cost_once():
    query = """
        { process(guid: "1") { ...Header ...Body } }
        fragment Header on Process { steps { name } }
        fragment Body on Process { ...Header steps { decisions } }
    """
    assert await cost(query) == 1 + 1 + 6 * 2


async def test_the_same_change_under_two_aliases_costs_twice():
    query = 'mutation { a: complete(guid: "1") { name } b: complete(guid: "1") { name } }'
    assert await cost(query) == 3 + 3


async def test_only_the_operation_that_runs_is_charged():
    query = 'query A { __typename } query B { process(guid: "1") { name } }'
    answer, _ = await run(query, FREE_OF_COST, operation="A")
    assert answer.data == {"__typename": "Query"}


async def test_a_variable_of_the_wrong_type_is_refused_before_the_cost():
    answer, asked = await run("query ($size: Int) { processes(first: $size) { __typename } }", variables={"size": "x"})
    assert [error.message.split(":")[0] for error in answer.errors] == ["Variable '$size' has invalid value"]
    assert asked == []


async def test_a_document_is_parsed_validated_and_priced_once(monkeypatch):
    done = []
    for name in ("parse", "validate", "Pricing"):
        work = getattr(limits, name)
        monkeypatch.setattr(
            limits, name, lambda *args, name=name, work=work, **kw: done.append(name) or work(*args, **kw)
        )
    schema = schema_within(LIMITS)
    for size in (1, 2, 3):
        query = "query ($size: Int) { processes(first: $size) { __typename } }"
        await schema.execute(query, {"size": size}, context_value=[])
    assert done == ["parse", "validate", "Pricing"]


async def test_no_more_documents_are_remembered_than_256():
    check = limits.DocumentCheck(LIMITS, COSTS, introspection=True, suggestions=True)
    schema = schema_within(LIMITS)._schema
    for number in range(300):
        query = f"{{ processes(first: {number}) {{ __typename }} }}"
        assert check.errors(schema, query) == []
        check.request_errors(schema, query, None, {})
    remembered = [cache.cache_info().currsize for cache in (check.document, check.errors, check.prices)]
    assert remembered == [256, 256, 256]


async def test_a_refused_document_is_validated_once(monkeypatch):
    done = []
    validate = limits.validate
    monkeypatch.setattr(limits, "validate", lambda *args, **kw: done.append(args) or validate(*args, **kw))
    schema = schema_within(replace(LIMITS, depth=0))
    messages = [(await schema.execute("{ __typename }")).errors[0].message for _ in range(3)]
    assert messages == ["The operation has 1 levels of fields; 0 are allowed."] * 3
    assert len(done) == 1


@pytest.mark.parametrize("kind", ["__schema { queryType { name } }", '__type(name: "Process") { name }'])
async def test_introspection_that_is_off_is_refused(kind):
    answer, _ = await run(f"{{ {kind} }}", introspection=False)
    assert answer.data is None
    assert [error.extensions for error in answer.errors] == [{"code": "INVALID_REQUEST"}]


async def test_typename_is_answered_without_introspection():
    answer, _ = await run("{ __typename }", introspection=False)
    assert answer.data == {"__typename": "Query"}


async def test_the_usual_introspection_query_is_within_the_limits():
    answer, _ = await run(get_introspection_query(directive_is_repeatable=True, input_value_deprecation=True))
    assert answer.errors is None


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { fields { type { fields { name } } } } } }",
        "{ __schema { types { ...T } } } fragment T on __Type { fields { type { possibleTypes { name } } } }",
        '{ __type(name: "Node") { possibleTypes { interfaces { fields { name } } } } }',
    ],
)
async def test_introspection_cannot_go_in_circles(query):
    answer, _ = await run(query)
    assert [error.message for error in answer.errors] == ["Maximum introspection depth exceeded"]


MISSPELT = [
    ('{ proces(guid: "1") { name } }', None),
    ('{ process(guids: "1", guid: "1") { name } }', None),
    ('{ process(guid: "1") { steps(status: OPEM) { name } } }', None),
    ('{ process(guid: "1") { ... on Proces { name } } }', None),
    ("query ($status: Statu) { __typename }", None),
    ('query ($s: Status) { process(guid: "1") { steps(status: $s) { name } } }', {"s": "OPEM"}),
]


@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_suggestions_are_made_when_they_are_on(query, variables):
    answer, _ = await run(query, variables=variables, suggestions=True)
    assert "Did you mean" in answer.errors[-1].message


@pytest.mark.parametrize(("query", "variables"), MISSPELT)
async def test_no_suggestion_is_made_when_they_are_off(query, variables):
    answer, asked = await run(query, variables=variables, suggestions=False)
    assert "Did you mean" not in "".join(error.message for error in answer.errors)
    assert (answer.data, asked) == (None, [])
