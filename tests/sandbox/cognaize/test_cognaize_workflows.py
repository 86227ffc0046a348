import pytest

from sandbox.cognaize.params import long, string
from sandbox.cognaize.story import INVOICE_WORKFLOW_ID

pytestmark = pytest.mark.anyio

GATEKEEPER = {
    "delegate": "GATEKEEPER",
    "timeOutInSeconds": 30,
    "params": {"gatekeeperUrl": string("http://gatekeeper.test")},
}
DISTRIBUTION = {
    "delegate": "DISTRIBUTION",
    "timeOutInSeconds": 0,
    "params": {"taskDefinitionId": string("review")},
}


async def test_a_workflow_is_answered_with_its_steps(cognaize):
    body = {"name": "Köp", "steps": [GATEKEEPER, DISTRIBUTION]}

    answer = await cognaize.client.post("/workflows", json=body)

    assert answer.status_code == 200
    data = answer.json()["data"]
    assert data == {"id": data["id"], **body}


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"steps": [DISTRIBUTION]}, "name", "missing"),
        ({"name": " ", "steps": [DISTRIBUTION]}, "name", "missing"),
        ({"name": 7, "steps": [DISTRIBUTION]}, "name", "missing"),
        ({"name": "x"}, "steps", "empty"),
        ({"name": "x", "steps": []}, "steps", "empty"),
        ({"name": "x", "steps": ["MODEL"]}, "steps[0]", "invalid"),
        ({"name": "x", "steps": [DISTRIBUTION, {"delegate": "ROBOT"}]}, "steps[1].delegate", "unknown"),
        ({"name": "x", "steps": [{"delegate": ["MODEL"]}]}, "steps[0].delegate", "unknown"),
        ({"name": "x", "steps": [{"delegate": "MODEL"}]}, "steps[0].params.modelUrl", "missing"),
        ({"name": "x", "steps": [{"delegate": "GATEKEEPER"}]}, "steps[0].params.gatekeeperUrl", "missing"),
        (
            {"name": "x", "steps": [{"delegate": "DISTRIBUTION"}]},
            "steps[0].params.taskDefinitionId",
            "missing",
        ),
        (
            {"name": "x", "steps": [DISTRIBUTION | {"params": {"taskDefinitionId": "review"}}]},
            "steps[0].params.taskDefinitionId",
            "invalid",
        ),
        (
            {"name": "x", "steps": [DISTRIBUTION | {"timeOutInSeconds": -1}]},
            "steps[0].timeOutInSeconds",
            "invalid",
        ),
        (
            {"name": "x", "steps": [DISTRIBUTION | {"timeOutInSeconds": 2**31}]},
            "steps[0].timeOutInSeconds",
            "invalid",
        ),
        (
            {"name": "x", "steps": [DISTRIBUTION | {"timeOutInSeconds": "60"}]},
            "steps[0].timeOutInSeconds",
            "invalid",
        ),
    ],
)
async def test_a_workflow_that_cannot_run_is_refused(cognaize, body, field, reason):
    answer = await cognaize.client.post("/workflows", json=body)

    assert answer.status_code == 412
    assert list(answer.json()["data"]) == [field]
    assert list(answer.json()["data"][field]) == [reason]


async def test_a_started_process_has_its_first_step_started(cognaize):
    body = {"workflowId": INVOICE_WORKFLOW_ID, "params": {"documentId": string("document-7")}}

    answer = await cognaize.client.post("/processes/start", json=body)

    assert answer.status_code == 200
    started = answer.json()["data"]
    process = await cognaize.process(started["processId"])
    assert process["workflowId"] == INVOICE_WORKFLOW_ID
    assert process["creationTimestamp"] == "2025-06-02T09:30:00.123Z"
    assert [step["processStepStatus"] for step in process["steps"]] == ["STARTED", "PENDING", "PENDING"]
    assert process["steps"][0]["id"] == started["processStepId"]
    assert process["steps"][0]["params"] == started["params"]
    assert started["params"]["documentId"] == string("document-7")


async def test_what_a_caller_gives_reaches_every_later_step(cognaize):
    body = {"workflowId": INVOICE_WORKFLOW_ID, "params": {"documentId": string("document-7")}}
    first = (await cognaize.client.post("/processes/start", json=body)).json()["data"]

    second = (await cognaize.complete(first["processStepId"], pageCount=long(12))).json()["data"]
    third = (await cognaize.complete(second["processStepId"])).json()["data"]

    assert third["params"] == {
        "documentId": string("document-7"),
        "pageCount": long(12),
        "taskDefinitionId": string("review-extracted-fields"),
    }


async def test_a_caller_cannot_send_a_step_to_another_address(cognaize, delegate_side):
    params = {"documentId": string("document-7"), "gatekeeperUrl": string("http://elsewhere.test")}

    await cognaize.client.post("/processes/start", json={"workflowId": INVOICE_WORKFLOW_ID, "params": params})

    assert [url for url, _ in delegate_side.notices] == ["http://127.0.0.1:9/gatekeeper"]


async def test_a_process_without_what_its_first_step_needs_is_refused(cognaize):
    answer = await cognaize.client.post("/processes/start", json={"workflowId": INVOICE_WORKFLOW_ID})

    assert answer.status_code == 412
    assert answer.json()["data"] == {"params.documentId": {"missing": "GATEKEEPER needs it."}}


async def test_a_step_is_not_completed_when_the_next_one_lacks_a_param(cognaize):
    workflow = await cognaize.client.post("/workflows", json={"name": "Late gate", "steps": [DISTRIBUTION, GATEKEEPER]})
    body = {"workflowId": workflow.json()["data"]["id"]}
    started = (await cognaize.client.post("/processes/start", json=body)).json()["data"]

    answer = await cognaize.complete(started["processStepId"], note=string("no document"))

    assert answer.status_code == 412
    assert answer.json()["data"] == {"params.documentId": {"missing": "GATEKEEPER needs it."}}
    process = await cognaize.process(started["processId"])
    assert [step["processStepStatus"] for step in process["steps"]] == ["STARTED", "PENDING"]
    assert "note" not in process["steps"][0]["params"]


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", None, 7])
async def test_an_unknown_workflow_cannot_be_started(cognaize, unknown):
    answer = await cognaize.client.post("/processes/start", json={"workflowId": unknown, "params": {}})

    assert answer.status_code == 412
    assert answer.json()["data"] == {"workflowId": {"unknown": "There is no such workflow."}}
