"""What is left of the upstreams' daily calls."""

from strawberry import Parent

from resolvers.context import Info
from resolvers.whole_numbers import as_int
from upstreams.budget import Budget


def budgets(info: Info) -> list[Budget]:
    return [info.context.arena.budget]  # Cognaize tells of no limit


def remaining(budget: Parent[Budget]) -> int | None:
    return as_int(budget.remaining, budget.system)


def limit(budget: Parent[Budget]) -> int | None:
    return as_int(budget.limit, budget.system)
