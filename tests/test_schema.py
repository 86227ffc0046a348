from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLUnionType,
    find_breaking_changes,
    find_dangerous_changes,
)
from graphql import build_schema as schema_of

from resolvers.refusals import ErrorCode
from schema import build_schema
from schema.costs import COSTS

ROOT = Path(__file__).parent.parent
COMMITTED = ROOT / "schema" / "schema.graphql"
CONTRACT = ROOT / "tests" / "contract.graphql"

# Clients of the contract treat a code they do not know by its `retry.kind`.
CODES_BEYOND_THE_CONTRACT = {
    ErrorCode.INVALID_CREDENTIALS,
    ErrorCode.ACCOUNT_LOCKED,
    ErrorCode.PASSWORD_EXPIRED,
    ErrorCode.ACCESS_NOT_ALLOWED,
    ErrorCode.API_NOT_ENABLED,
    ErrorCode.LIMIT_EXCEEDED,
    ErrorCode.INVALID_REQUEST,
    ErrorCode.PERSISTED_QUERY_NOT_FOUND,
    ErrorCode.PERSISTED_QUERY_NOT_SUPPORTED,
    ErrorCode.DOCUMENT_NOT_TRUSTED,
    ErrorCode.INTERNAL,
}


def served():
    return build_schema()._schema


def contract():
    return schema_of(CONTRACT.read_text())


def own_types(schema):
    return {name: type_ for name, type_ in schema.type_map.items() if not name.startswith("__")}


def unions(schema):
    named = own_types(schema).items()
    return {
        name: {member.name for member in type_.types} for name, type_ in named if isinstance(type_, GraphQLUnionType)
    }


def described_elements(schema):
    """Everything that can have a description, with its place."""
    for name, type_ in own_types(schema).items():
        yield name, type_
        if isinstance(type_, GraphQLEnumType):
            yield from ((f"{name}.{value}", described) for value, described in type_.values.items())
        for field_name, field in getattr(type_, "fields", {}).items():
            yield f"{name}.{field_name}", field
            for argument_name, argument in getattr(field, "args", {}).items():
                yield f"{name}.{field_name}({argument_name})", argument


def test_the_committed_schema_is_the_one_that_is_served():
    printed = build_schema().as_str() + "\n"
    assert COMMITTED.read_text() == printed, "The schema changed: run `make schema` and commit what it writes."


def test_nothing_a_client_of_the_contract_relies_on_is_missing():
    assert find_breaking_changes(contract(), served()) == []


def test_nothing_but_error_codes_is_added_where_a_client_of_the_contract_may_stumble():
    changes = [change.description for change in find_dangerous_changes(contract(), served())]
    assert sorted(changes) == sorted(
        f"Enum value ErrorCode.{code.value} was added." for code in CODES_BEYOND_THE_CONTRACT
    )


def test_every_union_of_the_contract_has_exactly_its_members():
    ours, promised = unions(served()), unions(contract())
    assert {name: ours[name] for name in promised} == promised


def test_every_object_with_an_id_of_the_contract_is_a_node():
    def nodes(schema):
        return {type_.name for type_ in schema.get_possible_types(schema.type_map["Node"])}

    assert nodes(served()) == nodes(contract())
    assert nodes(served()) == {"QualityProcess", "QualityStep", "Ticket", "Process", "ProcessStep"}


def test_every_type_field_argument_and_enum_value_has_a_description():
    assert [place for place, element in described_elements(served()) if not element.description] == []


def test_a_field_that_costs_calls_says_so():
    fields = dict(described_elements(served()))
    silent = [
        f"{type_name}.{field_name}"
        for type_name, field_name in COSTS
        if type_name != "Mutation" and "call" not in fields[f"{type_name}.{field_name}"].description
    ]
    assert silent == []


def test_every_type_can_be_asked_whether_it_takes_one_of_its_fields_wrapped_or_not():
    query = "{ __schema { types { name isOneOf inputFields { type { kind isOneOf } } } } }"
    answer = build_schema().execute_sync(query)
    assert answer.errors is None
    types = answer.data["__schema"]["types"]
    assert [type_["name"] for type_ in types if type_["isOneOf"]] == ["ProcessParamValueInput"]
    inside = [field["type"] for type_ in types for field in type_["inputFields"] or []]
    assert {"kind": "NON_NULL", "isOneOf": None} in inside
