"""What a regular step affects. Arena: GET, POST, PUT and DELETE Quality Process Step Affected Object."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import BaseRoute

from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.fields import check_names, guid_in, nested, optional_text, required, text
from sandbox.arena.lists import list_answer
from sandbox.arena.quality_rows import process_and_step_of
from sandbox.arena.quality_rules import require_edit_rule
from sandbox.arena.quality_shapes import affected_shape
from sandbox.arena.quality_tables import SIGNOFF, AffectedObject, QualityStep
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import new_guid
from sandbox.arena.step_routes import STEP
from sandbox.arena.tables import CatalogObject

ALL_AFFECTED = STEP + "/affected"
ONE_AFFECTED = ALL_AFFECTED + "/{guid}"


def affected_routes(door: Door) -> list[BaseRoute]:
    """The routes of a step's affected objects."""
    return [
        door.route("GET", ALL_AFFECTED, list_affected),
        door.route("POST", ALL_AFFECTED, add_affected),
        door.route("GET", ONE_AFFECTED, read_affected),
        door.route("PUT", ONE_AFFECTED, update_affected),
        door.route("DELETE", ONE_AFFECTED, remove_affected),
    ]


async def list_affected(call: Call) -> Answer:
    """Arena: GET Quality Process Step Affected Objects."""
    step = await _regular_step(call)
    return list_answer([affected_shape(one) for one in await _affected_by(call.session, step)])


async def read_affected(call: Call) -> Answer:
    """Arena: GET Quality Process Step Affected Object."""
    step = await _regular_step(call)
    return Answer(affected_shape(await _association(call, step, Refusal.GUID_NOT_VALID)))


async def add_affected(call: Call) -> Answer:
    """Arena: POST Quality Process Step Affected Object Add."""
    body = call.body()
    check_names(body, {"affected", "notes"})
    affected = nested(required(body, "affected"), "affected")
    notes = optional_text(body.get("notes"), "notes")
    step = await _regular_step(call)
    require_edit_rule(call.user)
    target = await _target(call.session, affected)
    present = await _affected_by(call.session, step)
    if any(_is_same(one, target) for one in present):
        raise Refused(Refusal.ALREADY_AFFECTED)
    highest = await call.session.scalar(select(func.max(AffectedObject.position)))
    association = AffectedObject(
        guid=new_guid(), step_guid=step.guid, position=(highest or 0) + 1, notes=notes, **target
    )
    call.session.add(association)
    return Answer(affected_shape(association), 201)


async def update_affected(call: Call) -> Answer:
    """Arena: PUT Quality Process Step Affected Object Update."""
    body = call.body()
    check_names(body, {"notes"}, known={"affected", "guid"})
    step = await _regular_step(call)
    association = await _association(call, step, Refusal.GUID_NOT_VALID)
    require_edit_rule(call.user)
    association.notes = text(required(body, "notes"), "notes")
    return Answer(affected_shape(association), 201)


async def remove_affected(call: Call) -> Answer:
    """Arena: DELETE Quality Process Step Affected Object."""
    step = await _regular_step(call)
    require_edit_rule(call.user)
    await call.session.delete(await _association(call, step, Refusal.NOT_FOUND_OR_FORBIDDEN))
    return Answer(status=204)


async def _regular_step(call: Call) -> QualityStep:
    _, step = await process_and_step_of(call)
    if step.type == SIGNOFF:
        raise Refused(Refusal.REGULAR_ONLY)
    return step


async def _affected_by(session: AsyncSession, step: QualityStep) -> list[AffectedObject]:
    in_order = select(AffectedObject).where(AffectedObject.step_guid == step.guid).order_by(AffectedObject.position)
    return list(await session.scalars(in_order))


async def _association(call: Call, step: QualityStep, missing: Refusal) -> AffectedObject:
    association = await call.session.get(AffectedObject, call.guid("guid"))
    if association is None or association.step_guid != step.guid:
        raise Refused(missing, guid=call.guid("guid"))
    return association


async def _target(session: AsyncSession, affected: dict[str, Any]) -> dict[str, Any]:
    if "link" in affected:
        check_names(affected, {"link", "display", "description"})
        link = text(affected["link"], "link")
        display = optional_text(affected.get("display"), "display")
        description = optional_text(affected.get("description"), "description")
        return {"type": "URL", "link": link, "display": display, "description": description}
    if "step" in affected:
        check_names(affected, {"step"})
        other = await session.get(QualityStep, guid_in(affected["step"], "step"))
        if other is None:
            raise Refused(Refusal.AFFECTED_NOT_VALID)
        return {"type": "QUALITY", "object_guid": other.process_guid, "affected_step_guid": other.guid}
    check_names(affected, {"guid"})
    found = await session.get(CatalogObject, guid_in(affected, "affected"))
    if found is None:
        raise Refused(Refusal.AFFECTED_NOT_VALID)
    return {"type": found.type, "object_guid": found.guid}


def _is_same(association: AffectedObject, target: dict[str, Any]) -> bool:
    identity = ("type", "object_guid", "affected_step_guid", "link")
    return all(getattr(association, name) == target.get(name) for name in identity)
