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


class FailingAnswer(Exception):
    """An answer that says that the upstream fails, at the moment."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)  # its text goes to logs, where the answer has no place
        self.answer = answer


async def read_again(read: Callable[[], Awaitable[Answer]], failed: Exception, bounds: Bounds, attempts: int) -> Answer:
    """Read until it works, jittered, within the operation's deadline; honours `Retry-After`.

    What makes tries costs more than most reads, so it is only begun when the first one has failed.

    Args:
        read: Makes one try.
        failed: What became of the first.
        bounds: The operation's; no try starts later than its deadline.
        attempts: How many tries there are in all.

    Raises:
        UpstreamFailure: That of the last try.
    """
    first: Exception | None = failed
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
                answer = await read()
                if answer.status in FAILING_STATUSES:
                    raise FailingAnswer(answer)
                return answer
    except FailingAnswer as failing:
        return failing.answer
    raise AssertionError("unreachable: the last try returns or raises")


def _is_worth_another_try(error: Exception, bounds: Bounds) -> bool | timedelta:
    match error:
        case FailingAnswer(answer=answer):
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
