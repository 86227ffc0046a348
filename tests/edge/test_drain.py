import asyncio
import signal

import pytest

from edge import Drain

pytestmark = pytest.mark.anyio


@pytest.fixture
def stopped():
    """Stands in for the server: which signals it heard."""
    heard = asyncio.Queue()
    numbers = (signal.SIGTERM, signal.SIGINT)
    handlers = {number: signal.signal(number, lambda number, _: heard.put_nowait(number)) for number in numbers}
    yield heard
    for number, handler in handlers.items():
        signal.signal(number, handler)


class Held:
    """An app whose requests last until they are released."""

    def __init__(self):
        self.started = asyncio.Event()
        self.released = asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.started.set()
        await self.released.wait()


async def start_request(drain):
    app = Held()
    request = asyncio.create_task(drain.count(app)({"type": "http"}, None, None))
    await app.started.wait()
    return app, request


async def test_the_service_is_live_and_ready(client):
    live, ready = await client.get("/health/live"), await client.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})


async def test_a_draining_service_is_live_and_answers_but_is_not_ready(connect, stopped):
    drain = Drain(grace_seconds=60)
    async with connect(drain=drain) as client:
        with drain.on_signals():
            signal.raise_signal(signal.SIGTERM)
            live, ready = await client.get("/health/live"), await client.get("/health/ready")
            answer = await client.post("/graphql", json={"query": "{ echo }"})
    assert live.status_code == 200
    assert (ready.status_code, ready.json()) == (503, {"status": "unavailable", "reason": "draining"})
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_answers_of_a_draining_service_end_their_connection(connect, stopped):
    drain = Drain(grace_seconds=60)
    async with connect(drain=drain) as client:
        before = await client.post("/graphql", json={"query": "{ echo }"})
        with drain.on_signals():
            signal.raise_signal(signal.SIGTERM)
            after = await client.post("/graphql", json={"query": "{ echo }"})
    assert "connection" not in before.headers
    assert after.headers["connection"] == "close"


async def test_an_answer_to_a_request_from_before_the_signal_ends_its_connection(stopped):
    drain, asked, sent = Drain(grace_seconds=60), asyncio.Event(), []

    async def answer_late(_scope, _receive, send):
        asked.set()
        await leaving.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"vary", b"accept")]})

    async def note(message):
        sent.append(message)

    with drain.on_signals():
        leaving = asyncio.Event()
        request = asyncio.create_task(drain.count(answer_late)({"type": "http"}, None, note))
        await asked.wait()
        signal.raise_signal(signal.SIGTERM)
        leaving.set()
        await request
    headers = [(b"vary", b"accept"), (b"connection", b"close")]
    assert sent == [{"type": "http.response.start", "status": 200, "headers": headers}]


async def test_the_server_hears_the_signal_at_once_when_nothing_is_in_flight(stopped):
    with Drain(grace_seconds=60).on_signals():
        signal.raise_signal(signal.SIGTERM)
        assert await stopped.get() == signal.SIGTERM


async def test_the_server_hears_the_signal_when_the_last_request_is_finished(stopped):
    drain = Drain(grace_seconds=60)
    with drain.on_signals():
        app, request = await start_request(drain)
        signal.raise_signal(signal.SIGTERM)
        assert (drain.why_not_ready(), drain.in_flight, stopped.empty()) == ("draining", 1, True)
        app.released.set()
        assert await stopped.get() == signal.SIGTERM
        await request
    assert drain.in_flight == 0


async def test_the_server_hears_the_signal_when_the_grace_is_over(stopped):
    drain = Drain(grace_seconds=0)
    with drain.on_signals():
        app, request = await start_request(drain)
        signal.raise_signal(signal.SIGINT)
        assert await stopped.get() == signal.SIGINT
        app.released.set()
        await request


async def test_the_server_hears_a_second_signal_at_once(stopped):
    drain = Drain(grace_seconds=60)
    with drain.on_signals():
        app, request = await start_request(drain)
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
        assert stopped.get_nowait() == signal.SIGINT
        app.released.set()
        await request


async def test_a_signal_that_is_passed_on_is_the_last_the_server_hears(stopped):
    """Ctrl-C reaches workers twice; uvicorn would take the interrupt after it for an order to drop everything."""
    drain = Drain(grace_seconds=60)
    with drain.on_signals():
        app, request = await start_request(drain)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        app.released.set()
        await request
        await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_coro().__name__ == "_leave"))
    assert (stopped.get_nowait(), stopped.empty()) == (signal.SIGTERM, True)


async def test_a_request_that_fails_is_no_longer_in_flight():
    async def fail(scope, receive, send):
        raise RuntimeError

    drain = Drain(grace_seconds=60)
    with pytest.raises(RuntimeError):
        await drain.count(fail)({"type": "http"}, None, None)
    assert drain.in_flight == 0


async def test_signals_return_to_their_handlers_after_the_lifespan(stopped):
    before = signal.getsignal(signal.SIGTERM)
    with Drain(grace_seconds=60).on_signals():
        pass
    assert signal.getsignal(signal.SIGTERM) is before
