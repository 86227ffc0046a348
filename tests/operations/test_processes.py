"""Workflow processes: what Cognaize says arrives exactly; what single reads answer is in test_read_results.py."""

import httpx
import pytest

from operations.stand_ins import answering, editing
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

WORKFLOW_PROCESS = """
query ($id: String!) { process(id: $id) { ... on Process {
  processId workflowId status createdAt updatedAt currentStep { processStepId }
  steps { processStepId delegate status statusLabel timeoutSeconds params { name value {
    __typename ... on StringParam { string } ... on LongParam { long } ... on DoubleParam { double }
    ... on UnknownParam { type text }
  } } }
} } }"""


async def workflow_process(door):
    return (await door.data(WORKFLOW_PROCESS, id=story.FRESH_PROCESS_ID))["process"]


async def test_absent_fields_are_null_or_empty(opened):
    async with opened(wrap=answering(lambda _: httpx.Response(200, json={"data": {"id": "P"}}))) as door:
        assert await workflow_process(door) == {
            "processId": "P",
            "workflowId": None,
            "status": "UNKNOWN",
            "createdAt": None,
            "updatedAt": None,
            "currentStep": None,
            "steps": [],
        }


async def test_an_unknown_status_of_a_process_step_keeps_cognaizes_word(opened):
    def pause(body):
        body["data"]["steps"][0]["processStepStatus"] = "PAUSED"

    async with opened(wrap=editing(story.FRESH_PROCESS_ID, pause)) as door:
        seen = await workflow_process(door)
        assert (seen["steps"][0]["status"], seen["steps"][0]["statusLabel"]) == ("UNKNOWN", "PAUSED")
        assert (seen["status"], seen["currentStep"]) == ("UNKNOWN", None)


@pytest.mark.parametrize(
    ("process_id", "status"),
    [
        (story.FRESH_PROCESS_ID, "RUNNING"),
        (story.LAST_STEP_PROCESS_ID, "RUNNING"),
        (story.COMPLETED_PROCESS_ID, "COMPLETED"),
        (story.FAILED_PROCESS_ID, "FAILED"),
    ],
)
async def test_the_status_of_a_workflow_process_is_derived_from_its_steps(door, process_id, status):
    assert (await door.data(WORKFLOW_PROCESS, id=process_id))["process"]["status"] == status


async def test_steps_of_a_workflow_process_can_be_asked_by_status(door):
    data = await door.data(
        "query ($id: String!) { process(id: $id) { ... on Process { steps(status: PENDING) { processStepId } } } }",
        id=story.FRESH_PROCESS_ID,
    )
    assert [step["processStepId"] for step in data["process"]["steps"]] == [
        story.step_id(story.FRESH_PROCESS_ID, 2),
        story.step_id(story.FRESH_PROCESS_ID, 3),
    ]


async def params_of_first_step(door):
    params = (await workflow_process(door))["steps"][0]["params"]
    return {param["name"]: param["value"] for param in params}


async def test_parameters_are_as_cognaize_has_them(door):
    assert await params_of_first_step(door) == {
        "documentId": {"__typename": "StringParam", "string": "document-000001"},
        "pageCount": {"__typename": "LongParam", "long": "3"},
        "archiveReference": {"__typename": "LongParam", "long": str(2**53 + 1)},
        "scanQuality": {"__typename": "DoubleParam", "double": 0.921875},
        "gatekeeperUrl": {"__typename": "StringParam", "string": "http://127.0.0.1:9/gatekeeper"},
    }


def value(typename, **fields):
    return {"__typename": typename, **fields}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('{"type":"LONG","longValue":9223372036854775807}', value("LongParam", long="9223372036854775807")),
        ('{"type":"LONG","longValue":-9223372036854775808}', value("LongParam", long="-9223372036854775808")),
        ('{"type":"LONG","longValue":9007199254740993}', value("LongParam", long="9007199254740993")),
        ('{"type":"LONG","longValue":0}', value("LongParam", long="0")),
        (
            '{"type":"LONG","longValue":9223372036854775808}',
            value("UnknownParam", type="LONG", text="9223372036854775808"),
        ),
        ('{"type":"LONG","longValue":true}', value("UnknownParam", type="LONG", text="true")),
        ('{"type":"LONG","longValue":1.50}', value("UnknownParam", type="LONG", text="1.50")),
        ('{"type":"LONG","strValue":"7"}', value("UnknownParam", type="LONG", text="7")),
        ('{"type":"DOUBLE","doubleValue":0.1}', value("DoubleParam", double=0.1)),
        ('{"type":"DOUBLE","doubleValue":3}', value("DoubleParam", double=3.0)),
        ('{"type":"DOUBLE","doubleValue":1.7976931348623157e308}', value("DoubleParam", double=1.7976931348623157e308)),
        ('{"type":"DOUBLE","doubleValue":"NaN"}', value("UnknownParam", type="DOUBLE", text="NaN")),
        ('{"type":"STRING","strValue":""}', value("StringParam", string="")),
        ('{"type":"STRING","strValue":"größer 👩‍🔬"}', value("StringParam", string="größer 👩‍🔬")),
        ('{"type":"STRING","strValue":null}', value("UnknownParam", type="STRING", text=None)),
        ('{"type":"DATE","strValue":"2025-01-01"}', value("UnknownParam", type="DATE", text="2025-01-01")),
        ('{"strValue":"no type"}', value("UnknownParam", type=None, text="no type")),
        ("{}", value("UnknownParam", type=None, text=None)),
    ],
)
async def test_a_parameter_arrives_exactly(opened, written, read):
    body = f'{{"data": {{"id": "P", "steps": [{{"id": "S", "params": {{"it": {written}}}}}]}}}}'
    async with opened(wrap=answering(lambda _: httpx.Response(200, content=body.encode()))) as door:
        assert await params_of_first_step(door) == {"it": read}


async def test_a_timeout_beyond_32_bits_is_null_with_a_coded_error(opened):
    def never_time_out(body):
        body["data"]["steps"][0]["timeOutInSeconds"] = 2**40

    async with opened(wrap=editing(story.FRESH_PROCESS_ID, never_time_out)) as door:
        body = await door.ask(WORKFLOW_PROCESS, id=story.FRESH_PROCESS_ID)
        assert [step["timeoutSeconds"] for step in body["data"]["process"]["steps"]] == [None, 0, 0]
        assert [error["extensions"]["code"] for error in body["errors"]] == ["UPSTREAM_CONTRACT"]


async def test_a_process_costs_one_call_with_all_its_steps(door):
    await workflow_process(door)
    assert door.calls == [f"GET /processes/{story.FRESH_PROCESS_ID}"]


async def test_a_step_leads_back_to_its_process_without_a_call(door):
    data = await door.data(
        "query ($id: String!) { process(id: $id) { ... on Process { steps { process { workflowId } } } } }",
        id=story.FRESH_PROCESS_ID,
    )
    assert data["process"]["steps"] == [{"process": {"workflowId": story.INVOICE_WORKFLOW_ID}}] * 3
    assert len(door.calls) == 1


async def test_the_current_step_is_the_started_one(door):
    process = await workflow_process(door)
    assert process["currentStep"] == {"processStepId": story.step_id(story.FRESH_PROCESS_ID, 1)}


async def test_a_completed_process_has_no_current_step(door):
    data = await door.data(WORKFLOW_PROCESS, id=story.COMPLETED_PROCESS_ID)
    assert data["process"]["currentStep"] is None


async def test_milliseconds_of_cognaize_are_kept(door):
    process = await workflow_process(door)
    assert (process["createdAt"], process["updatedAt"]) == (
        "2025-03-01T08:15:30.250000Z",
        "2025-03-01T08:15:30.250000Z",
    )
