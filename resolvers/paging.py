"""Cursor connections over Arena's `limit` and `offset`."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

from resolvers.refusals import refuse_input
from upstreams.arena import MAX_PAGE_SIZE, Page

PAGE_SIZE = MAX_PAGE_SIZE  # the most that one call brings
DEFAULT_FIRST = 20
MAX_FIRST = 2000
MAX_OFFSET = 10**9

R = TypeVar("R")


class Edge(msgspec.Struct, Generic[R], frozen=True):
    """A row and where it stands."""

    cursor: str
    node: R


class PageInfo(msgspec.Struct, frozen=True):
    """What lies around a page."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


class Connection(msgspec.Struct, Generic[R], frozen=True):
    """Consecutive rows of a list, the first of them at `offset`."""

    nodes: list[R]
    offset: int
    has_next_page: bool

    @property
    def edges(self) -> list[Edge[R]]:
        return [Edge(write_cursor(self.offset + index), node) for index, node in enumerate(self.nodes)]

    @property
    def page_info(self) -> PageInfo:
        return PageInfo(
            has_next_page=self.has_next_page,
            has_previous_page=self.offset > 0,
            start_cursor=write_cursor(self.offset) if self.nodes else None,
            end_cursor=write_cursor(self.offset + len(self.nodes) - 1) if self.nodes else None,
        )


def write_cursor(position: int) -> str:
    """The cursor of the row at a position."""
    return urlsafe_b64encode(f"row:{position}".encode()).rstrip(b"=").decode()


def read_cursor(cursor: str) -> int:
    """The position of a cursor's row.

    Raises:
        Refused: It is no cursor of ours.
    """
    try:
        label, _, digits = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        position = int(digits) if len(digits) < 12 else MAX_OFFSET
    except ValueError:
        label, position = "", 0
    if label != "row" or not 0 <= position < MAX_OFFSET or write_cursor(position) != cursor:
        raise refuse_input(("after",), "is not a cursor of this list")
    return position


async def page_through(
    first: int | None,
    after: str | None,
    filters: tuple[tuple[str, str], ...],
    read: Callable[[Page], Awaitable[list[R]]],
) -> Connection[R]:
    """The rows after a cursor: one call for up to `PAGE_SIZE` of them, then one more for each further page.

    One row more than asked tells whether there is a next page; only where that would cost a call of its own, a
    full page is taken for a sign of it.

    Raises:
        Refused: `first` or `after` is out of range, or a page cannot be read.
    """
    wanted = DEFAULT_FIRST if first is None else first
    if not 1 <= wanted <= MAX_FIRST:
        raise refuse_input(("first",), f"must be between 1 and {MAX_FIRST}")
    offset = 0 if after is None else read_cursor(after) + 1
    rows: list[R] = []
    while True:
        limit = min(wanted + 1 - len(rows), PAGE_SIZE)
        page = await read(Page(offset + len(rows), limit, filters))
        rows += page
        is_last = len(page) < limit
        if is_last or len(rows) >= wanted:
            return Connection(rows[:wanted], offset, has_next_page=not is_last)
