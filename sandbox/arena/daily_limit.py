"""The calls a workspace has per day. Arena: Licensing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.tables import WORKSPACE_ID, CallsOfDay
from sandbox.arena.times import next_pacific_midnight, pacific_day, reset_header

COUNT_ONE = (
    insert(CallsOfDay)
    .values(workspace_id=WORKSPACE_ID, day=bindparam("today"), calls=1)
    .on_conflict_do_update(index_elements=["workspace_id", "day"], set_={"calls": CallsOfDay.calls + 1})
    .returning(CallsOfDay.calls)
)


@dataclass(frozen=True, slots=True)
class Budget:
    """The day's calls at one moment.

    Attributes:
        limit: The day's maximum.
        calls: Calls made, the present one included.
        resets: When the count starts anew, as the header prints it.
    """

    limit: int
    calls: int
    resets: str

    @property
    def is_exceeded(self) -> bool:
        """Whether the present call is one too many."""
        return self.calls > self.limit

    @property
    def headers(self) -> dict[str, str]:
        """The two headers every answer carries."""
        return {
            "X-Arena-Requests-Remaining": str(max(self.limit - self.calls, 0)),
            "X-Arena-Next-Request-Limit-Reset": self.resets,
        }


async def count_call(session: AsyncSession, limit: int, instant: datetime) -> Budget:
    """Count one call, and say how the day stands."""
    return _budget(limit, await session.scalar(COUNT_ONE, {"today": pacific_day(instant).isoformat()}), instant)


async def present_budget(session: AsyncSession, limit: int, instant: datetime) -> Budget:
    """How the day stands, counting nothing."""
    day = pacific_day(instant).isoformat()
    counted = select(CallsOfDay.calls).where(CallsOfDay.workspace_id == WORKSPACE_ID, CallsOfDay.day == day)
    return _budget(limit, await session.scalar(counted), instant)


def last_known_budget(limit: int, instant: datetime, latest: Budget | None) -> Budget:
    """How the day stands as far as one can tell without the count.

    Args:
        limit: The day's maximum.
        instant: When.
        latest: The budget seen last, if any; it tells nothing once its day is over.
    """
    unspent = _budget(limit, None, instant)
    return latest if latest is not None and latest.resets == unspent.resets else unspent


def _budget(limit: int, calls: int | None, instant: datetime) -> Budget:
    return Budget(limit, calls or 0, reset_header(next_pacific_midnight(instant)))
