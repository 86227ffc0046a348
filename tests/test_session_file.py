"""One service session for several processes, seen from inside: two sessions with one file, and the log of logins."""

import asyncio

import httpx
import pytest

from upstreams.arena_login import Credentials
from upstreams.arena_session import ServiceSession
from upstreams.budget import Budget
from upstreams.errors import System, Unauthenticated
from upstreams.limits import WireLimits
from upstreams.session_file import SessionFile
from upstreams.transport_exchange import TransportExchange
from upstreams.wire import Wire

pytestmark = pytest.mark.anyio

CREDENTIALS = Credentials("owner@sandbox.test", "sandbox")


class Arena:
    """Gives out sessions "s-1", "s-2" and so on, or refuses."""

    def __init__(self):
        self.logins = 0
        self.refuses = False

    async def log_in(self, request):
        self.logins += 1
        if self.refuses:
            return httpx.Response(401, json={"status": 401, "errors": [{"code": 3014, "message": "no"}]})
        await asyncio.sleep(0)
        return httpx.Response(200, json={"arenaSessionId": f"s-{self.logins}", "workspaceRequestLimit": 25_000})


@pytest.fixture
def arena():
    return Arena()


@pytest.fixture
async def wire(arena):
    limits = WireLimits()
    exchange = TransportExchange(System.ARENA, "http://arena", limits, httpx.MockTransport(arena.log_in))
    wire = Wire(exchange, System.ARENA, limits)
    yield wire
    await wire.close()


@pytest.fixture
def workers(wire, tmp_path):
    """The sessions of two workers."""
    return [
        ServiceSession(wire, CREDENTIALS, Budget(reserve=0), SessionFile(tmp_path / "arena-session")) for _ in range(2)
    ]


async def test_workers_that_start_together_log_in_once(arena, workers):
    assert await asyncio.gather(*(worker.open() for worker in workers)) == ["s-1", "s-1"]
    assert arena.logins == 1


async def test_workers_whose_session_ended_log_in_once_more(arena, workers):
    await asyncio.gather(*(worker.open() for worker in workers))
    assert await asyncio.gather(*(worker.renew("s-1") for worker in workers)) == ["s-2", "s-2"]
    assert arena.logins == 2


async def test_a_late_refusal_of_an_older_session_does_not_bring_back_the_dead_one(arena, workers):
    one, other = workers
    await asyncio.gather(one.open(), other.open())
    await one.renew("s-1")
    await other.renew("s-1")
    await asyncio.gather(one.renew("s-2"), one.renew("s-1"))
    assert (await one.open(), arena.logins) == ("s-3", 3)


async def test_a_worker_that_logs_in_learns_the_daily_limit_and_so_do_the_others(arena, wire, tmp_path):
    budgets = [Budget(reserve=0), Budget(reserve=0)]
    for budget in budgets:
        await ServiceSession(wire, CREDENTIALS, budget, SessionFile(tmp_path / "arena-session")).open()
    assert [budget.limit for budget in budgets] == [25_000, 25_000]
    assert arena.logins == 1


async def test_a_refused_login_leaves_nothing_behind(arena, workers, tmp_path):
    arena.refuses = True
    with pytest.raises(Unauthenticated):
        await workers[0].open()
    assert (tmp_path / "arena-session").read_bytes() == b""
    arena.refuses = False
    assert await workers[1].open() == "s-2"


@pytest.mark.parametrize("remains", [b"", b'{"arenaSess', b"{}", b"\xff", b'{"arenaSessionId": 1}'])
async def test_what_a_dying_worker_left_half_written_is_no_session(arena, workers, tmp_path, remains):
    (tmp_path / "arena-session").write_bytes(remains)
    assert await workers[0].open() == "s-1"


async def test_only_its_owner_can_read_the_file(workers, tmp_path):
    await workers[0].open()
    assert (tmp_path / "arena-session").stat().st_mode & 0o777 == 0o600
