"""One REST call and its dangers, whatever library sends it.

A change runs in a task of its own, so that whoever stops waiting for it cannot cut it in the middle.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from upstreams.bounds import Bounds
from upstreams.breaker import CircuitBreaker
from upstreams.call import Call, Departure, Gate, OpenGate
from upstreams.decoding import Answer
from upstreams.errors import System, TimedOut, Unavailable, UpstreamFailure
from upstreams.exchange import Exchange
from upstreams.limits import WireLimits
from upstreams.retrying import FAILING_STATUSES, read_with_retries

OPEN_GATE = OpenGate()
LEAST_SECONDS = 0.001  # a time-out of nothing would be none


class Wire:
    """The way to one upstream, shared by all operations. Made inside the running loop.

    Args:
        exchange: Makes a call once; closed together with this.
        system: Which upstream this is.
        limits: Bounds of calls.
    """

    def __init__(self, exchange: Exchange, system: System, limits: WireLimits) -> None:
        self._exchange = exchange
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.max_concurrent_calls)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False
        self.system = system
        self.breaker = CircuitBreaker(
            limits.breaker_threshold, limits.breaker_rest_seconds, asyncio.get_running_loop().time
        )

    async def send(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate = OPEN_GATE) -> Answer:
        """Make a call; a read again when it fails in passing. Never takes longer than the operation may.

        Args:
            call: What to ask.
            headers: Credentials.
            bounds: The operation this call is part of.
            gate: Passed by every try.

        Raises:
            UpstreamFailure: There is no complete answer of any status.
        """
        if self._is_closed:
            raise Unavailable(self.system, may_have_left=False)
        if call.is_change:
            return await self._send_change(call, headers, bounds, gate)
        return await self._read(call, headers, bounds, gate)

    async def close(self) -> None:
        """Break off what is under way: reads nobody waits for any more, once the changes are finished."""
        self._is_closed = True
        if self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)
        await self._exchange.close()

    async def _read(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate) -> Answer:
        async def attempt() -> Answer:
            return await self._attempt(call, headers, bounds, gate)

        task = asyncio.current_task()
        assert task is not None  # a coroutine is run by one  # noqa: S101
        self._tasks.add(task)
        try:
            return await read_with_retries(attempt, bounds, self._limits.read_attempts)
        except asyncio.CancelledError:
            if not self._is_closed:
                raise
            task.uncancel()  # not the task is to end, only this read
            raise Unavailable(self.system) from None
        finally:
            self._tasks.discard(task)

    async def _send_change(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate) -> Answer:
        departure = Departure()
        task = asyncio.create_task(self._attempt(call, headers, bounds, gate, departure))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            async with asyncio.timeout_at(bounds.deadline):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise TimedOut(self.system, may_have_left=departure.call_off()) from error

    def _forget(self, task: asyncio.Task[Answer]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also when the operation no longer waits for it

    async def _attempt(
        self,
        call: Call,
        headers: Mapping[str, str],
        bounds: Bounds,
        gate: Gate,
        departure: Departure | None = None,
    ) -> Answer:
        await self._take_slot(bounds)
        try:
            number = gate.open(is_change=call.is_change)
            answer = None
            try:
                self._admit(call, bounds)
                answer = await self._exchange_once(call, headers, bounds, departure)
                return answer
            finally:
                gate.close(number, answer)
        finally:
            self._slots.release()

    async def _take_slot(self, bounds: Bounds) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        try:
            async with asyncio.timeout_at(bounds.deadline):
                await self._slots.acquire()
        except TimeoutError as error:
            raise TimedOut(self.system, may_have_left=False) from error

    def _admit(self, call: Call, bounds: Bounds) -> None:
        retry_at = self.breaker.admit()
        if retry_at is not None:
            raise Unavailable(self.system, may_have_left=False, retry_at=retry_at)
        try:
            bounds.spend_call(self.system, is_change=call.is_change)
        except UpstreamFailure:
            self.breaker.gave_no_sign()
            raise

    async def _exchange_once(
        self, call: Call, headers: Mapping[str, str], bounds: Bounds, departure: Departure | None
    ) -> Answer:
        """Make the call, and tell the breaker how it ended."""
        remaining = bounds.remaining_seconds
        seconds = max(min(self._limits.call_seconds, remaining), LEAST_SECONDS)
        try:
            answer = await self._exchange.send(call, headers, seconds, departure)
        except TimedOut:
            # A call that an operation near its deadline gave little time tells nothing about the upstream.
            if remaining >= self._limits.connect_seconds:
                self.breaker.failed()
            else:
                self.breaker.gave_no_sign()
            raise
        except Unavailable:
            self.breaker.failed()
            raise
        except BaseException:
            self.breaker.gave_no_sign()
            raise
        if answer.status in FAILING_STATUSES:
            self.breaker.failed()
        else:
            self.breaker.succeeded()
        return answer
