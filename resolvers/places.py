"""Where a change stands: alone, or among the others of a bulk."""

import asyncio
from dataclasses import dataclass
from types import TracebackType


class Turn:
    """A change's turn to be sent: `async with turn` waits for those before it, and ends with the upstream's answer.

    Args:
        queue: The turns of the changes to the same object so far, in their order; this one joins it.
    """

    def __init__(self, queue: "list[Turn]") -> None:
        self._queue = queue
        self._place = len(queue)
        self._over = asyncio.Event()
        queue.append(self)

    async def __aenter__(self) -> None:
        for turn in self._queue[: self._place]:
            await turn._over.wait()

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Let the next one go ahead; also when this change is not sent at all."""
        self._over.set()

    async def end_of_queue(self) -> None:
        """Wait until no change to the same object is left to be sent."""
        for turn in self._queue:
            await turn._over.wait()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change stands.

    Attributes:
        path: Leads to its input, from the arguments.
        turn: Its turn among the changes to the same object.
    """

    path: tuple[str, ...]
    turn: Turn


ALONE = Place(("input",), Turn([]))
