"""Reads of quality processes and their steps."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry
from strawberry import UNSET, Parent

from resolvers import known_fields, refusals
from resolvers.context import Context, Info
from resolvers.inputs import check_filters, check_guid, is_guid
from resolvers.node_ids import Kind, write_id
from resolvers.paging import Connection, page_through
from resolvers.refusals import ErrorCode, Refusal, Refused
from resolvers.rows import counted
from resolvers.selection import asks_only
from resolvers.whole_numbers import as_int
from upstreams.arena import quality_process_filters
from upstreams.errors import System
from upstreams.records import (
    AffectedObject,
    Decision,
    QualityProcess,
    QualityProcessStatus,
    QualityStep,
    QualityStepStatus,
    QualityStepType,
    StepKey,
)

NO_ROWS: Connection[QualityProcess] = Connection([], 0, has_next_page=False)


def process_id(process: Parent[QualityProcess]) -> strawberry.ID:
    return write_id(Kind.QUALITY_PROCESS, process.guid)


def step_id(step: Parent[QualityStep]) -> strawberry.ID:
    return write_id(Kind.QUALITY_STEP, *step.key)


def find_process(context: Context, guid: str) -> Awaitable[QualityProcess]:
    """A process by its guid.

    Raises:
        Refused: When awaited, that it cannot be read; at once, that the guid is none.
    """
    check_guid(guid, "guid")
    return context.loaders.quality_processes.load(guid)


def expect_process(context: Context, guid: str) -> None:
    """Have a process read, together with others that are expected, that is found by `find_process` later."""
    if is_guid(guid):
        context.loaders.quality_processes.expect(guid)


async def find_step(context: Context, key: StepKey) -> QualityStep:
    """A step by its key, out of all steps of its process.

    Raises:
        Refused: It cannot be read.
    """
    process_guid, step_guid = key
    for step in await context.loaders.quality_steps.load(process_guid):
        if step.guid == step_guid:
            return step
    raise Refused(
        Refusal(
            code=ErrorCode.NOT_FOUND,
            message="The quality process has no step with this guid.",
            resource=refusals.READING_QUALITY_STEP.resource,
            key=step_guid,
        )
    )


async def list_processes(
    context: Context,
    first: int | None,
    after: str | None,
    *,
    status: QualityProcessStatus | None = None,
    status_not: QualityProcessStatus | None = None,
    **filters: str | None,
) -> Connection[QualityProcess]:
    """The processes that pass every filter.

    Raises:
        Refused: They cannot be read, or an argument is out of range.
    """
    for name, asked in (("status", status), ("statusNot", status_not)):
        if asked is QualityProcessStatus.UNKNOWN:
            raise refusals.refuse_input(("where", name), "UNKNOWN is no status to look for")
    check_filters(filters)
    if status is not None and status is status_not:
        return NO_ROWS
    arena_filters = quality_process_filters(status=status, status_not=status_not, **filters)
    page = await page_through(first, after, arena_filters, context.loaders.quality_process_pages.load)
    counted(context, page.nodes)
    return page


async def steps(
    process: Parent[QualityProcess],
    info: Info,
    status: Annotated[
        QualityStepStatus | None, strawberry.argument(description="Only the steps with this status.")
    ] = UNSET,
) -> list[QualityStep]:
    context = info.context
    rows = await context.loaders.quality_steps.load(process.guid)
    is_any = status is UNSET or status is None
    return counted(context, rows if is_any else [step for step in rows if step.status is status])


def order(step: Parent[QualityStep]) -> int | None:
    return as_int(step.order, System.ARENA)


async def current_step(process: Parent[QualityProcess], info: Info) -> QualityStep | None:
    if process.current_step_guid is None:
        return None
    key = (process.guid, process.current_step_guid)
    if asks_only(info, known_fields.OF_A_CURRENT_STEP):
        return QualityStep(process_guid=process.guid, guid=process.current_step_guid)
    return await find_step(info.context, key)


async def process_of_step(step: Parent[QualityStep], info: Info) -> QualityProcess:
    if asks_only(info, known_fields.OF_THE_PROCESS_OF_A_STEP):
        return QualityProcess(guid=step.process_guid)
    return await info.context.loaders.quality_processes.load(step.process_guid)


async def decisions(step: Parent[QualityStep], info: Info) -> list[Decision]:
    if step.type is QualityStepType.REGULAR:
        return []  # only sign-off steps have any ("GET Quality Process Step Decisions")
    return counted(info.context, await info.context.loaders.decisions.load(step.key))


async def affected_objects(step: Parent[QualityStep], info: Info) -> list[AffectedObject]:
    if step.type is QualityStepType.SIGNOFF:
        return []  # sign-off steps take none (error 3202)
    return counted(info.context, await info.context.loaders.affected_objects.load(step.key))
