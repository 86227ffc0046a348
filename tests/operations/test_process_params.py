"""The parameters of completeProcessStep: exact on their way both ways, and refused where they cannot be right."""

import json

import pytest

from operations.changes import change, kind, nothing_changes
from operations.meddling import answer, on_changes
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

FRESH = story.FRESH_PROCESS_ID
STARTED = story.step_id(FRESH, 1)
NEXT = story.step_id(FRESH, 2)

VALUE = """
    __typename
    ... on StringParam { string } ... on LongParam { long } ... on DoubleParam { double }
    ... on UnknownParam { type text }"""
PARAMS = f"params {{ name value {{ {VALUE} }} }}"


async def complete(door, success="outcome", **more):
    return await change(door, "completeProcessStep", success, processStepId=STARTED, **more)


EXTREMES = [
    {"name": "lowest", "value": {"long": "-9223372036854775808"}},
    {"name": "highest", "value": {"long": "9223372036854775807"}},
    {"name": "odd", "value": {"long": 9007199254740993}},
    {"name": "tiny", "value": {"double": 5e-324}},
    {"name": "huge", "value": {"double": 1.7976931348623157e308}},
    {"name": "tenth", "value": {"double": 0.1}},
    {"name": "whole", "value": {"double": 3}},
    {"name": "名前 🙂", "value": {"string": "„größer“\n\u0000\u2028 𝒳"}},
    {"name": "empty", "value": {"string": ""}},
]


async def test_longs_doubles_and_text_travel_exactly_both_ways(door):
    completed = await complete(door, PARAMS, params=EXTREMES)
    answered = {param["name"]: param["value"] for param in completed["params"]}
    assert answered["lowest"] == {"__typename": "LongParam", "long": "-9223372036854775808"}
    assert answered["highest"] == {"__typename": "LongParam", "long": "9223372036854775807"}
    assert answered["odd"] == {"__typename": "LongParam", "long": "9007199254740993"}
    assert answered["tiny"] == {"__typename": "DoubleParam", "double": 5e-324}
    assert answered["huge"] == {"__typename": "DoubleParam", "double": 1.7976931348623157e308}
    assert answered["tenth"] == {"__typename": "DoubleParam", "double": 0.1}
    assert answered["whole"] == {"__typename": "DoubleParam", "double": 3.0}
    assert answered["名前 🙂"] == {"__typename": "StringParam", "string": "„größer“\n\u0000\u2028 𝒳"}
    assert answered["empty"] == {"__typename": "StringParam", "string": ""}


async def test_the_process_keeps_the_parameters_as_they_were_sent(door):
    await complete(door, params=EXTREMES)
    kept = (await door.look_at_process(FRESH))["steps"][0]["params"]
    assert kept["lowest"]["longValue"] == -(2**63)
    assert kept["highest"]["longValue"] == 2**63 - 1
    assert kept["tiny"]["doubleValue"] == 5e-324
    assert (kept["whole"]["type"], kept["whole"]["doubleValue"]) == ("DOUBLE", 3.0)
    assert kept["名前 🙂"]["strValue"] == "„größer“\n\u0000\u2028 𝒳"


async def test_cognaize_is_sent_the_body_of_the_page(door):
    await complete(door, params=[{"name": "pages", "value": {"long": 3}}, {"name": "by", "value": {"string": "Ada"}}])
    assert json.loads(door.requests[0].content) == {
        "processStepId": STARTED,
        "params": {"pages": {"type": "LONG", "longValue": 3}, "by": {"type": "STRING", "strValue": "Ada"}},
    }


async def test_a_parameter_of_an_unknown_type_or_with_the_wrong_value_is_kept_as_text(opened):
    params = {
        "when": {"type": "DATE", "strValue": "2026-11-21"},
        "big": {"type": "LONG", "longValue": 2**63},
        "none": {"type": "STRING", "strValue": None},
    }
    body = {"message": None, "timestamp": None, "data": {"processId": FRESH, "processStepId": NEXT, "params": params}}
    async with opened(wrap=on_changes(answer(200, body))) as door:
        completed = await complete(door, PARAMS)
    assert [param["value"] for param in completed["params"]] == [
        {"__typename": "UnknownParam", "type": "DATE", "text": "2026-11-21"},
        {"__typename": "UnknownParam", "type": "LONG", "text": "9223372036854775808"},
        {"__typename": "UnknownParam", "type": "STRING", "text": None},
    ]


async def test_an_answer_without_data_is_a_success_with_nothing_to_tell(opened):
    body = {"message": "Success", "timestamp": "2026-11-21T04:30:00Z", "data": None, "version": "1.0.0"}
    async with opened(wrap=on_changes(answer(200, body))) as door:
        completed = await complete(door, "process { status } startedStep { id } params { name } timestamp")
    assert completed == {
        "__typename": "CompleteProcessStepSuccess",
        "process": None,
        "startedStep": None,
        "params": [],
        "timestamp": "2026-11-21T04:30:00Z",
    }


OUT_OF_RANGE = ["9223372036854775808", "-9223372036854775809", 2**63, "1e3", "1.0", "", "٣", True, 1.5, "9" * 5000]


async def test_a_long_beyond_64_bits_or_no_integer_is_refused_without_a_call(door):
    document = "mutation ($input: CompleteProcessStepInput!) { completeProcessStep(input: $input) { __typename } }"
    async with nothing_changes(lambda: door.look_at_process(FRESH)):
        for value in OUT_OF_RANGE:
            params = [{"name": "n", "value": {"long": value}}]
            refused = await door.post(document, {"input": {"processStepId": STARTED, "params": params}})
            assert "data" not in refused.json()
            assert len(refused.json()["errors"]) == 1
    assert door.calls == []


@pytest.mark.parametrize("literal", ["9223372036854775808", "9" * 5000, "-9223372036854775809", '"x"', "1.5", "true"])
async def test_a_literal_beyond_64_bits_or_no_integer_is_refused_without_a_call(door, literal):
    document = f"""mutation {{
        completeProcessStep(input: {{
            processStepId: "{STARTED}", params: [{{ name: "n", value: {{ long: {literal} }} }}]
        }}) {{ __typename }}
    }}"""
    refused = await door.post(document)
    assert "data" not in refused.json()
    assert "INTERNAL" not in refused.text
    assert door.calls == []


@pytest.mark.parametrize("value", [{}, {"long": 1, "string": "1"}, {"long": None}, {"string": None, "double": 1.0}])
async def test_a_parameter_has_exactly_one_value(door, value):
    document = "mutation ($input: CompleteProcessStepInput!) { completeProcessStep(input: $input) { __typename } }"
    params = [{"name": "n", "value": value}]
    refused = await door.post(document, {"input": {"processStepId": STARTED, "params": params}})
    assert "data" not in refused.json()
    assert door.calls == []


def text(name):
    return {"name": name, "value": {"string": "x"}}


INVALID_PARAMS = [
    ([text("a"), text("b"), text("a")], ["input", "params", "2", "name"], "is given twice"),
    ([text("")], ["input", "params", "0", "name"], "must be 1 to 200 characters"),
    ([text("n" * 201)], ["input", "params", "0", "name"], "must be 1 to 200 characters"),
    ([text(str(number)) for number in range(101)], ["input", "params"], "must not be more than 100"),
]


@pytest.mark.parametrize(("params", "path", "message"), INVALID_PARAMS)
async def test_parameters_that_cannot_be_right_are_refused_without_a_call(door, params, path, message):
    fields = "... on InvalidInputError { fields { path message } }"
    refused = await complete(door, params=params, refusal=fields)
    assert kind(refused) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
    assert refused["fields"] == [{"path": path, "message": message}]
    assert door.calls == []


async def test_a_number_beyond_a_double_is_refused_without_a_call(door):
    query = """mutation ($id: String!) {
      completeProcessStep(input: { processStepId: $id, params: [{ name: "d", value: { double: 1e400 } }] }) {
        ... on InvalidInputError { code fields { path message } }
      }
    }"""
    refused = (await door.data(query, id=story.step_id(story.FRESH_PROCESS_ID, 1)))["completeProcessStep"]
    assert refused == {
        "code": "INVALID_INPUT",
        "fields": [{"path": ["input", "params", "0", "value", "double"], "message": "must be a finite number"}],
    }
    assert door.calls == []
