"""The ledger of a single process."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from time import monotonic

from idempotency.hashes import entry_name
from idempotency.ledger import (
    KEEP,
    LEASE,
    Answer,
    InProgress,
    KeyReused,
    LedgerFull,
    OutcomeUnknown,
    Replay,
    Reservation,
    Reserved,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Started:
    fingerprint: str
    owner: str | None
    leased_until: float
    kept_until: float


@dataclass(frozen=True, slots=True)
class _Settled:
    fingerprint: str
    payload: bytes
    kept_until: float


class MemoryLedger:
    """A `Ledger` that ends with its process.

    When it is full it forgets the oldest result, and never a change without one.
    """

    def __init__(
        self,
        clock: Callable[[], float] = monotonic,
        max_entries: int = 10_000,
        keep: timedelta = KEEP,
        lease: timedelta = LEASE,
    ) -> None:
        self._clock = clock
        self._max_entries = max_entries
        self._keep = keep.total_seconds()
        self._lease = lease.total_seconds()
        # Every write moves its entry to the end, so both are in the order in which they expire.
        self._started: dict[str, _Started] = {}
        self._settled: dict[str, _Settled] = {}

    async def reserve(self, scope: str, key: str, fingerprint: str) -> Answer:
        """See `Ledger.reserve`.

        Raises:
            LedgerFull: The key is new, and every entry is a change without a result.
        """
        self._forget_expired()
        entry = entry_name(scope, key)
        found = self._settled.get(entry) or self._started.get(entry)
        if found is None:
            self._make_room()
            return Reserved(entry, self._start(entry, fingerprint))
        if found.fingerprint != fingerprint:
            return KeyReused()
        if isinstance(found, _Settled):
            return Replay(found.payload)
        if found.leased_until > self._clock():
            return InProgress()
        return OutcomeUnknown(entry, self._start(entry, fingerprint))

    async def settle(self, reservation: Reservation, payload: bytes) -> None:
        """See `Ledger.settle`."""
        started = self._end(reservation)
        if started is None:
            log.warning("A change was settled after its idempotency key had passed to another try.")
            return
        kept_until = self._clock() + self._keep
        self._settled[reservation.entry] = _Settled(started.fingerprint, payload, kept_until)

    async def release(self, reservation: Reservation) -> None:
        """See `Ledger.release`."""
        self._end(reservation)

    async def mark_unknown(self, reservation: Reservation) -> None:
        """See `Ledger.mark_unknown`."""
        started = self._end(reservation)
        if started is not None:
            now = self._clock()
            self._started[reservation.entry] = _Started(started.fingerprint, None, now, now + self._keep)

    def _start(self, entry: str, fingerprint: str) -> str:
        owner, now = token_hex(16), self._clock()
        self._started.pop(entry, None)
        self._started[entry] = _Started(fingerprint, owner, now + self._lease, now + self._keep)
        return owner

    def _end(self, reservation: Reservation) -> _Started | None:
        """Take a started entry out, unless it has passed to another owner."""
        started = self._started.get(reservation.entry)
        if started is None or started.owner != reservation.owner:
            return None
        return self._started.pop(reservation.entry)

    def _forget_expired(self) -> None:
        now = self._clock()
        both: tuple[dict[str, _Started] | dict[str, _Settled], ...] = (self._started, self._settled)
        for entries in both:
            while entries and entries[oldest := next(iter(entries))].kept_until <= now:
                del entries[oldest]

    def _make_room(self) -> None:
        if len(self._started) + len(self._settled) < self._max_entries:
            return
        if not self._settled:
            raise LedgerFull("Too many changes are waiting for a result; none can be protected now.")
        del self._settled[next(iter(self._settled))]
