"""What is left of the upstreams' daily calls."""

from strawberry import Parent

from resolvers.context import Info
from resolvers.whole_numbers import as_int
from upstreams.budget import BudgetReading


def budgets(info: Info) -> list[BudgetReading]:
    return [info.context.arena.budget.read()]  # Cognaize tells of no limit


def remaining(budget: Parent[BudgetReading]) -> int | None:
    return as_int(budget.remaining, budget.system)


def limit(budget: Parent[BudgetReading]) -> int | None:
    return as_int(budget.limit, budget.system)
