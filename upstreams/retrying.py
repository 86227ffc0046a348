"""Another try for a read that failed in passing."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import stamina

from upstreams.bounds import Bounds
from upstreams.decoding import Answer
from upstreams.errors import TimedOut, Unavailable
from upstreams.retry_after import read_retry_after

FAILING_STATUSES = {502, 503, 504}
FIRST_WAIT_SECONDS = 0.05
LONGEST_WAIT_SECONDS = 1.0


class _FailingAnswer(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)  # its text goes to logs, where the answer has no place
        self.answer = answer


async def read_with_retries(attempt_read: Callable[[], Awaitable[Answer]], bounds: Bounds, attempts: int) -> Answer:
    """Read until it works, jittered, within the operation's deadline; honours `Retry-After`.

    What makes tries costs more than most reads, so it is only begun when the first one has failed.

    Args:
        attempt_read: Makes one try.
        bounds: The operation's; no try starts later than its deadline.
        attempts: How many tries there are in all.

    Raises:
        UpstreamFailure: That of the last try.
    """

    first: Exception | None
    try:
        answer = await attempt_read()
        if answer.status not in FAILING_STATUSES:
            return answer
        first = _FailingAnswer(answer)
    except (Unavailable, TimedOut) as failure:
        first = failure

    try:
        async for attempt in stamina.retry_context(
            on=lambda error: _is_worth_another_try(error, bounds),
            attempts=attempts,
            timeout=None,
            wait_initial=FIRST_WAIT_SECONDS,
            wait_max=LONGEST_WAIT_SECONDS,
            wait_jitter=FIRST_WAIT_SECONDS,
        ):
            with attempt:
                if first is not None:
                    failed, first = first, None
                    raise failed
                answer = await attempt_read()
                if answer.status in FAILING_STATUSES:
                    raise _FailingAnswer(answer)
                return answer
    except _FailingAnswer as failing:
        return failing.answer
    raise AssertionError("unreachable: the last try returns or raises")


def _is_worth_another_try(error: Exception, bounds: Bounds) -> bool | timedelta:
    match error:
        case _FailingAnswer(answer=answer):
            retry_at = read_retry_after(answer.headers)
        # An open circuit is not waited for: its refusal names a time, and does not match here.
        case Unavailable(evidence=None, retry_at=None) | TimedOut():
            retry_at = None
        case _:
            return False
    if retry_at is None:
        return bounds.remaining_seconds > LONGEST_WAIT_SECONDS
    wait = max(retry_at - datetime.now(UTC), timedelta(0))
    return wait if wait.total_seconds() < bounds.remaining_seconds / 2 else False
