"""Ticket rows as Arena prints them. Arena: GET Ticket, GET Tickets Templates, GET Ticket Changes, ..."""

from typing import Any

from sandbox.arena.attributes import Definitions, attribute_values
from sandbox.arena.people_shapes import compact_user
from sandbox.arena.quality_tables import QualityProcess, QualityStep
from sandbox.arena.tables import CatalogObject
from sandbox.arena.ticket_tables import (
    COMPLETE,
    IN_PROGRESS,
    NOT_STARTED,
    NumberSequence,
    SequencePrefix,
    Ticket,
    TicketReference,
    TicketTemplate,
)

Shape = dict[str, Any]

STATUS_LABELS = {NOT_STARTED: "Not Started", IN_PROGRESS: "In Progress", COMPLETE: "Complete"}


def ticket_shape(ticket: Ticket, definitions: Definitions) -> Shape:
    """A ticket; `foundOn` is absent where its template has no such field. Arena: GET Ticket."""
    template = ticket.template
    shape: Shape = {
        "additionalAttributes": attribute_values(ticket.attribute_values, definitions, include_empty=True),
        "assignee": compact_user(ticket.assignee) if ticket.assignee else None,
        "creationDateTime": ticket.creation_date_time,
        "creator": compact_user(ticket.creator),
        "description": ticket.description,
        "fixVersion": ticket.fix_version,
        "guid": ticket.guid,
        "modifyDateTime": ticket.modify_date_time,
        "number": ticket.number,
        "priority": ticket.priority,
        "status": {"guid": template.status_guids[ticket.status], "value": STATUS_LABELS[ticket.status]},
        "template": {"guid": template.guid, "name": template.name},
        "title": ticket.title,
    }
    return shape | {"foundOn": ticket.found_on} if template.has_found_on else shape


def template_shape(template: TicketTemplate) -> Shape:
    """A ticket template. Arena: GET Tickets Templates."""
    sequence = sequence_shape(template.number_sequence)
    return {
        "active": template.active,
        "allowUserDefinedNumber": template.allows_own_numbers,
        "creationDateTime": template.creation_date_time,
        "creator": compact_user(template.creator),
        "defaultAssignee": compact_user(template.default_assignee) if template.default_assignee else None,
        "defaultNumberSequence": sequence,
        "defaultTemplate": template.is_default,
        "description": template.description,
        "guid": template.guid,
        "name": template.name,
        "numberSequences": [sequence],
    }


def sequence_shape(sequence: NumberSequence) -> Shape:
    """A number sequence. Arena: GET Tickets Number Sequences."""
    return {
        "guid": sequence.guid,
        "name": sequence.name,
        "prefixes": [prefix_shape(prefix) for prefix in sequence.prefixes],
    }


def prefix_shape(prefix: SequencePrefix) -> Shape:
    """A prefix of a number sequence. Arena: GET Tickets Number Sequences Prefixes."""
    return {"guid": prefix.guid, "value": prefix.value}


def reference_shape(reference: TicketReference) -> Shape:
    """A reference, the guid of its association outside. Arena: GET Ticket Changes and its neighbours."""
    shape: Shape = {"guid": reference.guid}
    if reference.process is not None:
        return shape | {"quality": _quality(reference.process, reference.step)}
    if reference.other_ticket is not None:
        return shape | {"ticket": _numbered(reference.other_ticket)}
    if reference.object is not None:
        return shape | CATALOG_SHAPES[reference.kind](reference.object)
    return shape


def _quality(process: QualityProcess, step: QualityStep | None) -> Shape:
    return _numbered(process) | {"step": {"guid": step.guid, "name": step.name} if step else None}


def _change(change: CatalogObject) -> Shape:
    return {"change": _numbered(change)}


def _item(item: CatalogObject) -> Shape:
    return {"item": _numbered(item) | {"name": item.name, "revision": "A", "revisionStatus": "EFFECTIVE"}}


def _file(file: CatalogObject) -> Shape:
    title, _, extension = file.name.rpartition(".")
    shape = _numbered(file) | {
        "edition": "1",
        "format": extension,
        "locked": False,
        "name": file.name,
        "private": False,
        "title": title,
    }
    return {"file": shape, "latestEditionAssociation": True}


def _numbered(row: CatalogObject | QualityProcess | Ticket) -> Shape:
    return {"guid": row.guid, "number": row.number}


CATALOG_SHAPES = {"CHANGE": _change, "ITEM": _item, "FILE": _file}
