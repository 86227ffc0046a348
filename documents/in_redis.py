"""The store that replicas share: Redis behind each process's own memory."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from time import monotonic
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from documents.in_memory import MemoryStore
from documents.store import hash_of

log = logging.getLogger(__name__)

# One slot of a cluster, because one script changes them all.
TEXTS = "stepgraph:{documents}:texts"
ORDER = "stepgraph:{documents}:order"
BYTES = "stepgraph:{documents}:bytes"

MAX_DOCUMENTS = 10_000
MAX_BYTES = 50_000_000
KEEP = timedelta(days=7)
TIMEOUT = 0.25  # seconds; the client can always send the text
REST = 5.0  # seconds in which a Redis that failed is not asked again

HASH = re.compile(r"[0-9a-f]{64}")

# Whoever registers a document makes room for it: the oldest go, a hundred at most, so that Redis is never held up. A
# Redis short of memory may have dropped one of the keys; then all begin anew, for without it nothing would ever go.
KEEP_DOCUMENT = """
local texts, order, bytes = KEYS[1], KEYS[2], KEYS[3]
local name, text, keep = ARGV[1], ARGV[2], tonumber(ARGV[3])
local max_documents, max_bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if redis.call('HLEN', texts) ~= redis.call('ZCARD', order) or redis.call('EXISTS', texts, bytes) == 1 then
  redis.call('DEL', texts, order, bytes)
end
local total
if redis.call('HSETNX', texts, name, text) == 1 then
  total = redis.call('INCRBY', bytes, #text)
else
  total = tonumber(redis.call('GET', bytes))
end
redis.call('ZADD', order, string.format('%d', now), name)
for _ = 1, 100 do
  local oldest = redis.call('ZRANGE', order, 0, 0, 'WITHSCORES')
  local is_expired = oldest[1] and tonumber(oldest[2]) + keep * 1000 <= now
  if not (is_expired or redis.call('HLEN', texts) > max_documents or total > max_bytes) then break end
  total = redis.call('DECRBY', bytes, redis.call('HSTRLEN', texts, oldest[1]))
  redis.call('HDEL', texts, oldest[1])
  redis.call('ZREM', order, oldest[1])
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, keep) end
"""


def connect(url: str) -> Redis:
    """Return a client that gives up at once, for a `RedisStore`.

    Args:
        url: Such as "redis://localhost:6379/0".
    """
    return Redis.from_url(
        url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=Retry(NoBackoff(), 0), decode_responses=True
    )


class RedisStore:
    """A `Store` in Redis 5 or later, or Valkey, that asks Redis only for what its process does not remember.

    A Redis that fails is left alone for five seconds; until then documents are kept in memory only.
    """

    def __init__(
        self,
        client: Redis,
        memory: MemoryStore,
        max_documents: int = MAX_DOCUMENTS,
        max_bytes: int = MAX_BYTES,
        keep: timedelta = KEEP,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Takes where documents are kept and how many.

        Args:
            client: From `connect`; closed with the store.
            memory: What the process itself remembers.
            max_documents: How many documents Redis keeps.
            max_bytes: How many bytes of UTF-8 they may have together.
            keep: How long each is kept after it was last registered.
            clock: Tells when a Redis that failed is asked again, in seconds.
        """
        self._client = client
        self._memory = memory
        self._limits = keep // timedelta(milliseconds=1), max_documents, max_bytes
        self._clock = clock
        self._resting_until = clock()
        self._keep = client.register_script(KEEP_DOCUMENT)

    async def find(self, name: str) -> str | None:
        """See `Store.find`."""
        remembered = await self._memory.find(name)
        if remembered is not None or not HASH.fullmatch(name):
            return remembered
        text: str | None = await self._ask(lambda: self._client.hget(TEXTS, name))
        if text is None or hash_of(text) != name:  # who can write to Redis shall not choose what clients run
            return None
        await self._memory.keep(name, text)
        return text

    async def keep(self, name: str, text: str) -> None:
        """See `Store.keep`."""
        await self._memory.keep(name, text)
        await self._ask(lambda: self._keep([TEXTS, ORDER, BYTES], [name, text, *self._limits]))

    async def close(self) -> None:
        """See `Store.close`."""
        await self._client.aclose()

    async def _ask(self, question: Callable[[], Awaitable[Any]]) -> Any:
        if self._clock() < self._resting_until:
            return None
        try:
            async with asyncio.timeout(TIMEOUT):
                return await question()
        except (RedisError, TimeoutError, UnicodeDecodeError) as error:
            self._rest(error)
            return None

    def _rest(self, error: Exception) -> None:
        now = self._clock()
        if now >= self._resting_until:  # else somebody who asked at the same time has said so
            reason = str(error) or f"nothing came within {TIMEOUT} seconds"
            log.warning("Registered documents are kept in memory only, for Redis does not answer: %s", reason)
            self._resting_until = now + REST
