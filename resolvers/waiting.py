"""Waiting for what others wait for as well, or nobody any more."""

import asyncio
from collections.abc import Generator
from functools import partial
from types import coroutine
from typing import Any


def end_of(future: "asyncio.Future[Any]") -> "asyncio.Future[None]":
    """What to wait for in place of a future that others wait for as well.

    Awaited itself, it would be cancelled for all of them by a sibling's failure. asyncio's shield would do, but is
    three times as much work, and leaves each time something to the garbage collector.
    """
    waiter: asyncio.Future[None] = future.get_loop().create_future()
    future.add_done_callback(partial(_wake, waiter))
    return waiter


def _wake(waiter: "asyncio.Future[None]", ended: "asyncio.Future[Any]") -> None:
    see(ended)
    if not waiter.done():
        waiter.set_result(None)


def see(ended: "asyncio.Future[Any]") -> None:
    """Take note of a failure, also when nobody waits for it any more: asyncio complains of those that nobody sees."""
    if not ended.cancelled():
        ended.exception()


@coroutine
def turns(count: int) -> Generator[None, None, None]:
    """Let everybody else go on for so many turns of the loop."""
    for _ in range(count):
        yield
