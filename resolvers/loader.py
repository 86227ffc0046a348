"""Loaders whose waits are safe: shielded from cancelled siblings, and ended whatever becomes of the read."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from resolvers.failures import explain
from resolvers.origins import Origins
from resolvers.refusals import Meanings, Refused
from resolvers.waiting import end_of
from upstreams.budget import Budget
from upstreams.errors import UpstreamFailure

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Read = Callable[[K], Coroutine[Any, Any, V]]


@dataclass(slots=True)
class Readers:
    """Who makes the reads of an operation.

    Attributes:
        are_askers: Whether a key is read by who asks for it first, and not in a task of its own, which costs a
            twentieth of an operation. Safe where those who ask are cancelled all together or not at all; a batch that
            asks settles a cancelled read as late.
        begin_alone: Whether the first key asked of a batch is asked for alone: whatever else the operation asks for, it
            asks with that key's value in hand.
    """

    are_askers: bool = False
    begin_alone: bool = False


class Loader(ABC, Generic[K, V]):
    """Loads values by key, every key once.

    Args:
        read: Reads the value of a key, within the operation's deadline.
        readers: Who reads.
        meanings: What upstream refusals mean when this loader reads.
        budget: The budget it is read on.
        found: Values by key that nobody has to load. Whoever has this mapping may add to it; a key that is loaded or
            being loaded keeps what it has.
        origins: Where it is noted who asks for what, if anywhere.
    """

    def __init__(
        self,
        read: Read[K, V],
        readers: Readers,
        meanings: Meanings,
        budget: Budget | None = None,
        found: dict[K, V] | None = None,
        origins: Origins[K] | None = None,
    ) -> None:
        self._read = read
        self._readers = readers
        self._meanings = meanings
        self._budget = budget
        self._found = {} if found is None else found
        self.origins = origins
        self._futures: dict[K, asyncio.Future[V]] = {}
        self._loop = asyncio.get_running_loop()
        self.answered = 0

    @abstractmethod
    def load(self, key: K) -> Coroutine[Any, Any, V]:
        """The value of a key.

        Raises:
            Refused: When awaited, that it cannot be had.
        """

    async def _share(self, key: K) -> V:
        """Load a key: what is found, what is under way, else a read that goes on when who asks for it is cancelled.

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

    def _is_asked_or_found(self, key: K) -> bool:
        return key in self._futures or key in self._found

    async def _load_here(self, key: K, read: Read[K, V]) -> V:
        """Load a key by a read of who asks, for whoever asks meanwhile as well; as `_share` where there is one already.

        Raises:
            Refused: It cannot be had.
        """
        if self._is_asked_or_found(key):
            return await self._share(key)
        future: asyncio.Future[V] = self._loop.create_future()
        self._futures[key] = future
        try:
            value = await read(key)
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

    @abstractmethod
    def _begin(self, key: K) -> "asyncio.Future[V]":
        """Begin to load a key that is not being loaded."""


class SingleLoader(Loader[K, V]):
    """Loads each key by a read of its own, at once (the wire bounds how many)."""

    def load(self, key: K) -> Coroutine[Any, Any, V]:
        return self._load_here(key, self._read) if self._readers.are_askers else self._share(key)

    def _begin(self, key: K) -> "asyncio.Future[V]":
        future = self._futures[key] = self._loop.create_task(self._read(key))
        return future


def _last(key: object) -> str:
    return str(key[-1] if isinstance(key, tuple) else key)
