import asyncio

import pytest

from sandbox.cognaize.params import double, long, string
from sandbox.cognaize.story import (
    COMPLETED_PROCESS_ID,
    FAILED_PROCESS_ID,
    FRESH_PROCESS_ID,
    INVOICE_WORKFLOW_ID,
    LAST_STEP_PROCESS_ID,
    MIDWAY_PROCESS_ID,
    step_id,
)

pytestmark = pytest.mark.anyio

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


async def test_a_process_is_read_with_all_its_steps(cognaize):
    answer = await cognaize.client.get(f"/processes/{FRESH_PROCESS_ID}")

    assert answer.status_code == 200
    data = answer.json()["data"]
    document = {
        "documentId": string("document-000001"),
        "pageCount": long(3),
        "archiveReference": long(9_007_199_254_740_993),
        "scanQuality": double(0.921875),
    }
    assert data["id"] == FRESH_PROCESS_ID
    assert data["workflowId"] == INVOICE_WORKFLOW_ID
    assert data["creationTimestamp"] == "2025-03-01T08:15:30.250Z"
    assert data["updatedTimestamp"] == "2025-03-01T08:15:30.250Z"
    assert data["steps"][0] == {
        "id": step_id(FRESH_PROCESS_ID, 1),
        "delegate": "GATEKEEPER",
        "timeOutInSeconds": 0,
        "processStepStatus": "STARTED",
        "params": {**document, "gatekeeperUrl": string("http://127.0.0.1:9/gatekeeper")},
    }


@pytest.mark.parametrize(
    ("process_id", "expected"),
    [
        (FRESH_PROCESS_ID, ["STARTED", "PENDING", "PENDING"]),
        (MIDWAY_PROCESS_ID, ["COMPLETED", "STARTED", "PENDING", "PENDING"]),
        (LAST_STEP_PROCESS_ID, ["COMPLETED", "COMPLETED", "STARTED"]),
        (COMPLETED_PROCESS_ID, ["COMPLETED", "COMPLETED", "COMPLETED"]),
        (FAILED_PROCESS_ID, ["COMPLETED", "FAILED", "PENDING"]),
    ],
)
async def test_the_story_has_a_process_at_every_stage(cognaize, process_id, expected):
    assert await cognaize.statuses(process_id) == expected


async def test_completing_a_step_starts_the_next(cognaize):
    answer = await cognaize.complete(step_id(FRESH_PROCESS_ID, 1), verdict=string("accepted"))

    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data["processId"] == FRESH_PROCESS_ID
    assert data["processStepId"] == step_id(FRESH_PROCESS_ID, 2)
    assert data["params"]["verdict"] == string("accepted")
    assert await cognaize.statuses(FRESH_PROCESS_ID) == ["COMPLETED", "STARTED", "PENDING"]


async def test_a_completed_step_keeps_the_given_params_beside_its_own(cognaize):
    await cognaize.complete(step_id(FRESH_PROCESS_ID, 1), pageCount=long(4), verdict=string("accepted"))

    process = await cognaize.process(FRESH_PROCESS_ID)
    params = process["steps"][0]["params"]
    assert params["documentId"] == string("document-000001")
    assert params["pageCount"] == long(4)
    assert params["verdict"] == string("accepted")
    assert process["updatedTimestamp"] == "2025-06-02T09:30:00.123Z"


async def test_completing_the_last_step_starts_none(cognaize):
    answer = await cognaize.complete(step_id(LAST_STEP_PROCESS_ID, 3))

    assert answer.status_code == 200
    assert answer.json()["data"]["processId"] == LAST_STEP_PROCESS_ID
    assert answer.json()["data"]["processStepId"] is None
    assert await cognaize.statuses(LAST_STEP_PROCESS_ID) == ["COMPLETED"] * 3


@pytest.mark.parametrize(
    ("process_id", "number", "status"),
    [(FRESH_PROCESS_ID, 2, "PENDING"), (FRESH_PROCESS_ID, 3, "PENDING"), (COMPLETED_PROCESS_ID, 1, "COMPLETED"),
     (FAILED_PROCESS_ID, 2, "FAILED")],
)  # fmt: skip
async def test_a_step_that_is_not_started_cannot_be_completed(cognaize, process_id, number, status):
    before = await cognaize.process(process_id)

    answer = await cognaize.complete(step_id(process_id, number), verdict=string("accepted"))

    assert answer.status_code == 412
    assert answer.json()["message"] == "Precondition failed"
    assert answer.json()["data"] == {"processStepId": {"notStarted": f"The process step is {status}."}}
    assert await cognaize.process(process_id) == before


@pytest.mark.parametrize("unknown", [UNKNOWN_ID, "", None, 7, {"id": "x"}])
async def test_an_unknown_step_cannot_be_completed(cognaize, unknown):
    answer = await cognaize.complete(unknown)

    assert answer.status_code == 412
    assert answer.json()["data"] == {"processStepId": {"unknown": "There is no such process step."}}


async def test_an_unknown_process_cannot_be_read(cognaize):
    answer = await cognaize.client.get(f"/processes/{UNKNOWN_ID}")

    assert answer.status_code == 412
    assert answer.json()["data"] == {"id": {"unknown": "There is no such process."}}


async def test_of_two_completions_at_once_one_wins(cognaize):
    answers = await asyncio.gather(
        cognaize.complete(step_id(FRESH_PROCESS_ID, 1), winner=string("first")),
        cognaize.complete(step_id(FRESH_PROCESS_ID, 1), winner=string("second")),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert await cognaize.statuses(FRESH_PROCESS_ID) == ["COMPLETED", "STARTED", "PENDING"]
