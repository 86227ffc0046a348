"""One REST call and its dangers: the only module that does HTTP.

A call runs in a task of its own, so that no cancelled resolver can cut it in the middle: httpx 0.28 loses a
connection of its pool to every request cancelled before it is connected, and a change must be finished.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import msgspec

from upstreams.bounds import Bounds
from upstreams.breaker import CircuitBreaker
from upstreams.call import Call, Departure, Gate, OpenGate
from upstreams.decoding import Answer
from upstreams.errors import Evidence, System, TimedOut, Unavailable, Unreadable, UpstreamFailure
from upstreams.retrying import FAILING_STATUSES, read_with_retries

# The failures httpx names that surely happen before a request leaves.
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)


@dataclass(frozen=True, slots=True)
class WireLimits:
    """The bounds of a single call and of all calls to one upstream at once."""

    connect_seconds: float = 5.0
    call_seconds: float = 15.0
    max_answer_bytes: int = 20_000_000
    max_concurrent_calls: int = 16
    read_attempts: int = 3
    breaker_threshold: int = 10
    breaker_rest_seconds: float = 5.0


class Wire:
    """The way to one upstream, shared by all operations. Made inside the running loop.

    Args:
        http: An open client.
        base_url: What every path is relative to.
        system: Which upstream this is.
        limits: Bounds of calls.
    """

    def __init__(self, http: httpx.AsyncClient, base_url: str, system: System, limits: WireLimits) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.max_concurrent_calls)
        self._tasks: set[asyncio.Task[Answer]] = set()
        self.system = system
        self.breaker = CircuitBreaker(
            limits.breaker_threshold, limits.breaker_rest_seconds, asyncio.get_running_loop().time
        )

    async def send(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate | None = None) -> Answer:
        """Make a call; a read again when it fails in passing.

        Args:
            call: What to ask.
            headers: Credentials.
            bounds: The operation this call is part of.
            gate: Passed by every try.

        Raises:
            UpstreamFailure: There is no complete answer of any status.
        """
        departure = Departure()

        async def attempt() -> Answer:
            return await self._attempt(call, headers, bounds, gate or OpenGate(), departure)

        work = attempt() if call.is_change else read_with_retries(attempt, bounds, self._limits.read_attempts)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            async with asyncio.timeout_at(bounds.deadline):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise TimedOut(self.system, may_have_left=departure.call_off()) from error

    async def close(self) -> None:
        """Break off what is under way: reads nobody waits for any more, once the changes are finished."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _forget(self, task: asyncio.Task[Answer]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also when the operation no longer waits for it

    async def _attempt(
        self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate, departure: Departure
    ) -> Answer:
        async with self._slot(bounds):
            number = gate.open(is_change=call.is_change)
            answer = None
            try:
                self._admit(call, bounds)
                answer = await self._report_to_breaker(self._exchange(call, headers, bounds, departure), bounds)
                return answer
            finally:
                gate.close(number, answer)

    def _admit(self, call: Call, bounds: Bounds) -> None:
        retry_at = self.breaker.admit()
        if retry_at is not None:
            raise Unavailable(self.system, may_have_left=False, retry_at=retry_at)
        try:
            bounds.spend_call(self.system, is_change=call.is_change)
        except UpstreamFailure:
            self.breaker.gave_no_sign()
            raise

    async def _report_to_breaker(self, exchange: Awaitable[Answer], bounds: Bounds) -> Answer:
        # A call that an operation near its deadline gave little time tells nothing about the upstream.
        has_time = bounds.remaining_seconds >= self._limits.connect_seconds
        try:
            answer = await exchange
        except TimedOut:
            if has_time:
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

    @asynccontextmanager
    async def _slot(self, bounds: Bounds) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(bounds.deadline):
                await self._slots.acquire()
        except TimeoutError as error:
            raise TimedOut(self.system, may_have_left=False) from error
        try:
            yield
        finally:
            self._slots.release()

    async def _exchange(self, call: Call, headers: Mapping[str, str], bounds: Bounds, departure: Departure) -> Answer:
        seconds = min(self._limits.call_seconds, bounds.remaining_seconds)
        connect_seconds = min(self._limits.connect_seconds, seconds)
        now = asyncio.get_running_loop().time

        async def note(event: str, _info: object) -> None:
            if event == "connection.connect_tcp.started":
                departure.may_have_left = False
            elif event == "http11.send_request_headers.started":
                if departure.is_called_off:
                    raise TimedOut(self.system, may_have_left=False)
                departure.may_have_left = True
                time_out.reschedule(now() + seconds)

        request = self._http.build_request(
            call.method,
            self._base_url + call.target,
            headers={"content-type": "application/json", **headers},
            content=None if call.body is None else msgspec.json.encode(call.body),
            timeout=httpx.Timeout(seconds, connect=connect_seconds),
            extensions={"trace": note},
        )
        try:
            # httpx bounds every single wait, this their sum. It cannot end while a connection is being opened
            # (a TCP and a TLS handshake): that would cost the pool a place.
            async with asyncio.timeout(2 * connect_seconds + seconds) as time_out:
                # The worst is assumed until the trace tells of a connection that is being opened: one that was kept
                # open, or the sandbox's, tells of no such event.
                departure.may_have_left = True
                return await self._converse(request)
        except TimeoutError as error:
            raise TimedOut(self.system, may_have_left=departure.may_have_left) from error
        except httpx.TimeoutException as error:
            raise TimedOut(self.system, may_have_left=not isinstance(error, NEVER_SENT)) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Unavailable(self.system, may_have_left=not isinstance(error, NEVER_SENT)) from error

    async def _converse(self, request: httpx.Request) -> Answer:
        response = await self._http.send(request, stream=True)
        try:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers.raw}
            return Answer(response.status_code, headers, await self._receive(response))
        finally:
            await response.aclose()

    async def _receive(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > self._limits.max_answer_bytes:
                    raise Unreadable(self.system, Evidence(response.status_code))
        except httpx.DecodingError as error:
            raise Unreadable(self.system, Evidence(response.status_code)) from error
        return bytes(body)
