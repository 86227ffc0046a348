"""How Arena answers: its envelopes, where its error codes are, its odd date.

Sources: the endpoint pages; "Responses", "Successes and Errors" and "Licensing" of the vendor's documentation.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import field

from upstreams.decoding import Answer, decode, decode_leniently, decoder, header_text, shorten
from upstreams.errors import (
    Evidence,
    Exhausted,
    Rejected,
    System,
    Unauthenticated,
    Unavailable,
    Unreadable,
)
from upstreams.records import AffectedObject, Decision, QualityProcess, QualityStep, Record, Ticket
from upstreams.retry_after import read_retry_after

T = TypeVar("T")
Row = TypeVar("Row")

NO_LOGIN_HERE = {404, 405}  # the address is not Arena's, or lacks its /v1
DAILY_LIMIT_CODES = {"4084", "4014"}
LOCKED_USER_CODES = {"4083", "4013"}
LOCK_TIME = timedelta(minutes=5)


class Rows(Record, Generic[Row], frozen=True):
    """A list answer. Its `count` is left unread: samples disagree on what it counts."""

    results: list[Row]


class Login(Record, frozen=True):
    camel_case_session_id: str | None = field(default=None, name="arenaSessionId")
    snake_case_session_id: str | None = field(default=None, name="arena_session_id")
    request_limit: Any = field(default=None, name="workspaceRequestLimit")
    raw_workspace_id: Any = field(default=None, name="workspaceId")
    raw_workspace_name: Any = field(default=None, name="workspaceName")

    def __repr__(self) -> str:
        return "Login()"  # whoever has the session is the user

    @property
    def session_id(self) -> str:
        return self.camel_case_session_id or self.snake_case_session_id or ""

    @property
    def daily_limit(self) -> int | None:
        return self.request_limit if type(self.request_limit) is int else None

    @property
    def workspace_id(self) -> int | None:
        return self.raw_workspace_id if type(self.raw_workspace_id) is int else None

    @property
    def workspace_name(self) -> str | None:
        return self.raw_workspace_name if isinstance(self.raw_workspace_name, str) else None


class QualityProcessReference(Record, frozen=True):
    """Which process a ticket refers to."""

    process: QualityProcess = field(name="quality")


class TicketReference(Record, frozen=True):
    """Which ticket a ticket refers to."""

    ticket: Ticket


class _WrappedProcess(Record, frozen=True):
    process: QualityProcess = field(name="qualityProcess")


class _ErrorRow(Record, frozen=True):
    code: Any = None
    message: Any = None


class _Errors(Record, frozen=True):
    errors: list[_ErrorRow]


QUALITY_PROCESS = decoder(QualityProcess)
QUALITY_PROCESSES = decoder(Rows[QualityProcess])
QUALITY_STEPS = decoder(Rows[QualityStep])
DECISIONS = decoder(Rows[Decision])
AFFECTED_OBJECTS = decoder(Rows[AffectedObject])
TICKET = decoder(Ticket)
TICKETS = decoder(Rows[Ticket])
QUALITY_PROCESS_REFERENCES = decoder(Rows[QualityProcessReference])
TICKET_REFERENCES = decoder(Rows[TicketReference])
LOGIN = decoder(Login)
_WRAPPED_PROCESS = decoder(_WrappedProcess)
_ERRORS = decoder(_Errors)


def read(answer: Answer, reader: msgspec.json.Decoder[T]) -> T:
    """The value in an answer.

    Raises:
        UpstreamFailure: The answer is a refusal, a failure, or not what the contract promises.
    """
    check(answer)
    return decode(System.ARENA, answer, reader)


def read_login(answer: Answer) -> Login:
    """The login in the answer to "POST Log In".

    Raises:
        UpstreamFailure: As `read`; `Unreadable` also for a path that is no login, and for a login without a session id
            that can be sent.
    """
    if answer.status in NO_LOGIN_HERE:
        raise Unreadable(System.ARENA, _read_evidence(answer))
    if answer.status == 401:  # of the credentials: there is no session yet that could have expired
        raise Rejected(System.ARENA, _read_evidence(answer))
    if answer.status == 400 and (evidence := _read_evidence(answer)).code in LOCKED_USER_CODES:
        raise Rejected(System.ARENA, evidence, retry_at=datetime.now(UTC) + LOCK_TIME)
    login = read(answer, LOGIN)
    if not (login.session_id and is_sendable(login.session_id)):
        raise Unreadable(System.ARENA, Evidence(answer.status))
    return login


def is_sendable(session_id: str) -> bool:
    """Whether a session id can be a header's value."""
    return session_id.isascii() and session_id.isprintable()


def read_changed_process(answer: Answer) -> QualityProcess:
    """The process in the answer to a status change, which Arena wraps for steps and does not for processes.

    Raises:
        UpstreamFailure: As `read`.
    """
    check(answer)
    wrapped = decode_leniently(answer, _WRAPPED_PROCESS)
    return wrapped.process if wrapped else decode(System.ARENA, answer, QUALITY_PROCESS)


def check(answer: Answer) -> None:
    """Let a success pass.

    Raises:
        Unauthenticated: 401.
        Exhausted: 429.
        Unavailable: 5xx.
        Rejected: Any other 4xx.
        Unreadable: A status that no page of the vendor has.
    """
    if 200 <= answer.status < 300:
        return
    evidence = _read_evidence(answer)
    if answer.status == 401:
        raise Unauthenticated(System.ARENA, evidence)
    if says_day_is_spent(answer):
        raise Exhausted(System.ARENA, evidence, retry_at=read_reset(answer.headers))
    if answer.status == 429:
        raise Exhausted(System.ARENA, evidence, retry_at=read_retry_after(answer.headers))
    if answer.status >= 500:
        raise Unavailable(System.ARENA, evidence, retry_at=read_retry_after(answer.headers))
    if answer.status >= 400:
        raise Rejected(System.ARENA, evidence)
    raise Unreadable(System.ARENA, evidence)


def says_day_is_spent(answer: Answer) -> bool:
    """Whether this answer is the refusal of a call beyond the daily limit."""
    if answer.status != 429:
        return False
    return read_remaining(answer.headers) == 0 or _read_evidence(answer).code in DAILY_LIMIT_CODES


def _read_evidence(answer: Answer) -> Evidence:
    envelope = decode_leniently(answer, _ERRORS)
    row = envelope.errors[0] if envelope and envelope.errors else _ErrorRow()
    code = str(row.code) if isinstance(row.code, int) and not isinstance(row.code, bool) else None
    return Evidence(answer.status, code, shorten(row.message))


def read_remaining(headers: Mapping[str, str]) -> int | None:
    """How many calls are left today, None when the answer does not say."""
    text = header_text(headers, "x-arena-requests-remaining")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


_RESET = re.compile(
    r"\w{3},? (?P<day>\d{1,2})[- ](?P<month>\w{3})[- ](?P<year>\d{4}) "
    r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d) GMT(?P<offset>[+-]\d{4})?"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read_reset(headers: Mapping[str, str]) -> datetime | None:
    """When calls are counted anew, in UTC; None when the answer does not say.

    Arena's format is no HTTP date: `Tue, 18-Nov-2025 00:00:00 GMT-0800 (PST)` ("Licensing"). HTTP dates are read too.
    """
    return _parse_reset(header_text(headers, "x-arena-next-request-limit-reset"))


@lru_cache(maxsize=64)  # every answer of a day says the same
def _parse_reset(text: str) -> datetime | None:
    found = _RESET.match(text)
    if found is None or found["month"] not in _MONTHS:
        return None
    offset = found["offset"] or "+0000"
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    try:
        zone = timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
        return datetime(
            int(found["year"]),
            _MONTHS.index(found["month"]) + 1,
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"]),
            int(found["second"]),
            tzinfo=zone,
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
