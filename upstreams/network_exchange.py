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
from upstreams.decoding import Answer, header_text
from upstreams.errors import Evidence, System, TimedOut, Unavailable, Unreadable, UpstreamFailure
from upstreams.exchange import SENT_WITH_EVERY_CALL
from upstreams.limits import WireLimits

IDLE_SECONDS = 4.0  # many servers close a silent connection after 5, and a change sent just then would be lost

MOST_DIGITS = 18  # of a length; none that is honest has more

MOZILLAS_CERTIFICATES = Path(certifi.where()).read_bytes()

# How the library tells when a call failed. Where it says anything else, the worst is assumed.
WHILE_CONNECTING = "client error (Connect)"
WHILE_RECEIVING = "error reading a body from connection"
WITH_THE_BODY = {"error decoding response body", "request or response body error"}


class NetworkExchange:
    """Keeps its connections to one host, as many as there may be calls at once.

    Args:
        system: Which upstream this is.
        base_url: What every path is relative to.
        limits: Bounds of calls.
    """

    def __init__(self, system: System, base_url: str, limits: WireLimits) -> None:
        self._system = system
        self._base_url = base_url.rstrip("/") + "/"
        self._limits = limits
        self._client = self._open(limits.connect_seconds)

    def send(self, call: Call, headers: Mapping[str, str], seconds: float) -> Awaitable[Answer]:
        if call.endpoint.is_change and seconds <= self._limits.connect_seconds:
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
            request = client.request(call.endpoint.method, call.target.removeprefix("/")).headers(headers)
            if seconds < self._limits.call_seconds:
                request.timeout(timedelta(seconds=seconds))
            if call.body is not None:
                request.body_bytes(msgspec.json.encode(call.body))
            async with request.build_streamed() as response:
                headers = response.headers
                is_short = self._says_it_is_short(headers)
                body = memoryview(await response.bytes()) if is_short else await self._receive_pieces(response)
                return Answer(response.status, headers, body)
        except RequestTimeoutError as error:
            raise TimedOut(self._system, may_have_left=WHILE_CONNECTING not in _words_of(error)) from error
        except PyreqwestError as error:
            raise self._failure(_words_of(error)) from error

    def _failure(self, words: set[str]) -> UpstreamFailure:
        # The first pieces of a body are read ahead, so the status need not be known.
        if WITH_THE_BODY & words and WHILE_RECEIVING not in words:
            return Unreadable(self._system)  # the body came, and cannot be unpacked
        return Unavailable(self._system, may_have_left=WHILE_CONNECTING not in words)

    def _says_it_is_short(self, headers: Mapping[str, str]) -> bool:
        """Whether an answer's headers give its length, and no more than answers may have."""
        length = header_text(headers, "content-length")  # not there where the body is packed
        is_length = length.isdecimal() and len(length) <= MOST_DIGITS
        is_true = is_length and "transfer-encoding" not in headers  # which decides in its place
        return is_true and int(length) <= self._limits.max_answer_bytes

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
            .base_url(self._base_url)  # parsed once
            .http1_only()
            .http1_lower_case_headers()
            .no_proxy()
            .follow_redirects(False)
            .default_headers(SENT_WITH_EVERY_CALL)
            .timeout(timedelta(seconds=self._limits.call_seconds))
            .connect_timeout(timedelta(seconds=connect_seconds))
            .pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
            .pool_max_idle_per_host(self._limits.max_concurrent_calls)
            .add_root_certificate_pem(MOZILLAS_CERTIFICATES)  # beside the system's, or those of SSL_CERT_FILE
            .build()
        )


def _words_of(error: PyreqwestError) -> set[str]:
    """What the library says of a failure and of its causes."""
    if not isinstance(error, DetailedPyreqwestError):
        return set()
    return {cause["message"] for cause in error.details["causes"] or ()}
