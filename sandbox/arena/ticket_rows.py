"""What reading, creating and editing tickets share."""

from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.attributes import changed_values, definitions_of
from sandbox.arena.calls import Answer, Call
from sandbox.arena.fields import Fields, guid_in, option, optional_text, required, rows, text
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import row_by_guid
from sandbox.arena.tables import User
from sandbox.arena.ticket_shapes import ticket_shape
from sandbox.arena.ticket_tables import PRIORITIES, Ticket

TICKET = "TICKET"

SETTABLE = frozenset({"title", "description", "assignee", "priority", "fixVersion", "foundOn", "additionalAttributes"})
FIXED = frozenset({"guid", "status", "creator", "creationDateTime", "modifyDateTime"})


def require_ticket_privilege(user: User) -> None:
    """Ask for the right to change tickets.

    Raises:
        Refused: The user lacks it.
    """
    if not user.edits_tickets:
        raise Refused(Refusal.NOT_PRIVILEGED)


async def ticket_answer(call: Call, ticket: Ticket, status: int = 200) -> Answer:
    """A ticket as the body of an answer."""
    return Answer(ticket_shape(ticket, await definitions_of(call.session, TICKET)), status)


async def set_fields(call: Call, ticket: Ticket, fields: Fields) -> None:
    """Put the settable fields of a body into a ticket.

    Raises:
        Refused: A value is not of its field's kind, or the ticket's template has no such field.
    """
    if "title" in fields:
        ticket.title = _title(fields)
    if "description" in fields:
        ticket.description = optional_text(fields["description"], "description") or ""
    if "assignee" in fields:
        ticket.assignee = await _assignee(call.session, fields)
    if "priority" in fields:
        ticket.priority = _priority(fields)
    if "fixVersion" in fields:
        ticket.fix_version = optional_text(fields["fixVersion"], "fixVersion")
    if "foundOn" in fields:
        ticket.found_on = _found_on(ticket, fields)
    if "additionalAttributes" in fields:
        await _set_attributes(call, ticket, fields)


def _title(fields: Fields) -> str:
    title = text(required(fields, "title"), "title")
    if not title.strip():
        raise Refused(Refusal.FIELD_REQUIRED, name="title")
    return title


async def _assignee(session: AsyncSession, fields: Fields) -> User | None:
    if fields["assignee"] is None:
        return None
    return await row_by_guid(session, User, guid_in(fields["assignee"], "assignee"))


def _priority(fields: Fields) -> str | None:
    return None if fields["priority"] is None else option(fields["priority"], "priority", PRIORITIES)


def _found_on(ticket: Ticket, fields: Fields) -> str | None:
    if not ticket.template.has_found_on:
        raise Refused(Refusal.FIELD_UNKNOWN, name="foundOn")
    return optional_text(fields["foundOn"], "foundOn")


async def _set_attributes(call: Call, ticket: Ticket, fields: Fields) -> None:
    ticket.attribute_values = changed_values(
        ticket.attribute_values,
        rows(fields["additionalAttributes"], "additionalAttributes"),
        await definitions_of(call.session, TICKET),
        sets_null=call.sets_null,
    )
