"""Tickets: search, read, edit, delete, and change of status.

Arena: GET Tickets, GET Ticket, PUT Ticket Edit, POST Ticket Status Change.
"""

from sqlalchemy import ColumnElement, exists, or_, select
from starlette.routing import BaseRoute

from sandbox.arena.attributes import attribute_filters, definitions_of
from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.fields import check_names, guid_in, nested, option, required, without_nulls
from sandbox.arena.lists import filtered, list_answer, matches, page
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import row_by_guid
from sandbox.arena.ticket_creation import create_ticket
from sandbox.arena.ticket_references import reference_routes
from sandbox.arena.ticket_rows import FIXED, SETTABLE, TICKET, require_ticket_privilege, set_fields, ticket_answer
from sandbox.arena.ticket_settings import ticket_settings_routes
from sandbox.arena.ticket_shapes import ticket_shape
from sandbox.arena.ticket_tables import COMPLETE, TICKET_STATUSES, Ticket, TicketReference

CLEARABLE = SETTABLE - {"title"}
NOT_EDITABLE = FIXED | {"number", "template"}


def ticket_routes(door: Door) -> list[BaseRoute]:
    """The routes below `/tickets` and `/settings/tickets`."""
    return [
        door.route("GET", "/tickets", list_tickets),
        door.route("POST", "/tickets", create_ticket),
        door.route("POST", "/tickets/statuschanges", change_ticket_status),
        door.route("GET", "/tickets/{guid}", read_ticket),
        door.route("PUT", "/tickets/{guid}", edit_ticket),
        door.route("DELETE", "/tickets/{guid}", delete_ticket),
        *reference_routes(door),
        *ticket_settings_routes(door),
    ]


async def list_tickets(call: Call) -> Answer:
    """Arena: GET Tickets."""
    definitions = await definitions_of(call.session, TICKET)
    filters = {
        "number": matches(Ticket.number.expression),
        "title": matches(Ticket.title.expression),
        "status": _has_status,
        "template.guid": matches(Ticket.template_guid.expression),
        **attribute_filters(Ticket.attribute_values.expression, definitions),
    }
    statement = page(filtered(select(Ticket).order_by(Ticket.number), call, filters), call)
    return list_answer([ticket_shape(ticket, definitions) for ticket in await call.session.scalars(statement)])


async def read_ticket(call: Call) -> Answer:
    """Arena: GET Ticket."""
    return await ticket_answer(call, await _ticket(call))


async def edit_ticket(call: Call) -> Answer:
    """Arena: PUT Ticket Edit. A completed ticket cannot be edited."""
    require_ticket_privilege(call.user)
    ticket = await _ticket(call)
    if ticket.status == COMPLETE:
        raise Refused(Refusal.TICKET_COMPLETE)
    body = call.body()
    check_names(body, SETTABLE, known=NOT_EDITABLE)
    await set_fields(call, ticket, without_nulls(body, clearable=CLEARABLE, sets_null=call.sets_null))
    ticket.modify_date_time = call.now
    return await ticket_answer(call, ticket)


async def delete_ticket(call: Call) -> Answer:
    """Delete a ticket that is not completed, refers to nothing and is referred to by none."""
    require_ticket_privilege(call.user)
    ticket = await _ticket(call)
    if ticket.status == COMPLETE:
        raise Refused(Refusal.TICKET_COMPLETE_UNDELETABLE)
    if await call.session.scalar(select(exists().where(_concerns(ticket.guid)))):
        raise Refused(Refusal.TICKET_REFERENCED)
    await call.session.delete(ticket)
    return Answer(status=204)


async def change_ticket_status(call: Call) -> Answer:
    """Arena: POST Ticket Status Change. Any status may follow any other; the present one again changes nothing."""
    require_ticket_privilege(call.user)
    body = call.body()
    check_names(body, {"ticket", "status"})
    reference = nested(required(body, "ticket"), "ticket")
    check_names(reference, {"guid"})
    ticket = await row_by_guid(call.session, Ticket, guid_in(reference, "ticket"))
    status = option(required(body, "status"), "status", TICKET_STATUSES)
    if ticket.status != status:
        ticket.status = status
        ticket.modify_date_time = call.now
    return await ticket_answer(call, ticket, 201)


async def _ticket(call: Call) -> Ticket:
    return await row_by_guid(call.session, Ticket, call.guid("guid"))


def _has_status(value: str) -> ColumnElement[bool]:
    return Ticket.status == option(value, "status", TICKET_STATUSES)


def _concerns(ticket_guid: str) -> ColumnElement[bool]:
    return or_(TicketReference.ticket_guid == ticket_guid, TicketReference.other_ticket_guid == ticket_guid)
