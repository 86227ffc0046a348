"""What clients see of quality processes."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers import quality
from schema.shared import Attribute, Node, PageInfo, Person, PersonGroup, is_record
from upstreams import records
from upstreams.records import QualityProcessStatus, QualityStepStatus, QualityStepType, StatusMode


@strawberry.type(description="A decision of one approver on a sign-off step.")
class Decision:
    guid: str | None = strawberry.field(description="The decision's guid.")
    person: Person | None = strawberry.field(description="Whose decision it is.")
    group: PersonGroup | None = strawberry.field(description="The group the approver stands for.")
    decision_type: str | None = strawberry.field(
        description="Whose approval is needed, in Arena's words (`ALL_REQUIRED`, `ONE_REQUIRED`, ...)."
    )
    decision: str | None = strawberry.field(
        description="The decision, in Arena's words (`APPROVED`, `REJECTED`, ...); null while pending."
    )
    decided_at: datetime | None = strawberry.field(description="When it was made.")
    comments: str | None = strawberry.field(description="What the approver said.")


@strawberry.type(description="An object of Arena that a quality step concerns.")
class AffectedObject:
    guid: str | None = strawberry.field(description="The association's guid.")
    type: str | None = strawberry.field(
        description="What it is, in Arena's words (`ITEM`, `SUPPLIER ITEM`, `URL`, ...)."
    )
    object_guid: str | None = strawberry.field(description="The object's guid; absent for a URL.")
    link: str | None = strawberry.field(description="The address, for a URL.")
    notes: str | None = strawberry.field(description="Notes of whoever added it.")


@strawberry.type(description="A step of a quality process.")
class QualityStep(Node):
    is_type_of = is_record(records.QualityStep)

    id: strawberry.ID = strawberry.field(resolver=quality.step_id, description="Opaque global id.")
    guid: str = strawberry.field(description="Arena's guid.")
    name: str | None = strawberry.field(description="What the step is called.")
    order: int | None = strawberry.field(resolver=quality.order, description="Its position, from 1.")
    type: QualityStepType | None = strawberry.field(description="Work or sign-off.")
    type_label: str | None = strawberry.field(description="The type in Arena's own word.")
    status: QualityStepStatus | None = strawberry.field(description="Open or complete.")
    status_label: str | None = strawberry.field(description="The status in Arena's own word.")
    assignees: list[Person] | None = strawberry.field(description="The users it is assigned to. No call.")
    assignee_groups: list[PersonGroup] | None = strawberry.field(description="The groups it is assigned to. No call.")
    attributes: list[Attribute] | None = strawberry.field(
        description="The values entered in the step; regular steps only. No call."
    )
    approvers: list[Person] | None = strawberry.field(
        description="Who approved; sign-off steps only, null until everybody has decided. No call."
    )
    decisions = strawberry.field(
        resolver=quality.decisions,
        graphql_type=list[Decision] | None,
        description="The approvers' decisions. Costs 1 call for a sign-off step, none for others.",
    )
    affected_objects = strawberry.field(
        resolver=quality.affected_objects,
        graphql_type=list[AffectedObject] | None,
        description="The objects it concerns. Costs 1 call for a regular step, none for others.",
    )
    due_at: datetime | None = strawberry.field(description="When it is due: the end of a day in California.")
    completed_at: datetime | None = strawberry.field(description="When it was completed.")
    completed_by: Person | None = strawberry.field(description="Who completed it.")
    quality_process = strawberry.field(
        resolver=quality.process_of_step,
        graphql_type=Annotated["QualityProcess", strawberry.lazy("schema.quality")] | None,
        description="The process it is part of. No call when this operation has read the process, else 1.",
    )


@strawberry.type(description="A quality process: a CAPA, a nonconformance, an audit.")
class QualityProcess(Node):
    is_type_of = is_record(records.QualityProcess)

    id: strawberry.ID = strawberry.field(resolver=quality.process_id, description="Opaque global id.")
    guid: str = strawberry.field(description="Arena's guid.")
    number: str | None = strawberry.field(description="Its number, like `CAR-000003`.")
    name: str | None = strawberry.field(description="What it is called.")
    description: str | None = strawberry.field(description="What it is about.")
    type: str | None = strawberry.field(description="Its type, in words of the workspace.")
    status: QualityProcessStatus | None = strawberry.field(description="Where it stands.")
    status_label: str | None = strawberry.field(description="The status in Arena's own word.")
    status_mode: StatusMode | None = strawberry.field(description="Who completes it.")
    status_mode_label: str | None = strawberry.field(description="The status mode in Arena's own word.")
    owner: Person | None = strawberry.field(description="Who answers for it. No call.")
    creator: Person | None = strawberry.field(description="Who created it. No call.")
    current_step = strawberry.field(
        resolver=quality.current_step,
        graphql_type=QualityStep | None,
        description="The step Arena names as current: the first open one, else the last. "
        "No call for its id and guid; else 1, which `steps` shares.",
    )
    steps = strawberry.field(
        resolver=quality.steps,
        graphql_type=list[QualityStep] | None,
        description="Its steps in their order. Costs 1 call for all of them.",
    )
    created_at: datetime | None = strawberry.field(description="When it was created.")
    completed_at: datetime | None = strawberry.field(description="When it was completed; null while it is not.")
    target_completion_at: datetime | None = strawberry.field(description="When it should be completed.")


@strawberry.input(
    description="Which quality processes: those that pass every filter. Text matches whole; `*` matches any text."
)
class QualityProcessWhere:
    number: str | None = strawberry.field(default=UNSET, description="Its number; `CAR-*` for a prefix.")
    name: str | None = strawberry.field(default=UNSET, description="Its name.")
    status: QualityProcessStatus | None = strawberry.field(default=UNSET, description="The status it has.")
    status_not: QualityProcessStatus | None = strawberry.field(default=UNSET, description="A status it does not have.")
    type: str | None = strawberry.field(default=UNSET, description="Its type.")
    owner_guid: str | None = strawberry.field(default=UNSET, description="The guid of its owner.")
    creator_guid: str | None = strawberry.field(default=UNSET, description="The guid of its creator.")
    template_guid: str | None = strawberry.field(default=UNSET, description="The guid of its template.")


@strawberry.type(description="A quality process and where it stands in the list.")
class QualityProcessEdge:
    cursor: str = strawberry.field(description="Where it stands.")
    node: QualityProcess = strawberry.field(description="The process.")


@strawberry.type(description="Some consecutive quality processes of a list.")
class QualityProcessConnection:
    edges: list[QualityProcessEdge] = strawberry.field(description="The processes with their cursors.")
    nodes: list[QualityProcess] = strawberry.field(description="The processes.")
    page_info: PageInfo = strawberry.field(description="What lies around them.")
