"""Calls over a transport of httpx: into the embedded sandbox, and wherever a test listens."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from upstreams.call import Call
from upstreams.decoding import Answer
from upstreams.errors import Evidence, System, TimedOut, Unavailable, Unreadable
from upstreams.exchange import SENT_WITH_EVERY_CALL
from upstreams.limits import WireLimits

# The failures httpx names that surely happen before a request leaves.
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)


class TransportExchange:
    """Speaks to a transport without a client around it: there are no cookies to keep and no redirects to follow.

    Args:
        system: Which upstream this is.
        base_url: What every path is relative to.
        limits: Bounds of calls.
        transport: Closed together with this.
    """

    def __init__(self, system: System, base_url: str, limits: WireLimits, transport: httpx.AsyncBaseTransport) -> None:
        self._system = system
        self._base_url = base_url.rstrip("/")
        self._limits = limits
        self._transport = transport
        self._under_way: dict[asyncio.Task[Any], asyncio.Future[None]] = {}  # who makes a call, and its end
        self._is_closed = False

    async def send(self, call: Call, headers: Mapping[str, str], seconds: float) -> Answer:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine is run by one
        ended = self._under_way[task] = task.get_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                return await self._converse(self._request(call, headers, seconds))
        except TimeoutError as error:
            raise TimedOut(self._system) from error
        except httpx.TimeoutException as error:
            raise TimedOut(self._system, may_have_left=not isinstance(error, NEVER_SENT)) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise Unavailable(self._system, may_have_left=not isinstance(error, NEVER_SENT)) from error
        except asyncio.CancelledError:
            if not self._is_closed or task.uncancel() > 0:
                raise
            # Not the task is to end, only this call.
            raise Unavailable(self._system) from None
        finally:
            del self._under_way[task]
            ended.set_result(None)

    async def close(self) -> None:
        self._is_closed = True
        if self._under_way:
            ends = list(self._under_way.values())
            for task in self._under_way:
                task.cancel()
            await asyncio.wait(ends)
        await self._transport.aclose()

    def _request(self, call: Call, headers: Mapping[str, str], seconds: float) -> httpx.Request:
        time_out = httpx.Timeout(seconds, connect=min(self._limits.connect_seconds, seconds))
        return httpx.Request(
            call.endpoint.method,
            self._base_url + call.target,
            headers={**SENT_WITH_EVERY_CALL, **headers},
            content=None if call.body is None else msgspec.json.encode(call.body),
            extensions={"timeout": time_out.as_dict()},
        )

    async def _converse(self, request: httpx.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        try:
            return Answer(response.status_code, response.headers, await self._receive(response))
        finally:
            await response.aclose()

    async def _receive(self, response: httpx.Response) -> bytes:
        body = bytearray()
        try:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > self._limits.max_answer_bytes:
                    raise Unreadable(self._system, Evidence(response.status_code))
        except httpx.DecodingError as error:
            raise Unreadable(self._system, Evidence(response.status_code)) from error
        return bytes(body)
