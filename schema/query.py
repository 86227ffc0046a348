"""The reads, from their arguments to a resolver."""

from collections.abc import Awaitable
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from resolvers import budgets, nodes, processes, quality, tickets
from resolvers.context import Info
from resolvers.paging import DEFAULT_FIRST
from schema.errors import (
    InvalidInputError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    UnauthenticatedError,
    UpstreamBudget,
    UpstreamError,
    refusals_as_data,
)
from schema.processes import Process
from schema.quality import QualityProcess, QualityProcessConnection, QualityProcessWhere
from schema.shared import Node
from schema.tickets import Ticket, TicketConnection, TicketWhere

ReadFailure = (
    NotFoundError | InvalidInputError | UnauthenticatedError | PermissionDeniedError | RateLimitedError | UpstreamError
)
QualityProcessResult = Annotated[
    QualityProcess | ReadFailure,
    strawberry.union("QualityProcessResult", description="A quality process, or why it cannot be read."),
]
TicketResult = Annotated[
    Ticket | ReadFailure,
    strawberry.union("TicketResult", description="A ticket, or why it cannot be read."),
]
ProcessResult = Annotated[
    Process | ReadFailure,
    strawberry.union("ProcessResult", description="A workflow process, or why it cannot be read."),
]

Guid = Annotated[str, strawberry.argument(description="Arena's guid.")]
First = Annotated[int | None, strawberry.argument(description="How many, from 1 to 2000; up to 400 cost 1 call.")]
After = Annotated[str | None, strawberry.argument(description="Those after this cursor.")]


def given(where: object | None) -> dict[str, Any]:
    """The filters a client has set."""
    return {name: value for name, value in vars(where).items() if value is not UNSET} if where else {}


@refusals_as_data
def quality_process(info: Info, guid: Guid) -> Awaitable[Any]:
    return quality.find_process(info.context, guid)


async def quality_processes(
    info: Info,
    first: First = DEFAULT_FIRST,
    after: After = UNSET,
    where: Annotated[QualityProcessWhere | None, strawberry.argument(description="Which ones.")] = UNSET,
) -> Any:
    return await quality.list_processes(info.context, first, None if after is UNSET else after, **given(where))


@refusals_as_data
def ticket(info: Info, guid: Guid) -> Awaitable[Any]:
    return tickets.find_ticket(info.context, guid)


async def list_tickets(
    info: Info,
    first: First = DEFAULT_FIRST,
    after: After = UNSET,
    where: Annotated[TicketWhere | None, strawberry.argument(description="Which ones.")] = UNSET,
) -> Any:
    return await tickets.list_tickets(info.context, first, None if after is UNSET else after, **given(where))


@refusals_as_data
def process(info: Info, id: Annotated[str, strawberry.argument(description="Cognaize's id.")]) -> Awaitable[Any]:
    return processes.find_process(info.context, id)


async def node(info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]) -> Any:
    return await nodes.find_node(info.context, id)


async def find_nodes(
    info: Info, ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most 400.")]
) -> Any:
    return await nodes.find_nodes(info.context, list(ids))


@strawberry.type(description="The reads.")
class Query:
    quality_process = strawberry.field(
        resolver=quality_process,
        graphql_type=QualityProcessResult,
        metadata={"expect": quality.expect_process},
        description="A quality process by its guid. Costs 1 call; 3 or more cost 1 together in a small workspace.",
    )
    quality_processes = strawberry.field(
        resolver=quality_processes,
        graphql_type=QualityProcessConnection | None,
        description="Quality processes, some or all. Costs 1 call for every 400.",
    )
    ticket = strawberry.field(
        resolver=ticket,
        graphql_type=TicketResult,
        metadata={"expect": tickets.expect_ticket},
        description="A ticket by its guid. Costs 1 call; 3 or more cost 1 together in a small workspace.",
    )
    tickets = strawberry.field(
        resolver=list_tickets,
        graphql_type=TicketConnection | None,
        description="Tickets, some or all. Costs 1 call for every 400.",
    )
    process = strawberry.field(
        resolver=process,
        graphql_type=ProcessResult,
        description="A workflow process, with its steps, by its id. Costs 1 call.",
    )
    node = strawberry.field(
        resolver=node, graphql_type=Node | None, description="Any object by its global id. Costs 1 call at most."
    )
    nodes = strawberry.field(
        resolver=find_nodes,
        graphql_type=list[Node | None],
        description="Objects by their global ids, in the same order. Steps of one process cost 1 call together.",
    )
    upstream_budgets = strawberry.field(
        resolver=budgets.budgets,
        graphql_type=list[UpstreamBudget],
        description="What is left of the daily calls of the upstreams that count them. No call.",
    )
