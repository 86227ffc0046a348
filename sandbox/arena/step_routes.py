"""Steps: list, read, update.

Arena: GET Quality Process Steps, GET Quality Process Step, PUT Quality Process Step Update.
"""

from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute

from sandbox.arena.attributes import changed_values, definitions_of
from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.fields import check_names, guid_in, instant, nested, rows, without_nulls
from sandbox.arena.lists import list_answer
from sandbox.arena.quality_rows import process_and_step_of
from sandbox.arena.quality_rules import check_step_edit
from sandbox.arena.quality_shapes import step_shape, updated_step_shape
from sandbox.arena.quality_tables import QualityProcess, QualityStep
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import row_by_guid
from sandbox.arena.tables import User, UserGroup
from sandbox.arena.times import arena_time, end_of_pacific_day

STEPS = "/qualityprocesses/{process_guid}/steps"
STEP = STEPS + "/{step_guid}"

EDITABLE = frozenset({"attributes", "assignee", "assignees", "dueDateTime"})
READ_ONLY = frozenset(
    {"allowOwnerToAddApprovers", "approvals", "completeDateTime", "completeUser", "guid"}
    | {"name", "order", "status", "type"}
)


def step_routes(door: Door) -> list[BaseRoute]:
    """The routes of a process's steps."""
    return [
        door.route("GET", STEPS, list_steps),
        door.route("GET", STEP, read_step),
        door.route("PUT", STEP, update_step),
    ]


async def list_steps(call: Call) -> Answer:
    """Arena: GET Quality Process Steps, which answers all of them whatever the paging."""
    process_guid = call.guid("process_guid")
    in_order = select(QualityStep).where(QualityStep.process_guid == process_guid).order_by(QualityStep.order)
    steps = list(await call.session.scalars(in_order))
    if not steps:
        await row_by_guid(call.session, QualityProcess, process_guid)
    definitions = await definitions_of(call.session, "STEP")
    return list_answer([step_shape(step, definitions) for step in steps])


async def read_step(call: Call) -> Answer:
    """Arena: GET Quality Process Step."""
    _, step = await process_and_step_of(call)
    definitions = await definitions_of(call.session, "STEP")
    return Answer(step_shape(step, definitions, include_empty=call.flag("includeEmptyAdditionalAttributes")))


async def update_step(call: Call) -> Answer:
    """Arena: PUT Quality Process Step Update (User Assignee), ... (User Group Assignee)."""
    body = call.body()
    check_names(body, EDITABLE, known=READ_ONLY, refusal=Refusal.NOT_EDITABLE)
    changes = without_nulls(body, clearable={"dueDateTime"}, sets_null=call.sets_null)
    if "assignee" in changes and "assignees" in changes:
        raise Refused(Refusal.BOTH_ASSIGNEE_FIELDS)
    process, step = await process_and_step_of(call)
    check_step_edit(process, step, call.user)
    await _apply(call, step, changes)
    await call.session.flush()
    return Answer(updated_step_shape(step, await definitions_of(call.session, "STEP")), 201)


async def _apply(call: Call, step: QualityStep, changes: dict[str, Any]) -> None:
    if "dueDateTime" in changes:
        due = changes["dueDateTime"]
        step.due_date_time = None if due is None else arena_time(end_of_pacific_day(instant(due, "dueDateTime")))
    if "attributes" in changes:
        step.attribute_values = changed_values(
            step.attribute_values,
            rows(changes["attributes"], "attributes"),
            await definitions_of(call.session, "STEP"),
            sets_null=call.sets_null,
        )
    if "assignee" in changes:
        await _assign_user(call, step, changes["assignee"])
    if "assignees" in changes:
        await _assign(call, step, nested(changes["assignees"], "assignees"))


async def _assign(call: Call, step: QualityStep, assignees: dict[str, Any]) -> None:
    check_names(assignees, {"users", "userGroups"})
    if len(assignees) != 1:
        raise Refused(Refusal.BOTH_ASSIGNEE_KINDS)
    [(kind, value)] = assignees.items()
    references = rows(value, kind)
    if len(references) > 1:
        raise Refused(Refusal.MORE_THAN_ONE_ASSIGNEE)
    if not references:
        step.assignee = step.group = None
    elif kind == "users":
        await _assign_user(call, step, references[0])
    else:
        await _assign_group(call, step, references[0])


async def _assign_user(call: Call, step: QualityStep, reference: Any) -> None:
    step.assignee = await row_by_guid(call.session, User, guid_in(reference, "assignee"))
    step.group = None


async def _assign_group(call: Call, step: QualityStep, reference: Any) -> None:
    group = await row_by_guid(call.session, UserGroup, guid_in(reference, "userGroups"))
    if not group.assignable:
        raise Refused(Refusal.GROUP_NOT_ASSIGNABLE)
    step.group, step.assignee = group, None
