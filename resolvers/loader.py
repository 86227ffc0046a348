"""Loaders whose waits are safe: shielded from cancelled siblings, and ended whatever becomes of the read."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

from resolvers.failures import explain
from resolvers.origins import Origins
from resolvers.refusals import Meanings, Refused
from resolvers.waiting import end_of, see
from upstreams.budget import Budget
from upstreams.errors import System, TimedOut, UpstreamFailure

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Batch = Callable[[list[K]], Awaitable[Sequence[V | BaseException]]]


@dataclass(slots=True)
class Readers:
    """Who makes the reads of an operation.

    Attributes:
        are_askers: Whether a key is read by who asks for it first, and not in a task of its own, which costs a
            twentieth of an operation. Safe where those who ask are cancelled all together or not at all; a batch that
            asks settles a cancelled read as late.
    """

    are_askers: bool = False


class Loader(ABC, Generic[K, V]):
    """Loads values by key, every key once.

    Args:
        meanings: What upstream refusals mean when this loader reads.
        budget: The budget it is read on.
        found: Values by key that nobody has to load. Whoever has this mapping may add to it; a key that is loaded or
            being loaded keeps what it has.
        origins: Where it is noted who asks for what, if anywhere.
    """

    def __init__(
        self,
        meanings: Meanings,
        budget: Budget | None = None,
        found: dict[K, V] | None = None,
        origins: Origins[K] | None = None,
    ) -> None:
        self._meanings = meanings
        self._budget = budget
        self._found = {} if found is None else found
        self.origins = origins
        self._futures: dict[K, asyncio.Future[V]] = {}
        self._loop = asyncio.get_running_loop()
        self.answered = 0

    async def load(self, key: K) -> V:
        """The value of a key.

        Raises:
            Refused: It cannot be had.
        """
        future = self._under_way(key)
        if future is None:
            if key in self._found:
                self.answered += 1
                if self.origins is not None:
                    self.origins.answer(key)
                return self._found[key]
            future = self._begin(key) if self.origins is None else self.origins.begin(key, self._begin)
        elif self.origins is not None:
            self.origins.answer(key)
        try:
            if not future.done():
                await end_of(future)
            value = future.result()
        except UpstreamFailure as failure:
            raise self._refused(key, failure) from failure
        self.answered += 1
        return value

    async def load_for_another(self, key: K) -> V:
        """As `load`, for a loader that hopes to find its own values in this one: nobody asked for this read."""
        value = await self.load(key)
        self.answered -= 1
        return value

    def replace(self, key: K, value: V) -> None:
        """Know a newer value."""
        self._futures.pop(key, None)
        self._found[key] = value
        if self.origins is not None:
            self.origins.replace(key)

    def forget(self, key: K) -> None:
        """Load a key anew next time."""
        self._futures.pop(key, None)
        self._found.pop(key, None)

    def renew(self, key: K) -> None:
        """Load a key anew next time, but for a load that is under way."""
        future = self._futures.get(key)
        if future is None or future.done():
            self.forget(key)

    def forget_all(self) -> None:
        """Load every key anew next time."""
        self._futures.clear()
        self._found.clear()

    def known(self, key: K) -> V | None:
        """The value of a key when it is known already."""
        future = self._futures.get(key)
        if future is None:
            return self._found.get(key)
        is_known = future.done() and not future.cancelled() and future.exception() is None
        return future.result() if is_known else None

    def _refused(self, key: K, failure: UpstreamFailure) -> Refused:
        return Refused(explain(failure, self._meanings, _last(key), budget=self._budget))

    def _under_way(self, key: K) -> "asyncio.Future[V] | None":
        """What is to come, or has come, of an earlier load."""
        return self._futures.get(key)

    @abstractmethod
    def _begin(self, key: K) -> "asyncio.Future[V]":
        """Begin to load a key that is not being loaded."""


class SingleLoader(Loader[K, V]):
    """Loads each key by a read of its own, at once (the wire bounds how many).

    Args:
        read: Reads the value of a key, within the operation's deadline.
        readers: Who reads.
    """

    def __init__(
        self,
        read: Callable[[K], Coroutine[Any, Any, V]],
        readers: Readers,
        meanings: Meanings,
        budget: Budget | None = None,
        found: dict[K, V] | None = None,
        origins: Origins[K] | None = None,
    ) -> None:
        super().__init__(meanings, budget, found, origins)
        self._read = read
        self._readers = readers

    async def load(self, key: K) -> V:
        if not self._readers.are_askers or key in self._futures or key in self._found:
            return await super().load(key)
        # Read here, for whoever asks for it meanwhile as well.
        future: asyncio.Future[V] = self._loop.create_future()
        self._futures[key] = future
        try:
            value = await self._read(key)
        except asyncio.CancelledError:
            future.cancel()
            if self._futures.get(key) is future:
                del self._futures[key]
            raise
        except Exception as error:
            future.set_exception(error)
            future.exception()  # seen, also when nobody else has asked
            if isinstance(error, UpstreamFailure):
                raise self._refused(key, error) from error
            raise
        future.set_result(value)
        self.answered += 1
        return value

    def _begin(self, key: K) -> "asyncio.Future[V]":
        future = self._futures[key] = self._loop.create_task(self._read(key))
        return future


class BatchLoader(Loader[K, V]):
    """Loads the keys that are asked for at the same time together.

    Args:
        load_batch: Gives a value or an exception for every key, in the order asked, within the operation's deadline.
        system: The upstream that is read.
    """

    def __init__(
        self,
        load_batch: Batch[K, V],
        system: System,
        meanings: Meanings,
        budget: Budget | None = None,
        found: dict[K, V] | None = None,
        origins: Origins[K] | None = None,
    ) -> None:
        super().__init__(meanings, budget, found, origins)
        # Not a method: a loader that refers to itself is memory that only the garbage collector frees.
        self._load: Callable[[list[K]], Any] = partial(_settle, load_batch, system)
        self._loader: DataLoader[K, V] | None = None
        self._expected: dict[tuple[asyncio.Task[Any] | None, K], list[asyncio.Future[V]]] = {}

    def expect(self, key: K) -> None:
        """Load a key in one batch with others, for a task that is going to ask for them one after the other.

        The task gets what comes of it, once for each time it expects: aiodataloader forgets a batch that failed, and
        would begin another for whoever asks next. Nothing may be forgotten or replaced in between.
        """
        future = self._futures.get(key)
        if future is None:
            if key in self._found:
                return
            future = self._begin(key)
            future.add_done_callback(see)
        self._expected.setdefault((asyncio.current_task(), key), []).append(future)

    def _under_way(self, key: K) -> "asyncio.Future[V] | None":
        expected = self._expected.get((asyncio.current_task(), key)) if self._expected else None
        return expected.pop() if expected else super()._under_way(key)

    def _begin(self, key: K) -> "asyncio.Future[V]":
        if self._loader is None:
            self._loader = DataLoader(self._load, cache_map=self._futures, loop=self._loop)
        return self._loader.load(key)


async def _settle(load_batch: Batch[K, V], system: System, keys: list[K]) -> Sequence[V | BaseException]:
    """A batch for aiodataloader, which would leave those who wait for a cancelled batch waiting for ever."""
    try:
        return await load_batch(keys)
    except asyncio.CancelledError as error:
        raise TimedOut(system) from error


def _last(key: object) -> str:
    return str(key[-1] if isinstance(key, tuple) else key)
