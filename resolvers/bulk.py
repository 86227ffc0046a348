"""Many changes of one kind, asked for together; each ends as it would alone.

Changes to the same object are sent one after the other, because the first can decide what becomes of the second: a
process may ask for its steps in their order, and may complete itself with the last one. All others run at once, as far
as the bounds of calls allow.
"""

import asyncio
import enum
from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from resolvers.changed import Changed
from resolvers.context import Context
from resolvers.places import Place, Turn
from resolvers.refusals import Refusal, Refused, refuse_input
from upstreams.records import Record
from upstreams.trace import ask_for_part

MAX_ITEMS = 100
ITEMS = ("input", "items")

R = TypeVar("R", bound=Record)


class BulkErrorPolicy(enum.Enum):
    """What becomes of the changes after one that was not made."""

    CONTINUE = "CONTINUE"
    STOP = "STOP"


class BulkStatus(enum.Enum):
    """How many of the changes were made."""

    ALL_SUCCEEDED = "ALL_SUCCEEDED"
    PARTLY_SUCCEEDED = "PARTLY_SUCCEEDED"
    NONE_SUCCEEDED = "NONE_SUCCEEDED"


@dataclass(frozen=True, slots=True)
class Item(Generic[R]):
    """One change of a bulk.

    Attributes:
        target: What it changes; no other change of the bulk may change the same.
        target_name: The field of its input that names the target.
        queue: Changes with an equal one are sent in their order.
        idempotency_key: Its key, None when it has none; no other change of the bulk may have the same.
        make: Makes it. Raises `Refused`.
    """

    target: Hashable
    target_name: str
    queue: Hashable
    idempotency_key: str | None
    make: Callable[[Place], Awaitable[Changed[R]]]


# A mistake of the service is an error of its item alone, so that nobody is left without the outcome of the others.
Result = Changed[R] | Refusal | BaseException | None


@dataclass(frozen=True, slots=True)
class Bulk(Generic[R]):
    """What became of the changes, in the order in which they were asked for; None for those that were not sent."""

    results: list[Result[R]]

    @property
    def succeeded(self) -> int:
        return sum(isinstance(result, Changed) for result in self.results)

    @property
    def not_sent(self) -> int:
        return self.results.count(None)

    @property
    def failed(self) -> int:
        return len(self.results) - self.succeeded - self.not_sent

    @property
    def status(self) -> BulkStatus:
        match self.succeeded:
            case 0:
                return BulkStatus.NONE_SUCCEEDED
            case all_ if all_ == len(self.results):
                return BulkStatus.ALL_SUCCEEDED
        return BulkStatus.PARTLY_SUCCEEDED


async def make_all(context: Context, items: Sequence[Item[R]], policy: BulkErrorPolicy) -> Bulk[R]:
    """Make the changes of a bulk, and see all of them through.

    Raises:
        Refused: There are no items or more than `MAX_ITEMS`, or two have the same target or the same key. Nothing
            was sent.
    """
    if not 1 <= len(items) <= MAX_ITEMS:
        raise refuse_input(ITEMS, f"must be 1 to {MAX_ITEMS}")
    _check_once(items, lambda item: item.target, lambda item: item.target_name)
    _check_once(items, lambda item: item.idempotency_key, lambda _item: "idempotencyKey")
    make = _make_in_order if policy is BulkErrorPolicy.STOP else _make_at_once
    return Bulk(await context.changes.see_through(make(items)))


def _check_once(
    items: Sequence[Item[R]], value_of: Callable[[Item[R]], Hashable], name_of: Callable[[Item[R]], str]
) -> None:
    seen: set[Hashable] = set()
    for number, item in enumerate(items):
        value = value_of(item)
        if value in seen:
            raise refuse_input((*ITEMS, str(number), name_of(item)), "is given twice")
        if value is not None:
            seen.add(value)


async def _make_at_once(items: Sequence[Item[R]]) -> list[Result[R]]:
    queues: defaultdict[Hashable, list[Turn]] = defaultdict(list)
    places = [_place(number, queues[item.queue]) for number, item in enumerate(items)]
    return await asyncio.gather(*map(_outcome, items, places), return_exceptions=True)


async def _make_in_order(items: Sequence[Item[R]]) -> list[Result[R]]:
    results: list[Result[R]] = []
    for number, item in enumerate(items):
        results += await asyncio.gather(_outcome(item, _place(number, [])), return_exceptions=True)
        if not isinstance(results[-1], Changed):
            break
    return results + [None] * (len(items) - len(results))


def _place(number: int, queue: list[Turn]) -> Place:
    return Place((*ITEMS, str(number)), Turn(queue))


async def _outcome(item: Item[R], place: Place) -> Changed[R] | Refusal:
    """What becomes of a change, in a task of its own."""
    ask_for_part(f"results.{place.path[-1]}")
    try:
        return await item.make(place)
    except Refused as refused:
        return refused.refusal
    finally:
        place.turn.end()
