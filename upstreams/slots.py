"""How many calls are under way at once, and who is next."""

import asyncio
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class _Queue:
    """The calls of one asker that wait, and the alarm that ends their waiting."""

    asker: Hashable
    alarm: asyncio.TimerHandle
    turns: "deque[asyncio.Future[None]]" = field(default_factory=deque)


class Slots:
    """So many places for calls, shared fairly: those who wait take turns, however many calls each of them has.

    Without turns, whoever asks with one call would wait behind all the calls of whoever asks with hundreds. Made inside
    the running loop.
    """

    def __init__(self, count: int) -> None:
        """Takes how many places there are."""
        self._free = count
        self._loop = asyncio.get_running_loop()
        self._queues: dict[Hashable, _Queue] = {}
        self._next: deque[_Queue] = deque()  # the same queues, by their turns

    def take_free(self) -> bool:
        """Take a place if one is free."""
        if self._free == 0:
            return False
        self._free -= 1
        return True

    def queue(self, asker: Hashable, deadline: float) -> "asyncio.Future[None]":
        """Ask for a place where none is free.

        Args:
            asker: Whose turn it is to be.
            deadline: When the asker gives up, in the loop's time: always the same.

        Returns:
            The turn: done when the place is there, with a `TimeoutError` when the deadline came first. Whoever stops
            waiting for it must `leave`.
        """
        queue = self._queues.get(asker)
        if queue is None:
            queue = self._queues[asker] = _Queue(asker, self._loop.call_at(deadline, self._give_up, asker))
            self._next.append(queue)
        turn: asyncio.Future[None] = self._loop.create_future()
        queue.turns.append(turn)
        return turn

    def leave(self, turn: "asyncio.Future[None]") -> None:
        """Want a turn no more; its place, if it came just now, is the next one's."""
        if not turn.cancel() and not turn.cancelled() and turn.exception() is None:
            self.give_back()

    def give_back(self) -> None:
        """Leave a place, to whoever's turn it is."""
        while self._next:
            queue = self._next.popleft()
            turn = queue.turns.popleft()
            if queue.turns:
                self._next.append(queue)
            else:
                queue.alarm.cancel()
                del self._queues[queue.asker]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _give_up(self, asker: Hashable) -> None:
        queue = self._queues.pop(asker)
        self._next.remove(queue)
        for turn in queue.turns:
            if not turn.done():
                turn.set_exception(TimeoutError())
