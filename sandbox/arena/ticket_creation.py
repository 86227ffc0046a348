"""New tickets and their numbers. Arena: POST Ticket Create."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.calls import Answer, Call
from sandbox.arena.fields import Fields, check_names, guid_in, nested, required, text, without_nulls
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.rows import new_guid, row_by_guid
from sandbox.arena.ticket_rows import FIXED, SETTABLE, require_ticket_privilege, set_fields, ticket_answer
from sandbox.arena.ticket_tables import NOT_STARTED, SequencePrefix, Ticket, TicketTemplate

CREATABLE = SETTABLE | {"template", "number", "numberSequencePrefix"}


async def create_ticket(call: Call) -> Answer:
    """Arena: POST Ticket Create. A ticket starts as NOT_STARTED, with its template's default assignee."""
    require_ticket_privilege(call.user)
    body = call.body()
    check_names(body, CREATABLE, known=FIXED, refusal=Refusal.NOT_CREATABLE)
    fields = without_nulls(body, clearable=(), sets_null=False)
    template = await _template(call.session, fields)
    required(fields, "title")
    ticket = Ticket(
        guid=new_guid(),
        number=await _number(call.session, template, fields),
        description="",
        status=NOT_STARTED,
        creation_date_time=call.now,
        modify_date_time=call.now,
        template=template,
        creator=call.user,
        assignee=template.default_assignee,
        attribute_values=dict.fromkeys(template.attribute_guids),
    )
    await set_fields(call, ticket, fields)
    call.session.add(ticket)
    await call.session.flush()
    return await ticket_answer(call, ticket, 201)


async def _template(session: AsyncSession, fields: Fields) -> TicketTemplate:
    guid = guid_in(required(fields, "template"), "template")
    template = await row_by_guid(session, TicketTemplate, guid)
    if not template.active:
        raise Refused(Refusal.TICKET_TEMPLATE_INACTIVE)
    return template


async def _number(session: AsyncSession, template: TicketTemplate, fields: Fields) -> str:
    if "number" in fields:
        return await _own_number(session, template, text(fields["number"], "number"))
    prefix = _prefix(template, fields)
    while True:
        prefix.last_used += 1
        number = f"{prefix.value}{prefix.last_used:06d}"
        if not await _is_taken(session, number):
            return number


async def _own_number(session: AsyncSession, template: TicketTemplate, number: str) -> str:
    if not template.allows_own_numbers:
        raise Refused(Refusal.TICKET_NUMBER_NOT_ALLOWED)
    if not number.strip():
        raise Refused(Refusal.FIELD_VALUE, name="number")
    if await _is_taken(session, number):
        raise Refused(Refusal.TICKET_NUMBER_TAKEN)
    return number


def _prefix(template: TicketTemplate, fields: Fields) -> SequencePrefix:
    prefixes = {prefix.value: prefix for prefix in template.number_sequence.prefixes}
    if "numberSequencePrefix" not in fields:
        return prefixes[min(prefixes)]
    wanted = required(nested(fields["numberSequencePrefix"], "numberSequencePrefix"), "value")
    if not isinstance(wanted, str) or wanted not in prefixes:
        raise Refused(Refusal.FIELD_OPTION, name="numberSequencePrefix")
    return prefixes[wanted]


async def _is_taken(session: AsyncSession, number: str) -> bool:
    return bool(await session.scalar(select(exists().where(Ticket.number == number))))
