"""What the upstreams know, in our words.

A field's `name=` is the word it has in the REST answers, and appears nowhere else. Enumerations keep the
upstream's own text in a `..._label` field, so a value newer than this file is `UNKNOWN` and still readable.
Every field but a guid may be absent.
"""

from upstreams.records.processes import (
    DoubleParam,
    LongParam,
    ParamValue,
    Process,
    ProcessParam,
    ProcessStatus,
    ProcessStep,
    ProcessStepCompletion,
    ProcessStepStatus,
    StringParam,
    UnknownParam,
)
from upstreams.records.quality import (
    AffectedObject,
    Decision,
    QualityProcess,
    QualityProcessStatus,
    QualityStep,
    QualityStepStatus,
    QualityStepType,
    StatusMode,
    StepChange,
    StepKey,
)
from upstreams.records.shared import (
    Attribute,
    Person,
    PersonGroup,
    Record,
    Template,
    spell,
)
from upstreams.records.tickets import (
    Ticket,
    TicketStatus,
)

__all__ = [
    "AffectedObject",
    "Attribute",
    "Decision",
    "DoubleParam",
    "LongParam",
    "ParamValue",
    "Person",
    "PersonGroup",
    "Process",
    "ProcessParam",
    "ProcessStatus",
    "ProcessStep",
    "ProcessStepCompletion",
    "ProcessStepStatus",
    "QualityProcess",
    "QualityProcessStatus",
    "QualityStep",
    "QualityStepStatus",
    "QualityStepType",
    "Record",
    "StatusMode",
    "StepChange",
    "StepKey",
    "StringParam",
    "Template",
    "Ticket",
    "TicketStatus",
    "UnknownParam",
    "spell",
]
