"""A change with an idempotency key is made once, however often it is asked for.

What becomes of a key is kept in a ledger. A change that surely was not made gives its key free; one that was made is
replayed; one whose outcome is unknown is sent again by the next try with its key, because the upstream refuses what is
done already, and that refusal tells that the earlier try had made it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import msgspec

from idempotency import (
    InProgress,
    KeyReused,
    Ledger,
    LedgerUnavailable,
    OutcomeUnknown,
    Replay,
    Reservation,
    fingerprint,
    scope,
)
from resolvers.changed import Changed, ChangeOutcome
from resolvers.refusals import ErrorCode, Refusal, Refused, RetryAdvice, RetryKind, refuse_input
from upstreams.records import Record

MAX_KEY_LENGTH = 255
UNSHARED_LEDGER = "cannot be kept: this service has several workers and no REDIS_URL to share keys in"

# Refusals of the try, not of the change: they tell nothing of what an earlier try came to.
BEFORE_THE_CHANGE = {ErrorCode.SESSION_MISSING, ErrorCode.SESSION_EXPIRED, ErrorCode.LIMIT_EXCEEDED}

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Change(Generic[R]):
    """One change to make.

    Attributes:
        name: The mutation.
        content: Its input, without the idempotency key.
        credential: Whose change it is: a text that stands for a credential.
        answer_type: What `send` and `recall` give.
        send: Makes the change. Raises `Refused`.
        done_already: The refusal that says the change was made before; None where none says so.
        recall: What `send` would have given, read afterwards. Raises `Refused`.
    """

    name: str
    content: object
    credential: str
    answer_type: type[R]
    send: Callable[[], Awaitable[R]]
    done_already: ErrorCode | None
    recall: Callable[[], Awaitable[R]]


class Changes:
    """Makes changes and sees every one of them to its end, whoever stops waiting for it. Shared by all operations.

    Args:
        ledger: Where idempotency keys are kept.
        takes_keys: Whether every process that makes changes keeps its keys there; else keys are refused.
    """

    def __init__(self, ledger: Ledger, *, takes_keys: bool = True) -> None:
        self._ledger = ledger
        self._takes_keys = takes_keys
        self._tasks: set[asyncio.Task[Any]] = set()

    async def make(self, change: Change[R], key: str | None) -> Changed[R]:
        """Make a change; with a key, once.

        Raises:
            Refused: It was not made, or nobody knows.
        """
        if key is None:
            return await self._see_through(_apply(change))
        if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
            raise refuse_input(("input", "idempotencyKey"), f"must be 1 to {MAX_KEY_LENGTH} visible characters")
        if not self._takes_keys:
            raise refuse_input(("input", "idempotencyKey"), UNSHARED_LEDGER)
        return await self._see_through(self._make_once(change, key))

    async def finish(self, seconds: float) -> None:
        """Wait for the changes under way, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _see_through(self, work: Coroutine[Any, Any, Changed[R]]) -> Changed[R]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _make_once(self, change: Change[R], key: str) -> Changed[R]:
        try:
            answer = await self._ledger.reserve(scope(change.credential), key, fingerprint(change.name, change.content))
        except LedgerUnavailable as error:
            raise _refuse_unprotected() from error
        match answer:
            case Replay(payload=payload):
                record = msgspec.json.decode(payload, type=change.answer_type)
                return Changed(record, ChangeOutcome.REPLAYED)
            case InProgress():
                raise _refuse_key(
                    ErrorCode.IDEMPOTENCY_IN_PROGRESS,
                    "The first request with this idempotency key is still under way.",
                    RetryKind.ONLY_WITH_SAME_KEY,
                )
            case KeyReused():
                raise _refuse_key(
                    ErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "This idempotency key was used for another change: use a new key for a new change.",
                    RetryKind.NEVER,
                )
        return await self._make_under(answer, change)

    async def _make_under(self, reservation: Reservation, change: Change[R]) -> Changed[R]:
        try:
            changed = await _apply(change)
        except Refused as refused:
            code = refused.refusal.code
            if isinstance(reservation, OutcomeUnknown) and code is change.done_already:
                changed = await self._recall(reservation, change)
            else:
                raise await self._give_up(reservation, refused.refusal) from refused
        except BaseException:
            await self._ledger.mark_unknown(reservation)
            raise
        await self._ledger.settle(reservation, msgspec.json.encode(changed.answer))
        return changed

    async def _recall(self, reservation: Reservation, change: Change[R]) -> Changed[R]:
        try:
            return Changed(await change.recall(), ChangeOutcome.REPLAYED)
        except BaseException:
            await self._ledger.mark_unknown(reservation)
            raise

    async def _give_up(self, reservation: Reservation, refusal: Refusal) -> Refused:
        if refusal.retry.kind is RetryKind.CHECK_FIRST:
            await self._ledger.mark_unknown(reservation)
            return Refused(replace(refusal, retry=RetryAdvice(RetryKind.ONLY_WITH_SAME_KEY)))
        is_final = refusal.retry.kind is RetryKind.NEVER and refusal.code not in BEFORE_THE_CHANGE
        if isinstance(reservation, OutcomeUnknown) and not is_final:
            await self._ledger.mark_unknown(reservation)
        else:
            await self._ledger.release(reservation)
        return Refused(refusal)


async def _apply(change: Change[R]) -> Changed[R]:
    return Changed(await change.send(), ChangeOutcome.APPLIED)


def _refuse_key(code: ErrorCode, message: str, kind: RetryKind) -> Refused:
    return Refused(Refusal(code=code, message=message, retry=RetryAdvice(kind)))


def _refuse_unprotected() -> Refused:
    return Refused(
        Refusal(
            code=ErrorCode.UPSTREAM_UNAVAILABLE,
            message="Idempotency keys cannot be kept at the moment, so nothing was sent.",
            retry=RetryAdvice(RetryKind.SAFE_LATER),
        )
    )
