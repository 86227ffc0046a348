"""Tickets, the templates they are made from, and what they refer to."""

from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sandbox.arena.quality_tables import QualityProcess, QualityStep
from sandbox.arena.tables import CatalogObject, User
from sandbox.store import Base

NOT_STARTED = "NOT_STARTED"
IN_PROGRESS = "IN_PROGRESS"
COMPLETE = "COMPLETE"
TICKET_STATUSES = (NOT_STARTED, IN_PROGRESS, COMPLETE)

PRIORITIES = ("Low", "Medium", "High", "Critical")


class SequencePrefix(Base):
    """A prefix of a number sequence, and the last number it was used with."""

    __tablename__ = "sequence_prefixes"

    guid: Mapped[str] = mapped_column(primary_key=True)
    sequence_guid: Mapped[str] = mapped_column(ForeignKey("number_sequences.guid"), index=True)
    value: Mapped[str] = mapped_column(unique=True)
    last_used: Mapped[int] = mapped_column(default=0)


class NumberSequence(Base):
    """How tickets are numbered: one of its prefixes and six digits."""

    __tablename__ = "number_sequences"

    guid: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    prefixes: Mapped[list[SequencePrefix]] = relationship(order_by=SequencePrefix.value, lazy="selectin")


class TicketTemplate(Base):
    """What a new ticket starts from; `status_guids` are by status."""

    __tablename__ = "ticket_templates"

    guid: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    is_default: Mapped[bool] = mapped_column(default=False)
    allows_own_numbers: Mapped[bool] = mapped_column(default=False)
    has_found_on: Mapped[bool] = mapped_column(default=True)
    creation_date_time: Mapped[str]
    creator_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"))
    default_assignee_guid: Mapped[str | None] = mapped_column(ForeignKey("users.guid"), default=None)
    number_sequence_guid: Mapped[str] = mapped_column(ForeignKey("number_sequences.guid"))
    attribute_guids: Mapped[list[str]] = mapped_column(JSON)
    status_guids: Mapped[dict[str, str]] = mapped_column(JSON)

    creator: Mapped[User] = relationship(foreign_keys=creator_guid, lazy="joined")
    default_assignee: Mapped[User | None] = relationship(foreign_keys=default_assignee_guid, lazy="joined")
    number_sequence: Mapped[NumberSequence] = relationship(lazy="joined")


class Ticket(Base):
    """A ticket; `attribute_values` are by guid of their definition."""

    __tablename__ = "tickets"

    guid: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default=NOT_STARTED)
    priority: Mapped[str | None] = mapped_column(default=None)
    fix_version: Mapped[str | None] = mapped_column(default=None)
    found_on: Mapped[str | None] = mapped_column(default=None)
    creation_date_time: Mapped[str]
    modify_date_time: Mapped[str]
    template_guid: Mapped[str] = mapped_column(ForeignKey(TicketTemplate.guid))
    creator_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"))
    assignee_guid: Mapped[str | None] = mapped_column(ForeignKey("users.guid"), default=None)
    attribute_values: Mapped[dict[str, Any]] = mapped_column(JSON)

    template: Mapped[TicketTemplate] = relationship(lazy="joined")
    creator: Mapped[User] = relationship(foreign_keys=creator_guid, lazy="joined")
    assignee: Mapped[User | None] = relationship(foreign_keys=assignee_guid, lazy="joined")


class TicketReference(Base):
    """What a ticket refers to: a catalogue object, a quality process or one of its steps, or another ticket."""

    __tablename__ = "ticket_references"

    id: Mapped[int] = mapped_column(primary_key=True)
    guid: Mapped[str] = mapped_column(unique=True)
    ticket_guid: Mapped[str] = mapped_column(ForeignKey(Ticket.guid), index=True)
    kind: Mapped[str]
    object_guid: Mapped[str | None] = mapped_column(ForeignKey(CatalogObject.guid), default=None)
    process_guid: Mapped[str | None] = mapped_column(ForeignKey(QualityProcess.guid, ondelete="CASCADE"), default=None)
    step_guid: Mapped[str | None] = mapped_column(ForeignKey(QualityStep.guid, ondelete="CASCADE"), default=None)
    other_ticket_guid: Mapped[str | None] = mapped_column(ForeignKey(Ticket.guid), index=True, default=None)

    object: Mapped[CatalogObject | None] = relationship(lazy="joined")
    process: Mapped[QualityProcess | None] = relationship(lazy="joined")
    step: Mapped[QualityStep | None] = relationship(lazy="joined")
    other_ticket: Mapped[Ticket | None] = relationship(foreign_keys=other_ticket_guid, lazy="joined")
