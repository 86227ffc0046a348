"""What tickets refer to: changes, items, quality processes, other tickets and files.

Arena: GET Ticket Changes, POST Tickets Add Change Reference, DELETE Ticket Remove Change Association, and
their like for the other four.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import BaseRoute

from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.fields import Fields, check_names, guid_in, nested, required
from sandbox.arena.lists import list_answer
from sandbox.arena.quality_tables import QualityProcess, QualityStep
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import new_guid, row_by_guid
from sandbox.arena.tables import CatalogObject
from sandbox.arena.ticket_rows import require_ticket_privilege
from sandbox.arena.ticket_shapes import reference_shape
from sandbox.arena.ticket_tables import Ticket, TicketReference

Target = dict[str, Any]
TargetReader = Callable[[AsyncSession, Ticket, Fields], Awaitable[Target]]


def reference_routes(door: Door) -> list[BaseRoute]:
    """The routes below `/tickets/{guid}/changes` and its four neighbours."""
    return [
        *_routes(door, "changes", "CHANGE", _change),
        *_routes(door, "items", "ITEM", _item),
        *_routes(door, "quality", "QUALITY", _quality),
        *_routes(door, "tickets", "TICKET", _other_ticket),
        *_routes(door, "files", "FILE", _file),
    ]


def _routes(door: Door, name: str, kind: str, read_target: TargetReader) -> list[BaseRoute]:
    async def list_references(call: Call) -> Answer:
        ticket = await _ticket(call)
        found = await call.session.scalars(
            select(TicketReference)
            .where(TicketReference.ticket_guid == ticket.guid, TicketReference.kind == kind)
            .order_by(TicketReference.id)
        )
        return list_answer([reference_shape(reference) for reference in found])

    async def read_reference(call: Call) -> Answer:
        await _ticket(call)
        reference = await _reference(call, kind)
        if reference is None:
            raise Refused(Refusal.GUID_NOT_VALID, guid=call.guid("reference"))
        return Answer(reference_shape(reference))

    async def add_reference(call: Call) -> Answer:
        require_ticket_privilege(call.user)
        ticket = await _ticket(call)
        target = await read_target(call.session, ticket, call.body())
        reference = await _added(call.session, ticket, kind, target)
        return Answer(reference_shape(reference))

    async def remove_reference(call: Call) -> Answer:
        reference = await _reference(call, kind)
        if reference is None or not call.user.edits_tickets:
            raise Refused(Refusal.NOT_FOUND_OR_FORBIDDEN)
        await call.session.delete(reference)
        return Answer(status=204)

    path = f"/tickets/{{guid}}/{name}"
    return [
        door.route("GET", path, list_references),
        door.route("POST", path, add_reference),
        door.route("GET", path + "/{reference}", read_reference),
        door.route("DELETE", path + "/{reference}", remove_reference),
    ]


async def _ticket(call: Call) -> Ticket:
    return await row_by_guid(call.session, Ticket, call.guid("guid"))


async def _reference(call: Call, kind: str) -> TicketReference | None:
    return await call.session.scalar(
        select(TicketReference).where(
            TicketReference.guid == call.guid("reference"),
            TicketReference.ticket_guid == call.guid("guid"),
            TicketReference.kind == kind,
        )
    )


async def _added(session: AsyncSession, ticket: Ticket, kind: str, target: Target) -> TicketReference:
    same = select(TicketReference).filter_by(ticket_guid=ticket.guid, kind=kind, **target)
    if await session.scalar(same) is not None:
        raise Refused(Refusal.TICKET_ALREADY_REFERENCED)
    reference = TicketReference(guid=new_guid(), ticket_guid=ticket.guid, kind=kind, **target)
    session.add(reference)
    await session.flush()
    await session.refresh(reference)
    return reference


async def _change(session: AsyncSession, _ticket: Ticket, body: Fields) -> Target:
    check_names(body, {"change"})
    return await _catalogued(session, "CHANGE", required(body, "change"), "change")


async def _item(session: AsyncSession, _ticket: Ticket, body: Fields) -> Target:
    check_names(body, {"item", "items", "latestRevisionAssociation"})
    # The page says `items`; clients at work send `item`.
    name = "item" if "item" in body else "items"
    return await _catalogued(session, "ITEM", required(body, name), name)


async def _file(session: AsyncSession, _ticket: Ticket, body: Fields) -> Target:
    check_names(body, {"file"})
    return await _catalogued(session, "FILE", required(body, "file"), "file")


async def _catalogued(session: AsyncSession, kind: str, given: object, name: str) -> Target:
    found = await row_by_guid(session, CatalogObject, guid_in(given, name))
    if found.type != kind:
        raise Refused(Refusal.GUID_NOT_VALID, guid=found.guid)
    return {"object_guid": found.guid}


async def _quality(session: AsyncSession, _ticket: Ticket, body: Fields) -> Target:
    check_names(body, {"quality"})
    quality = nested(required(body, "quality"), "quality")
    check_names(quality, {"guid", "step"})
    process = await row_by_guid(session, QualityProcess, guid_in(quality, "quality"))
    if quality.get("step") is None:
        return {"process_guid": process.guid, "step_guid": None}
    step = await row_by_guid(session, QualityStep, guid_in(quality["step"], "step"))
    if step.process_guid != process.guid:
        raise Refused(Refusal.GUID_NOT_VALID, guid=step.guid)
    return {"process_guid": process.guid, "step_guid": step.guid}


async def _other_ticket(session: AsyncSession, ticket: Ticket, body: Fields) -> Target:
    check_names(body, {"ticket"})
    other = await row_by_guid(session, Ticket, guid_in(required(body, "ticket"), "ticket"))
    if other is ticket:
        raise Refused(Refusal.TICKET_REFERENCES_ITSELF)
    return {"other_ticket_guid": other.guid}
