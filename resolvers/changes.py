"""The four changes. Each is one REST call, sent again only after a 401; what was read before it is forgotten."""

from collections.abc import Sequence

from resolvers import quality, step_refusals
from resolvers.changed import Changed
from resolvers.context import Context
from resolvers.failures import explain, refusing
from resolvers.inputs import check_comment, check_guid, check_params
from resolvers.node_ids import Kind, write_id
from resolvers.once import Change
from resolvers.places import ALONE, Place
from resolvers.refusals import (
    AMBIGUOUS_STEP_REFUSAL,
    CHANGING_TICKET_STATUS,
    COMPLETING_PROCESS_STEP,
    COMPLETING_STEP,
    REOPENING_STEP,
    ErrorCode,
    Refusal,
    Refused,
    RetryAdvice,
    RetryKind,
)
from upstreams.errors import Rejected, UpstreamFailure
from upstreams.records import (
    ProcessParam,
    ProcessStepCompletion,
    QualityStep,
    StepChange,
    StepKey,
    Ticket,
    TicketStatus,
)


async def change_step(
    context: Context,
    process_guid: str,
    step_guid: str,
    *,
    complete: bool,
    comment: str | None,
    idempotency_key: str | None,
    place: Place = ALONE,
) -> Changed[StepChange]:
    """Complete or reopen a step of a quality process.

    Raises:
        Refused: It was not done, or nobody knows.
    """
    check_guid(process_guid, *place.path, "qualityProcessGuid")
    check_guid(step_guid, *place.path, "stepGuid")
    check_comment(comment, *place.path, "comment")

    async def send() -> StepChange:
        try:
            async with place.turn:
                change = await context.arena.change_step(process_guid, step_guid, complete=complete, comment=comment)
        except UpstreamFailure as failure:
            key = (process_guid, step_guid)
            raise Refused(await _explain_step_refusal(context, failure, key, place, complete=complete)) from failure
        context.loaders.note_step_change(change)
        return change

    async def look() -> StepChange | None:
        context.loaders.quality_steps.renew(process_guid)
        context.loaders.forget_quality_process(process_guid)
        changed = QualityStep.changed(process_guid, step_guid, complete)
        if (await quality.find_step(context, changed.key)).status is not changed.status:
            return None
        process = await context.loaders.quality_processes.load(process_guid)
        return StepChange(process=process, step=changed, comment=comment)

    change = Change(
        name="completeStep" if complete else "reopenStep",
        content=(process_guid, step_guid, comment),
        credential=context.arena.session_name,
        answer_type=StepChange,
        send=send,
        look=look,
        looks_first=True,
        done_already=ErrorCode.STEP_ALREADY_COMPLETED if complete else ErrorCode.STEP_ALREADY_OPEN,
        path=place.path,
    )
    return await context.changes.make(change, idempotency_key)


async def _explain_step_refusal(
    context: Context, failure: UpstreamFailure, key: StepKey, place: Place, *, complete: bool
) -> Refusal:
    meanings = COMPLETING_STEP if complete else REOPENING_STEP
    process_guid, step_guid = key
    check = write_id(Kind.QUALITY_STEP, *key)
    refusal = explain(failure, meanings, step_guid, budget=context.arena.budget, check=check, step=key, path=place.path)
    context.loaders.quality_steps.forget(process_guid)
    if isinstance(failure, Rejected) and failure.code == AMBIGUOUS_STEP_REFUSAL:
        await place.turn.end_of_queue()  # so that one read tells of all changes to the process
        refusal = await step_refusals.settle(context, refusal, meanings, key, complete=complete)
    if refusal.code is not ErrorCode.PERMISSION_DENIED:  # which tells of the user, not of the process
        context.loaders.forget_quality_process(process_guid)
    return refusal


async def change_ticket_status(
    context: Context, guid: str, status: TicketStatus, *, idempotency_key: str | None, place: Place = ALONE
) -> Changed[Ticket]:
    """Give a ticket a status.

    Raises:
        Refused: It was not done, or nobody knows.
    """
    check_guid(guid, *place.path, "ticketGuid")

    async def send() -> Ticket:
        context.loaders.forget_ticket(guid)
        check = write_id(Kind.TICKET, guid)
        with refusing(CHANGING_TICKET_STATUS, guid, budget=context.arena.budget, check=check, path=place.path):
            ticket = await context.arena.change_ticket_status(guid, status)
        context.loaders.note_ticket_change(ticket)
        return ticket

    async def look() -> Ticket | None:
        context.loaders.forget_ticket(guid)
        ticket = await context.loaders.tickets.load(guid)
        return ticket if ticket.status is status else None

    change = Change(
        name="changeTicketStatus",
        content=(guid, status.value),
        credential=context.arena.session_name,
        answer_type=Ticket,
        send=send,
        look=look,
        looks_first=True,
        done_already=None,  # Arena takes the present status again
        path=place.path,
    )
    return await context.changes.make(change, idempotency_key)


async def complete_process_step(
    context: Context, process_step_id: str, params: Sequence[ProcessParam], *, idempotency_key: str | None
) -> Changed[ProcessStepCompletion]:
    """Complete a step of a workflow process, which starts the next one.

    Raises:
        Refused: It was not done, or nobody knows.
    """
    check_guid(process_step_id, "input", "processStepId")
    check_params(params)

    async def send() -> ProcessStepCompletion:
        context.loaders.forget_processes()
        with refusing(COMPLETING_PROCESS_STEP, process_step_id, check=process_step_id):
            return await context.cognaize.complete_step(process_step_id, params)

    async def look() -> ProcessStepCompletion | None:
        # A 412 may mean that the lost try made the change, or something else; no read finds a process by its step.
        raise Refused(
            Refusal(
                code=ErrorCode.OUTCOME_UNKNOWN,
                message="An earlier answer was lost, and Cognaize now refuses, as it would a step that is completed.",
                retry=RetryAdvice(RetryKind.CHECK_FIRST),
                check=process_step_id,
            )
        )

    change = Change(
        name="completeProcessStep",
        content=(process_step_id, sorted(params, key=lambda param: param.name)),
        credential=context.cognaize.credential_name,
        answer_type=ProcessStepCompletion,
        send=send,
        look=look,
        looks_first=False,
        done_already=ErrorCode.PRECONDITION_FAILED,
    )
    return await context.changes.make(change, idempotency_key)
