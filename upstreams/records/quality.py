"""Quality processes, as Arena has them."""

import enum
from datetime import datetime

from msgspec import field

from upstreams.records.shared import Attribute, Labels, Person, PersonGroup, Record


class QualityProcessStatus(enum.Enum):
    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    SUBMITTED = "SUBMITTED"
    CANCELED = "CANCELED"
    UNKNOWN = "UNKNOWN"


_QUALITY_PROCESS_STATUS_LABELS = Labels(QualityProcessStatus)


class StatusMode(enum.Enum):
    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"
    UNKNOWN = "UNKNOWN"


_STATUS_MODE_LABELS = Labels(StatusMode)


class QualityStepType(enum.Enum):
    REGULAR = "REGULAR"
    SIGNOFF = "SIGNOFF"
    UNKNOWN = "UNKNOWN"


_QUALITY_STEP_TYPE_LABELS = Labels(QualityStepType)


class QualityStepStatus(enum.Enum):
    OPEN = "OPEN"
    COMPLETE = "COMPLETE"
    UNKNOWN = "UNKNOWN"


_QUALITY_STEP_STATUS_LABELS = Labels(QualityStepStatus)


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
        return _QUALITY_PROCESS_STATUS_LABELS[self.status_label]

    @property
    def status_mode(self) -> StatusMode | None:
        return _STATUS_MODE_LABELS[self.status_mode_label]

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
        return _QUALITY_STEP_TYPE_LABELS[self.type_label]

    @property
    def status(self) -> QualityStepStatus | None:
        return _QUALITY_STEP_STATUS_LABELS[self.status_label]

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


class StepChange(Record, frozen=True):
    """What Arena answers to a step that was completed or reopened."""

    process: QualityProcess
    step: QualityStep
    comment: str | None = None
