"""Logging in and out, and who calls. Arena: POST Log In, PUT Log Out, Connecting and Permissions."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from sandbox.arena.calls import Answer, Call
from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.story import guids
from sandbox.arena.tables import SUPPLIER_TYPES, WORKSPACE_ID, WORKSPACE_NAME, LoginObstacle, User, UserSession
from sandbox.arena.times import arena_time

IDLE_LIFE = timedelta(minutes=90)
BAD_LOGINS_ALLOWED = 5
LOCK_TIME = timedelta(minutes=5)

# Arena has nothing like them: they always are, so that several people and pages can try things as one demo user,
# whose login would end the others' sessions.
DEMO_SESSIONS = {
    "demo-owner": guids.OWNER,
    "demo-assignee": guids.ASSIGNEE,
    "demo-member": guids.MEMBER,
    "demo-viewer": guids.VIEWER,
}


async def log_in(session: AsyncSession, body: dict[str, Any], daily_limit: int, instant: datetime) -> Answer:
    """Start a session, ending the one the user may have.

    Args:
        session: The open transaction; it must be kept even if the login is refused.
        body: `email`, `password` and perhaps `workspaceId`.
        daily_limit: The workspace's calls per day, which the answer tells.
        instant: When.

    Raises:
        Refused: The credentials are wrong, the user is locked, may not use the interface, or needs a new password.
    """
    user = await session.scalar(select(User).where(User.email == str(body.get("email"))))
    if user is None:
        raise Refused(Refusal.BAD_LOGIN)
    if user.locked_until is not None and user.locked_until > arena_time(instant):
        raise Refused(Refusal.LOGIN_LOCKED)
    if not _fits(user, body):
        _note_bad_login(user, instant)
        raise Refused(Refusal.BAD_LOGIN)
    if user.type in SUPPLIER_TYPES or not user.enabled:
        raise Refused(Refusal.LOGIN_NOT_ALLOWED)
    if obstacle := await session.get(LoginObstacle, user.guid):
        raise Refused(Refusal[obstacle.refusal])
    user.bad_logins, user.locked_until = 0, None
    token = secrets.token_urlsafe(24)
    await _replace_session(session, user, token, instant)
    return Answer(
        {
            "arenaSessionId": token,
            "arena_session_id": token,
            "workspaceId": WORKSPACE_ID,
            "workspaceName": WORKSPACE_NAME,
            "workspaceRequestLimit": daily_limit,
        }
    )


async def log_out(call: Call) -> Answer:
    """End the caller's session; a demo session stays."""
    token = call.request.headers["arena_session_id"]
    await call.session.execute(delete(UserSession).where(UserSession.token == token))
    return Answer()


async def caller(session: AsyncSession, token: str | None, instant: datetime) -> User:
    """Whose session a token is; being used keeps it alive.

    Raises:
        Refused: The token is missing, unknown, replaced, or idle for 90 minutes.
    """
    if token in DEMO_SESSIONS:
        return await session.get_one(User, DEMO_SESSIONS[token])
    by_token = select(UserSession, User).join(User).where(UserSession.token == token)
    found = (await session.execute(by_token)).one_or_none()
    if found is None or found[0].last_action <= arena_time(instant - IDLE_LIFE):
        raise Refused(Refusal.NO_SESSION)
    user_session, user = found
    user_session.last_action = arena_time(instant)
    return user


def _fits(user: User, body: dict[str, Any]) -> bool:
    password = str(body.get("password")).encode()
    right_password = hmac.compare_digest(user.password.encode(), password)
    return right_password and body.get("workspaceId") in (None, WORKSPACE_ID)


def _note_bad_login(user: User, instant: datetime) -> None:
    user.bad_logins += 1
    if user.bad_logins >= BAD_LOGINS_ALLOWED:
        user.bad_logins = 0
        user.locked_until = arena_time(instant + LOCK_TIME)


async def _replace_session(session: AsyncSession, user: User, token: str, instant: datetime) -> None:
    begun = {"token": token, "last_action": arena_time(instant)}
    first = insert(UserSession).values(user_guid=user.guid, **begun)
    await session.execute(first.on_conflict_do_update(index_elements=["user_guid"], set_=begun))
