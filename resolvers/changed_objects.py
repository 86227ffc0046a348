"""The objects a change left behind: from its own answer where that tells enough, read anew where it does not."""

from datetime import datetime

from msgspec.structs import replace
from strawberry import Parent

from resolvers import known_fields, processes, quality
from resolvers.changed import Changed, ChangeOutcome
from resolvers.context import Info
from resolvers.selection import asks_only
from upstreams.records import (
    Process,
    ProcessParam,
    ProcessStep,
    ProcessStepCompletion,
    QualityProcess,
    QualityStep,
    StepChange,
    Ticket,
)


def quality_process(changed: Parent[Changed[StepChange]]) -> QualityProcess:
    return changed.answer.process


async def quality_step(changed: Parent[Changed[StepChange]], info: Info) -> QualityStep:
    if asks_only(info, known_fields.OF_A_CHANGED_STEP):
        return changed.answer.step
    step = await quality.find_step(info.context, changed.answer.step.key)
    if changed.outcome is ChangeOutcome.REPLAYED:  # the first result, whatever became of the step since
        return replace(step, status_label=changed.answer.step.status_label)
    return step


def comment(changed: Parent[Changed[StepChange]]) -> str | None:
    return changed.answer.comment


def ticket(changed: Parent[Changed[Ticket]]) -> Ticket:
    return changed.answer


async def process(changed: Parent[Changed[ProcessStepCompletion]], info: Info) -> Process | None:
    process_id = changed.answer.process_id
    if process_id is None:
        return None
    if asks_only(info, known_fields.OF_A_WORKFLOW_PROCESS):
        return Process(process_id=process_id, steps=[])
    return await info.context.loaders.processes.load(process_id)


async def started_step(changed: Parent[Changed[ProcessStepCompletion]], info: Info) -> ProcessStep | None:
    started = changed.answer.started
    if started is None or started.process_id is None or asks_only(info, known_fields.OF_A_STARTED_STEP):
        return started
    return await processes.find_step(info.context, started.process_id, started.process_step_id)


def params(changed: Parent[Changed[ProcessStepCompletion]]) -> list[ProcessParam]:
    return changed.answer.params


def message(changed: Parent[Changed[ProcessStepCompletion]]) -> str | None:
    return changed.answer.message


def timestamp(changed: Parent[Changed[ProcessStepCompletion]]) -> datetime | None:
    return changed.answer.timestamp
