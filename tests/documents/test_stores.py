"""What every store promises, and what each of the two promises besides."""

import asyncio
import logging
import socket
from datetime import timedelta

import pytest

from documents import MemoryStore, RedisStore, connect, hash_of, in_redis, make_store
from documents.in_redis import BYTES, ORDER, REST, TEXTS

pytestmark = pytest.mark.anyio

NO_ANSWER = "Registered documents are kept in memory only, for Redis does not answer"
TEXTS_OF_TEN = [f"{{ tick{number:02} }}" for number in range(4)]
A, B, C, D = ((hash_of(text), text) for text in TEXTS_OF_TEN)


@pytest.fixture
async def redis(redis_url):
    client = connect(redis_url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def make_redis_store(redis):
    """A store as a process just started has it."""
    return lambda **limits: RedisStore(redis, MemoryStore(), **limits)


@pytest.fixture(params=["memory", "redis"])
def make_any_store(request):
    return MemoryStore if request.param == "memory" else request.getfixturevalue("make_redis_store")


async def found(store, *documents):
    return [await store.find(name) for name, _ in documents]


async def test_a_document_is_found_once_it_is_kept(make_any_store):
    store = make_any_store()
    assert await found(store, A) == [None]
    await store.keep(*A)
    assert await found(store, A, B) == [A[1], None]


async def test_memory_forgets_what_was_not_asked_for_longest():
    store = MemoryStore(max_documents=2)
    await store.keep(*A)
    await store.keep(*B)
    await store.find(A[0])
    await store.keep(*C)
    assert await found(store, A, B, C) == [A[1], None, C[1]]


async def test_memory_is_bounded_in_bytes():
    store = MemoryStore(max_bytes=len(A[1]) * 2)
    for document in (A, B, C):
        await store.keep(*document)
    assert await found(store, A, B, C) == [None, B[1], C[1]]


async def test_memory_counts_a_document_once():
    store = MemoryStore(max_bytes=len(A[1]) * 2)
    for document in (A, A, A, B):
        await store.keep(*document)
    assert await found(store, A, B) == [A[1], B[1]]


async def test_memory_does_not_keep_what_it_has_no_room_for():
    store = MemoryStore(max_bytes=3)
    await store.keep(hash_of("{ é }"), "{ é }")
    await store.keep(hash_of("{a}"), "{a}")
    assert await found(store, (hash_of("{ é }"), None), (hash_of("{a}"), None)) == [None, "{a}"]


async def test_replicas_find_what_one_of_them_keeps(make_redis_store):
    await make_redis_store().keep(*A)
    assert await found(make_redis_store(), A) == [A[1]]


async def test_redis_is_bounded_in_documents_and_forgets_the_oldest(make_redis_store, redis):
    store = make_redis_store(max_documents=2)
    for document in (A, B, C):
        await store.keep(*document)
    assert await found(make_redis_store(), A, B, C) == [None, B[1], C[1]]
    assert (await redis.zcard(ORDER), await redis.get(BYTES)) == (2, str(len(A[1]) * 2))


async def test_redis_is_bounded_in_bytes(make_redis_store, redis):
    store = make_redis_store(max_bytes=len(A[1]) * 2)
    for document in (A, B, B, C):
        await store.keep(*document)
    assert await found(make_redis_store(), A, B, C) == [None, B[1], C[1]]
    assert await redis.get(BYTES) == str(len(A[1]) * 2)


async def test_redis_drops_what_has_expired_when_room_is_made(make_redis_store, redis):
    store = make_redis_store(keep=timedelta(minutes=1))
    await store.keep(*A)
    await redis.zadd(ORDER, {A[0]: 0})
    await store.keep(*B)
    assert await redis.hgetall(TEXTS) == dict([B])


async def test_nothing_stays_in_redis_for_ever(make_redis_store, redis):
    await make_redis_store(keep=timedelta(minutes=1)).keep(*A)
    assert [0 < await redis.ttl(key) <= 60 for key in (TEXTS, ORDER, BYTES)] == [True] * 3


async def test_a_text_in_redis_that_is_not_its_names_is_not_found(make_redis_store, redis):
    await redis.hset(TEXTS, A[0], "{ meddled }")
    assert await found(make_redis_store(), A) == [None]


async def test_bytes_in_redis_that_are_no_text_are_not_found(make_redis_store, redis):
    await redis.hset(TEXTS, A[0], b"\xff")
    assert await found(make_redis_store(), A) == [None]


@pytest.mark.parametrize("lost", [TEXTS, ORDER, BYTES])
async def test_a_redis_that_has_dropped_a_key_begins_anew(make_redis_store, redis, lost, caplog):
    store = make_redis_store(max_documents=2)
    for document in (A, B):
        await store.keep(*document)
    await redis.delete(lost)
    for document in (C, D):
        await store.keep(*document)
    assert await found(make_redis_store(), A, B, C, D) == [None, None, C[1], D[1]]
    assert (await redis.zcard(ORDER), int(await redis.get(BYTES))) == (2, len(C[1]) + len(D[1]))
    assert caplog.messages == []


async def test_without_redis_documents_are_kept_in_memory_and_one_line_is_logged(unused_redis_url, caplog):
    store = make_store(unused_redis_url)
    await store.keep(*A)
    assert await found(store, A, B, C) == [A[1], None, None]
    [(logger, level, line)] = caplog.record_tuples
    assert (logger, level, line.splitlines()) == ("documents.in_redis", logging.WARNING, [line])
    assert line.startswith(f"{NO_ANSWER}: Error ")
    await store.close()


async def test_a_redis_that_failed_is_asked_again_after_a_rest(redis, unused_redis_url):
    now = 0.0
    away = connect(unused_redis_url)
    store = RedisStore(away, MemoryStore(), clock=lambda: now)
    await RedisStore(redis, MemoryStore()).keep(*A)
    assert await found(store, A) == [None]
    away.connection_pool, lost = redis.connection_pool, away.connection_pool
    assert await found(store, A) == [None]
    now = REST
    assert await found(store, A) == [A[1]]
    away.connection_pool = lost
    await store.close()


async def test_a_name_that_is_no_hash_is_not_looked_for_in_redis(unused_redis_url, caplog):
    store = make_store(unused_redis_url)
    assert await store.find("x" * 64) is None
    assert caplog.messages == []
    await store.close()


async def test_a_store_without_redis_is_in_memory():
    assert isinstance(make_store(None), MemoryStore)


async def test_a_redis_that_keeps_silent_is_not_waited_for(monkeypatch, caplog):
    monkeypatch.setattr(in_redis, "TIMEOUT", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = make_store(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        await store.keep(*A)
        assert await found(store, A, B) == [A[1], None]
        await store.close()
    assert caplog.messages == [f"{NO_ANSWER}: nothing came within 0.01 seconds"]


async def test_many_who_wait_for_a_silent_redis_log_one_line(monkeypatch, caplog):
    monkeypatch.setattr(in_redis, "TIMEOUT", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = make_store(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        await asyncio.gather(*(store.find(A[0]) for _ in range(5)))
        await store.close()
    assert len(caplog.messages) == 1
