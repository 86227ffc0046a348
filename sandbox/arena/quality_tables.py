"""Quality processes and the templates they are made from."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, case, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from sandbox.arena.tables import User, UserGroup
from sandbox.store import Base

REGULAR = "REGULAR"
SIGNOFF = "SIGNOFF"

OPEN = "OPEN"
COMPLETE = "COMPLETE"  # a step's
COMPLETED = "COMPLETED"  # a process's
SUBMITTED = "SUBMITTED"
CANCELED = "CANCELED"

AUTOMATIC = "AUTOMATIC"
MANUAL = "MANUAL"

APPROVED = "APPROVED"


class NumberFormat(Base):
    """How processes are numbered: a prefix and six digits."""

    __tablename__ = "number_formats"

    guid: Mapped[str] = mapped_column(primary_key=True)
    prefix_guid: Mapped[str] = mapped_column(unique=True)
    prefix: Mapped[str]
    last_used: Mapped[int] = mapped_column(default=0)


class QualityTemplate(Base):
    """What a new process starts from."""

    __tablename__ = "quality_templates"

    guid: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str]
    description: Mapped[str]
    status_mode: Mapped[str] = mapped_column(default=MANUAL)
    active: Mapped[bool] = mapped_column(default=True)
    creation_date_time: Mapped[str]
    creator_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"))
    default_owner_guid: Mapped[str | None] = mapped_column(ForeignKey("users.guid"), default=None)
    number_format_guid: Mapped[str] = mapped_column(ForeignKey("number_formats.guid"))

    creator: Mapped[User] = relationship(foreign_keys=creator_guid, lazy="joined")
    default_owner: Mapped[User | None] = relationship(foreign_keys=default_owner_guid, lazy="joined")
    number_format: Mapped[NumberFormat] = relationship(lazy="joined")
    steps: Mapped[list["TemplateStep"]] = relationship(order_by="TemplateStep.order", lazy="selectin")


class TemplateStep(Base):
    """A step every process of a template gets: its attributes if regular, its approvers if a sign-off."""

    __tablename__ = "template_steps"

    guid: Mapped[str] = mapped_column(primary_key=True)
    template_guid: Mapped[str] = mapped_column(ForeignKey("quality_templates.guid"), index=True)
    order: Mapped[int]
    name: Mapped[str]
    type: Mapped[str] = mapped_column(default=REGULAR)
    attribute_guids: Mapped[list[str]] = mapped_column(JSON, default=list)
    approver_guids: Mapped[list[str]] = mapped_column(JSON, default=list)
    allow_owner_to_add_approvers: Mapped[bool] = mapped_column(default=False)


class QualityStep(Base):
    """A step of a process; `attribute_values` are by guid of their definition."""

    __tablename__ = "quality_steps"

    guid: Mapped[str] = mapped_column(primary_key=True)
    process_guid: Mapped[str] = mapped_column(ForeignKey("quality_processes.guid", ondelete="CASCADE"))
    order: Mapped[int]
    name: Mapped[str]
    type: Mapped[str] = mapped_column(default=REGULAR)
    status: Mapped[str] = mapped_column(default=OPEN)
    assignee_guid: Mapped[str | None] = mapped_column(ForeignKey("users.guid"), default=None)
    group_guid: Mapped[str | None] = mapped_column(ForeignKey("user_groups.guid"), default=None)
    attribute_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    allow_owner_to_add_approvers: Mapped[bool] = mapped_column(default=False)
    due_date_time: Mapped[str | None] = mapped_column(default=None)
    complete_date_time: Mapped[str | None] = mapped_column(default=None)
    complete_user_guid: Mapped[str | None] = mapped_column(ForeignKey("users.guid"), default=None)

    assignee: Mapped[User | None] = relationship(foreign_keys=assignee_guid, lazy="joined")
    group: Mapped[UserGroup | None] = relationship(lazy="joined")
    complete_user: Mapped[User | None] = relationship(foreign_keys=complete_user_guid, lazy="joined")
    decisions: Mapped[list["Decision"]] = relationship(
        order_by="Decision.position", lazy="selectin", passive_deletes=True
    )

    __table_args__ = (Index("steps_of_process", "process_guid", "order"),)


class QualityProcess(Base):
    """A quality process; `attribute_values` are by guid of their definition."""

    __tablename__ = "quality_processes"

    guid: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    description: Mapped[str | None] = mapped_column(default=None)
    type: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[str] = mapped_column(default=OPEN)
    status_mode: Mapped[str] = mapped_column(default=MANUAL)
    creation_date_time: Mapped[str]
    completed_date_time: Mapped[str | None] = mapped_column(default=None)
    target_completion_date_time: Mapped[str | None] = mapped_column(default=None)
    creator_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"))
    owner_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"))
    template_guid: Mapped[str] = mapped_column(ForeignKey("quality_templates.guid"))
    attribute_values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    creator: Mapped[User] = relationship(foreign_keys=creator_guid, lazy="joined")
    owner: Mapped[User] = relationship(foreign_keys=owner_guid, lazy="joined")

    # The first open step, or the last of all where none is open.
    current_step_guid: Mapped[str | None] = column_property(
        select(QualityStep.guid)
        .where(QualityStep.process_guid == guid)
        .order_by(
            QualityStep.status != OPEN,
            case((QualityStep.status == OPEN, QualityStep.order), else_=-QualityStep.order),
        )
        .limit(1)
        .correlate_except(QualityStep)
        .scalar_subquery()
    )


class Decision(Base):
    """What an approver of a sign-off step, a user or a group, decides."""

    __tablename__ = "decisions"

    guid: Mapped[str] = mapped_column(primary_key=True)
    step_guid: Mapped[str] = mapped_column(ForeignKey("quality_steps.guid", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    user_guid: Mapped[str | None] = mapped_column(ForeignKey("users.guid"), default=None)
    group_guid: Mapped[str | None] = mapped_column(ForeignKey("user_groups.guid"), default=None)
    decision_type: Mapped[str] = mapped_column(default="ALL_REQUIRED")
    decision: Mapped[str | None] = mapped_column(default=None)
    decision_date_time: Mapped[str | None] = mapped_column(default=None)
    comments: Mapped[str | None] = mapped_column(default=None)

    user: Mapped[User | None] = relationship(lazy="joined")
    group: Mapped[UserGroup | None] = relationship(lazy="joined")


class AffectedObject(Base):
    """What a step affects: an object of the catalogue, a step of another process, or an address."""

    __tablename__ = "affected_objects"

    guid: Mapped[str] = mapped_column(primary_key=True)
    step_guid: Mapped[str] = mapped_column(ForeignKey("quality_steps.guid", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    notes: Mapped[str | None] = mapped_column(default=None)
    type: Mapped[str]
    object_guid: Mapped[str | None] = mapped_column(default=None)
    affected_step_guid: Mapped[str | None] = mapped_column(default=None)
    link: Mapped[str | None] = mapped_column(default=None)
    display: Mapped[str | None] = mapped_column(default=None)
    description: Mapped[str | None] = mapped_column(default=None)
