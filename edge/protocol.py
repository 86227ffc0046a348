import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from edge.outlet import Outlet

RECEIVE_SECONDS = 10.0
SEND_SECONDS = 30.0
MAX_HEAD_BYTES = 131_072  # more than the longest query string that is read
MAX_HEADERS = 100

TOO_SLOW = "408 Request Timeout", "The request did not arrive in time."
NO_HTTP = "400 Bad Request", "This is not a valid HTTP request."
TOO_LARGE = "431 Request Header Fields Too Large", "The request's headers are too many or too long."


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, with bounds on what a client takes: time to send and to read, and the size of the head.

    A connection gets `receive_seconds` from its opening for the first request, and from each request's first byte for
    the whole of it; and `send_seconds` for every stretch of an answer the client has to read before more can be sent.
    Between requests uvicorn's keep-alive time-out rules.
    """

    receive_seconds = RECEIVE_SECONDS
    send_seconds = SEND_SECONDS
    max_head_bytes = MAX_HEAD_BYTES
    max_headers = MAX_HEADERS

    _outlet: Outlet
    _watch: asyncio.TimerHandle | None = None
    _due: float | None = None
    _departure: asyncio.TimerHandle | None = None
    _piece_bytes = 0
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._outlet = Outlet(transport)
        self._await_arrival()
        self._watch = self.loop.call_later(self.receive_seconds, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._note_departure()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._piece_bytes = len(data)
        self._head_bytes += self._piece_bytes
        super().data_received(data)
        if self._in_head and self._head_bytes > self.max_head_bytes:
            self._refuse(*TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._head_bytes = True, self._piece_bytes
        self._await_arrival()

    def on_headers_complete(self) -> None:
        self._in_head = False
        if len(self.headers) > self.max_headers or self._is_head_too_large():
            self._refuse(*TOO_LARGE)
        else:
            super().on_headers_complete()
            self.cycle.transport = self._outlet  # type: ignore[assignment]  # all of one that answers need

    def on_body(self, body: bytes) -> None:
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._due = None
        if not self.transport.is_closing():
            super().on_message_complete()

    def on_response_complete(self) -> None:
        self._outlet.end_answer()
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._departure = self.loop.call_later(self.send_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._note_departure()
        super().resume_writing()

    def _note_departure(self) -> None:
        if self._departure is not None:
            self._departure.cancel()
            self._departure = None

    def send_400_response(self, msg: str) -> None:
        """uvicorn's answer to what is no HTTP, in the shape of all other errors."""
        self._refuse(*NO_HTTP)

    def _is_head_too_large(self) -> bool:
        if self._head_bytes <= self.max_head_bytes:  # what has arrived holds all of the head, and may hold more
            return False
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.max_head_bytes

    def _await_arrival(self) -> None:
        self._due = self.loop.time() + self.receive_seconds

    def _look(self) -> None:
        """Give up what is overdue, and look again when the next request can be: a timer for each would cost more."""
        now = self.loop.time()
        if self._due is not None and self._due <= now:
            self._give_up()
        if not self.transport.is_closing():
            seconds = self.receive_seconds if self._due is None else self._due - now
            self._watch = self.loop.call_later(seconds, self._look)

    def _give_up(self) -> None:
        if self._is_answering_another():
            self._await_arrival()
        elif self._in_head or not self.cycle.response_started:
            self._refuse(*TOO_SLOW)
        else:
            self._outlet.close()

    def _is_answering_another(self) -> bool:
        """Whether an earlier request of the connection is being answered: it must not suffer from a later one."""
        if self.pipeline:
            return True
        return self.cycle is not None and not self.cycle.more_body and not self.cycle.response_complete

    def _refuse(self, status: str, message: str) -> None:
        if self.transport.is_closing():
            return
        body = f'{{"errors":[{{"message":"{message}","extensions":{{"code":"INVALID_REQUEST"}}}}]}}'
        head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n"
        self._outlet.write(f"{head}connection: close\r\n\r\n{body}".encode())
        self._outlet.close()
