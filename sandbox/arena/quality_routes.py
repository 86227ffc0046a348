"""Quality processes: search, read, create, update, delete.

Arena: GET Quality Processes Search, GET Quality Process Summary, POST Quality Process Create,
PUT Quality Process Update, DELETE Quality Process.
"""

from typing import Any

from sqlalchemy import ColumnElement, not_, or_, select
from starlette.routing import BaseRoute

from sandbox.arena.attributes import attribute_filters, changed_values, definitions_of
from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.fields import (
    check_names,
    guid_in,
    instant,
    option,
    optional_text,
    rows,
    text,
    without_nulls,
)
from sandbox.arena.lists import Filter, filtered, list_answer, matches, page
from sandbox.arena.process_creation import LONGEST_DESCRIPTION, LONGEST_NAME, create_process
from sandbox.arena.quality_rows import changed_process_shape
from sandbox.arena.quality_rules import require_edit_rule
from sandbox.arena.quality_shapes import process_shape
from sandbox.arena.quality_tables import CANCELED, COMPLETED, OPEN, SUBMITTED, QualityProcess
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import row_by_guid
from sandbox.arena.status_changes import change_status
from sandbox.arena.tables import User
from sandbox.arena.times import arena_time

EDITABLE = frozenset({"name", "description", "type", "owner", "targetCompletionDateTime", "additionalAttributes"})
CLEARABLE = frozenset({"description", "type", "targetCompletionDateTime"})
READ_ONLY = frozenset(
    {"completedDateTime", "creationDateTime", "creator", "currentStep", "guid"}
    | {"number", "status", "statusMode", "template"}
)
SEARCHABLE_STATUSES = frozenset({OPEN, "IN_PROGRESS", COMPLETED, SUBMITTED, CANCELED})


def quality_routes(door: Door) -> list[BaseRoute]:
    """The routes of quality processes, but those of their steps."""
    return [
        door.route("GET", "/qualityprocesses", list_processes),
        door.route("POST", "/qualityprocesses", add_process),
        door.route("POST", "/qualityprocesses/statuschanges", change_status),
        door.route("GET", "/qualityprocesses/{guid}", read_process),
        door.route("PUT", "/qualityprocesses/{guid}", update_process),
        door.route("DELETE", "/qualityprocesses/{guid}", delete_process),
    ]


async def list_processes(call: Call) -> Answer:
    """Arena: GET Quality Processes Search."""
    definitions = await definitions_of(call.session, "PROCESS")
    filters = PROCESS_FILTERS | attribute_filters(QualityProcess.attribute_values, definitions)
    oldest_first = select(QualityProcess).order_by(QualityProcess.creation_date_time, QualityProcess.number)
    found = await call.session.scalars(page(filtered(oldest_first, call, filters), call))
    return list_answer([process_shape(process, definitions) for process in found])


async def read_process(call: Call) -> Answer:
    """Arena: GET Quality Process Summary."""
    process = await row_by_guid(call.session, QualityProcess, call.guid("guid"))
    definitions = await definitions_of(call.session, "PROCESS")
    return Answer(process_shape(process, definitions, include_options=call.flag("includePossibleValues")))


async def add_process(call: Call) -> Answer:
    """Arena: POST Quality Process Create."""
    body = call.body()
    check_names(body, EDITABLE | {"template"}, known=READ_ONLY, refusal=Refusal.NOT_CREATABLE)
    require_edit_rule(call.user)
    process = await create_process(call, body)
    return Answer(await changed_process_shape(call.session, process), 201)


async def update_process(call: Call) -> Answer:
    """Arena: PUT Quality Process Update."""
    body = call.body()
    check_names(body, EDITABLE, known=READ_ONLY, refusal=Refusal.NOT_EDITABLE)
    changes = without_nulls(body, clearable=CLEARABLE, sets_null=call.sets_null)
    process = await row_by_guid(call.session, QualityProcess, call.guid("guid"))
    require_edit_rule(call.user)
    await _apply(call, process, changes)
    return Answer(await changed_process_shape(call.session, process), 201)


async def delete_process(call: Call) -> Answer:
    """Arena: DELETE Quality Process."""
    process = await row_by_guid(call.session, QualityProcess, call.guid("guid"))
    require_edit_rule(call.user)
    await call.session.delete(process)
    return Answer(status=204)


async def _apply(call: Call, process: QualityProcess, changes: dict[str, Any]) -> None:
    if "name" in changes:
        process.name = text(changes["name"], "name", longest=LONGEST_NAME)
    if "description" in changes:
        process.description = optional_text(changes["description"], "description", longest=LONGEST_DESCRIPTION)
    if "type" in changes:
        process.type = optional_text(changes["type"], "type")
    if "owner" in changes:
        process.owner = await _new_owner(call, changes["owner"])
    if "targetCompletionDateTime" in changes:
        target = changes["targetCompletionDateTime"]
        process.target_completion_date_time = (
            None if target is None else arena_time(instant(target, "targetCompletionDateTime"))
        )
    if "additionalAttributes" in changes:
        process.attribute_values = changed_values(
            process.attribute_values,
            rows(changes["additionalAttributes"], "additionalAttributes"),
            await definitions_of(call.session, "PROCESS"),
            sets_null=call.sets_null,
        )


async def _new_owner(call: Call, reference: Any) -> User:
    owner = await row_by_guid(call.session, User, guid_in(reference, "owner"))
    if not owner.enabled:
        raise Refused(Refusal.OWNER_DISABLED)
    return owner


def _has_status(value: str) -> ColumnElement[bool]:
    status = option(value.removeprefix("!"), "status", SEARCHABLE_STATUSES)
    is_status = QualityProcess.status == status
    return not_(is_status) if value.startswith("!") else is_status


def _mentions(value: str) -> ColumnElement[bool]:
    columns = (QualityProcess.number, QualityProcess.name, QualityProcess.description)
    return or_(*(column.icontains(value, autoescape=True) for column in columns))


PROCESS_FILTERS: dict[str, Filter] = {
    "any": _mentions,
    "creator.fullName": lambda value: QualityProcess.creator.has(matches(User.full_name)(value)),
    "creator.guid": matches(QualityProcess.creator_guid),
    "description": matches(QualityProcess.description),
    "name": matches(QualityProcess.name),
    "number": matches(QualityProcess.number),
    "owner.fullName": lambda value: QualityProcess.owner.has(matches(User.full_name)(value)),
    "owner.guid": matches(QualityProcess.owner_guid),
    "status": _has_status,
    "template.guid": matches(QualityProcess.template_guid),
    "type": matches(QualityProcess.type),
}
