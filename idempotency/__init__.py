"""Runs a change once however often it is asked: a ledger of idempotency keys, and of what their changes came to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from idempotency.hashes import fingerprint, scope
from idempotency.in_memory import MemoryLedger
from idempotency.in_redis import RedisLedger, connect
from idempotency.ledger import (
    Answer,
    InProgress,
    KeyReused,
    Ledger,
    LedgerFull,
    LedgerUnavailable,
    OutcomeUnknown,
    Replay,
    Reservation,
    Reserved,
)

__all__ = [
    "Answer",
    "InProgress",
    "KeyReused",
    "Ledger",
    "LedgerFull",
    "LedgerUnavailable",
    "MemoryLedger",
    "OutcomeUnknown",
    "RedisLedger",
    "Replay",
    "Reservation",
    "Reserved",
    "fingerprint",
    "open_ledger",
    "scope",
]


@asynccontextmanager
async def open_ledger(redis_url: str | None) -> AsyncIterator[Ledger]:
    """Open the ledger of this process, or the one it shares with its replicas.

    A Redis that does not answer refuses the changes that come with a key; it does not keep the service from
    starting.

    Args:
        redis_url: A Redis to share, such as "redis://localhost:6379/0"; with None the ledger is in memory, and
            good for one process.
    """
    if redis_url is None:
        yield MemoryLedger()
        return
    async with connect(redis_url) as client:
        yield RedisLedger(client)
