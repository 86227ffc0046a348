"""What the Cognaize side remembers."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Dialect, Enum, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

from sandbox.store import Base

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


class Moment(TypeDecorator[datetime]):
    """A point in time, kept as milliseconds since 1970 because SQLite forgets time zones."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else (value - EPOCH) // MILLISECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + value * MILLISECOND


class StepStatus(StrEnum):
    """Where a process step stands."""

    PENDING = "PENDING"
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class WorkflowStep(Base):
    """One step of a workflow."""

    __tablename__ = "cognaize_workflow_step"

    workflow_id: Mapped[str] = mapped_column(ForeignKey("cognaize_workflow.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    delegate: Mapped[str]
    time_out_in_seconds: Mapped[int]
    params: Mapped[dict[str, Any]] = mapped_column(JSON)


class Workflow(Base):
    """The steps every process of this workflow goes through, in order."""

    __tablename__ = "cognaize_workflow"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    steps: Mapped[list[WorkflowStep]] = relationship(order_by=WorkflowStep.position, lazy="selectin")


class ProcessStep(Base):
    """One step of a process. Only a started step has a deadline, and only if it can time out."""

    __tablename__ = "cognaize_process_step"

    id: Mapped[str] = mapped_column(primary_key=True)
    process_id: Mapped[str] = mapped_column(ForeignKey("cognaize_process.id"), index=True)
    position: Mapped[int]
    delegate: Mapped[str]
    time_out_in_seconds: Mapped[int]
    status: Mapped[StepStatus] = mapped_column(Enum(StepStatus, native_enum=False))
    deadline: Mapped[datetime | None] = mapped_column(Moment)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)


class Process(Base):
    """One run of a workflow. Its params are all that callers gave so far."""

    __tablename__ = "cognaize_process"

    id: Mapped[str] = mapped_column(primary_key=True)
    workflow_id: Mapped[str] = mapped_column(ForeignKey(Workflow.id))
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    steps: Mapped[list[ProcessStep]] = relationship(order_by=ProcessStep.position, lazy="selectin")


class DelegateCall(Base):
    """A step handed to its delegate. The outcome is the delegate's HTTP status or why there is none."""

    __tablename__ = "cognaize_delegate_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    process_step_id: Mapped[str] = mapped_column(ForeignKey(ProcessStep.id), index=True)
    delegate: Mapped[str]
    called_at: Mapped[datetime] = mapped_column(Moment)
    url: Mapped[str | None]
    outcome: Mapped[str | None]
    step: Mapped[ProcessStep] = relationship(lazy="selectin")
