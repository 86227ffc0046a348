"""What quality processes are made from.

Arena: GET Quality Process Templates, GET Quality Process Owners, GET Quality Process Number Formats,
GET Quality Process Attributes, GET Quality Process Step Attributes.
"""

from typing import Any

from sqlalchemy import select
from starlette.routing import BaseRoute

from sandbox.arena.attributes import Definitions, definitions_of, described
from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.lists import filtered, is_flag, list_answer, matches
from sandbox.arena.people_shapes import compact_user
from sandbox.arena.quality_tables import SIGNOFF, NumberFormat, QualityTemplate, TemplateStep
from sandbox.arena.rows import row_by_guid
from sandbox.arena.tables import User

SETTINGS = "/settings/qualityprocesses"

TEMPLATE_FILTERS = {"name": matches(QualityTemplate.name), "active": is_flag(QualityTemplate.active)}


def quality_settings_routes(door: Door) -> list[BaseRoute]:
    """The routes below `/settings/qualityprocesses`."""
    return [
        door.route("GET", f"{SETTINGS}/owners", list_owners),
        door.route("GET", f"{SETTINGS}/attributes", list_process_attributes),
        door.route("GET", f"{SETTINGS}/steps/attributes", list_step_attributes),
        door.route("GET", f"{SETTINGS}/numberformats", list_number_formats),
        door.route("GET", f"{SETTINGS}/numberformats/{{guid}}", read_number_format),
        door.route("GET", f"{SETTINGS}/templates", list_templates),
        door.route("GET", f"{SETTINGS}/templates/{{guid}}", read_template),
        door.route("GET", f"{SETTINGS}/templates/{{guid}}/attributes", list_template_attributes),
    ]


async def list_owners(call: Call) -> Answer:
    """Arena: GET Quality Process Owners, which says `emailAddress` where others say `email`."""
    may_own = User.enabled & User.edits_quality_details
    owners = await call.session.scalars(select(User).where(may_own).order_by(User.full_name))
    return list_answer([{"emailAddress": user.email, "fullName": user.full_name, "guid": user.guid} for user in owners])


async def list_process_attributes(call: Call) -> Answer:
    """Arena: GET Quality Process Attributes, the custom ones."""
    return await _attributes(call, "PROCESS")


async def list_step_attributes(call: Call) -> Answer:
    """Arena: GET Quality Process Step Attributes, the custom ones."""
    return await _attributes(call, "STEP")


async def list_number_formats(call: Call) -> Answer:
    """Arena: GET Quality Process Number Formats, with the stray `statusCode` its page shows."""
    found = await call.session.scalars(select(NumberFormat).order_by(NumberFormat.prefix))
    results = [_number_format(number_format) for number_format in found]
    return Answer({"count": len(results), "results": results, "statusCode": 0})


async def read_number_format(call: Call) -> Answer:
    """Arena: GET Quality Process Number Formats, one of them."""
    return Answer(_number_format(await row_by_guid(call.session, NumberFormat, call.guid("guid"))))


async def list_templates(call: Call) -> Answer:
    """Arena: GET Quality Process Templates; it does not page, and refuses `limit` like any unknown filter."""
    by_name = select(QualityTemplate).order_by(QualityTemplate.name)
    statement = filtered(by_name, call, TEMPLATE_FILTERS, others=frozenset())
    people = await _full_names(call)
    definitions = await definitions_of(call.session, "STEP")
    found = await call.session.scalars(statement)
    return list_answer([_template(template, definitions, people) for template in found])


async def read_template(call: Call) -> Answer:
    """Arena: GET Quality Process Templates, one of them."""
    template = await row_by_guid(call.session, QualityTemplate, call.guid("guid"))
    definitions = await definitions_of(call.session, "STEP")
    return Answer(_template(template, definitions, await _full_names(call)))


async def list_template_attributes(call: Call) -> Answer:
    """The attribute definitions of a template, step by step."""
    template = await row_by_guid(call.session, QualityTemplate, call.guid("guid"))
    definitions = await definitions_of(call.session, "STEP")
    with_options = call.flag("includePossibleValues")
    return list_answer(
        [
            {
                "attributes": [
                    described(definitions[guid], include_options=with_options) for guid in step.attribute_guids
                ],
                "guid": step.guid,
                "name": step.name,
                "order": step.order,
            }
            for step in template.steps
        ]
    )


async def _attributes(call: Call, belongs_to: str) -> Answer:
    definitions = await definitions_of(call.session, belongs_to)
    with_options = call.flag("includePossibleValues")
    return list_answer([described(definition, include_options=with_options) for definition in definitions.values()])


async def _full_names(call: Call) -> dict[str, str]:
    rows = await call.session.execute(select(User.guid, User.full_name))
    return dict(rows.all())


def _number_format(number_format: NumberFormat) -> dict[str, Any]:
    return {
        "guid": number_format.guid,
        "lastUsed": f"{number_format.prefix}{number_format.last_used:06}",
        "prefixes": [{"guid": number_format.prefix_guid, "value": number_format.prefix}],
    }


def _template(template: QualityTemplate, definitions: Definitions, people: dict[str, str]) -> dict[str, Any]:
    owner = template.default_owner
    number_format = _number_format(template.number_format)
    return {
        "active": template.active,
        "creationDateTime": template.creation_date_time,
        "creator": compact_user(template.creator),
        "defaultNumberFormat": number_format,
        "defaultOwner": compact_user(owner) if owner else None,
        "description": template.description,
        "guid": template.guid,
        "name": template.name,
        "numberFormats": [number_format],
        "shortName": template.short_name,
        "steps": [_template_step(step, definitions, people) for step in template.steps],
    }


def _template_step(step: TemplateStep, definitions: Definitions, people: dict[str, str]) -> dict[str, Any]:
    shape = {"guid": step.guid, "name": step.name, "order": step.order, "type": step.type}
    if step.type == SIGNOFF:
        return shape | {
            "allowOwnerToAddApprovers": step.allow_owner_to_add_approvers,
            "approvers": [{"fullName": people[guid]} for guid in step.approver_guids],
        }
    attributes = [{"guid": guid, "name": definitions[guid].name} for guid in step.attribute_guids]
    return shape | {"attributes": attributes}
