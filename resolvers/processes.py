"""Reads of workflow processes and their steps."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry
from strawberry import UNSET, Parent

from resolvers import known_fields, refusals
from resolvers.context import Context, Info
from resolvers.inputs import check_guid
from resolvers.node_ids import Kind, write_id
from resolvers.refusals import ErrorCode, Refusal, Refused
from resolvers.rows import counted
from resolvers.selection import asks_only
from resolvers.whole_numbers import as_int
from upstreams.errors import System
from upstreams.records import Process, ProcessStep, ProcessStepStatus


def process_id(process: Parent[Process]) -> strawberry.ID:
    return write_id(Kind.PROCESS, process.process_id)


def step_id(step: Parent[ProcessStep]) -> strawberry.ID:
    return write_id(Kind.PROCESS_STEP, step.process_id or "", step.process_step_id)


def find_process(context: Context, process_id: str) -> Awaitable[Process]:
    """A process by its id, with all its steps.

    Raises:
        Refused: When awaited, that it cannot be read; at once, that the id is none.
    """
    check_guid(process_id, "id")
    return context.loaders.processes.load(process_id)


async def find_step(context: Context, process_id: str, process_step_id: str) -> ProcessStep:
    """A step of a process.

    Raises:
        Refused: It cannot be read.
    """
    process = await context.loaders.processes.load(process_id)
    for step in process.steps:
        if step.process_step_id == process_step_id:
            return step
    raise Refused(
        Refusal(
            code=ErrorCode.NOT_FOUND,
            message="The process has no step with this id.",
            resource=refusals.COMPLETING_PROCESS_STEP.resource,
            key=process_step_id,
        )
    )


def steps(
    process: Parent[Process],
    info: Info,
    status: Annotated[
        ProcessStepStatus | None, strawberry.argument(description="Only the steps with this status.")
    ] = UNSET,
) -> list[ProcessStep]:
    return counted(info.context, [step for step in process.steps if not status or step.status is status])


def timeout_seconds(step: Parent[ProcessStep]) -> int | None:
    return as_int(step.timeout_seconds, System.COGNAIZE)


async def process_of_step(step: Parent[ProcessStep], info: Info) -> Process | None:
    if step.process_id is None:
        return None
    if asks_only(info, known_fields.OF_A_WORKFLOW_PROCESS):
        return Process(process_id=step.process_id, steps=[])
    return await info.context.loaders.processes.load(step.process_id)
