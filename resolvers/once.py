"""A change with an idempotency key is made once, however often it is asked for.

What becomes of a key is kept in a ledger. A change that surely was not made gives its key free; one that was made is
replayed; where nobody knows, the next try with the key looks upstream before it sends anything. Where no read can
tell, it sends, and a refusal that may mean "done already" leaves the outcome unknown.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
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
from resolvers.waiting import end_of
from upstreams.records import Record

MAX_KEY_LENGTH = 255
UNSHARED_LEDGER = "cannot be kept: this service has several workers and no REDIS_URL to share keys in"

# Refusals of the try, not of the change: they tell nothing of what an earlier try came to.
BEFORE_THE_CHANGE = {ErrorCode.SESSION_MISSING, ErrorCode.SESSION_EXPIRED, ErrorCode.LIMIT_EXCEEDED}

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Change(msgspec.Struct, Generic[R], frozen=True):
    """One change to make.

    Attributes:
        name: The mutation.
        content: Its input, without the idempotency key.
        credential: Whose change it is: a text that stands for a credential.
        answer_type: What `send` and `look` give.
        send: Makes the change. Raises `Refused`.
        look: What `send` would have given, when upstream all is as the change asks; None when it is not. Raises
            `Refused` when that cannot be read.
        looks_first: Whether `look` can tell before the change is sent again; else a refusal must come first.
        done_already: The refusal that may mean that an earlier try made the change.
        path: Leads to its input, from the arguments.
    """

    name: str
    content: object
    credential: str
    answer_type: type[R]
    send: Callable[[], Awaitable[R]]
    look: Callable[[], Awaitable[R | None]]
    looks_first: bool
    done_already: ErrorCode | None
    path: tuple[str, ...] = ("input",)


class NothingLearned(Refused):
    """The look was refused, not the change: what the earlier try came to is as unknown as before."""


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
            return await self.see_through(_apply(change))
        path = (*change.path, "idempotencyKey")
        if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
            raise refuse_input(path, f"must be 1 to {MAX_KEY_LENGTH} visible characters")
        if not self._takes_keys:
            raise refuse_input(path, UNSHARED_LEDGER)
        return await self.see_through(self._make_once(change, key))

    async def finish(self, seconds: float) -> None:
        """Wait for the changes under way, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def see_through(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of work that is not broken off, whoever stops waiting for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await end_of(task)
        return task.result()

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
        try:
            changed = await self._make_under(answer, change)
        except Refused as refused:
            raise await self._give_up(answer, refused, change) from refused
        except BaseException:
            await self._ledger.mark_unknown(answer)
            raise
        await self._ledger.settle(answer, msgspec.json.encode(changed.answer))
        return changed

    async def _make_under(self, reservation: Reservation, change: Change[R]) -> Changed[R]:
        if not isinstance(reservation, OutcomeUnknown):
            return await _apply(change)
        if change.looks_first and (found := await _look(change)):
            return found
        try:
            return await _apply(change)
        except Refused as refused:
            # The earlier try may have arrived between the look and this one.
            if refused.refusal.code is change.done_already and (found := await _look(change)):
                return found
            raise

    async def _give_up(self, reservation: Reservation, refused: Refused, change: Change[R]) -> Refused:
        refusal = refused.refusal
        was_unknown = isinstance(reservation, OutcomeUnknown)
        tells_nothing = isinstance(refused, NothingLearned) or refusal.code in BEFORE_THE_CHANGE
        is_final = refusal.retry.kind is RetryKind.NEVER and not tells_nothing
        if is_final or not (was_unknown or refusal.retry.kind is RetryKind.CHECK_FIRST):
            await self._ledger.release(reservation)
            return Refused(refusal)
        await self._ledger.mark_unknown(reservation)
        if refusal.retry.kind is RetryKind.NEVER:
            return Refused(refusal)
        tells_more = change.looks_first or not was_unknown
        kind = RetryKind.ONLY_WITH_SAME_KEY if tells_more else RetryKind.CHECK_FIRST
        return Refused(replace(refusal, retry=RetryAdvice(kind, refusal.retry.after)))


async def _apply(change: Change[R]) -> Changed[R]:
    return Changed(await change.send(), ChangeOutcome.APPLIED)


async def _look(change: Change[R]) -> Changed[R] | None:
    try:
        found = await change.look()
    except Refused as refused:
        raise NothingLearned(refused.refusal) from refused
    return Changed(found, ChangeOutcome.REPLAYED) if found else None


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
