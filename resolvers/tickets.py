"""Reads of tickets."""

import asyncio
from collections.abc import Awaitable

import strawberry
from strawberry import Parent

from resolvers import known_fields, refusals
from resolvers.context import Context, Info
from resolvers.inputs import check_filters, check_guid, is_guid
from resolvers.node_ids import Kind, write_id
from resolvers.paging import Connection, page_through
from resolvers.rows import counted
from resolvers.selection import asks_only
from upstreams.arena import ticket_filters
from upstreams.records import QualityProcess, Ticket, TicketStatus


def ticket_id(ticket: Parent[Ticket]) -> strawberry.ID:
    return write_id(Kind.TICKET, ticket.guid)


def find_ticket(context: Context, guid: str) -> Awaitable[Ticket]:
    """A ticket by its guid.

    Raises:
        Refused: When awaited, that it cannot be read; at once, that the guid is none.
    """
    check_guid(guid, "guid")
    return context.loaders.tickets.load(guid)


def expect_ticket(context: Context, guid: str) -> None:
    """Have a ticket read, together with others that are expected, that is found by `find_ticket` later."""
    if is_guid(guid):
        context.loaders.tickets.expect(guid)


async def list_tickets(
    context: Context,
    first: int | None,
    after: str | None,
    *,
    status: TicketStatus | None = None,
    **filters: str | None,
) -> Connection[Ticket]:
    """The tickets that pass every filter.

    Raises:
        Refused: They cannot be read, or an argument is out of range.
    """
    if status is TicketStatus.UNKNOWN:
        raise refusals.refuse_input(("where", "status"), "UNKNOWN is no status to look for")
    check_filters(filters)
    arena_filters = ticket_filters(status=status, **filters)
    page = await page_through(first, after, arena_filters, context.loaders.ticket_pages.load)
    counted(context, page.nodes)
    return page


async def quality_processes(ticket: Parent[Ticket], info: Info) -> list[QualityProcess]:
    references = counted(info.context, await info.context.loaders.ticket_quality_processes.load(ticket.guid))
    if asks_only(info, known_fields.OF_A_REFERENCED_PROCESS):
        return references
    load = info.context.loaders.quality_processes.load
    return list(await asyncio.gather(*(load(reference.guid) for reference in references)))


async def referenced_tickets(ticket: Parent[Ticket], info: Info) -> list[Ticket]:
    references = counted(info.context, await info.context.loaders.ticket_tickets.load(ticket.guid))
    if asks_only(info, known_fields.OF_A_REFERENCED_TICKET):
        return references
    load = info.context.loaders.tickets.load
    return list(await asyncio.gather(*(load(reference.guid) for reference in references)))
