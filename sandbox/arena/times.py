"""Arena's dates: UTC in bodies, Pacific for due dates and the daily limit."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
LAST_SECOND_OF_DAY = time(23, 59, 59)


def arena_time(instant: datetime) -> str:
    """An aware instant as Arena writes it, `YYYY-MM-DDThh:mm:ssZ`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str) -> datetime:
    """An aware instant from its ISO 8601 form.

    Raises:
        ValueError: The text is no instant, or has no offset from UTC.
    """
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(text)
    return instant


def end_of_pacific_day(instant: datetime) -> datetime:
    """The last second of the Pacific day an instant falls on.

    Arena: PUT Quality Process Step Update (User Assignee), which keeps only the date of a due date.
    """
    return datetime.combine(pacific_day(instant), LAST_SECOND_OF_DAY, PACIFIC)


def pacific_day(instant: datetime) -> date:
    """The Pacific calendar day an instant falls on."""
    return instant.astimezone(PACIFIC).date()


def next_pacific_midnight(instant: datetime) -> datetime:
    """When the next Pacific day begins."""
    return datetime.combine(pacific_day(instant) + timedelta(days=1), time(), PACIFIC)


def reset_header(instant: datetime) -> str:
    """An instant as the reset header prints it, e.g. `Tue, 18-Nov-2025 00:00:00 GMT-0800 (PST)`."""
    return instant.strftime("%a, %d-%b-%Y %H:%M:%S GMT%z (%Z)")
