"""Workflow processes, as Cognaize has them."""

import enum
from datetime import datetime

from upstreams.records.shared import Labels, Record


class ProcessStatus(enum.Enum):
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class ProcessStepStatus(enum.Enum):
    PENDING = "PENDING"
    STARTED = "STARTED"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


_PROCESS_STEP_STATUS_LABELS = Labels(ProcessStepStatus)


class StringParam(Record, frozen=True, tag=True, tag_field="kind"):
    string: str


class LongParam(Record, frozen=True, tag=True, tag_field="kind"):
    long: int


class DoubleParam(Record, frozen=True, tag=True, tag_field="kind"):
    double: float


class UnknownParam(Record, frozen=True, tag=True, tag_field="kind"):
    type: str | None = None
    text: str | None = None


ParamValue = StringParam | LongParam | DoubleParam | UnknownParam


class ProcessParam(Record, frozen=True):
    name: str
    value: ParamValue


class ProcessStep(Record, frozen=True):
    process_step_id: str
    process_id: str | None
    params: list[ProcessParam]
    delegate: str | None = None
    status_label: str | None = None
    timeout_seconds: int | None = None

    @property
    def status(self) -> ProcessStepStatus | None:
        return _PROCESS_STEP_STATUS_LABELS[self.status_label]


class Process(Record, frozen=True):
    process_id: str
    steps: list[ProcessStep]
    workflow_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def status(self) -> ProcessStatus:
        """Derived from the steps, as the vendor's "Find Process By ID" says."""
        statuses = {step.status for step in self.steps}
        if ProcessStepStatus.FAILED in statuses:
            return ProcessStatus.FAILED
        if not statuses or not statuses <= {
            ProcessStepStatus.PENDING,
            ProcessStepStatus.STARTED,
            ProcessStepStatus.COMPLETED,
        }:
            return ProcessStatus.UNKNOWN
        return ProcessStatus.COMPLETED if statuses == {ProcessStepStatus.COMPLETED} else ProcessStatus.RUNNING

    @property
    def current_step(self) -> ProcessStep | None:
        return next((step for step in self.steps if step.status is ProcessStepStatus.STARTED), None)


class ProcessStepCompletion(Record, frozen=True):
    """What Cognaize answers to a step that was completed.

    `started` is the step that runs now, None after the last one. `process_id` is absent when the upstream left it out.
    """

    process_id: str | None
    started: ProcessStep | None
    params: list[ProcessParam]
    message: str | None = None
    timestamp: datetime | None = None
