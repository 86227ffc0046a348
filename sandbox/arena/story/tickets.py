"""The tickets there are when the sandbox is new. DEF-000004 is the one on Arena's page about status changes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.story import guids
from sandbox.arena.story.naming import guid_of
from sandbox.arena.story.ticket_guids import (
    COMPONENTS,
    DEFECTS,
    EFFORT,
    FIELD_REPORTS,
    IMPROVEMENTS,
    LABELS,
    MAIN_COMPONENT,
    MARKETS,
    PAINT_TICKET,
)
from sandbox.arena.story.ticket_references import reference_rows
from sandbox.arena.story.ticket_templates import attribute_rows, sequence_rows, template_rows
from sandbox.arena.story.ticket_texts import (
    COMPONENT_NAMES,
    DEFECT_TEXTS,
    FIELD_REPORT_TEXTS,
    IMPROVEMENT_TEXTS,
    INSTRUMENTS,
    LABEL_TEXTS,
    MARKET_NAMES,
    description,
)
from sandbox.arena.tables import SUPPLIER_TYPES, User
from sandbox.arena.ticket_tables import COMPLETE, IN_PROGRESS, NOT_STARTED, PRIORITIES, Ticket
from sandbox.arena.times import arena_time

PAINT_TICKET_COLUMNS = {
    "title": "Paint chipping on new Model 3000",
    "description": "",
    "status": NOT_STARTED,
    "priority": "Critical",
    "fix_version": "3.0",
    "found_on": "2.0",
    "creation_date_time": "2021-09-07T05:24:08Z",
    "modify_date_time": "2021-09-07T05:24:08Z",
    "creator_guid": guids.OWNER,
    "assignee_guid": guids.OWNER,
    "attribute_values": {LABELS: "Model 20000", COMPONENTS: "Model 3000"},
}

STATUS_ROUND = (NOT_STARTED, IN_PROGRESS, COMPLETE, IN_PROGRESS, NOT_STARTED)
FIRST_CREATED = datetime(2024, 1, 8, 8, 12, 40, tzinfo=UTC)
BETWEEN_TICKETS = timedelta(hours=53, minutes=7)

MATTERS = {"DEF-": DEFECT_TEXTS, "IMP-": IMPROVEMENT_TEXTS, "FLD-": FIELD_REPORT_TEXTS}
TEMPLATES = {"DEF-": DEFECTS, "IMP-": IMPROVEMENTS, "FLD-": FIELD_REPORTS}


def ticket_guid(number: str) -> str:
    """The guid of a planted ticket, by its number."""
    return PAINT_TICKET if number == "DEF-000004" else guid_of(f"ticket {number}")


async def plant_tickets(session: AsyncSession) -> None:
    """Put the story's tickets into a store that has its users, processes and catalogue already."""
    people = await _people(session)
    tickets = [
        _ticket(prefix, number, people)
        for prefix, matters in MATTERS.items()
        for number in range(1, len(matters) * len(INSTRUMENTS) + 1)
    ]
    session.add_all(attribute_rows())
    session.add_all(sequence_rows({prefix: len(matters) * len(INSTRUMENTS) for prefix, matters in MATTERS.items()}))
    await session.flush()
    session.add_all(template_rows())
    await session.flush()
    session.add_all(tickets)
    await session.flush()
    session.add_all(await reference_rows(session, tickets))


async def _people(session: AsyncSession) -> Sequence[User]:
    found = await session.scalars(
        select(User).where(User.enabled, User.type.not_in(SUPPLIER_TYPES)).order_by(User.email)
    )
    return found.all()


def _ticket(prefix: str, number: int, people: Sequence[User]) -> Ticket:
    full_number = f"{prefix}{number:06d}"
    instrument = INSTRUMENTS[number % len(INSTRUMENTS)]
    matter = MATTERS[prefix][(number - 1) // len(INSTRUMENTS)]
    status = STATUS_ROUND[(number + number // 10) % len(STATUS_ROUND)]
    created = FIRST_CREATED + number * BETWEEN_TICKETS
    worked_on = timedelta(0) if status == NOT_STARTED else timedelta(days=number % 9 + 1, minutes=number)
    columns: dict[str, Any] = {
        "guid": ticket_guid(full_number),
        "title": f"{instrument}: {matter}",
        "description": description(number, instrument, matter),
        "status": status,
        "priority": PRIORITIES[number % len(PRIORITIES)],
        "fix_version": f"{number % 4 + 1}.{number % 3}" if status == COMPLETE else None,
        "found_on": None if prefix == "IMP-" else f"{number % 4}.{number % 3}",
        "creation_date_time": arena_time(created),
        "modify_date_time": arena_time(created + worked_on),
        "creator_guid": people[number % len(people)].guid,
        "assignee_guid": None if number % 6 == 0 else people[number * 5 % len(people)].guid,
        "attribute_values": _attribute_values(prefix, number),
    }
    if full_number == "DEF-000004":
        columns |= PAINT_TICKET_COLUMNS
    return Ticket(number=full_number, template_guid=TEMPLATES[prefix], **columns)


def _attribute_values(prefix: str, number: int) -> dict[str, Any]:
    label = LABEL_TEXTS[number % len(LABEL_TEXTS)] if number % 3 else None
    component = COMPONENT_NAMES[number % len(COMPONENT_NAMES)]
    markets = list(MARKET_NAMES[: number % len(MARKET_NAMES) + 1])
    if prefix == "DEF-":
        return {LABELS: label, COMPONENTS: component if number % 4 else None}
    if prefix == "IMP-":
        return {LABELS: label, EFFORT: number % 10 * 0.5 or None, MARKETS: markets}
    return {MAIN_COMPONENT: component, MARKETS: markets if number % 2 else None}
