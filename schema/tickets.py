"""What clients see of tickets."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry import UNSET

from resolvers import tickets
from schema.quality import QualityProcess
from schema.shared import Attribute, Node, PageInfo, Person, Template, is_record
from upstreams import records
from upstreams.records import TicketStatus

LazyTicket = Annotated["Ticket", strawberry.lazy("schema.tickets")]


@strawberry.type(description="A ticket: a defect, an improvement, a task.")
class Ticket(Node):
    is_type_of = is_record(records.Ticket)

    id: strawberry.ID = strawberry.field(resolver=tickets.ticket_id, description="Opaque global id.")
    guid: str = strawberry.field(description="Arena's guid.")
    number: str | None = strawberry.field(description="Its number, like `DEF-000004`.")
    title: str | None = strawberry.field(description="What it is called.")
    description: str | None = strawberry.field(description="What it is about, as HTML.")
    priority: str | None = strawberry.field(description="Its priority, in words of the workspace.")
    status: TicketStatus | None = strawberry.field(description="Where it stands.")
    status_label: str | None = strawberry.field(description="The status in Arena's own words.")
    assignee: Person | None = strawberry.field(description="Who works on it. No call.")
    creator: Person | None = strawberry.field(description="Who created it. No call.")
    template: Template | None = strawberry.field(description="The template it was made from. No call.")
    fix_version: str | None = strawberry.field(description="The version that resolves it.")
    found_on: str | None = strawberry.field(description="The version it was found on; not in every template.")
    attributes: list[Attribute] | None = strawberry.field(description="Its custom attributes, empty ones too. No call.")
    created_at: datetime | None = strawberry.field(description="When it was created.")
    modified_at: datetime | None = strawberry.field(description="When it was last changed.")
    quality_processes = strawberry.field(
        resolver=tickets.quality_processes,
        graphql_type=list[QualityProcess] | None,
        description="The quality processes it refers to. Costs 1 call; more than ids and numbers cost further ones.",
    )
    tickets = strawberry.field(
        resolver=tickets.referenced_tickets,
        graphql_type=list[LazyTicket] | None,
        description="The tickets it refers to. Costs 1 call; more than ids and numbers cost further ones.",
    )


@strawberry.input(description="Which tickets: those that pass every filter. Text matches whole; `*` matches any text.")
class TicketWhere:
    number: str | None = strawberry.field(default=UNSET, description="Its number; `DEF-*` for a prefix.")
    title: str | None = strawberry.field(default=UNSET, description="Its title.")
    status: TicketStatus | None = strawberry.field(default=UNSET, description="The status it has.")
    template_guid: str | None = strawberry.field(default=UNSET, description="The guid of its template.")


@strawberry.type(description="A ticket and where it stands in the list.")
class TicketEdge:
    cursor: str = strawberry.field(description="Where it stands.")
    node: Ticket = strawberry.field(description="The ticket.")


@strawberry.type(description="Some consecutive tickets of a list.")
class TicketConnection:
    edges: list[TicketEdge] = strawberry.field(description="The tickets with their cursors.")
    nodes: list[Ticket] = strawberry.field(description="The tickets.")
    page_info: PageInfo = strawberry.field(description="What lies around them.")
