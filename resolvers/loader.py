"""A DataLoader whose waits are safe: shielded from cancelled siblings, and never longer than the operation."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

from resolvers.failures import refusing
from resolvers.refusals import Meanings
from upstreams.bounds import Bounds
from upstreams.budget import Budget
from upstreams.errors import System, TimedOut

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Loader(Generic[K, V]):
    """Loads values by key, every key once, those asked for at the same time together.

    Args:
        load_batch: Gives a value or an exception for every key, in the order asked.
        meanings: What upstream refusals mean when this loader reads.
        bounds: The operation's.
        system: The upstream that is read.
        budget: The budget it is read on.
    """

    def __init__(
        self,
        load_batch: Callable[[list[K]], Awaitable[Sequence[V | BaseException]]],
        meanings: Meanings,
        bounds: Bounds,
        system: System,
        budget: Budget | None = None,
    ) -> None:
        async def load(keys: list[K]) -> list[V]:
            return list(await load_batch(keys))  # type: ignore[arg-type]  # aiodataloader raises the exceptions

        self._loader: DataLoader[K, V] = DataLoader(load)
        self._meanings = meanings
        self._bounds = bounds
        self._system = system
        self._budget = budget
        self.answered = 0

    async def load(self, key: K) -> V:
        """The value of a key.

        Raises:
            Refused: It cannot be had.
        """
        value = await self.load_for_another(key)
        self.answered += 1
        return value

    async def load_for_another(self, key: K) -> V:
        """As `load`, for a loader that hopes to find its own values in this one: nobody asked for this read."""
        with refusing(self._meanings, _last(key), budget=self._budget):
            try:
                async with asyncio.timeout_at(self._bounds.deadline):
                    future = self._loader.load(key)
                    if not future.done():
                        future.add_done_callback(_see)
                    # Unshielded, a sibling's failure would cancel the future for everybody who waits for it.
                    return await asyncio.shield(future)
            except TimeoutError as error:
                raise TimedOut(self._system) from error

    def prime(self, key: K, value: V) -> None:
        """Know a value without loading it. A key that is known or being loaded keeps what it has."""
        self._loader.prime(key, value)

    def replace(self, key: K, value: V) -> None:
        """Know a newer value."""
        self._loader.clear(key).prime(key, value)

    def forget(self, key: K) -> None:
        """Load a key anew next time."""
        self._loader.clear(key)

    def forget_all(self) -> None:
        """Load every key anew next time."""
        self._loader.clear_all()

    def known(self, key: K) -> V | None:
        """The value of a key when it is known already."""
        future = self._loader._cache.get(key)
        is_known = future is not None and future.done() and not future.cancelled() and future.exception() is None
        return future.result() if is_known and future is not None else None


def _see(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()  # seen, also when nobody waits for it any more


def _last(key: object) -> str:
    return str(key[-1] if isinstance(key, tuple) else key)
