import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_Handler = Callable[[int, FrameType | None], object] | int | None


class Drain:
    """Lets the requests in flight finish before the server hears that it shall stop.

    From the first signal on the service says it is not ready, yet goes on answering, so that
    nothing is lost while a load balancer turns away. The server gets the signal when no request
    is in flight, when the grace is over, or at a second signal.
    """

    def __init__(self, grace_seconds: float) -> None:
        """Takes how long, in seconds, requests in flight may hold up the stop."""
        self.grace_seconds = grace_seconds
        self.draining = False
        self.in_flight = 0
        self._idle: asyncio.Event | None = None
        self._handlers: dict[int, _Handler] = {}
        self._leaving: asyncio.Task[None] | None = None
        self._passed_on = False

    def why_not_ready(self) -> str | None:
        """Returns the reason for readiness probes once the service is stopping."""
        return "draining" if self.draining else None

    def count(self, app: ASGIApp) -> ASGIApp:
        """Wraps an app so that its HTTP requests count as in flight: `Middleware(drain.count)`."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            self.in_flight += 1
            try:
                await app(scope, receive, partial(self._send, send))
            finally:
                self.in_flight -= 1
                if self._idle is not None and self.in_flight == 0:
                    self._idle.set()

        return counted

    def _send(self, send: Send, message: Message) -> Awaitable[None]:
        """Has answers given while draining say that their connection ends: else a client may send on it just then."""
        if self.draining and message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
        return send(message)

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Holds SIGTERM and SIGINT back from the server; for the app's lifespan.

        Outside the main thread no signal arrives, and this does nothing.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        hold = partial(self._hold, asyncio.get_running_loop())
        self._handlers = {number: signal.signal(number, hold) for number in _SIGNALS}
        try:
            yield
        finally:
            if self._leaving:
                self._leaving.cancel()
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    def _hold(self, loop: asyncio.AbstractEventLoop, number: int, _frame: FrameType | None) -> None:
        if self.draining:
            self._pass_on(number)
            return
        self.draining = True
        loop.call_soon_threadsafe(self._start_leaving, loop, number)

    def _start_leaving(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        self._leaving = loop.create_task(self._leave(number))

    async def _leave(self, number: int) -> None:
        if self.in_flight:
            self._idle = asyncio.Event()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), self.grace_seconds)
        if not self._passed_on:  # uvicorn takes an interrupt after any other signal for an order to drop everything
            self._pass_on(number)

    def _pass_on(self, number: int) -> None:
        self._passed_on = True
        signal.signal(number, self._handlers[number])
        signal.raise_signal(number)
