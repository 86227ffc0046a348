from datetime import timedelta

import pytest

pytestmark = pytest.mark.anyio


async def test_a_step_fails_when_its_time_has_passed(cognaize, clock):
    started = await cognaize.start_timed_process()
    clock.now += timedelta(seconds=60)

    process = await cognaize.process(started["processId"])

    assert [step["processStepStatus"] for step in process["steps"]] == ["FAILED", "PENDING"]
    assert process["updatedTimestamp"] == "2025-06-02T09:31:00.123Z"


async def test_a_step_can_be_completed_until_its_time_has_passed(cognaize, clock):
    started = await cognaize.start_timed_process()
    clock.now += timedelta(seconds=59)

    answer = await cognaize.complete(started["processStepId"])

    assert answer.status_code == 200
    assert await cognaize.statuses(started["processId"]) == ["COMPLETED", "STARTED"]


async def test_a_step_cannot_be_completed_after_its_time(cognaize, clock):
    started = await cognaize.start_timed_process()
    clock.now += timedelta(seconds=61)

    answer = await cognaize.complete(started["processStepId"])

    assert answer.status_code == 412
    assert answer.json()["data"] == {"processStepId": {"notStarted": "The process step is FAILED."}}
    assert await cognaize.statuses(started["processId"]) == ["FAILED", "PENDING"]
