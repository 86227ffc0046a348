"""One REST call and its dangers: the only module that does HTTP.

A call runs in a task of its own, so that no cancelled resolver can cut it in the middle: httpx 0.28 loses a
connection of its pool to every request cancelled before it is connected, and a change must be finished.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote, urlencode

import httpx
import msgspec

from upstreams.bounds import Bounds
from upstreams.breaker import CircuitBreaker
from upstreams.decoding import Answer
from upstreams.errors import Evidence, System, TimedOut, Unavailable, Unreadable
from upstreams.retrying import FAILING_STATUSES, read_with_retries

# The failures httpx names that surely happen before a request leaves. After any other one it may have left.
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


@dataclass(frozen=True, slots=True)
class Call:
    """A request to make. A change is never sent twice."""

    method: str
    path: tuple[str, ...]
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    is_change: bool = False

    @property
    def target(self) -> str:
        """The path, every segment quoted, and the query."""
        path = "".join("/" + quote(segment, safe="") for segment in self.path)
        return f"{path}?{urlencode(self.query, quote_via=quote)}" if self.query else path


class Gate(Protocol):
    """What every call of a credential passes, out and back."""

    def open(self, *, is_change: bool) -> int:
        """Let a call out and number it. Raises `Exhausted` when it may not go."""

    def close(self, number: int, answer: Answer | None) -> None:
        """Take note of how call `number` ended, None when without an answer."""


class OpenGate:
    """Lets every call pass."""

    def open(self, *, is_change: bool) -> int:
        return 0

    def close(self, number: int, answer: Answer | None) -> None:
        return None


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

        async def attempt() -> Answer:
            return await self._attempt(call, headers, bounds, gate or OpenGate())

        work = attempt() if call.is_change else read_with_retries(attempt, bounds, self._limits.read_attempts)
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            async with asyncio.timeout_at(bounds.deadline):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise TimedOut(self.system) from error

    async def finish(self, seconds: float) -> None:
        """Wait for the calls under way, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _forget(self, task: asyncio.Task[Answer]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also when the operation no longer waits for it

    async def _attempt(self, call: Call, headers: Mapping[str, str], bounds: Bounds, gate: Gate) -> Answer:
        async with self._slot(bounds):
            number = gate.open(is_change=call.is_change)
            answer = None
            try:
                bounds.spend_call(self.system, is_change=call.is_change)
                answer = await self._exchange_unless_failing(call, headers, bounds)
                return answer
            finally:
                gate.close(number, answer)

    async def _exchange_unless_failing(self, call: Call, headers: Mapping[str, str], bounds: Bounds) -> Answer:
        retry_at = self.breaker.admit()
        if retry_at is not None:
            raise Unavailable(self.system, may_have_left=False, retry_at=retry_at)
        try:
            answer = await self._exchange(call, headers, bounds)
        except (Unavailable, TimedOut):
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

    async def _exchange(self, call: Call, headers: Mapping[str, str], bounds: Bounds) -> Answer:
        seconds = min(self._limits.call_seconds, bounds.remaining_seconds)
        request = self._http.build_request(
            call.method,
            self._base_url + call.target,
            headers={"content-type": "application/json", **headers},
            content=None if call.body is None else msgspec.json.encode(call.body),
            timeout=httpx.Timeout(seconds, connect=min(self._limits.connect_seconds, seconds)),
        )
        try:
            response = await self._http.send(request, stream=True)
            try:
                body = await self._receive(response, asyncio.get_running_loop().time() + seconds)
            finally:
                await response.aclose()
        except NEVER_SENT as error:
            failure = TimedOut if isinstance(error, httpx.TimeoutException) else Unavailable
            raise failure(self.system, may_have_left=False) from error
        except httpx.TimeoutException as error:
            raise TimedOut(self.system) from error
        except httpx.DecodingError as error:
            raise Unreadable(self.system) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Unavailable(self.system) from error
        return Answer(response.status_code, response.headers, body)

    async def _receive(self, response: httpx.Response, deadline: float) -> bytes:
        """The whole body. httpx bounds the wait for each piece; the size and the time in all are bounded here."""
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > self._limits.max_answer_bytes:
                raise Unreadable(self.system, Evidence(response.status_code))
            if asyncio.get_running_loop().time() > deadline:
                raise TimedOut(self.system)
        return bytes(body)
