"""Notices clients that go away before they have their answer."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.types import Receive


@contextmanager
def watching(receive: Receive, when_left: Callable[[], None]) -> Iterator[None]:
    """Calls `when_left` when the client leaves while the block runs. Whatever is left of the request's body is lost."""
    watch = asyncio.create_task(_wait(receive, when_left))
    try:
        yield
    finally:
        watch.cancel()


async def _wait(receive: Receive, when_left: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    when_left()
