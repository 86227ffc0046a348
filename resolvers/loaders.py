"""The loaders of one operation: the fewest REST calls that can answer it.

The bar is the cheapest-call table of the REST contract: all steps of a process in one call, many tickets or
processes out of one full list page, and nothing that a list row or a write's answer has told already.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Protocol, TypeVar

from resolvers import refusals
from resolvers.loader import Loader
from resolvers.refusals import ErrorCode, Refused
from resolvers.workspace_sizes import WorkspaceSizes
from upstreams.arena import MAX_PAGE_SIZE, Arena, Page
from upstreams.bounds import Bounds
from upstreams.cognaize import Cognaize
from upstreams.errors import System
from upstreams.records import QualityProcess, StepChange, Ticket

# From so many keys on, one list call that may miss is cheaper than single reads.
FEWEST_KEYS_WORTH_A_LIST = 3

WHOLE_LIST = Page(0, MAX_PAGE_SIZE)

# A list that fails for one of these reasons says nothing about the single reads it was to save.
OWN_FAILURES_OF_A_LIST = {
    ErrorCode.PERMISSION_DENIED,
    ErrorCode.INVALID_INPUT,
    ErrorCode.NOT_FOUND,
    ErrorCode.UPSTREAM_REJECTED,
    ErrorCode.UPSTREAM_CONTRACT,
}

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Row(Protocol):
    """What a list is made of."""

    @property
    def guid(self) -> str: ...


R = TypeVar("R", bound=Row)
Batch = Callable[[list[K]], Awaitable[Sequence[V | BaseException]]]


def each(read: Callable[[K], Awaitable[V]]) -> Batch[K, V]:
    """A batch of single reads, all at once (the wire bounds how many)."""

    async def load_batch(keys: list[K]) -> Sequence[V | BaseException]:
        return await asyncio.gather(*map(read, keys), return_exceptions=True)

    return load_batch


class Loaders:
    """One set per operation; operations share only what is known of a workspace's size."""

    def __init__(self, arena: Arena, cognaize: Cognaize, bounds: Bounds, sizes: WorkspaceSizes) -> None:
        self._arena = arena
        self._bounds = bounds
        self._sizes = sizes

        def of_arena(load_batch: Batch[K, V], meanings: refusals.Meanings) -> Loader[K, V]:
            return Loader(load_batch, meanings, bounds, System.ARENA, arena.budget)

        self.quality_process_pages = of_arena(each(self._read_quality_process_page), refusals.READING_QUALITY_PROCESSES)
        self.quality_processes = of_arena(self._load_quality_processes, refusals.READING_QUALITY_PROCESS)
        self.quality_steps = of_arena(each(arena.quality_steps), refusals.READING_QUALITY_PROCESS)
        self.decisions = of_arena(each(arena.decisions), refusals.READING_QUALITY_STEP)
        self.affected_objects = of_arena(each(arena.affected_objects), refusals.READING_QUALITY_STEP)
        self.ticket_pages = of_arena(each(self._read_ticket_page), refusals.READING_TICKETS)
        self.tickets = of_arena(self._load_tickets, refusals.READING_TICKET)
        self.ticket_quality_processes = of_arena(each(arena.ticket_quality_processes), refusals.READING_TICKET)
        self.ticket_tickets = of_arena(each(arena.ticket_tickets), refusals.READING_TICKET)
        self.processes = Loader(each(cognaize.process), refusals.READING_PROCESS, bounds, System.COGNAIZE)

    @property
    def saved(self) -> int:
        """How many reads were answered without a call of their own."""
        loaders = [loader for loader in vars(self).values() if isinstance(loader, Loader)]
        return max(0, sum(loader.answered for loader in loaders) - self._bounds.reads)

    def note_step_change(self, change: StepChange) -> None:
        """Know what a completed or reopened step left behind, and nothing older."""
        self.quality_steps.forget(change.step.process_guid)
        self.quality_process_pages.forget_all()
        self.quality_processes.replace(change.process.guid, change.process)

    def forget_quality_process(self, guid: str) -> None:
        """Read a process anew: it is not as it was thought to be."""
        self.quality_processes.forget(guid)
        self.quality_process_pages.forget_all()

    def note_ticket_change(self, ticket: Ticket) -> None:
        """Know what a ticket's change left behind, and nothing older."""
        self.ticket_pages.forget_all()
        self.tickets.replace(ticket.guid, ticket)

    def forget_ticket(self, guid: str) -> None:
        """Read a ticket anew: it changed, or may have."""
        self.tickets.forget(guid)
        self.ticket_pages.forget_all()

    def forget_processes(self) -> None:
        """Read workflow processes anew: which one a step belongs to is not always known."""
        self.processes.forget_all()

    async def _read_quality_process_page(self, page: Page) -> list[QualityProcess]:
        rows = await self._arena.quality_processes(page)
        for row in rows:
            self.quality_processes.prime(row.guid, row)
        return rows

    async def _read_ticket_page(self, page: Page) -> list[Ticket]:
        rows = await self._arena.tickets(page)
        for row in rows:
            self.tickets.prime(row.guid, row)
        return rows

    async def _load_quality_processes(self, guids: list[str]) -> Sequence[QualityProcess | BaseException]:
        return await self._load_rows(guids, self.quality_process_pages, self._arena.quality_process, "QualityProcess")

    async def _load_tickets(self, guids: list[str]) -> Sequence[Ticket | BaseException]:
        return await self._load_rows(guids, self.ticket_pages, self._arena.ticket, "Ticket")

    async def _load_rows(
        self, guids: list[str], pages: Loader[Page, list[R]], read: Callable[[str], Awaitable[R]], kind: str
    ) -> Sequence[R | BaseException]:
        found: dict[str, R | BaseException] = {}
        if len(guids) >= FEWEST_KEYS_WORTH_A_LIST and self._sizes.fits_a_page(self._arena.session_name, kind):
            rows = await self._list_if_allowed(pages)
            found.update((row.guid, row) for row in rows)
            if len(rows) >= MAX_PAGE_SIZE and not found.keys() >= set(guids):
                self._sizes.learn_too_big(self._arena.session_name, kind)
        missing = [guid for guid in guids if guid not in found]
        found.update(zip(missing, await each(read)(missing), strict=True))
        return [found[guid] for guid in guids]

    async def _list_if_allowed(self, pages: Loader[Page, list[R]]) -> list[R]:
        try:
            return await pages.load_for_another(WHOLE_LIST)
        except Refused as refused:
            if refused.refusal.code in OWN_FAILURES_OF_A_LIST:
                return []
            raise
