"""Who speaks to Arena: the caller's own session, the service's shared one, or nobody."""

import asyncio
import hashlib
import logging
from typing import Protocol

from upstreams.arena_answers import Login, is_sendable
from upstreams.arena_login import Credentials, log_in
from upstreams.bounds import Bounds
from upstreams.budget import Budget
from upstreams.errors import Evidence, Rejected, System, Unauthenticated, Unreadable
from upstreams.session_file import SessionFile
from upstreams.trace import Trace
from upstreams.wire import Wire

logger = logging.getLogger("stepgraph.upstreams")

LOGIN_SECONDS = 15.0
REFUSED_LOGIN_REST_SECONDS = 30.0  # Arena locks an account for five minutes after repeated bad logins


class ArenaSession(Protocol):
    """A source of session ids.

    `name` tells sessions apart without giving the id away; `is_renewable` says whether `renew` can help after a 401;
    `known_id` is what `open` would give without a wait, None when it would wait or fail.
    """

    name: str
    is_renewable: bool

    @property
    def known_id(self) -> str | None: ...

    async def open(self, trace: Trace | None = None) -> str:
        """The id to send. Raises `UpstreamFailure` when there is none to be had.

        Args:
            trace: Where a login that this begins is noted, if anywhere.
        """

    async def renew(self, refused_id: str, trace: Trace | None = None) -> str:
        """Another id, after Arena refused `refused_id`; as `open`."""


def caller_name(session_id: str) -> str:
    """What tells a caller's session from others, without the session."""
    return "caller:" + hashlib.sha256(session_id.encode()).hexdigest()


class CallerSession:
    """The session a request brought along."""

    is_renewable = False

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self.name = caller_name(session_id)
        self.known_id = session_id if session_id and is_sendable(session_id) else None

    async def open(self, trace: Trace | None = None) -> str:
        if self.known_id is None:  # Arena never gave out an id that cannot be sent
            raise Unauthenticated(System.ARENA, missing=not self._session_id)
        return self.known_id

    async def renew(self, refused_id: str, trace: Trace | None = None) -> str:
        raise Unauthenticated(System.ARENA, missing=True)


class NoSession:
    """Neither the request nor the configuration says who speaks."""

    name = "nobody"
    is_renewable = False
    known_id = None

    async def open(self, trace: Trace | None = None) -> str:
        raise Unauthenticated(System.ARENA, missing=True)

    async def renew(self, refused_id: str, trace: Trace | None = None) -> str:
        raise Unauthenticated(System.ARENA, missing=True)


class ServiceSession:
    """The service's own session, shared by all requests without one.

    Arena ends a user's session when the same user logs in again, so there is one login at a time, and one session for
    all the processes that have its file.
    """

    name = "service"
    is_renewable = True

    def __init__(self, wire: Wire, credentials: Credentials, budget: Budget, file: SessionFile | None = None) -> None:
        self._wire = wire
        self._credentials = credentials
        self.budget = budget
        self._file = file
        self._session_id: str | None = None
        self._refused_id: str | None = None
        self._login: asyncio.Task[str] | None = None
        self._refusal: Evidence | None = None
        self._refused_at = 0.0

    @property
    def known_id(self) -> str | None:
        return self._session_id

    async def open(self, trace: Trace | None = None) -> str:
        return self._session_id or await self._log_in_once(trace)

    async def renew(self, refused_id: str, trace: Trace | None = None) -> str:
        if self._session_id == refused_id:
            self._session_id, self._refused_id = None, refused_id
        return await self.open(trace)

    async def _log_in_once(self, trace: Trace | None) -> str:
        now = asyncio.get_running_loop().time()
        if self._refusal and now < self._refused_at + REFUSED_LOGIN_REST_SECONDS:
            raise Unauthenticated(System.ARENA, self._refusal, missing=True)
        if self._login is None:
            self._login = asyncio.create_task(self._obtain(trace))
            self._login.add_done_callback(self._end_login)
        return await asyncio.shield(self._login)

    def _end_login(self, login: asyncio.Task[str]) -> None:
        self._login = None
        if not login.cancelled():
            login.exception()  # seen, also when nobody waits for it any more

    async def _obtain(self, trace: Trace | None) -> str:
        login = await self._share_login(self._file, trace) if self._file else await self._log_in(trace)
        self._session_id, self.budget.limit = login.session_id, login.daily_limit
        return login.session_id

    async def _share_login(self, file: SessionFile, trace: Trace | None) -> Login:
        async with file.turn() as kept:
            login = kept.read()
            if login is None or login.session_id == self._refused_id:
                login = await self._log_in(trace)
                kept.write(login)
            return login

    async def _log_in(self, trace: Trace | None) -> Login:
        bounds = Bounds(LOGIN_SECONDS, max_calls=1, trace=trace)
        try:
            login = await log_in(self._wire, self._credentials, bounds, self.budget)
        except Unreadable as error:
            logger.warning(
                "Arena's login is not where ARENA_URL says (is its /v1 missing?), or unreadable: %s", error.evidence
            )
            raise
        except Rejected as error:
            logger.warning("Arena refuses the service's login (ARENA_EMAIL, ARENA_PASSWORD): %s", error.evidence)
            self._refused_at, self._refusal = asyncio.get_running_loop().time(), error.evidence
            raise Unauthenticated(System.ARENA, error.evidence, missing=True) from error
        self._refusal = None
        return login
