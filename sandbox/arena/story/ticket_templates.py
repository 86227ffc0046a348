"""The planted ticket templates, with their attributes and numbers."""

from collections.abc import Sequence

from sandbox.arena.story.naming import guid_of
from sandbox.arena.story.people import ADMINISTRATOR
from sandbox.arena.story.ticket_guids import (
    COMPONENTS,
    DEFECTS,
    DEFECTS_IN_PROGRESS,
    EFFORT,
    FIELD_REPORTS,
    IMPROVEMENTS,
    LABELS,
    MAIN_COMPONENT,
    MARKETS,
    RETIRED_TEMPLATE,
)
from sandbox.arena.story.ticket_texts import COMPONENT_NAMES, MARKET_NAMES
from sandbox.arena.tables import AttributeDefinition
from sandbox.arena.ticket_rows import TICKET
from sandbox.arena.ticket_tables import (
    IN_PROGRESS,
    TICKET_STATUSES,
    NumberSequence,
    SequencePrefix,
    TicketTemplate,
)

CREATED = "2020-11-02T09:00:00Z"


def attribute_rows() -> list[AttributeDefinition]:
    """The custom attributes of tickets."""
    kinds: list[tuple[str, str, str, Sequence[str] | None]] = [
        (LABELS, "Labels", "SINGLE_LINE_TEXT", None),
        (COMPONENTS, "Components", "SINGLE_LINE_TEXT", None),
        (MAIN_COMPONENT, "Main Component", "FIXED_DROP_DOWN", COMPONENT_NAMES),
        (MARKETS, "Markets", "DROP_DOWN", MARKET_NAMES),
        (EFFORT, "Effort (days)", "NUMBER", None),
    ]
    return [
        AttributeDefinition(
            guid=guid,
            belongs_to=TICKET,
            position=position,
            name=name,
            field_type=field_type,
            multi_select=guid == MARKETS,
            options=list(options) if options else None,
        )
        for position, (guid, name, field_type, options) in enumerate(kinds)
    ]


def sequence_rows(last_used: dict[str, int]) -> list[NumberSequence]:
    """The number sequences.

    Args:
        last_used: The last number given out, by prefix.
    """
    sequences = {"Defects": ["DEF-"], "Improvements": ["IMP-"], "Field Reports": ["FLD-", "FLDX-"]}
    return [
        NumberSequence(
            guid=guid_of(f"ticket sequence {name}"),
            name=name,
            prefixes=[
                SequencePrefix(guid=guid_of(f"ticket prefix {value}"), value=value, last_used=last_used.get(value, 0))
                for value in prefixes
            ],
        )
        for name, prefixes in sequences.items()
    ]


def template_rows() -> list[TicketTemplate]:
    """The templates. Improvements have no `foundOn` and take numbers of one's own; one template is retired."""
    return [
        _template(DEFECTS, "Defects", [LABELS, COMPONENTS], is_default=True),
        _template(
            IMPROVEMENTS,
            "Improvements",
            [LABELS, EFFORT, MARKETS],
            has_found_on=False,
            allows_own_numbers=True,
        ),
        _template(FIELD_REPORTS, "Field Reports", [MAIN_COMPONENT, MARKETS]),
        _template(RETIRED_TEMPLATE, "Complaints on Paper", [], sequence="Field Reports", active=False),
    ]


def _template(
    guid: str,
    name: str,
    attribute_guids: list[str],
    *,
    sequence: str | None = None,
    active: bool = True,
    is_default: bool = False,
    has_found_on: bool = True,
    allows_own_numbers: bool = False,
) -> TicketTemplate:
    return TicketTemplate(
        guid=guid,
        name=name,
        description=f"For {name.lower()}.",
        active=active,
        is_default=is_default,
        has_found_on=has_found_on,
        allows_own_numbers=allows_own_numbers,
        creation_date_time=CREATED,
        creator_guid=ADMINISTRATOR,
        number_sequence_guid=guid_of(f"ticket sequence {sequence or name}"),
        attribute_guids=attribute_guids,
        status_guids={status: _status_guid(guid, status) for status in TICKET_STATUSES},
    )


def _status_guid(template_guid: str, status: str) -> str:
    if (template_guid, status) == (DEFECTS, IN_PROGRESS):
        return DEFECTS_IN_PROGRESS
    return guid_of(f"ticket status {status} of {template_guid}")
