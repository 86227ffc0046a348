"""One REST call and its dangers, whatever library sends it."""

import asyncio
from collections.abc import Mapping

from upstreams.bounds import Bounds
from upstreams.breaker import CircuitBreaker
from upstreams.call import Call, Gate, OpenGate
from upstreams.decoding import Answer
from upstreams.errors import System, TimedOut, Unavailable, UpstreamFailure
from upstreams.exchange import Exchange
from upstreams.limits import WireLimits
from upstreams.retrying import FAILING_STATUSES, FailingAnswer, read_again
from upstreams.slots import Slots

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
        self._longest = max(limits.call_seconds, LEAST_SECONDS)
        self._slots = Slots(limits.max_concurrent_calls)
        self._is_closed = False
        self.system = system
        self.breaker = CircuitBreaker(
            limits.breaker_threshold, limits.breaker_rest_seconds, asyncio.get_running_loop().time
        )

    async def send(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate = OPEN_GATE) -> Answer:
        """Make a call; a read again when it fails in passing. Never takes longer than the operation may.

        Whoever makes a change waits for it in a task that nobody cancels.

        Args:
            call: What to ask.
            headers: Credentials.
            bounds: The operation this call is part of.
            gate: Passed by every try.

        Raises:
            UpstreamFailure: There is no complete answer of any status.
        """
        attempt = self._try if bounds.trace is None else self._try_and_note
        if call.endpoint.is_change:
            return await attempt(call, headers, bounds, gate)
        failed: FailingAnswer | UpstreamFailure
        try:
            answer = await attempt(call, headers, bounds, gate)
            if answer.status not in FAILING_STATUSES:
                return answer
            failed = FailingAnswer(answer)
        except (Unavailable, TimedOut) as failure:
            failed = failure
        return await read_again(
            lambda: attempt(call, headers, bounds, gate), failed, bounds, self._limits.read_attempts
        )

    async def close(self) -> None:
        """Break off what is under way: reads nobody waits for any more, once the changes are finished."""
        self._is_closed = True
        await self._exchange.close()

    async def _try(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate) -> Answer:
        if not self._slots.take_free():
            await self._wait_for_slot(bounds)
        answer = number = None
        try:
            number = gate.open(is_change=call.endpoint.is_change)
            seconds = self._admit(call, bounds)
            try:
                answer = await self._exchange.send(call, headers, seconds)
            except BaseException as error:
                self._tell_breaker(error, seconds)
                raise
            if answer.status in FAILING_STATUSES:
                self.breaker.failed()
            else:
                self.breaker.succeeded()
            return answer
        finally:
            self._slots.give_back()
            if number is not None:
                gate.close(number, answer)

    async def _try_and_note(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate) -> Answer:
        assert bounds.trace is not None  # noqa: S101 - whoever calls this has looked
        traced = bounds.trace.begin(call)
        try:
            answer = await self._try(call, headers, bounds, gate)
        except BaseException as error:
            bounds.trace.end(traced, None, error)
            raise
        bounds.trace.end(traced, answer)
        return answer

    async def _wait_for_slot(self, bounds: Bounds) -> None:
        turn = self._slots.queue(bounds, bounds.deadline)
        try:
            await turn
        except TimeoutError as error:
            raise TimedOut(self.system, may_have_left=False) from error
        except asyncio.CancelledError:
            self._slots.leave(turn)
            raise

    def _admit(self, call: Call, bounds: Bounds) -> float:
        """Let a call go. Returns how many seconds it may take."""
        if self._is_closed:
            raise Unavailable(self.system, may_have_left=False)
        retry_at = self.breaker.admit()
        if retry_at is not None:
            raise Unavailable(self.system, may_have_left=False, retry_at=retry_at)
        try:
            seconds = bounds.spend_call(self.system, is_change=call.endpoint.is_change)
        except UpstreamFailure:
            self.breaker.gave_no_sign()
            raise
        if bounds.trace is not None:
            bounds.trace.let_out(call)
        return self._longest if seconds > self._longest else max(seconds, LEAST_SECONDS)

    def _tell_breaker(self, error: BaseException, seconds: float) -> None:
        # A call that an operation near its deadline gave little time tells nothing about the upstream.
        is_hasty = isinstance(error, TimedOut) and seconds < self._limits.connect_seconds
        if isinstance(error, TimedOut | Unavailable) and not is_hasty:
            self.breaker.failed()
        else:
            self.breaker.gave_no_sign()
