"""Loaders of what can be read together."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from functools import partial
from typing import Any, TypeVar

from aiodataloader import DataLoader, dispatch_queue
from aiodataloader import Loader as QueuedLoad

from resolvers.loader import Loader, Read, Readers
from resolvers.origins import Origins
from resolvers.refusals import Meanings
from resolvers.waiting import see, turns
from upstreams.budget import Budget
from upstreams.errors import System, TimedOut

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

Batch = Callable[[list[K]], Awaitable[Sequence[V | BaseException]]]

# How many turns of the loop aiodataloader gathers keys, then takes to begin, and to tell who asked.
TURNS_TO_GATHER = 2
TURNS_TO_BEGIN = 1
TURNS_TO_TELL = 2


class BatchLoader(Loader[K, V]):
    """Loads the keys that are asked for at the same time together.

    As long as keys are asked for one at a time, and those who ask make the reads, each is read by itself.

    Args:
        load_batch: Gives a value or an exception for every key, in the order asked, within the operation's deadline.
        system: The upstream that is read.
    """

    def __init__(
        self,
        read: Read[K, V],
        readers: Readers,
        load_batch: Batch[K, V],
        system: System,
        meanings: Meanings,
        budget: Budget | None = None,
        found: dict[K, V] | None = None,
        origins: Origins[K] | None = None,
    ) -> None:
        super().__init__(read, readers, meanings, budget, found, origins)
        self._load_batch = load_batch
        self._system = system
        self._loader: _Batches[K, V] | None = None
        self._first_key: K | None = None  # while who asked for it waits for others
        self._first_load: asyncio.Future[V] | None = None  # of that key, when others came
        self._expected: dict[tuple[asyncio.Task[Any] | None, K], list[asyncio.Future[V]]] = {}

    async def load(self, key: K) -> V:
        if not self._may_be_alone(key):
            return await self._share(key)
        if self._readers.begin_alone:
            self._readers.begin_alone = False
            return await self._load_here(key, self._read_alone)
        # A short operation takes an eighth longer when its only key is a batch of aiodataloader's. Here it is read as
        # late, and told as late: who else asks at the same time must not depend on who reads.
        self._first_key = key
        try:
            await turns(TURNS_TO_GATHER)
        finally:
            self._first_key = None
            queued, self._first_load = self._first_load, None
            if self._loader is not None:
                self._loader.let_go()
        if queued is not None:
            self._expect(key, queued)
        if self._loader is not None or self._is_asked_or_found(key):
            return await self._share(key)
        try:
            value = await self._load_here(key, self._begin_alone)
        except Exception:  # and not when cancelled: then nobody is told
            await turns(TURNS_TO_TELL)
            raise
        await turns(TURNS_TO_TELL)
        return value

    def _may_be_alone(self, key: K) -> bool:
        """Whether a key may be the only one: so far none were asked for together, and nobody waits for others now."""
        is_idle = self._loader is None and self._first_key is None
        return is_idle and self._readers.are_askers and self.origins is None and not self._is_asked_or_found(key)

    async def _begin_alone(self, key: K) -> V:
        await turns(TURNS_TO_BEGIN)
        return await self._read_alone(key)

    async def _read_alone(self, key: K) -> V:
        try:
            return await self._read(key)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            raise TimedOut(self._system) from error  # as of a batch: what it shared with others was cancelled

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
        self._expect(key, future)

    def _expect(self, key: K, future: "asyncio.Future[V]") -> None:
        self._expected.setdefault((asyncio.current_task(), key), []).append(future)

    def _under_way(self, key: K) -> "asyncio.Future[V] | None":
        expected = self._expected.get((asyncio.current_task(), key)) if self._expected else None
        return expected.pop() if expected else super()._under_way(key)

    def _begin(self, key: K) -> "asyncio.Future[V]":
        if self._loader is None:
            # Not a method: a loader that refers to itself is memory that only the garbage collector frees.
            load: Callable[[list[K]], Any] = partial(_settle, self._load_batch, self._system)
            self._loader = _Batches(load, cache_map=self._futures, loop=self._loop)
            if self._first_key is not None:
                self._loader.hold()
                if not self._is_asked_or_found(self._first_key):
                    self._first_load = self._loader.load(self._first_key)
                    self._first_load.add_done_callback(see)
        return self._loader.load(key)


class _Batches(DataLoader[K, V]):
    """aiodataloader's batches, the first of which may be held until who asked first has waited for others."""

    _is_held = False

    def hold(self) -> None:
        """Gather keys until `let_go`."""
        self._is_held = True

    def let_go(self) -> None:
        """Load, in the next turn of the loop, what was gathered."""
        self._is_held = False
        dispatch_queue(self)

    def do_resolve_reject(self, key: K, future: "asyncio.Future[V]") -> None:
        if self._is_held:
            self._queue.append(QueuedLoad(key, future))
        else:
            super().do_resolve_reject(key, future)


async def _settle(load_batch: Batch[K, V], system: System, keys: list[K]) -> Sequence[V | BaseException]:
    """A batch for aiodataloader, which would leave those who wait for a cancelled batch waiting for ever."""
    try:
        return await load_batch(keys)
    except asyncio.CancelledError as error:
        raise TimedOut(system) from error
