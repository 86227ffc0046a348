"""Tickets, as Arena has them."""

import enum
from datetime import datetime

from msgspec import field

from upstreams.records.shared import Attribute, Labels, Person, Record, Template


class TicketStatus(enum.Enum):
    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    UNKNOWN = "UNKNOWN"


_TICKET_STATUS_LABELS = Labels(
    TicketStatus,
    {"Not Started": "NOT_STARTED", "In Progress": "IN_PROGRESS", "Complete": "COMPLETE", "Completed": "COMPLETE"},
)


class _TicketStatus(Record, frozen=True):
    label: str | None = field(default=None, name="value")


class Ticket(Record, frozen=True):
    guid: str
    number: str | None = None
    title: str | None = None
    description: str | None = None
    priority: str | None = None
    labelled_status: _TicketStatus | None = field(default=None, name="status")
    assignee: Person | None = None
    creator: Person | None = None
    template: Template | None = None
    fix_version: str | None = field(default=None, name="fixVersion")
    found_on: str | None = field(default=None, name="foundOn")
    attributes: list[Attribute] | None = field(default=None, name="additionalAttributes")
    created_at: datetime | None = field(default=None, name="creationDateTime")
    modified_at: datetime | None = field(default=None, name="modifyDateTime")

    @property
    def status_label(self) -> str | None:
        return self.labelled_status.label if self.labelled_status else None

    @property
    def status(self) -> TicketStatus | None:
        labelled = self.labelled_status
        return _TICKET_STATUS_LABELS[labelled.label if labelled else None]
