"""The `Retry-After` header."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from upstreams.decoding import header_text

MAX_SECONDS = 24 * 60 * 60


def read_retry_after(headers: Mapping[str, str]) -> datetime | None:
    """When to try again, in UTC; None when the answer does not say (RFC 9110, section 10.2.3: seconds or a date)."""
    text = header_text(headers, "retry-after")
    if text.isascii() and text.isdigit() and len(text) < 10:
        return datetime.now(UTC) + timedelta(seconds=min(int(text), MAX_SECONDS))
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
