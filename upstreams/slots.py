"""How many calls are under way at once, and who is next."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Hashable


class Slots:
    """So many places for calls, shared fairly: those who wait take turns, however many calls each of them has.

    Without turns, whoever asks with one call would wait behind all the calls of whoever asks with hundreds.
    """

    def __init__(self, count: int) -> None:
        """Takes how many places there are."""
        self._free = count
        self._waiting: OrderedDict[Hashable, deque[asyncio.Future[None]]] = OrderedDict()

    def take_free(self) -> bool:
        """Take a place if one is free."""
        if self._free == 0:
            return False
        self._free -= 1
        return True

    async def take(self, asker: Hashable, deadline: float) -> None:
        """Wait for a place until the asker's turn comes.

        Raises:
            TimeoutError: The deadline, in the loop's time, came first.
        """
        if self.take_free():
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[None] = loop.create_future()
        self._waiting.setdefault(asker, deque()).append(turn)
        alarm = loop.call_at(deadline, _give_up, turn)
        try:
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.give_back()  # the turn came, and nobody is there to take it
            raise
        finally:
            alarm.cancel()

    def give_back(self) -> None:
        """Leave a place, to whoever's turn it is."""
        while self._waiting:
            asker, turns = next(iter(self._waiting.items()))
            turn = turns.popleft()
            if turns:
                self._waiting.move_to_end(asker)
            else:
                del self._waiting[asker]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _give_up(turn: "asyncio.Future[None]") -> None:
    if not turn.done():
        turn.set_exception(TimeoutError())
