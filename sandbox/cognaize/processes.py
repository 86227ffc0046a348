"""Processes: one step is started at a time, and completing it starts the next."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.cognaize.answers import refused, timestamp
from sandbox.cognaize.delegates import DELEGATES, require
from sandbox.cognaize.params import Params
from sandbox.cognaize.tables import DelegateCall, Process, ProcessStep, StepStatus, Workflow


async def start_process(session: AsyncSession, workflow_id: object, params: Params, now: datetime) -> DelegateCall:
    """Run a workflow: its first step becomes STARTED, the others PENDING (Cognaize: Start Process).

    Args:
        session: An open transaction.
        workflow_id: The workflow to run.
        params: What the caller hands to the steps.
        now: The present moment.

    Returns:
        The call that started the first step.

    Raises:
        PreconditionFailed: When the workflow is unknown or the first step's delegate lacks a param.
    """
    workflow = await session.get(Workflow, workflow_id) if isinstance(workflow_id, str) else None
    if workflow is None:
        raise refused("workflowId", "unknown", "There is no such workflow.")
    process = Process(id=str(uuid4()), workflow_id=workflow.id, created_at=now, updated_at=now, params=params)
    process.steps = [
        ProcessStep(
            id=str(uuid4()),
            position=step.position,
            delegate=step.delegate,
            time_out_in_seconds=step.time_out_in_seconds,
            status=StepStatus.PENDING,
            params=step.params,
        )
        for step in workflow.steps
    ]
    session.add(process)
    return _start(session, process, process.steps[0], now)


async def find_process(session: AsyncSession, process_id: str, now: datetime) -> Process:
    """A process as it stands now (Cognaize: Find Process By ID).

    Raises:
        PreconditionFailed: When it is unknown.
    """
    process = await session.get(Process, process_id)
    if process is None:
        raise refused("id", "unknown", "There is no such process.")
    _fail_overdue(process, now)
    return process


async def complete_step(
    session: AsyncSession, step_id: object, params: Params, now: datetime
) -> tuple[ProcessStep, DelegateCall | None]:
    """Complete a started step and start the one after it (Cognaize: Complete Step).

    Args:
        session: An open transaction.
        step_id: The step to complete.
        params: Added to the step's own, and handed on to the steps after it.
        now: The present moment.

    Returns:
        The completed step, and the call that starts the next one if there is one.

    Raises:
        PreconditionFailed: When the step is unknown or not STARTED, or the next one's delegate lacks a param.
    """
    step = await session.get(ProcessStep, step_id) if isinstance(step_id, str) else None
    if step is None:
        raise refused("processStepId", "unknown", "There is no such process step.")
    process = await find_process(session, step.process_id, now)
    if step.status is not StepStatus.STARTED:
        raise refused("processStepId", "notStarted", f"The process step is {step.status}.")
    step.status = StepStatus.COMPLETED
    step.params = {**step.params, **params}
    process.params = {**process.params, **params}
    process.updated_at = now
    following = process.steps[step.position + 1 :]
    return step, _start(session, process, following[0], now) if following else None


async def note_outcome(session: AsyncSession, call: DelegateCall, outcome: str) -> None:
    """Keep what became of a call."""
    noted = await session.get_one(DelegateCall, call.id)
    noted.outcome = outcome


def started_json(step: ProcessStep) -> dict[str, Any]:
    """A step as the answers name the one they started."""
    return {"processId": step.process_id, "processStepId": step.id, "params": step.params}


def process_json(process: Process) -> dict[str, Any]:
    """A process with all its steps, as Find Process By ID answers it."""
    return {
        "id": process.id,
        "workflowId": process.workflow_id,
        "creationTimestamp": timestamp(process.created_at),
        "updatedTimestamp": timestamp(process.updated_at),
        "steps": [_step_json(step) for step in process.steps],
    }


def _start(session: AsyncSession, process: Process, step: ProcessStep, now: datetime) -> DelegateCall:
    delegate = DELEGATES[step.delegate]
    require(delegate.process_params, process.params, step.delegate)
    url = delegate.url(step.params)
    # The workflow's own params win: a caller cannot send a step to another address.
    step.params = {**process.params, **step.params}
    step.status = StepStatus.STARTED
    if step.time_out_in_seconds:
        step.deadline = now + timedelta(seconds=step.time_out_in_seconds)
    call = DelegateCall(step=step, delegate=step.delegate, called_at=now, url=url)
    session.add(call)
    return call


def _fail_overdue(process: Process, now: datetime) -> None:
    for step in process.steps:
        if step.status is StepStatus.STARTED and step.deadline is not None and step.deadline <= now:
            step.status = StepStatus.FAILED
            process.updated_at = step.deadline


def _step_json(step: ProcessStep) -> dict[str, Any]:
    return {
        "id": step.id,
        "delegate": step.delegate,
        "timeOutInSeconds": step.time_out_in_seconds,
        "processStepStatus": step.status,
        "params": step.params,
    }
