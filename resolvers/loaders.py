"""The loaders of one operation: the fewest REST calls that can answer it.

The bar is the cheapest-call table of the REST contract: all steps of a process in one call, many tickets or
processes out of one full list page, and nothing that a list row or a write's answer has told already.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar
from weakref import ref

from resolvers import refusals
from resolvers.batch_loader import BatchLoader
from resolvers.loader import Loader, Read, Readers, SingleLoader
from resolvers.origins import Origins
from resolvers.refusals import ErrorCode, Refused
from resolvers.workspace_sizes import WorkspaceSizes
from upstreams.arena import MAX_PAGE_SIZE, Arena, Page
from upstreams.bounds import Bounds
from upstreams.cognaize import Cognaize
from upstreams.errors import Abandoned, System
from upstreams.records import (
    AffectedObject,
    Decision,
    Process,
    QualityProcess,
    QualityStep,
    StepChange,
    StepKey,
    Ticket,
)

# From so many keys on, one list call that may miss is cheaper than single reads.
FEWEST_KEYS_WORTH_A_LIST = 3

WHOLE_LIST = Page(0, MAX_PAGE_SIZE)

QUALITY_PROCESSES, TICKETS = "quality processes", "tickets"  # the rows whose origins two loaders share

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
L = TypeVar("L", bound=Loader[Any, Any])


class Row(Protocol):
    """What a list is made of."""

    @property
    def guid(self) -> str: ...


R = TypeVar("R", bound=Row)


class Loaders:
    """One set per operation; operations share only what is known of a workspace's size.

    A loader is made when it is first asked. None refers back to this set but weakly, or memory would wait for the
    garbage collector.

    Attributes:
        readers: Who makes the reads.
    """

    def __init__(self, arena: Arena, cognaize: Cognaize, bounds: Bounds, sizes: WorkspaceSizes) -> None:
        self._arena = arena
        self._cognaize = cognaize
        self._bounds = bounds
        self._sizes = sizes
        self._found_quality_processes: dict[str, QualityProcess] = {}
        self._found_tickets: dict[str, Ticket] = {}
        self._made: list[Loader[Any, Any]] = []
        self._origins: dict[str, Origins[str]] = {}
        self.readers = Readers()

    @cached_property
    def quality_process_pages(self) -> Loader[Page, list[QualityProcess]]:
        origins = self._origins_of(QUALITY_PROCESSES)
        read = partial(_read_page, self._arena.quality_processes, self._found_quality_processes, origins)
        return self._single(read, refusals.READING_QUALITY_PROCESSES)

    @cached_property
    def quality_processes(self) -> BatchLoader[str, QualityProcess]:
        read, found = self._arena.quality_process, self._found_quality_processes
        origins = self._origins_of(QUALITY_PROCESSES)
        return self._rows(_quality_process_pages, read, refusals.READING_QUALITY_PROCESS, found, origins)

    @cached_property
    def quality_steps(self) -> Loader[str, list[QualityStep]]:
        return self._single(self._arena.quality_steps, refusals.READING_QUALITY_PROCESS)

    @cached_property
    def decisions(self) -> Loader[StepKey, list[Decision]]:
        return self._single(self._arena.decisions, refusals.READING_QUALITY_STEP)

    @cached_property
    def affected_objects(self) -> Loader[StepKey, list[AffectedObject]]:
        return self._single(self._arena.affected_objects, refusals.READING_QUALITY_STEP)

    @cached_property
    def ticket_pages(self) -> Loader[Page, list[Ticket]]:
        read = partial(_read_page, self._arena.tickets, self._found_tickets, self._origins_of(TICKETS))
        return self._single(read, refusals.READING_TICKETS)

    @cached_property
    def tickets(self) -> BatchLoader[str, Ticket]:
        read, found, origins = self._arena.ticket, self._found_tickets, self._origins_of(TICKETS)
        return self._rows(_ticket_pages, read, refusals.READING_TICKET, found, origins)

    @cached_property
    def ticket_quality_processes(self) -> Loader[str, list[QualityProcess]]:
        return self._single(self._arena.ticket_quality_processes, refusals.READING_TICKET)

    @cached_property
    def ticket_tickets(self) -> Loader[str, list[Ticket]]:
        return self._single(self._arena.ticket_tickets, refusals.READING_TICKET)

    @cached_property
    def processes(self) -> Loader[str, Process]:
        read, origins = self._cognaize.process, self._new_origins()
        return self._note(SingleLoader(read, self.readers, refusals.READING_PROCESS, origins=origins))

    @property
    def saved(self) -> int:
        """How many reads were answered without a call of their own."""
        if not self._made:
            return 0
        return max(0, sum([loader.answered for loader in self._made]) - self._bounds.reads)

    @property
    def _has_read_nothing(self) -> bool:
        """Whether there is no loader yet that could know anything, or is to note where it has it from."""
        return not self._made and self._bounds.trace is None

    def note_step_change(self, change: StepChange) -> None:
        """Know what a completed or reopened step left behind, and nothing older."""
        if self._has_read_nothing:
            self._found_quality_processes[change.process.guid] = change.process
            return
        self.quality_steps.forget(change.step.process_guid)
        self.quality_process_pages.forget_all()
        self.quality_processes.replace(change.process.guid, change.process)

    def forget_quality_process(self, guid: str) -> None:
        """Read a process anew: it is not as it was thought to be."""
        self.quality_processes.forget(guid)
        self.quality_process_pages.forget_all()

    def note_ticket_change(self, ticket: Ticket) -> None:
        """Know what a ticket's change left behind, and nothing older."""
        if self._has_read_nothing:
            self._found_tickets[ticket.guid] = ticket
            return
        self.ticket_pages.forget_all()
        self.tickets.replace(ticket.guid, ticket)

    def forget_ticket(self, guid: str) -> None:
        """Read a ticket anew: it changed, or may have."""
        if self._has_read_nothing:
            self._found_tickets.pop(guid, None)
            return
        self.tickets.forget(guid)
        self.ticket_pages.forget_all()

    def forget_processes(self) -> None:
        """Read workflow processes anew: which one a step belongs to is not always known."""
        self.processes.forget_all()

    def _single(self, read: Read[K, V], meanings: refusals.Meanings) -> Loader[K, V]:
        origins = self._new_origins()
        return self._note(SingleLoader(read, self.readers, meanings, self._arena.budget, origins=origins))

    def _note(self, loader: L) -> L:
        self._made.append(loader)
        return loader

    def _origins_of(self, rows: str) -> Origins[str] | None:
        """The origins of rows, the same for those of a list and those that are read by themselves."""
        return None if self._bounds.trace is None else self._origins.setdefault(rows, Origins())

    def _new_origins(self) -> Origins[Any] | None:
        return None if self._bounds.trace is None else Origins()

    def _rows(
        self,
        pages_of: "PagesOf[R]",
        read: Read[str, R],
        meanings: refusals.Meanings,
        found: dict[str, R],
        origins: Origins[str] | None,
    ) -> BatchLoader[str, R]:
        rows = _Rows(ref(self), pages_of, read, self._sizes, self._arena.session_name, meanings.resource, origins)
        budget = self._arena.budget
        return self._note(
            BatchLoader(read, self.readers, rows.load_batch, System.ARENA, meanings, budget, found, origins)
        )


PagesOf = Callable[[Loaders], Loader[Page, list[R]]]
_quality_process_pages: PagesOf[QualityProcess] = attrgetter("quality_process_pages")
_ticket_pages: PagesOf[Ticket] = attrgetter("ticket_pages")


@dataclass(slots=True)
class _Rows(Generic[R]):
    """Reads rows by their guids: each by itself, or many out of one full page.

    Args:
        loaders: The operation's.
        pages_of: Gives the loader of the list they are in; seldom asked for.
        read: Reads one.
        sizes: What is known of the list's length.
        session: Who asks.
        kind: What the rows are.
        origins: Where it is noted who asks for which row, if anywhere.
    """

    loaders: ref[Loaders]
    pages_of: PagesOf[R]
    read: Callable[[str], Awaitable[R]]
    sizes: WorkspaceSizes
    session: str
    kind: str
    origins: Origins[str] | None

    async def load_batch(self, guids: list[str]) -> Sequence[R | BaseException]:
        found: dict[str, R | BaseException] = {}
        loaders = self.loaders()
        if loaders is None:  # whoever asked was cancelled with the whole operation
            return [Abandoned(System.ARENA, may_have_left=False) for _ in guids]
        if len(guids) >= FEWEST_KEYS_WORTH_A_LIST and self.sizes.fits_a_page(self.session, self.kind):
            rows = await self._list(guids, self.pages_of(loaders))
            found.update({row.guid: row for row in rows})
            if len(rows) >= MAX_PAGE_SIZE and not found.keys() >= set(guids):
                self.sizes.learn_too_big(self.session, self.kind)
        missing = [guid for guid in guids if guid not in found]
        found.update(zip(missing, await self._read_each(missing), strict=True))
        return [found[guid] for guid in guids]

    async def _read_each(self, guids: list[str]) -> Sequence[R | BaseException]:
        read = self.read if self.origins is None else self.origins.read_for(self.read)
        if len(guids) > 1:
            return await asyncio.gather(*map(read, guids), return_exceptions=True)
        try:
            return [await read(guid) for guid in guids]
        except Exception as error:  # as gather does
            return [error]

    async def _list(self, guids: list[str], pages: Loader[Page, list[R]]) -> list[R]:
        if self.origins is None:
            return await _list_if_allowed(pages)
        self.origins.ask_for_all(guids)
        rows = await _list_if_allowed(pages)
        listed = {row.guid for row in rows}
        of_the_list = pages.origins.cause_of(WHOLE_LIST) if pages.origins is not None else None
        self.origins.answer_all([guid for guid in guids if guid in listed], of_the_list)
        return rows


async def _list_if_allowed(pages: Loader[Page, list[R]]) -> list[R]:
    try:
        return await pages.load_for_another(WHOLE_LIST)
    except Refused as refused:
        if refused.refusal.code in OWN_FAILURES_OF_A_LIST:
            return []
        raise


async def _read_page(
    read: Callable[[Page], Awaitable[list[R]]], found: dict[str, R], origins: Origins[str] | None, page: Page
) -> list[R]:
    """Read a page of a list, whose rows nobody has to read again by themselves."""
    rows = await read(page)
    if origins is not None:
        origins.bring(row.guid for row in rows)
    found.update({row.guid: row for row in reversed(rows)} | found)  # the first counts; what is found may be newer
    return rows
