"""The ledger that replicas share: one Redis hash for each key, changed by scripts that run undivided."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from secrets import token_hex

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from idempotency.hashes import entry_name
from idempotency.ledger import (
    KEEP,
    LEASE,
    Answer,
    InProgress,
    KeyReused,
    LedgerUnavailable,
    OutcomeUnknown,
    Replay,
    Reservation,
    Reserved,
)

log = logging.getLogger(__name__)

PREFIX = "stepgraph:idempotency:"
TIMEOUT = 1.0  # seconds for an answer, and for a connection to ask over
RETRIES = 2
MAX_CONNECTIONS = 100  # so that no item of a bulk waits for another

# A client that lost the reply sends the script again, so a script whose caller is the owner already repeats
# its first answer: `tries` tells whether that caller was the first to hold the key.
RESERVE = """
local fingerprint, owner, lease, keep = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local held = redis.call('HMGET', KEYS[1], 'fingerprint', 'payload', 'owner', 'leased_until', 'tries')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if held[1] and held[1] ~= fingerprint then return {'reused'} end
if held[2] then return {'replay', held[2]} end
local tries = tonumber(held[5] or 0)
if held[3] ~= owner then
  if held[1] and tonumber(held[4]) > now then return {'in progress'} end
  tries = tries + 1
  redis.call('HSET', KEYS[1], 'fingerprint', fingerprint, 'owner', owner,
    'leased_until', string.format('%d', now + lease), 'tries', tries)
  redis.call('PEXPIRE', KEYS[1], keep)
end
if tries == 1 then return {'reserved'} end
return {'unknown'}
"""

SETTLE = """
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'payload', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""

HOLDS = """
local held = redis.call('HMGET', KEYS[1], 'owner', 'payload')
if held[1] ~= ARGV[1] or held[2] then return end
"""

RELEASE = HOLDS + "redis.call('DEL', KEYS[1])"

MARK_UNKNOWN = (
    HOLDS
    + """
redis.call('HSET', KEYS[1], 'owner', '', 'leased_until', 0)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
"""
)


def connect(url: str) -> Redis:
    """Return a client that gives up within seconds, for use with `async with`.

    Args:
        url: Such as "redis://localhost:6379/0".
    """
    retry = Retry(ExponentialBackoff(cap=0.2, base=0.05), RETRIES)
    return Redis.from_pool(
        BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=TIMEOUT,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=retry,
        )
    )


class RedisLedger:
    """A `Ledger` in Redis 5 or later, or Valkey.

    Redis must not evict keys (`maxmemory-policy noeviction`): a key it drops no longer protects its change.
    """

    def __init__(self, client: Redis, keep: timedelta = KEEP, lease: timedelta = LEASE) -> None:
        self._keep = _milliseconds(keep)
        self._lease = _milliseconds(lease)
        self._reserve = client.register_script(RESERVE)
        self._settle = client.register_script(SETTLE)
        self._release = client.register_script(RELEASE)
        self._mark_unknown = client.register_script(MARK_UNKNOWN)

    async def reserve(self, scope: str, key: str, fingerprint: str) -> Answer:
        """See `Ledger.reserve`."""
        entry, owner = PREFIX + entry_name(scope, key), token_hex(16)
        try:
            state, *payload = await self._reserve([entry], [fingerprint, owner, self._lease, self._keep])
        except RedisError as error:
            raise LedgerUnavailable("The ledger of idempotency keys cannot be reached.") from error
        match state:
            case b"reserved":
                return Reserved(entry, owner)
            case b"unknown":
                return OutcomeUnknown(entry, owner)
            case b"replay":
                return Replay(payload[0])
            case b"in progress":
                return InProgress()
            case _:
                return KeyReused()

    async def settle(self, reservation: Reservation, payload: bytes) -> None:
        """See `Ledger.settle`."""
        with _logged("settled"):
            if not await self._settle([reservation.entry], [reservation.owner, payload, self._keep]):
                log.warning("A change was settled after its idempotency key had passed to another try.")

    async def release(self, reservation: Reservation) -> None:
        """See `Ledger.release`."""
        with _logged("released"):
            await self._release([reservation.entry], [reservation.owner])

    async def mark_unknown(self, reservation: Reservation) -> None:
        """See `Ledger.mark_unknown`."""
        with _logged("marked unknown"):
            await self._mark_unknown([reservation.entry], [reservation.owner, self._keep])


def _milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)


@contextmanager
def _logged(what: str) -> Iterator[None]:
    try:
        yield
    except RedisError:
        log.exception("An idempotency key could not be %s; its next try will have to look upstream.", what)
