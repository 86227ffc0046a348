"""Notices clients that go away before they have their answer."""

import asyncio
from collections.abc import Callable
from types import TracebackType

from starlette.types import Receive

FIRST_LOOK_SECONDS = 0.1


class Presence:
    """Watches the clients of all operations that take longer than a moment.

    Most operations are over at the first look, and a watch costs more than many of them.
    """

    def __init__(self) -> None:
        self.newcomers: set[Watching] = set()
        self._next_look: asyncio.TimerHandle | None = None

    def watching(self, receive: Receive, when_left: Callable[[], None]) -> "Watching":
        """Calls `when_left` when the client leaves while the block runs. Whatever is left of the body is lost."""
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(FIRST_LOOK_SECONDS, self._look)
        return Watching(self, receive, when_left)

    def _look(self) -> None:
        self._next_look = None
        for watching in self.newcomers:
            watching.start()
        self.newcomers.clear()


class Watching:
    """One client who may leave."""

    __slots__ = ("_presence", "_receive", "_task", "_when_left")

    def __init__(self, presence: Presence, receive: Receive, when_left: Callable[[], None]) -> None:
        self._presence = presence
        self._receive = receive
        self._when_left = when_left
        self._task: asyncio.Task[None] | None = None

    def __enter__(self) -> None:
        self._presence.newcomers.add(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._presence.newcomers.discard(self)
        if self._task is not None:
            self._task.cancel()
            self._task = None  # or the two hold each other, and all of the operation, until the garbage collector comes

    def start(self) -> None:
        self._task = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._when_left()
