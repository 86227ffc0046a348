"""Completing and reopening steps and processes: POST /qualityprocesses/statuschanges.

Arena: POST Quality Process Step Complete, POST Quality Process Step Reopen, POST Quality Process Complete,
POST Quality Process Reopen.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.arena.calls import Answer, Call
from sandbox.arena.fields import check_names, guid_in, nested, option, optional_text, required
from sandbox.arena.quality_rows import changed_process_shape, complete_step, process_and_step
from sandbox.arena.quality_rules import check_process_change, check_step_change
from sandbox.arena.quality_shapes import Shape
from sandbox.arena.quality_tables import (
    CANCELED,
    COMPLETE,
    COMPLETED,
    OPEN,
    SUBMITTED,
    QualityProcess,
    QualityStep,
)
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import row_by_guid

PROCESS_STATUSES = frozenset({OPEN, COMPLETED, SUBMITTED, CANCELED})
STEP_STATUSES = frozenset({OPEN, COMPLETE})


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What a body asks for.

    Attributes:
        process_guid: Which process.
        step_guid: Which of its steps, or None for the process itself.
        status: The state asked for.
        complete: The older bodies' flag, None in the newer ones.
        comment: Why.
    """

    process_guid: str
    step_guid: str | None
    status: str
    complete: bool | None
    comment: str | None


async def change_status(call: Call) -> Answer:
    """Complete or reopen a step or a process."""
    change = _status_change(call.body())
    if change.step_guid is None:
        process = await row_by_guid(call.session, QualityProcess, change.process_guid)
        check_process_change(process, call.user, change.status)
        process.status = change.status
        process.completed_date_time = call.now if change.status == COMPLETED else None
    else:
        process, step = await process_and_step(call.session, change.process_guid, change.step_guid)
        check_step_change(process, step, call.user, change.status)
        await _change_step(call, process, step, change.status)
    return Answer(_answer(change, await changed_process_shape(call.session, process)), 201)


async def _change_step(call: Call, process: QualityProcess, step: QualityStep, status: str) -> None:
    if status == COMPLETE:
        await complete_step(call.session, process, step, call.user, call.now)
    else:
        step.status = OPEN
        step.complete_date_time = None
        step.complete_user = None


def _status_change(body: dict[str, Any]) -> StatusChange:
    check_names(body, {"qualityProcess", "complete", "comment"})
    process = nested(required(body, "qualityProcess"), "qualityProcess")
    check_names(process, {"guid", "step", "status"})
    process_guid = guid_in(process, "qualityProcess")
    comment = optional_text(body.get("comment"), "comment")
    if "step" not in process:
        status, complete = _status(body, process, COMPLETED, PROCESS_STATUSES)
        return StatusChange(process_guid, None, status, complete, comment)
    step = nested(process["step"], "step")
    check_names(step, {"guid", "status"})
    step_guid = guid_in(step, "step")
    status, complete = _status(body, step, COMPLETE, STEP_STATUSES)
    return StatusChange(process_guid, step_guid, status, complete, comment)


def _status(
    body: dict[str, Any], target: dict[str, Any], done: str, statuses: frozenset[str]
) -> tuple[str, bool | None]:
    if "status" in target:
        return option(target["status"], "status", statuses), None
    complete = required(body, "complete")
    if not isinstance(complete, bool):
        raise Refused(Refusal.FIELD_VALUE, name="complete")
    return (done if complete else OPEN), complete


def _answer(change: StatusChange, process: Shape) -> Shape:
    if change.complete is None:
        return {"qualityProcess": process, "comment": change.comment, "status": change.status}
    if change.step_guid is None:
        return process
    return {"qualityProcess": process, "complete": change.complete, "comment": change.comment}
