"""Faults the sandbox cannot make: transports that lose, refuse or hold back changes and let all else pass."""

import asyncio

import httpx


class OnChanges(httpx.AsyncBaseTransport):
    """Leaves every change to `meddle(request, inner)`; logins and reads pass."""

    def __init__(self, inner, meddle):
        self.inner = inner
        self.meddle = meddle

    async def handle_async_request(self, request):
        if request.method == "POST" and not request.url.path.endswith("/login"):
            return await self.meddle(request, self.inner)
        return await self.inner.handle_async_request(request)

    async def aclose(self):
        await self.inner.aclose()


def on_changes(*meddles):
    """A `wrap` for `opened`: the first change meets the first meddle, and so on; after the last one they pass."""
    left = list(meddles)

    async def meddle(request, inner):
        return await (left.pop(0) if left else let_pass)(request, inner)

    return lambda _system, transport: OnChanges(transport, meddle)


async def let_pass(request, inner):
    """Nothing goes wrong."""
    return await inner.handle_async_request(request)


async def lose_answer(request, inner):
    """The change is made, and the connection breaks before its answer is back."""
    await inner.handle_async_request(request)
    raise httpx.ReadError("connection reset")


async def lose_request(request, _inner):
    """The connection breaks on the way there: nothing arrives, which nobody here can know."""
    raise httpx.ReadError("connection reset")


async def refuse_connection(request, _inner):
    """There is no connection, so nothing was sent."""
    raise httpx.ConnectError("connection refused")


async def never_connect(request, _inner):
    """A connection takes too long, so nothing was sent."""
    raise httpx.ConnectTimeout("timed out")


def answer(status, json=None, **headers):
    """The upstream says this, and does nothing."""

    async def meddle(_request, _inner):
        return httpx.Response(status, json=json, headers=headers)

    return meddle


class Hold:
    """Holds a change back until it is let go; `reached` is set when the change has come that far."""

    def __init__(self):
        self.reached = asyncio.Event()
        self.let_go = asyncio.Event()

    async def __call__(self, request, inner):
        self.reached.set()
        await self.let_go.wait()
        return await inner.handle_async_request(request)
