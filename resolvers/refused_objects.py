"""The objects a refusal speaks of, read only when a client asks for more than their guids."""

from strawberry import Parent

from resolvers import known_fields, quality
from resolvers.context import Info
from resolvers.refusals import Refusal
from resolvers.selection import asks_only
from upstreams.records import QualityProcess, QualityStep


async def refused_step(refusal: Parent[Refusal], info: Info) -> QualityStep | None:
    if refusal.step is None:
        return None
    if asks_only(info, known_fields.OF_A_REFUSED_STEP):
        process_guid, step_guid = refusal.step
        return QualityStep(process_guid=process_guid, guid=step_guid)
    return await quality.find_step(info.context, refusal.step)


async def refused_quality_process(refusal: Parent[Refusal], info: Info) -> QualityProcess | None:
    if refusal.step is None:
        return None
    process_guid, _ = refusal.step
    if asks_only(info, known_fields.OF_A_REFUSED_PROCESS):
        return QualityProcess(guid=process_guid)
    return await quality.find_process(info.context, process_guid)


def request_id(refusal: Parent[Refusal], info: Info) -> str:
    return info.context.request_id
