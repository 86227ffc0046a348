"""What a ledger of idempotency keys promises.

A key is in one of two states. `started`: somebody reserved it and may have sent its change. `settled`: the change
came to a result, which is kept. A started key is held under a lease; when the lease has run out, or its holder
gave it up, nobody knows what became of the change. The next try with that key learns so and holds the key while it
looks upstream, so that a process that died in the middle never leads to a second change sent blindly.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

KEEP = timedelta(hours=24)
LEASE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Reservation:
    """The right to send a key's change, held by one owner at a time."""

    entry: str
    owner: str


class Reserved(Reservation):
    """The key is new: run the change, then settle the reservation, release it, or mark it unknown."""

    __slots__ = ()


class OutcomeUnknown(Reservation):
    """An earlier try may have made the change: look upstream, where a read can tell, before anything is sent.

    The caller now holds the key, and ends the reservation in one of the same three ways.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Replay:
    """The change was made before, with this result."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class InProgress:
    """An earlier try with the key is still at it."""


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key belongs to a change with another input."""


Answer = Reserved | OutcomeUnknown | Replay | InProgress | KeyReused


class LedgerUnavailable(Exception):
    """The ledger cannot protect a change, so the change must not be sent."""


class LedgerFull(LedgerUnavailable):
    """Every entry the ledger has room for is a change without a result yet."""


class Ledger(Protocol):
    """Keeps keys for 24 hours after they were last touched, and their holders' leases for two minutes.

    A change has to be given up sooner than its lease runs out.

    Once a change may have been sent, nothing here may hide its result: `settle`, `release` and `mark_unknown`
    write a failure of the ledger to the log. The key then stays `started`, and the next try is told that the
    outcome is unknown.
    """

    async def reserve(self, scope: str, key: str, fingerprint: str) -> Answer:
        """Ask to run the change of a key.

        Args:
            scope: Whose key it is, from `idempotency.scope`.
            key: The key as the client sent it.
            fingerprint: What the client wants done, from `idempotency.fingerprint`.

        Raises:
            LedgerUnavailable: Nothing was reserved for certain; send nothing.
        """
        ...

    async def settle(self, reservation: Reservation, payload: bytes) -> None:
        """Keep the result of a change that was made; later tries with the key replay it."""
        ...

    async def release(self, reservation: Reservation) -> None:
        """Forget the key of a change that surely was not made; the next try runs as if it were the first."""
        ...

    async def mark_unknown(self, reservation: Reservation) -> None:
        """Give up a change that may or may not have been made; the next try has to look upstream."""
        ...
