"""docs/mobile.md: what it quotes is right against the schema and against the service."""

import json
import re
from pathlib import Path

import pytest
from graphql import (
    build_client_schema,
    build_schema,
    extend_schema,
    find_breaking_changes,
    get_introspection_query,
    parse,
    print_ast,
    separate_operations,
    validate,
)
from operations.door import open_door

from resolvers.refusals import RetryKind
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "mobile.md").read_text()
SCHEMA = build_schema((ROOT / "schema" / "schema.graphql").read_text())
TYPE_POLICY = 'directive @typePolicy(keyFields: String! = "") on OBJECT | INTERFACE | UNION'
STEP = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.ASSIGNED_STEP, "idempotencyKey": "a tap"}


def quoted(language):
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", PAGE, re.DOTALL | re.MULTILINE)


DOCUMENT = "".join(quoted("graphql"))
OPERATIONS = {name: print_ast(document) for name, document in separate_operations(parse(DOCUMENT)).items()}
KOTLIN = "".join(quoted("kotlin"))
SWIFT = "".join(quoted("swift"))


def camel(constant):
    first, *others = constant.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


@pytest.fixture
async def door(database):
    async with open_door(database) as door:
        await door.become("assignee")
        yield door


def test_the_operations_of_the_page_are_valid():
    assert validate(SCHEMA, parse(DOCUMENT)) == []


def test_the_schema_extension_of_the_page_is_valid():
    (extension,) = quoted("graphqls")
    extended = extend_schema(SCHEMA, parse(f"{TYPE_POLICY}\n{extension}"))
    assert [node.directives[0].name.value for node in extended.type_map["Node"].extension_ast_nodes] == ["typePolicy"]


def test_the_configuration_of_the_page_is_json():
    (configuration,) = quoted("json")
    assert json.loads(configuration)["operationManifest"]["version"] == "persistedQueries"


def test_the_code_reads_types_that_the_operations_ask_for():
    asked_for = set(re.findall(r"\.\.\. on (\w+)", DOCUMENT))
    assert set(re.findall(r"\.on([A-Z]\w+)", KOTLIN)) | set(re.findall(r"\.as([A-Z]\w+)", SWIFT)) <= asked_for


def test_the_code_names_values_of_enumerations_as_they_are_generated():
    codes, kinds = (set(SCHEMA.type_map[name].values) for name in ("ErrorCode", "RetryKind"))
    assert set(re.findall(r"ErrorCode\.([A-Z_]+)", KOTLIN)) <= codes
    assert set(re.findall(r"RetryKind\.([A-Z_]+)", KOTLIN)) == kinds | {"UNKNOWN__"}
    named = set(re.findall(r"\.case\(\.(\w+)\)", SWIFT))
    assert {camel(kind) for kind in kinds} <= named <= {camel(name) for name in codes | kinds}


def test_the_page_says_what_to_do_for_every_retry_kind():
    assert re.findall(r"^\| `([A-Z_]+)` \| ", PAGE, re.MULTILINE) == [kind.value for kind in RetryKind]


def test_the_links_of_the_page_lead_somewhere():
    targets = {target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", PAGE)}
    assert [target for target in targets if not (ROOT / "docs" / target).exists()] == []


async def test_a_key_sent_again_replays_the_change_of_the_page(door):
    answers = [(await door.data(OPERATIONS["CompleteStep"], input=STEP))["completeStep"] for _ in range(2)]
    assert [answer["outcome"] for answer in answers] == ["APPLIED", "REPLAYED"]
    assert door.calls.count("POST /qualityprocesses/statuschanges") == 1


async def test_a_refusal_is_read_by_the_fragment_of_the_page(door):
    await door.data(OPERATIONS["CompleteStep"], input=STEP)
    answer = await door.data(OPERATIONS["CompleteStep"], input={**STEP, "idempotencyKey": "another tap"})
    failure = answer["completeStep"]
    assert (failure["code"], failure["retry"]) == ("STEP_ALREADY_COMPLETED", {"kind": "NEVER", "after": None})


async def test_the_check_of_the_page_tells_who_completed_the_step(door):
    completed = await door.data(OPERATIONS["CompleteStep"], input=STEP)
    step = await door.data(OPERATIONS["CheckStep"], id=completed["completeStep"]["step"]["id"])
    assert (step["node"]["status"], step["node"]["completedBy"]) == ("COMPLETE", {"fullName": "Tomás Ibáñez"})


async def test_a_schema_that_is_downloaded_is_the_committed_one(door):
    query = get_introspection_query(specified_by_url=True, input_value_deprecation=True)
    downloaded = build_client_schema(await door.data(query))
    assert find_breaking_changes(SCHEMA, downloaded) + find_breaking_changes(downloaded, SCHEMA) == []
    assert set(downloaded.type_map) == set(SCHEMA.type_map)
