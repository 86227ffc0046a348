"""Failed logins slow down the next ones, so that this service is no place to guess passwords.

Failures are counted by user and by client address. A user who has logged in from an address is counted apart there:
whoever guesses from elsewhere does not make that user wait. docs/login.md weighs what this can do and what not.
"""

import hashlib
import ipaddress
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from resolvers.refusals import ErrorCode, Refusal, Refused, RetryAdvice, RetryKind

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 15, 60, 300))  # as long as Arena's own lock, at most
FREE_FAILURES_OF_AN_ADDRESS = 20  # many people may share one
FORGOTTEN_AFTER = timedelta(hours=1)
MAX_KEPT = 10_000
LONG_AGO = datetime.min.replace(tzinfo=UTC)

T = TypeVar("T")

Clock = Callable[[], datetime]


@dataclass(slots=True)
class _Lane:
    """Tries that share a count of failures, and the pause after the last of them."""

    free_failures: int
    failures: int = 0
    paused_until: datetime = LONG_AGO
    touched_at: datetime = LONG_AGO

    def pause_from(self, now: datetime) -> None:
        counted = self.failures - self.free_failures
        if counted > 0:
            self.paused_until = max(self.paused_until, now + PAUSES[min(counted, len(PAUSES)) - 1])
        self.touched_at = now


class Attempt:
    """A login under way: counted as failed from its beginning, so that tries at once do not slip through together."""

    def __init__(self, lanes: list[_Lane], now: datetime, forget: Callable[[], None], clock: Clock) -> None:
        self._forget = forget
        self._clock = clock
        self._lanes = lanes
        self._pauses_before = [lane.paused_until for lane in lanes]
        for lane in lanes:
            lane.failures += 1
            lane.pause_from(now)
        self._pauses = [lane.paused_until for lane in lanes]

    def failed(self) -> None:
        """The credentials were refused: the pause begins now."""
        now = self._clock()
        for lane in self._lanes:
            lane.pause_from(now)

    def succeeded(self) -> None:
        """The user is who they say: their failures are forgotten, and they are known at this address."""
        self.came_to_nothing()
        self._forget()

    def came_to_nothing(self) -> None:
        """Nothing was learned of the credentials: as if it had not been tried."""
        for lane, before, pause in zip(self._lanes, self._pauses_before, self._pauses, strict=True):
            lane.failures -= 1
            if lane.paused_until == pause:  # no other try has failed meanwhile
                lane.paused_until = before


class LoginThrottle:
    """Counts failed logins of one process, those of the last hour. Bounded in memory; holds no email and no password.

    Args:
        clock: The time now.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: OrderedDict[str, _Lane] = OrderedDict()
        self._known: OrderedDict[str, None] = OrderedDict()

    def begin(self, email: str, address: str | None) -> Attempt:
        """Let a try go; it must be told how it ended.

        Args:
            email: Who logs in.
            address: The client's, None when it has none.

        Raises:
            Refused: It has to wait for a pause to end.
        """
        now = self._clock()
        user, place = _user_key(email), _place_key(address)
        here = f"{user} {place}"
        is_known = here in self._known
        own = here if is_known else user
        lanes = {own: self._lane(own, now)}
        if is_known:
            self._known.move_to_end(here)
        elif place:
            lanes[place] = self._lane(place, now, FREE_FAILURES_OF_AN_ADDRESS)
        paused_until = max(lane.paused_until for lane in lanes.values())
        if now < paused_until:
            raise _refuse(paused_until)
        # Kept only now: tries that cost nothing must not push out what has been counted.
        for key, lane in lanes.items():
            _keep(self._lanes, key, lane)

        def forget_failures() -> None:
            self._lanes.pop(own, None)
            if place:
                _keep(self._known, here, None)

        return Attempt([*lanes.values()], now, forget_failures, self._clock)

    def _lane(self, key: str, now: datetime, free_failures: int = 0) -> _Lane:
        lane = self._lanes.get(key)
        if lane is None or now - lane.touched_at > FORGOTTEN_AFTER:
            return _Lane(free_failures, touched_at=now)
        return lane


def _keep(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > MAX_KEPT:
        kept.popitem(last=False)


def _user_key(email: str) -> str:
    """Stands for a user, however the email is spelled."""
    spelled = unicodedata.normalize("NFKC", email).strip().casefold()
    return hashlib.sha256(spelled.encode()).hexdigest()


def _place_key(address: str | None) -> str:
    """Stands for who has an address: of IPv6, a whole network of 64 bits."""
    try:
        place = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if isinstance(place, ipaddress.IPv4Address):
        return str(place)
    return str(place.ipv4_mapped or ipaddress.ip_network((place, 64), strict=False))


def _refuse(until: datetime) -> Refused:
    return Refused(
        Refusal(
            code=ErrorCode.RATE_LIMITED,
            message="A login has failed, or is under way: wait before the next try. Nothing was sent.",
            retry=RetryAdvice(RetryKind.SAFE_LATER, until),
        )
    )
