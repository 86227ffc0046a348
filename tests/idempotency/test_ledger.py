"""What every ledger promises, and what each of the two promises besides."""

import asyncio
import socket
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from idempotency import (
    InProgress,
    KeyReused,
    LedgerFull,
    LedgerUnavailable,
    MemoryLedger,
    OutcomeUnknown,
    RedisLedger,
    Replay,
    Reserved,
    open_ledger,
    scope,
)
from idempotency.in_redis import PREFIX, connect

pytestmark = pytest.mark.anyio

ALICE, BOB = scope("session of Alice"), scope("session of Bob")
NO_TIME = timedelta(0)


@pytest.fixture
async def redis(redis_url):
    async with connect(redis_url) as client:
        await client.flushdb()
        yield client


@pytest.fixture(params=["memory", "redis"])
def make_ledger(request):
    """A ledger's class with its client, if it has one; to be called with `keep` and `lease`."""
    if request.param == "memory":
        return MemoryLedger
    client = request.getfixturevalue("redis")
    return lambda **times: RedisLedger(client, **times)


@pytest.fixture
def ledger(make_ledger):
    return make_ledger()


async def test_a_new_key_is_reserved(ledger):
    assert type(await ledger.reserve(ALICE, "key", "input")) is Reserved


async def test_a_key_whose_change_is_running_is_in_progress(ledger):
    await ledger.reserve(ALICE, "key", "input")
    assert await ledger.reserve(ALICE, "key", "input") == InProgress()


async def test_a_settled_key_replays_its_result(ledger):
    reserved = await ledger.reserve(ALICE, "key", "input")
    await ledger.settle(reserved, b"\x00result\xff")
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"\x00result\xff")
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"\x00result\xff")


async def test_an_empty_result_is_replayed_too(ledger):
    await ledger.settle(await ledger.reserve(ALICE, "key", "input"), b"")
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"")


async def test_a_key_with_another_input_is_refused_while_its_change_runs(ledger):
    reserved = await ledger.reserve(ALICE, "key", "input")
    assert await ledger.reserve(ALICE, "key", "other input") == KeyReused()
    await ledger.settle(reserved, b"result")
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"result")


async def test_a_key_with_another_input_is_refused_after_its_change(ledger):
    await ledger.settle(await ledger.reserve(ALICE, "key", "input"), b"result")
    assert await ledger.reserve(ALICE, "key", "other input") == KeyReused()


async def test_a_key_with_another_input_is_refused_when_the_outcome_is_unknown(ledger):
    await ledger.mark_unknown(await ledger.reserve(ALICE, "key", "input"))
    assert await ledger.reserve(ALICE, "key", "other input") == KeyReused()
    assert type(await ledger.reserve(ALICE, "key", "input")) is OutcomeUnknown


async def test_the_same_key_of_another_credential_is_another_key(ledger):
    await ledger.settle(await ledger.reserve(ALICE, "key", "input"), b"result")
    assert type(await ledger.reserve(BOB, "key", "input")) is Reserved


async def test_a_released_key_is_new_again_even_for_another_input(ledger):
    await ledger.release(await ledger.reserve(ALICE, "key", "input"))
    assert type(await ledger.reserve(ALICE, "key", "other input")) is Reserved


async def test_an_unknown_outcome_is_told_to_one_try_which_then_holds_the_key(ledger):
    await ledger.mark_unknown(await ledger.reserve(ALICE, "key", "input"))
    assert type(await ledger.reserve(ALICE, "key", "input")) is OutcomeUnknown
    assert await ledger.reserve(ALICE, "key", "input") == InProgress()


async def test_whoever_looked_upstream_can_settle_the_key(ledger):
    await ledger.mark_unknown(await ledger.reserve(ALICE, "key", "input"))
    await ledger.settle(await ledger.reserve(ALICE, "key", "input"), b"found upstream")
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"found upstream")


async def test_whoever_looked_upstream_in_vain_leaves_the_outcome_unknown(ledger):
    await ledger.mark_unknown(await ledger.reserve(ALICE, "key", "input"))
    await ledger.mark_unknown(await ledger.reserve(ALICE, "key", "input"))
    assert type(await ledger.reserve(ALICE, "key", "input")) is OutcomeUnknown


async def test_whoever_found_that_the_change_was_not_made_can_release_the_key(ledger):
    await ledger.mark_unknown(await ledger.reserve(ALICE, "key", "input"))
    await ledger.release(await ledger.reserve(ALICE, "key", "input"))
    assert type(await ledger.reserve(ALICE, "key", "input")) is Reserved


async def test_a_change_whose_process_died_is_of_unknown_outcome(make_ledger):
    """The lease has run out, and nobody settled or released the key."""
    ledger = make_ledger(lease=NO_TIME)
    await ledger.reserve(ALICE, "key", "input")
    assert type(await ledger.reserve(ALICE, "key", "input")) is OutcomeUnknown


async def test_an_owner_that_lost_its_key_cannot_settle_it(make_ledger, caplog):
    ledger = make_ledger(lease=NO_TIME)
    late = await ledger.reserve(ALICE, "key", "input")
    await ledger.reserve(ALICE, "key", "input")
    await ledger.settle(late, b"late result")
    assert type(await ledger.reserve(ALICE, "key", "input")) is OutcomeUnknown
    assert caplog.messages == ["A change was settled after its idempotency key had passed to another try."]


async def test_an_owner_that_lost_its_key_cannot_release_it(make_ledger):
    ledger = make_ledger(lease=NO_TIME)
    late = await ledger.reserve(ALICE, "key", "input")
    holder = await ledger.reserve(ALICE, "key", "input")
    await ledger.release(late)
    await ledger.mark_unknown(late)
    await ledger.settle(holder, b"result")
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"result")


async def test_a_settled_key_cannot_be_taken_back(ledger):
    reserved = await ledger.reserve(ALICE, "key", "input")
    await ledger.settle(reserved, b"result")
    await ledger.release(reserved)
    await ledger.mark_unknown(reserved)
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"result")


async def test_a_result_is_forgotten_when_its_time_is_over(make_ledger):
    ledger = make_ledger(keep=NO_TIME)
    await ledger.settle(await ledger.reserve(ALICE, "key", "input"), b"result")
    assert type(await ledger.reserve(ALICE, "key", "other input")) is Reserved


async def test_one_of_many_tries_at_once_is_let_through(ledger):
    answers = await asyncio.gather(*(ledger.reserve(ALICE, "key", "input") for _ in range(20)))
    assert sorted(type(answer).__name__ for answer in answers) == ["InProgress"] * 19 + ["Reserved"]


async def test_memory_keeps_a_result_for_a_day():
    now = [0.0]
    ledger = MemoryLedger(clock=lambda: now[0])
    await ledger.settle(await ledger.reserve(ALICE, "key", "input"), b"result")
    now[0] = 24 * 3600 - 1
    assert await ledger.reserve(ALICE, "key", "input") == Replay(b"result")
    now[0] = 24 * 3600
    assert type(await ledger.reserve(ALICE, "key", "input")) is Reserved


async def test_memory_leases_a_key_for_two_minutes():
    now = [0.0]
    ledger = MemoryLedger(clock=lambda: now[0])
    await ledger.reserve(ALICE, "key", "input")
    now[0] = 119
    assert await ledger.reserve(ALICE, "key", "input") == InProgress()
    now[0] = 120
    assert type(await ledger.reserve(ALICE, "key", "input")) is OutcomeUnknown


async def test_a_full_memory_forgets_its_oldest_result():
    ledger = MemoryLedger(max_entries=2)
    for key in ("first", "second"):
        await ledger.settle(await ledger.reserve(ALICE, key, "input"), key.encode())
    assert type(await ledger.reserve(ALICE, "third", "input")) is Reserved
    assert await ledger.reserve(ALICE, "second", "input") == Replay(b"second")
    assert type(await ledger.reserve(ALICE, "first", "input")) is Reserved


async def test_a_memory_full_of_running_changes_refuses_another_and_loses_none():
    ledger = MemoryLedger(max_entries=2)
    await ledger.reserve(ALICE, "running", "input")
    await ledger.mark_unknown(await ledger.reserve(ALICE, "unknown", "input"))
    with pytest.raises(LedgerFull):
        await ledger.reserve(ALICE, "third", "input")
    assert await ledger.reserve(ALICE, "running", "input") == InProgress()
    assert type(await ledger.reserve(ALICE, "unknown", "input")) is OutcomeUnknown


async def test_one_of_two_replicas_is_let_through(redis_url, redis):
    async with AsyncExitStack() as stack:
        replicas = [await stack.enter_async_context(open_ledger(redis_url)) for _ in range(2)]
        tries = [replica.reserve(ALICE, "key", "input") for replica in replicas * 10]
        answers = await asyncio.gather(*tries)
    assert sorted(type(answer).__name__ for answer in answers) == ["InProgress"] * 19 + ["Reserved"]


async def test_a_result_of_one_replica_is_replayed_by_another(redis_url, redis):
    async with open_ledger(redis_url) as one, open_ledger(redis_url) as other:
        await one.settle(await one.reserve(ALICE, "key", "input"), b"result")
        assert await other.reserve(ALICE, "key", "input") == Replay(b"result")


async def test_of_a_thousand_keys_at_once_none_is_refused(redis_url, redis):
    before = (await redis.info("stats"))["total_connections_received"]
    async with open_ledger(redis_url) as ledger:
        answers = await asyncio.gather(*(ledger.reserve(ALICE, f"key {number}", "input") for number in range(1000)))
    assert [type(answer) for answer in answers] == [Reserved] * 1000
    assert (await redis.info("stats"))["total_connections_received"] - before == 100


async def test_a_reservation_whose_reply_was_lost_is_answered_alike(redis):
    """The client sends the script again, with the same owner."""
    ledger, script = RedisLedger(redis), (["entry"], ["input", "owner", 60_000, 60_000])
    assert [await ledger._reserve(*script) for _ in range(2)] == [[b"reserved"]] * 2
    await redis.hset("entry", mapping={"owner": "", "leased_until": 0})
    assert [await ledger._reserve(*script) for _ in range(2)] == [[b"unknown"]] * 2


async def test_redis_keeps_a_key_for_a_day_and_knows_neither_credential_nor_key(redis):
    ledger = RedisLedger(redis)
    await ledger.settle(await ledger.reserve(ALICE, "my key", "input"), b"result")
    [name] = await redis.keys()
    stored = name + b"".join(await redis.hvals(name))
    assert name.startswith(PREFIX.encode())
    assert 24 * 3600 - 60 < await redis.ttl(name) <= 24 * 3600
    assert not [secret for secret in (b"session of Alice", ALICE.encode(), b"my key") if secret in stored]


@pytest.fixture
async def lost(redis, unused_redis_url):
    """A reservation made in a Redis that cannot be reached any more, and the ledger that holds it."""
    reservation = await RedisLedger(redis).reserve(ALICE, "key", "input")
    async with connect(unused_redis_url) as client:
        yield reservation, RedisLedger(client)


async def test_without_redis_nothing_is_reserved(lost):
    _, ledger = lost
    with pytest.raises(LedgerUnavailable, match="^The ledger of idempotency keys cannot be reached.$"):
        await ledger.reserve(ALICE, "other key", "input")


async def test_keys_that_get_no_connection_in_time_are_refused(monkeypatch):
    monkeypatch.setattr("idempotency.in_redis.MAX_CONNECTIONS", 5)
    monkeypatch.setattr("idempotency.in_redis.TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with open_ledger(f"redis://127.0.0.1:{silent.getsockname()[1]}/0") as ledger:
            tries = [ledger.reserve(ALICE, f"key {number}", "input") for number in range(20)]
            answers = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(answer) for answer in answers] == [LedgerUnavailable] * 20
    assert [str(answer.__cause__) for answer in answers].count("No connection available.") == 15


@pytest.mark.parametrize(
    ("end", "what"),
    [
        (lambda ledger, reservation: ledger.settle(reservation, b"result"), "settled"),
        (lambda ledger, reservation: ledger.release(reservation), "released"),
        (lambda ledger, reservation: ledger.mark_unknown(reservation), "marked unknown"),
    ],
)
async def test_a_redis_lost_after_the_change_is_logged_and_the_key_stays_started(lost, redis, caplog, end, what):
    reservation, ledger = lost
    await end(ledger, reservation)
    assert caplog.messages == [f"An idempotency key could not be {what}; its next try will have to look upstream."]
    assert await RedisLedger(redis).reserve(ALICE, "key", "input") == InProgress()


async def test_a_ledger_without_redis_is_in_memory():
    async with open_ledger(None) as ledger:
        assert isinstance(ledger, MemoryLedger)
