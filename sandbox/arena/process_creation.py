"""A new quality process from its template. Arena: POST Quality Process Create."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.attributes import changed_values, definitions_of
from sandbox.arena.calls import Call
from sandbox.arena.fields import (
    check_names,
    guid_in,
    instant,
    nested,
    optional_text,
    required,
    rows,
    text,
)
from sandbox.arena.quality_tables import (
    Decision,
    NumberFormat,
    QualityProcess,
    QualityStep,
    QualityTemplate,
    TemplateStep,
)
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import new_guid, row_by_guid
from sandbox.arena.tables import User
from sandbox.arena.times import arena_time

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 4000


async def create_process(call: Call, body: dict[str, Any]) -> QualityProcess:
    """Create the process a body describes, with its template's steps.

    Args:
        call: Who creates it, when.
        body: Its field names are checked already.

    Returns:
        The new process, added to the session.

    Raises:
        Refused: A field is missing or wrong, the template is inactive, or nobody is the owner.
    """
    name = text(required(body, "name"), "name", longest=LONGEST_NAME)
    reference = nested(required(body, "template"), "template")
    check_names(reference, {"guid", "numberFormat"})
    template = await row_by_guid(call.session, QualityTemplate, guid_in(reference, "template"))
    if not template.active:
        raise Refused(Refusal.TEMPLATE_INACTIVE)
    target = body.get("targetCompletionDateTime")
    process = QualityProcess(
        guid=new_guid(),
        number=_next_number(await _number_format(call.session, template, reference.get("numberFormat"))),
        name=name,
        description=optional_text(body.get("description"), "description", longest=LONGEST_DESCRIPTION),
        type=optional_text(body.get("type"), "type"),
        status_mode=template.status_mode,
        creation_date_time=call.now,
        target_completion_date_time=(
            None if target is None else arena_time(instant(target, "targetCompletionDateTime"))
        ),
        creator=call.user,
        owner=await _owner(call.session, template, body.get("owner")),
        template_guid=template.guid,
        attribute_values=await _attribute_values(call.session, body.get("additionalAttributes")),
    )
    call.session.add(process)
    await call.session.flush()
    for template_step in template.steps:
        call.session.add(new_step(process.guid, template_step))
    return process


def new_step(process_guid: str, template_step: TemplateStep) -> QualityStep:
    """A template's step for a process of its own: open, unassigned, undecided, its attributes empty."""
    approvers = enumerate(template_step.approver_guids, start=1)
    return QualityStep(
        guid=new_guid(),
        process_guid=process_guid,
        order=template_step.order,
        name=template_step.name,
        type=template_step.type,
        attribute_values=dict.fromkeys(template_step.attribute_guids),
        allow_owner_to_add_approvers=template_step.allow_owner_to_add_approvers,
        decisions=[Decision(guid=new_guid(), position=position, user_guid=guid) for position, guid in approvers],
    )


async def _number_format(session: AsyncSession, template: QualityTemplate, wanted: Any) -> NumberFormat:
    if wanted is None:
        return template.number_format
    prefix_guid = guid_in(required(nested(wanted, "numberFormat"), "prefix"), "prefix")
    found = await session.scalar(select(NumberFormat).where(NumberFormat.prefix_guid == prefix_guid))
    if found is None:
        raise Refused(Refusal.PREFIX_UNKNOWN)
    return found


def _next_number(number_format: NumberFormat) -> str:
    number_format.last_used += 1
    return f"{number_format.prefix}{number_format.last_used:06}"


async def _owner(session: AsyncSession, template: QualityTemplate, reference: Any) -> User:
    if reference is not None:
        return await row_by_guid(session, User, guid_in(reference, "owner"))
    if template.default_owner is None:
        raise Refused(Refusal.OWNER_MISSING)
    return template.default_owner


async def _attribute_values(session: AsyncSession, given: Any) -> dict[str, Any]:
    definitions = await definitions_of(session, "PROCESS")
    changes = [] if given is None else rows(given, "additionalAttributes")
    return changed_values(dict.fromkeys(definitions), changes, definitions, sets_null=False)
