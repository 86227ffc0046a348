"""The workspace: people, their sessions, the calls of the day, and what attributes and objects there are."""

from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from sandbox.store import Base

WORKSPACE_ID = 898_731_002
WORKSPACE_NAME = "Fjordlys Instruments"

SUPPLIER_TYPES = frozenset({"BASIC_SUPPLIER", "ADVANCED_SUPPLIER"})

group_members = Table(
    "group_members",
    Base.metadata,
    Column("group_guid", ForeignKey("user_groups.guid"), primary_key=True),
    Column("user_guid", ForeignKey("users.guid"), primary_key=True),
)


class User(Base):
    """A person of the workspace and what they may do."""

    __tablename__ = "users"

    guid: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    password: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    full_name: Mapped[str]
    type: Mapped[str] = mapped_column(default="EMPLOYEE")
    enabled: Mapped[bool] = mapped_column(default=True)
    is_administrator: Mapped[bool] = mapped_column(default=False)
    edits_quality_details: Mapped[bool] = mapped_column(default=True)
    edits_tickets: Mapped[bool] = mapped_column(default=True)
    bad_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[str | None] = mapped_column(default=None)


class LoginObstacle(Base):
    """What keeps a user with the right password out; `refusal` names the refusal.

    A table of its own, so that databases of earlier versions can stay as they are.
    """

    __tablename__ = "login_obstacles"

    user_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"), primary_key=True)
    refusal: Mapped[str]


class UserGroup(Base):
    """Users a step can be assigned to together."""

    __tablename__ = "user_groups"

    guid: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    assignable: Mapped[bool] = mapped_column(default=True)
    members: Mapped[list[User]] = relationship(secondary=group_members, order_by=User.full_name, lazy="selectin")


class UserSession(Base):
    """The one session a user can have."""

    __tablename__ = "sessions"

    user_guid: Mapped[str] = mapped_column(ForeignKey("users.guid"), primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    last_action: Mapped[str]


class CallsOfDay(Base):
    """How many calls the workspace has made on a Pacific day."""

    __tablename__ = "calls_of_day"

    workspace_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int]


class AttributeDefinition(Base):
    """A custom attribute of processes, steps or tickets.

    `belongs_to` is PROCESS, STEP or TICKET; `options` are the values a drop-down offers.
    """

    __tablename__ = "attribute_definitions"

    guid: Mapped[str] = mapped_column(primary_key=True)
    belongs_to: Mapped[str]
    position: Mapped[int]
    name: Mapped[str]
    field_type: Mapped[str]
    multi_select: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True), default=None)


class CatalogObject(Base):
    """An item, change, supplier or file that processes and tickets can point at."""

    __tablename__ = "catalog_objects"

    guid: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    number: Mapped[str]
    name: Mapped[str]
