"""The changes, from their inputs to a resolver: one at a time, or many of a kind together."""

from collections.abc import Awaitable
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET

from resolvers import bulk, changes
from resolvers.bulk import Bulk, BulkErrorPolicy, Item
from resolvers.changed import Changed
from resolvers.context import Info
from resolvers.places import ALONE, Place
from schema.bulk import (
    ChangeTicketStatusesInput,
    ChangeTicketStatusesResult,
    CompleteStepsInput,
    CompleteStepsResult,
    ReopenStepsInput,
    ReopenStepsResult,
)
from schema.changes import (
    ChangeTicketStatusInput,
    ChangeTicketStatusResult,
    CompleteProcessStepInput,
    CompleteProcessStepResult,
    CompleteStepInput,
    CompleteStepResult,
    ReopenStepInput,
    ReopenStepResult,
    StepInput,
)
from schema.errors import refusals_as_data
from schema.logins import LOGIN, LOGOUT, LoginResult, LogoutResult, log_in, log_out
from upstreams.records import Record, StepChange, Ticket

R = TypeVar("R", bound=Record)

EACH_ALONE = (
    "Each ends as it would alone, so some can fail where others succeed, and with idempotency keys of their own all "
    "can be sent again; `onError: STOP` sends them one by one until one fails."
)
STEPS_AT_ONCE = (
    f"1 to {bulk.MAX_ITEMS} at once, those of one process in their order. {EACH_ALONE} Costs 1 call for each step, and "
    "1 more for each process with a refusal that is ambiguous."
)


def argument(what: str) -> Any:
    return strawberry.argument(description=what)


def given(text: str | None) -> str | None:
    return None if text is UNSET else text


@refusals_as_data
def complete_step(info: Info, input: Annotated[CompleteStepInput, argument("Which step.")]) -> Awaitable[Any]:
    return change_step(info, input, complete=True)


@refusals_as_data
def reopen_step(info: Info, input: Annotated[ReopenStepInput, argument("Which step.")]) -> Awaitable[Any]:
    return change_step(info, input, complete=False)


def change_step(info: Info, step: StepInput, *, complete: bool, place: Place = ALONE) -> Awaitable[Changed[StepChange]]:
    return changes.change_step(
        info.context,
        step.quality_process_guid,
        step.step_guid,
        complete=complete,
        comment=given(step.comment),
        idempotency_key=given(step.idempotency_key),
        place=place,
    )


@refusals_as_data
def change_ticket_status(
    info: Info, input: Annotated[ChangeTicketStatusInput, argument("Which ticket, which status.")]
) -> Awaitable[Any]:
    return give_status(info, input)


def give_status(info: Info, ticket: ChangeTicketStatusInput, *, place: Place = ALONE) -> Awaitable[Changed[Ticket]]:
    return changes.change_ticket_status(
        info.context,
        ticket.ticket_guid,
        ticket.status.value,
        idempotency_key=given(ticket.idempotency_key),
        place=place,
    )


@refusals_as_data
def complete_process_step(
    info: Info, input: Annotated[CompleteProcessStepInput, argument("Which step, with what.")]
) -> Awaitable[Any]:
    params = [param.to_record() for param in input.params]
    return changes.complete_process_step(
        info.context, input.process_step_id, params, idempotency_key=given(input.idempotency_key)
    )


@refusals_as_data
async def complete_steps(info: Info, input: Annotated[CompleteStepsInput, argument("Which steps.")]) -> Any:
    return await make_all(info, [step_item(info, step, complete=True) for step in input.items], input.on_error)


@refusals_as_data
async def reopen_steps(info: Info, input: Annotated[ReopenStepsInput, argument("Which steps.")]) -> Any:
    return await make_all(info, [step_item(info, step, complete=False) for step in input.items], input.on_error)


@refusals_as_data
async def change_ticket_statuses(
    info: Info, input: Annotated[ChangeTicketStatusesInput, argument("Which tickets, which statuses.")]
) -> Any:
    return await make_all(info, [ticket_item(info, ticket) for ticket in input.items], input.on_error)


async def make_all(info: Info, items: list[Item[R]], policy: BulkErrorPolicy | None) -> Bulk[R]:
    return await bulk.make_all(info.context, items, policy or BulkErrorPolicy.CONTINUE)


def step_item(info: Info, step: StepInput, *, complete: bool) -> Item[StepChange]:
    return Item(
        target=(step.quality_process_guid, step.step_guid),
        target_name="stepGuid",
        queue=step.quality_process_guid,
        idempotency_key=given(step.idempotency_key),
        make=lambda place: change_step(info, step, complete=complete, place=place),
    )


def ticket_item(info: Info, ticket: ChangeTicketStatusInput) -> Item[Ticket]:
    return Item(
        target=ticket.ticket_guid,
        target_name="ticketGuid",
        queue=ticket.ticket_guid,
        idempotency_key=given(ticket.idempotency_key),
        make=lambda place: give_status(info, ticket, place=place),
    )


@strawberry.type(description="The changes. Each costs 1 call, and is sent once; bulks take many of one kind.")
class Mutation:
    complete_step = strawberry.field(
        resolver=complete_step,
        graphql_type=CompleteStepResult,
        description="Complete a step of a quality process: its assignee or the process's owner can, or anybody with "
        "permission where nobody is assigned. Costs 1 call; 1 more where the refusal is ambiguous.",
    )
    reopen_step = strawberry.field(
        resolver=reopen_step,
        graphql_type=ReopenStepResult,
        description="Reopen a completed step, under the rules of `completeStep`, and at its cost.",
    )
    change_ticket_status = strawberry.field(
        resolver=change_ticket_status,
        graphql_type=ChangeTicketStatusResult,
        description="Give a ticket a status. Costs 1 call.",
    )
    complete_process_step = strawberry.field(
        resolver=complete_process_step,
        graphql_type=CompleteProcessStepResult,
        description="Complete a step of a workflow process, which starts the next one. Costs 1 call.",
    )
    complete_steps = strawberry.field(
        resolver=complete_steps,
        graphql_type=CompleteStepsResult,
        description=f"`completeStep` for many steps: {STEPS_AT_ONCE}",
    )
    reopen_steps = strawberry.field(
        resolver=reopen_steps,
        graphql_type=ReopenStepsResult,
        description=f"`reopenStep` for many steps: {STEPS_AT_ONCE}",
    )
    change_ticket_statuses = strawberry.field(
        resolver=change_ticket_statuses,
        graphql_type=ChangeTicketStatusesResult,
        description=f"`changeTicketStatus` for many tickets: 1 to {bulk.MAX_ITEMS} at once. {EACH_ALONE} "
        "Costs 1 call for each ticket.",
    )
    login = strawberry.field(resolver=log_in, graphql_type=LoginResult, description=LOGIN)
    logout = strawberry.field(resolver=log_out, graphql_type=LogoutResult, description=LOGOUT)
