"""Workflows: made once, then run by any number of processes."""

from typing import Any
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.cognaize.answers import refused
from sandbox.cognaize.delegates import DELEGATES, require
from sandbox.cognaize.params import read_params
from sandbox.cognaize.tables import Workflow, WorkflowStep

LONGEST_TIME_OUT_SECONDS = 2**31 - 1


def create_workflow(session: AsyncSession, body: dict[str, Any]) -> dict[str, Any]:
    """Add a workflow (Cognaize: Create Workflow).

    Args:
        session: An open transaction.
        body: `name` and `steps`, each with `delegate`, `timeOutInSeconds` (0 or absent: never) and `params`.

    Returns:
        `id`, `name` and `steps`.

    Raises:
        PreconditionFailed: When a member is missing or cannot be read.
    """
    name, steps = body.get("name"), body.get("steps")
    if not isinstance(name, str) or not name.strip():
        raise refused("name", "missing", "A workflow needs a name.")
    if not isinstance(steps, list) or not steps:
        raise refused("steps", "empty", "A workflow needs at least one step.")
    workflow = Workflow(id=str(uuid4()), name=name)
    workflow.steps = [_read_step(step, position) for position, step in enumerate(steps)]
    session.add(workflow)
    return {"id": workflow.id, "name": name, "steps": [_step_json(step) for step in workflow.steps]}


def _read_step(given: object, position: int) -> WorkflowStep:
    field = f"steps[{position}]"
    if not isinstance(given, dict):
        raise refused(field, "invalid", "An object is needed.")
    delegate = given.get("delegate")
    if not isinstance(delegate, str) or delegate not in DELEGATES:
        raise refused(f"{field}.delegate", "unknown", f"The delegate is one of {', '.join(DELEGATES)}.")
    params = read_params(given.get("params"), f"{field}.params")
    require(DELEGATES[delegate].workflow_params, params, delegate, f"{field}.params")
    return WorkflowStep(
        position=position,
        delegate=delegate,
        time_out_in_seconds=_read_time_out(given.get("timeOutInSeconds", 0), field),
        params=params,
    )


def _read_time_out(seconds: object, field: str) -> int:
    if isinstance(seconds, int) and not isinstance(seconds, bool) and 0 <= seconds <= LONGEST_TIME_OUT_SECONDS:
        return seconds
    explanation = f"A whole number from 0 to {LONGEST_TIME_OUT_SECONDS} is needed."
    raise refused(f"{field}.timeOutInSeconds", "invalid", explanation)


def _step_json(step: WorkflowStep) -> dict[str, Any]:
    return {
        "delegate": step.delegate,
        "timeOutInSeconds": step.time_out_in_seconds,
        "params": step.params,
    }
