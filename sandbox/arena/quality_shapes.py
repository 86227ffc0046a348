"""Quality rows as Arena prints them. Arena: Quality Process, Quality Process Step, Quality Affected (objects)."""

from typing import Any

from sandbox.arena.attributes import Definitions, attribute_values
from sandbox.arena.people_shapes import compact_user, group_with_members
from sandbox.arena.quality_tables import SIGNOFF, AffectedObject, Decision, QualityProcess, QualityStep

Shape = dict[str, Any]


def process_shape(process: QualityProcess, definitions: Definitions, *, include_options: bool = False) -> Shape:
    """A quality process. Arena: GET Quality Process Summary."""
    return {
        "additionalAttributes": attribute_values(
            process.attribute_values, definitions, include_empty=True, include_options=include_options
        ),
        "completedDateTime": process.completed_date_time,
        "creationDateTime": process.creation_date_time,
        "creator": compact_user(process.creator),
        "currentStep": {"approvals": None, "attributes": None, "guid": process.current_step_guid},
        "description": process.description,
        "guid": process.guid,
        "name": process.name,
        "number": process.number,
        "owner": compact_user(process.owner),
        "status": process.status,
        "statusMode": process.status_mode,
        "targetCompletionDateTime": process.target_completion_date_time,
        "template": {"active": None, "guid": process.template_guid},
        "type": process.type,
    }


def step_shape(step: QualityStep, definitions: Definitions, *, include_empty: bool = False) -> Shape:
    """A step with the values of its attributes. Arena: GET Quality Process Step."""
    shape: Shape = {
        "assignee": _deprecated_assignee(step),
        "assignees": _assignees(step),
        "completeDateTime": step.complete_date_time,
        "completeUser": {"fullName": step.complete_user.full_name} if step.complete_user else None,
        "dueDateTime": step.due_date_time,
        "guid": step.guid,
        "name": step.name,
        "order": step.order,
        "status": step.status,
        "type": step.type,
    }
    if step.type == SIGNOFF:
        return shape | {
            "allowOwnerToAddApprovers": step.allow_owner_to_add_approvers,
            "approvals": _approvals(step),
        }
    return shape | {"attributes": attribute_values(step.attribute_values, definitions, include_empty=include_empty)}


def updated_step_shape(step: QualityStep, definitions: Definitions) -> Shape:
    """A step as its update answers it. Arena: PUT Quality Process Step Update (User Assignee)."""
    shape = step_shape(step, definitions)
    if step.type == SIGNOFF:
        return shape
    return shape | {
        "attributes": [
            {"guid": guid, "name": definitions[guid].name, "value": value}
            for guid, value in step.attribute_values.items()
        ]
    }


def decision_shape(decision: Decision) -> Shape:
    """A decision. Arena: GET Quality Process Step Decisions."""
    shape: Shape = {
        "comments": decision.comments,
        "decision": decision.decision,
        "decisionDateTime": decision.decision_date_time,
        "decisionType": decision.decision_type,
        "guid": decision.guid,
        "user": compact_user(decision.user) if decision.user else None,
    }
    if decision.group is None:
        return shape
    return shape | {"group": {"guid": decision.group.guid, "name": decision.group.name}}


def affected_shape(association: AffectedObject) -> Shape:
    """An affected object with the guid of its association outside. Arena: Quality Affected (object)."""
    affected: Shape = {"type": association.type}
    if association.object_guid is not None:
        affected["guid"] = association.object_guid
    if association.affected_step_guid is not None:
        affected["step"] = {"guid": association.affected_step_guid}
    if association.link is not None:
        affected |= {
            "description": association.description,
            "display": association.display,
            "link": association.link,
        }
    return {"affected": affected, "guid": association.guid, "notes": association.notes}


def _assignees(step: QualityStep) -> Shape | None:
    if step.assignee is not None:
        return {"users": [compact_user(step.assignee)]}
    if step.group is not None:
        return {"userGroups": [group_with_members(step.group)]}
    return None


def _deprecated_assignee(step: QualityStep) -> Shape | None:
    if step.assignee is None:
        return None
    return {
        "deprecated": True,
        "fullName": step.assignee.full_name,
        "guid": step.assignee.guid,
        "note": "Use assignees instead.",
    }


def _approvals(step: QualityStep) -> list[Shape] | None:
    if not step.decisions or any(decision.decision is None for decision in step.decisions):
        return None
    return [
        {"fullName": decision.user.full_name, "guid": decision.user.guid}
        for decision in step.decisions
        if decision.user is not None
    ]
