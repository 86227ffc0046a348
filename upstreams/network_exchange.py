"""Calls over the network, by pyreqwest: reqwest, a library of Rust, in a thread of its own.

Measured beside the others that are kept, it takes the least of the processor for a call: half as much as aiohttp, and a
twentieth of what httpx takes.
"""

from collections.abc import Awaitable, Mapping
from datetime import timedelta
from pathlib import Path

import certifi
import msgspec
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, PyreqwestError, RequestTimeoutError
from pyreqwest.response import Response

from upstreams.call import Call
from upstreams.decoding import Answer
from upstreams.errors import Evidence, System, TimedOut, Unavailable, Unreadable
from upstreams.exchange import SENT_WITH_EVERY_CALL
from upstreams.limits import WireLimits

KEEP_ALIVE_SECONDS = 4.0  # many servers close a silent connection after 5, and a change sent just then would be lost

MOZILLAS_CERTIFICATES = Path(certifi.where()).read_bytes()
NOTHING_AHEAD = 0  # so that a failure of the body is told apart from one before it

# How the library tells when a call failed. Where it says anything else, the worst is assumed.
WHILE_CONNECTING = "client error (Connect)"
WHILE_RECEIVING = "error reading a body from connection"


class NetworkExchange:
    """Keeps its connections to one host, as many as there may be calls at once.

    Args:
        system: Which upstream this is.
        base_url: What every path is relative to.
        limits: Bounds of calls.
    """

    def __init__(self, system: System, base_url: str, limits: WireLimits) -> None:
        self._system = system
        self._base_url = base_url.rstrip("/")
        self._limits = limits
        self._client = self._open(limits.connect_seconds)

    def send(self, call: Call, headers: Mapping[str, str], seconds: float) -> Awaitable[Answer]:
        if call.is_change and seconds <= self._limits.connect_seconds:
            return self._send_hastily(call, headers, seconds)
        return self._send_by(self._client, call, headers, seconds)

    async def close(self) -> None:
        await self._client.close()

    async def _send_hastily(self, call: Call, headers: Mapping[str, str], seconds: float) -> Answer:
        """Send a change whose whole time would run out before the time to connect.

        A time to connect of its own tells whether it left.
        """
        async with self._open(seconds / 2) as client:
            return await self._send_by(client, call, headers, seconds)

    async def _send_by(self, client: Client, call: Call, headers: Mapping[str, str], seconds: float) -> Answer:
        try:
            request = client.request(call.method, self._base_url + call.target).headers(headers)
            if seconds < self._limits.call_seconds:
                request.timeout(timedelta(seconds=seconds))
            if call.body is not None:
                request.body_bytes(msgspec.json.encode(call.body))
            async with request.streamed_read_buffer_limit(NOTHING_AHEAD).build_streamed() as response:
                return Answer(response.status, response.headers, await self._receive(response))
        except RequestTimeoutError as error:
            raise TimedOut(self._system, may_have_left=not _says(error, WHILE_CONNECTING)) from error
        except PyreqwestError as error:
            raise Unavailable(self._system, may_have_left=not _says(error, WHILE_CONNECTING)) from error

    async def _receive(self, response: Response) -> bytes | memoryview:
        length = response.get_header("content-length")  # not there where the body is packed, or is as long as it gets
        try:
            if length is not None and int(length) <= self._limits.max_answer_bytes:
                return memoryview(await response.bytes())
            return await self._receive_pieces(response)
        except RequestTimeoutError:
            raise
        except PyreqwestError as error:
            if _says(error, WHILE_RECEIVING):
                raise
            raise Unreadable(self._system, Evidence(response.status)) from error  # it came, and cannot be unpacked

    async def _receive_pieces(self, response: Response) -> bytes:
        body = bytearray()
        while (piece := await response.body_reader.read_chunk()) is not None:
            body += piece
            if len(body) > self._limits.max_answer_bytes:
                raise Unreadable(self._system, Evidence(response.status))
        return bytes(body)

    def _open(self, connect_seconds: float) -> Client:
        return (
            ClientBuilder()
            .http1_only()
            .http1_lower_case_headers()
            .no_proxy()
            .follow_redirects(False)
            .default_headers(SENT_WITH_EVERY_CALL)
            .timeout(timedelta(seconds=self._limits.call_seconds))
            .connect_timeout(timedelta(seconds=connect_seconds))
            .pool_idle_timeout(timedelta(seconds=KEEP_ALIVE_SECONDS))
            .pool_max_idle_per_host(self._limits.max_concurrent_calls)
            .add_root_certificate_pem(MOZILLAS_CERTIFICATES)  # beside the system's, or those of SSL_CERT_FILE
            .build()
        )


def _says(error: PyreqwestError, words: str) -> bool:
    if not isinstance(error, DetailedPyreqwestError):
        return False
    return any(cause["message"] == words for cause in error.details["causes"] or ())
