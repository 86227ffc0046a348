"""Calls over the network, by aiohttp, which runs in our own loop and can be cancelled anywhere."""

import asyncio
import ssl
from collections.abc import Mapping
from types import SimpleNamespace

import aiohttp
import msgspec
from aiohttp.http_exceptions import ContentEncodingError, HttpProcessingError
from yarl import URL

from upstreams.call import Call, Departure
from upstreams.decoding import Answer
from upstreams.errors import Evidence, System, TimedOut, Unavailable, Unreadable
from upstreams.exchange import SENT_WITH_EVERY_CALL
from upstreams.limits import WireLimits

KEEP_ALIVE_SECONDS = 4.0  # many servers close a silent connection after 5, and a change sent just then would be lost
MAX_HEADER_BYTES = 65_536
NO_ROUNDING = float("inf")  # aiohttp rounds time-outs up to whole seconds from a threshold on


class NetworkExchange:
    """Keeps its connections to one host, and opens no more than there may be calls at once.

    Args:
        system: Which upstream this is.
        base_url: What every path is relative to.
        limits: Bounds of calls.
        tls: Whose certificates are trusted.
    """

    def __init__(self, system: System, base_url: str, limits: WireLimits, tls: ssl.SSLContext) -> None:
        self._system = system
        self._base_url = base_url.rstrip("/")
        self._limits = limits
        self._whole_time = self._time_out(limits.call_seconds)
        self._connector = aiohttp.TCPConnector(
            limit=limits.max_concurrent_calls,
            keepalive_timeout=KEEP_ALIVE_SECONDS,
            ssl=tls,
            timeout_ceil_threshold=NO_ROUNDING,
        )
        watch = aiohttp.TraceConfig()
        watch.on_request_headers_sent.append(self._note_departure)
        self._changes = self._open_session(trace_configs=[watch])
        self._reads = self._open_session(middlewares=[_send_once])

    async def send(
        self, call: Call, headers: Mapping[str, str], seconds: float, departure: Departure | None = None
    ) -> Answer:
        session = self._reads
        if departure is not None:
            session = self._changes
            await _hear_of_closed_connections()
        try:
            response = await session.request(
                call.method,
                URL(self._base_url + call.target, encoded=True),
                headers=headers,
                data=None if call.body is None else msgspec.json.encode(call.body),
                allow_redirects=False,
                timeout=self._whole_time if seconds == self._limits.call_seconds else self._time_out(seconds),
                trace_request_ctx=departure,
            )
            try:
                return Answer(response.status, response.headers, await self._receive(response))
            except BaseException:
                response.close()
                raise
        except TimeoutError as error:
            raise TimedOut(self._system, may_have_left=_may_have_left(departure)) from error
        except (aiohttp.ClientError, HttpProcessingError, OSError) as error:
            raise Unavailable(self._system, may_have_left=_may_have_left(departure)) from error

    async def close(self) -> None:
        await self._reads.close()
        await self._changes.close()
        await self._connector.close()

    def _open_session(
        self,
        trace_configs: list[aiohttp.TraceConfig] | None = None,
        middlewares: list[aiohttp.ClientMiddlewareType] | None = None,
    ) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=self._connector,
            connector_owner=False,
            cookie_jar=aiohttp.DummyCookieJar(),  # callers share the sessions: no cookie of one may go out for another
            headers=SENT_WITH_EVERY_CALL,
            trace_configs=trace_configs,
            middlewares=middlewares or (),
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
        )

    def _time_out(self, seconds: float) -> aiohttp.ClientTimeout:
        connect_seconds = min(self._limits.connect_seconds, seconds)
        return aiohttp.ClientTimeout(total=seconds, connect=connect_seconds, ceil_threshold=NO_ROUNDING)

    async def _note_departure(
        self, _session: aiohttp.ClientSession, trace: SimpleNamespace, _headers: aiohttp.TraceRequestHeadersSentParams
    ) -> None:
        """Runs when there is a connection, before the first byte is written."""
        departure: Departure = trace.trace_request_ctx
        if departure.is_called_off:
            raise TimedOut(self._system, may_have_left=False)
        departure.may_have_left = True

    async def _receive(self, response: aiohttp.ClientResponse) -> bytes:
        content = response.content
        try:
            body = await content.readany()
            if content.at_eof() and len(body) <= self._limits.max_answer_bytes:
                return body  # most answers come in one piece
            pieces = bytearray(body)
            while len(pieces) <= self._limits.max_answer_bytes:
                if content.at_eof():
                    return bytes(pieces)
                pieces += await content.readany()
        except aiohttp.ClientPayloadError as error:
            if isinstance(error.__cause__, ContentEncodingError):
                raise Unreadable(self._system, Evidence(response.status)) from error
            raise
        raise Unreadable(self._system, Evidence(response.status))


async def _hear_of_closed_connections() -> None:
    """Let the loop look at its sockets, so that a change is not sent over a connection that was closed just now.

    A read that is lost in this way is read again.
    """
    for _ in range(2):  # one turn to look, one to act on it
        await asyncio.sleep(0)


def _may_have_left(departure: Departure | None) -> bool:
    return departure is None or departure.may_have_left


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keeps aiohttp from sending a read again by itself: our own tries are counted and bounded."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError from error
