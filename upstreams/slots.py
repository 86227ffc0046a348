"""How many calls are under way at once, and who is next."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Queue:
    """The calls of one asker that wait, and the alarm that ends their waiting."""

    alarm: asyncio.TimerHandle
    turns: "deque[asyncio.Future[None]]" = field(default_factory=deque)


class Slots:
    """So many places for calls, shared fairly: those who wait take turns, however many calls each of them has.

    Without turns, whoever asks with one call would wait behind all the calls of whoever asks with hundreds.
    """

    def __init__(self, count: int) -> None:
        """Takes how many places there are."""
        self._free = count
        self._waiting: OrderedDict[Hashable, _Queue] = OrderedDict()

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
        loop = asyncio.get_running_loop()
        queue = self._waiting.get(asker)
        if queue is None:
            queue = self._waiting[asker] = _Queue(loop.call_at(deadline, self._give_up, asker))
        turn: asyncio.Future[None] = loop.create_future()
        queue.turns.append(turn)
        return turn

    def leave(self, turn: "asyncio.Future[None]") -> None:
        """Want a turn no more; its place, if it came just now, is the next one's."""
        if not turn.cancel() and not turn.cancelled() and turn.exception() is None:
            self.give_back()

    def give_back(self) -> None:
        """Leave a place, to whoever's turn it is."""
        while self._waiting:
            asker, queue = next(iter(self._waiting.items()))
            turn = queue.turns.popleft()
            if queue.turns:
                self._waiting.move_to_end(asker)
            else:
                queue.alarm.cancel()
                del self._waiting[asker]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _give_up(self, asker: Hashable) -> None:
        for turn in self._waiting.pop(asker).turns:
            if not turn.done():
                turn.set_exception(TimeoutError())
