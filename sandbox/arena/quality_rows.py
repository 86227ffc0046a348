"""Finding quality processes and steps, and closing what is done."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.attributes import definitions_of
from sandbox.arena.calls import Call
from sandbox.arena.quality_shapes import Shape, process_shape
from sandbox.arena.quality_tables import (
    AUTOMATIC,
    COMPLETE,
    COMPLETED,
    OPEN,
    QualityProcess,
    QualityStep,
)
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import row_by_guid
from sandbox.arena.tables import User


async def process_and_step(
    session: AsyncSession, process_guid: str, step_guid: str
) -> tuple[QualityProcess, QualityStep]:
    """A process and one of its steps.

    Raises:
        Refused: Either guid is unknown, or the step is another process's.
    """
    process = await row_by_guid(session, QualityProcess, process_guid)
    step = await row_by_guid(session, QualityStep, step_guid)
    if step.process_guid != process.guid:
        raise Refused(Refusal.GUID_NOT_VALID, guid=step_guid)
    return process, step


async def process_and_step_of(call: Call) -> tuple[QualityProcess, QualityStep]:
    """The process and step a call's path names.

    Raises:
        Refused: Either guid is unknown, or the step is another process's.
    """
    return await process_and_step(call.session, call.guid("process_guid"), call.guid("step_guid"))


async def changed_process_shape(session: AsyncSession, process: QualityProcess) -> Shape:
    """A process as it is after a change, its current step found anew."""
    await session.flush()
    await session.refresh(process)
    return process_shape(process, await definitions_of(session, "PROCESS"))


async def complete_step(
    session: AsyncSession, process: QualityProcess, step: QualityStep, user: User, now: str
) -> None:
    """Complete a step, and with the last one its process if that advances by itself.

    Args:
        session: The open transaction.
        process: The step's process.
        step: The step.
        user: Who completes it.
        now: When, as Arena writes it.
    """
    step.status = COMPLETE
    step.complete_date_time = now
    step.complete_user = user
    await session.flush()
    if process.status_mode == AUTOMATIC and not await _has_open_step(session, process):
        process.status = COMPLETED
        process.completed_date_time = now


async def _has_open_step(session: AsyncSession, process: QualityProcess) -> bool:
    is_open_step = (QualityStep.process_guid == process.guid) & (QualityStep.status == OPEN)
    return bool(await session.scalar(select(exists().where(is_open_step))))
