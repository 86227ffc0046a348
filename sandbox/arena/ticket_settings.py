"""Ticket templates, attributes and numbering.

Arena: GET Tickets Templates, GET Tickets Templates Attributes, GET Tickets Attributes,
GET Tickets Number Sequences, GET Tickets Number Sequences Prefixes.
"""

from sqlalchemy import select
from starlette.routing import BaseRoute

from sandbox.arena.attributes import definitions_of, described
from sandbox.arena.calls import Answer, Call
from sandbox.arena.door import Door
from sandbox.arena.lists import filtered, is_flag, list_answer, matches, page
from sandbox.arena.rows import row_by_guid
from sandbox.arena.tables import AttributeDefinition
from sandbox.arena.ticket_rows import TICKET
from sandbox.arena.ticket_shapes import prefix_shape, sequence_shape, template_shape
from sandbox.arena.ticket_tables import NumberSequence, SequencePrefix, TicketTemplate

TEMPLATE_FILTERS = {
    "name": matches(TicketTemplate.name.expression),
    "active": is_flag(TicketTemplate.active.expression),
}


def ticket_settings_routes(door: Door) -> list[BaseRoute]:
    """The routes below `/settings/tickets`."""
    return [
        door.route("GET", "/settings/tickets/templates", list_templates),
        door.route("GET", "/settings/tickets/templates/{guid}", read_template),
        door.route("GET", "/settings/tickets/templates/{guid}/attributes", list_template_attributes),
        door.route("GET", "/settings/tickets/attributes", list_attributes),
        door.route("GET", "/settings/tickets/numbersequences", list_sequences),
        door.route("GET", "/settings/tickets/numbersequences/{guid}", read_sequence),
        door.route("GET", "/settings/tickets/numbersequenceprefixes", list_prefixes),
    ]


async def list_templates(call: Call) -> Answer:
    """Arena: GET Tickets Templates."""
    statement = filtered(select(TicketTemplate).order_by(TicketTemplate.name), call, TEMPLATE_FILTERS)
    found = await call.session.scalars(page(statement, call))
    return list_answer([template_shape(template) for template in found])


async def read_template(call: Call) -> Answer:
    """Arena: GET Tickets Templates, one of them."""
    return Answer(template_shape(await row_by_guid(call.session, TicketTemplate, call.guid("guid"))))


async def list_template_attributes(call: Call) -> Answer:
    """Arena: GET Tickets Templates Attributes, the custom ones."""
    template = await row_by_guid(call.session, TicketTemplate, call.guid("guid"))
    definitions = await definitions_of(call.session, TICKET)
    return _attributes(call, [definitions[guid] for guid in template.attribute_guids])


async def list_attributes(call: Call) -> Answer:
    """Arena: GET Tickets Attributes, the custom ones."""
    return _attributes(call, list((await definitions_of(call.session, TICKET)).values()))


async def list_sequences(call: Call) -> Answer:
    """Arena: GET Tickets Number Sequences."""
    found = await call.session.scalars(select(NumberSequence).order_by(NumberSequence.name))
    return list_answer([sequence_shape(sequence) for sequence in found])


async def read_sequence(call: Call) -> Answer:
    """Arena: GET Tickets Number Sequences, one of them."""
    return Answer(sequence_shape(await row_by_guid(call.session, NumberSequence, call.guid("guid"))))


async def list_prefixes(call: Call) -> Answer:
    """Arena: GET Tickets Number Sequences Prefixes."""
    found = await call.session.scalars(select(SequencePrefix).order_by(SequencePrefix.value))
    return list_answer([prefix_shape(prefix) for prefix in found])


def _attributes(call: Call, definitions: list[AttributeDefinition]) -> Answer:
    include_options = call.flag("includePossibleValues")
    return list_answer([described(definition, include_options=include_options) for definition in definitions])
