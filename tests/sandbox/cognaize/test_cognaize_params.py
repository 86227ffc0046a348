import pytest

from sandbox.cognaize.params import long, string
from sandbox.cognaize.story import FRESH_PROCESS_ID, step_id

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    "value", [0, -1, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]
)  # fmt: skip
async def test_longs_come_back_exactly(cognaize, value):
    await cognaize.complete(step_id(FRESH_PROCESS_ID, 1), reference={"type": "LONG", "longValue": value})

    process = await cognaize.process(FRESH_PROCESS_ID)
    assert process["steps"][0]["params"]["reference"] == long(value)
    assert type(process["steps"][0]["params"]["reference"]["longValue"]) is int


@pytest.mark.parametrize("value", [0.1, -2.5e-300, 1.7976931348623157e308, 3])
async def test_doubles_come_back_exactly(cognaize, value):
    await cognaize.complete(step_id(FRESH_PROCESS_ID, 1), score={"type": "DOUBLE", "doubleValue": value})

    process = await cognaize.process(FRESH_PROCESS_ID)
    score = process["steps"][0]["params"]["score"]["doubleValue"]
    assert score == value
    assert type(score) is float


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("text", "invalid"),
        ({"strValue": "text"}, "type"),
        ({"type": "TEXT", "strValue": "text"}, "type"),
        ({"type": ["STRING"], "strValue": "text"}, "type"),
        ({"type": "STRING", "strValue": "text", "longValue": 1}, "values"),
        ({"type": "STRING"}, "value"),
        ({"type": "STRING", "longValue": 1}, "value"),
        ({"type": "STRING", "strValue": 1}, "value"),
        ({"type": "LONG", "longValue": "1"}, "value"),
        ({"type": "LONG", "longValue": 1.0}, "value"),
        ({"type": "LONG", "longValue": True}, "value"),
        ({"type": "LONG", "longValue": 2**63}, "value"),
        ({"type": "LONG", "longValue": -(2**63) - 1}, "value"),
        ({"type": "DOUBLE", "doubleValue": "1.5"}, "value"),
        ({"type": "DOUBLE", "doubleValue": 10**400}, "value"),
    ],
)
async def test_a_param_that_cannot_be_read_is_refused(cognaize, given, reason):
    answer = await cognaize.complete(step_id(FRESH_PROCESS_ID, 1), fine=string("fine"), broken=given)

    assert answer.status_code == 412
    assert list(answer.json()["data"]) == ["params.broken"]
    assert list(answer.json()["data"]["params.broken"]) == [reason]
    assert await cognaize.statuses(FRESH_PROCESS_ID) == ["STARTED", "PENDING", "PENDING"]


async def test_a_double_too_large_to_be_one_is_refused(cognaize):
    step = step_id(FRESH_PROCESS_ID, 1)
    body = f'{{"processStepId": "{step}", "params": {{"x": {{"type": "DOUBLE", "doubleValue": 1e999}}}}}}'

    answer = await cognaize.client.post("/processes/complete-step", content=body)

    assert answer.status_code == 412
    assert answer.json()["data"] == {"params.x": {"value": "The value is not a DOUBLE."}}


async def test_params_that_are_no_dictionary_are_refused(cognaize):
    body = {"processStepId": step_id(FRESH_PROCESS_ID, 1), "params": ["text"]}

    answer = await cognaize.client.post("/processes/complete-step", json=body)

    assert answer.status_code == 412
    assert answer.json()["data"] == {"params": {"invalid": "A dictionary is needed."}}
