"""What the upstreams know, in our words.

A field's `name=` is the word it has in the REST answers, and appears nowhere else. Enumerations keep the
upstream's own text in a `..._label` field, so a value newer than this file is `UNKNOWN` and still readable.
Every field but a guid may be absent.
"""

import enum
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec
from msgspec import field

EnumType = TypeVar("EnumType", bound=enum.Enum)


def _read_label(known: type[EnumType], label: str | None, spelled: dict[str, str] | None = None) -> EnumType | None:
    """The member of `known` that `label` spells, its `UNKNOWN` for any other text, None for none."""
    if label is None:
        return None
    name = spelled.get(label, label) if spelled else label
    return known.__members__.get(name) or known["UNKNOWN"]


class QualityProcessStatus(enum.Enum):
    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    SUBMITTED = "SUBMITTED"
    CANCELED = "CANCELED"
    UNKNOWN = "UNKNOWN"


class StatusMode(enum.Enum):
    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"
    UNKNOWN = "UNKNOWN"


class QualityStepType(enum.Enum):
    REGULAR = "REGULAR"
    SIGNOFF = "SIGNOFF"
    UNKNOWN = "UNKNOWN"


class QualityStepStatus(enum.Enum):
    OPEN = "OPEN"
    COMPLETE = "COMPLETE"
    UNKNOWN = "UNKNOWN"


class TicketStatus(enum.Enum):
    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETE = "COMPLETE"
    UNKNOWN = "UNKNOWN"


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


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One object of an upstream."""


class Person(Record, frozen=True):
    guid: str | None = None
    full_name: str | None = field(default=None, name="fullName")
    email: str | None = None


class PersonGroup(Record, frozen=True):
    guid: str | None = None
    name: str | None = None
    members: list[Person] | None = field(default=None, name="users")


class Attribute(Record, frozen=True):
    guid: str | None = None
    api_name: str | None = field(default=None, name="apiName")
    name: str | None = None
    field_type: str | None = field(default=None, name="fieldType")
    value: Any = None

    @property
    def values(self) -> list[str]:
        """Its values as text: none, one, or those of a multi-select."""
        values = self.value if isinstance(self.value, list) else [self.value]
        return [spell(value) for value in values if value is not None]


def spell(value: object) -> str:
    """A JSON value as text. Numbers with a fraction were kept as they were written (see `decoding.decoder`)."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


class Template(Record, frozen=True):
    guid: str | None = None
    name: str | None = None


class _Assignees(Record, frozen=True):
    users: list[Person] | None = None
    groups: list[PersonGroup] | None = field(default=None, name="userGroups")


class _Reference(Record, frozen=True):
    guid: str | None = None


class QualityProcess(Record, frozen=True):
    guid: str
    number: str | None = None
    name: str | None = None
    description: str | None = None
    type: str | None = None
    status_label: str | None = field(default=None, name="status")
    status_mode_label: str | None = field(default=None, name="statusMode")
    owner: Person | None = None
    creator: Person | None = None
    current_step_reference: _Reference | None = field(default=None, name="currentStep")
    created_at: datetime | None = field(default=None, name="creationDateTime")
    completed_at: datetime | None = field(default=None, name="completedDateTime")
    target_completion_at: datetime | None = field(default=None, name="targetCompletionDateTime")

    @property
    def status(self) -> QualityProcessStatus | None:
        return _read_label(QualityProcessStatus, self.status_label)

    @property
    def status_mode(self) -> StatusMode | None:
        return _read_label(StatusMode, self.status_mode_label)

    @property
    def current_step_guid(self) -> str | None:
        return self.current_step_reference.guid if self.current_step_reference else None


StepKey = tuple[str, str]  # the guids of a quality step's process and of itself


class QualityStep(Record, frozen=True):
    guid: str
    process_guid: str = field(default="", name="<process>")  # told by the address that was read, not by the row
    name: str | None = None
    order: int | None = None
    type_label: str | None = field(default=None, name="type")
    status_label: str | None = field(default=None, name="status")
    assigned: _Assignees | None = field(default=None, name="assignees")
    attributes: list[Attribute] | None = None
    approvers: list[Person] | None = field(default=None, name="approvals")
    due_at: datetime | None = field(default=None, name="dueDateTime")
    completed_at: datetime | None = field(default=None, name="completeDateTime")
    completed_by: Person | None = field(default=None, name="completeUser")

    @classmethod
    def changed(cls, process_guid: str, guid: str, complete: bool) -> "QualityStep":
        """What is known of a step that was just completed or reopened."""
        return cls(process_guid=process_guid, guid=guid, status_label="COMPLETE" if complete else "OPEN")

    @property
    def type(self) -> QualityStepType | None:
        return _read_label(QualityStepType, self.type_label)

    @property
    def status(self) -> QualityStepStatus | None:
        return _read_label(QualityStepStatus, self.status_label)

    @property
    def assignees(self) -> list[Person]:
        return (self.assigned and self.assigned.users) or []

    @property
    def assignee_groups(self) -> list[PersonGroup]:
        return (self.assigned and self.assigned.groups) or []

    @property
    def key(self) -> StepKey:
        """What finds this step again."""
        return self.process_guid, self.guid


class Decision(Record, frozen=True):
    guid: str | None = None
    person: Person | None = field(default=None, name="user")
    group: PersonGroup | None = None
    decision_type: str | None = field(default=None, name="decisionType")
    decision: str | None = None
    decided_at: datetime | None = field(default=None, name="decisionDateTime")
    comments: str | None = None


class _Affected(Record, frozen=True):
    type: str | None = None
    guid: str | None = None
    link: str | None = None


class AffectedObject(Record, frozen=True):
    guid: str | None = None
    notes: str | None = None
    affected: _Affected | None = None

    @property
    def type(self) -> str | None:
        return self.affected.type if self.affected else None

    @property
    def object_guid(self) -> str | None:
        return self.affected.guid if self.affected else None

    @property
    def link(self) -> str | None:
        return self.affected.link if self.affected else None


class _TicketStatus(Record, frozen=True):
    label: str | None = field(default=None, name="value")


class Ticket(Record, frozen=True):
    SPELLED: ClassVar[dict[str, str]] = {
        "Not Started": "NOT_STARTED",
        "In Progress": "IN_PROGRESS",
        "Complete": "COMPLETE",
        "Completed": "COMPLETE",
    }

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
        return _read_label(TicketStatus, self.status_label, self.SPELLED)


class StepChange(Record, frozen=True):
    """What Arena answers to a step that was completed or reopened."""

    process: QualityProcess
    step: QualityStep
    comment: str | None = None


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
        return _read_label(ProcessStepStatus, self.status_label)


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
