"""What the planted tickets refer to."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.quality_tables import QualityProcess, QualityStep
from sandbox.arena.story.naming import guid_of
from sandbox.arena.tables import CatalogObject
from sandbox.arena.ticket_tables import Ticket, TicketReference

CATALOG_KINDS = ("CHANGE", "ITEM", "FILE")


async def reference_rows(session: AsyncSession, tickets: Sequence[Ticket]) -> list[TicketReference]:
    """References from some of the tickets: every third to a quality process, every fourth to its predecessor.

    Args:
        session: The open transaction, in which there are processes and catalogue objects.
        tickets: The planted tickets, in order.
    """
    return [
        *await _to_processes(session, tickets[::3]),
        *(
            _reference(ticket, "TICKET", other_ticket_guid=predecessor.guid)
            for predecessor, ticket in zip(tickets[2::4], tickets[3::4], strict=False)
        ),
        *await _to_catalog(session, tickets[1::5]),
    ]


async def _to_processes(session: AsyncSession, tickets: Sequence[Ticket]) -> list[TicketReference]:
    first_steps = (
        await session.execute(
            select(QualityProcess.guid, QualityStep.guid)
            .join(QualityStep, QualityStep.process_guid == QualityProcess.guid)
            .where(QualityStep.order == 1)
            .order_by(QualityProcess.number)
        )
    ).all()
    references = []
    for position, ticket in enumerate(tickets):
        process_guid, step_guid = first_steps[position % len(first_steps)]
        references.append(
            _reference(
                ticket,
                "QUALITY",
                process_guid=process_guid,
                step_guid=step_guid if position % 2 else None,
            )
        )
    return references


async def _to_catalog(session: AsyncSession, tickets: Sequence[Ticket]) -> list[TicketReference]:
    found = await session.scalars(
        select(CatalogObject).where(CatalogObject.type.in_(CATALOG_KINDS)).order_by(CatalogObject.number)
    )
    objects = found.all()
    references = []
    for position, ticket in enumerate(tickets):
        target = objects[position % len(objects)]
        references.append(_reference(ticket, target.type, object_guid=target.guid))
    return references


def _reference(ticket: Ticket, kind: str, **target: str | None) -> TicketReference:
    guid = guid_of(f"{kind} reference of {ticket.number}")
    return TicketReference(guid=guid, ticket_guid=ticket.guid, kind=kind, **target)
