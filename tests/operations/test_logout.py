"""Logging out: the session of the request ends, and no other."""

import httpx
import pytest

from operations.logins import LOGOUT_CALL, log_in, log_out
from operations.stand_ins import answering
from sandbox.arena.story import ticket_guids

pytestmark = pytest.mark.anyio

READ = f'{{ ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ __typename ... on OperationError {{ code }} }} }}'
READ_CALL = f"GET /tickets/{ticket_guids.PAINT_TICKET}"


async def test_a_logout_ends_the_session_of_the_request(door):
    door.headers["arena_session_id"] = (await log_in(door, "member"))["sessionId"]
    door.calls.clear()
    assert await log_out(door) == {"__typename": "LogoutSuccess", "outcome": "ENDED"}
    assert door.calls == [LOGOUT_CALL]
    assert (await door.data(READ))["ticket"]["code"] == "SESSION_EXPIRED"


async def test_a_logout_may_be_sent_again(door):
    await log_out(door)
    assert await log_out(door) == {"__typename": "LogoutSuccess", "outcome": "ALREADY_ENDED"}


async def test_a_logout_leaves_the_sessions_of_others_alone(door):
    member = await door.log_in("member")
    await log_out(door)
    door.headers["arena_session_id"] = member
    assert (await door.data(READ))["ticket"]["__typename"] == "Ticket"


async def test_the_services_own_session_is_never_ended(door):
    door.headers.clear()
    await door.data(READ)
    door.calls.clear()
    answer = await log_out(door)
    assert (answer["__typename"], answer["code"]) == ("UnauthenticatedError", "SESSION_MISSING")
    assert (await door.data(READ))["ticket"]["__typename"] == "Ticket"
    assert door.calls == [READ_CALL]


@pytest.mark.parametrize(("session", "code"), [("", "SESSION_MISSING"), ("schl\xfcssel", "SESSION_EXPIRED")])
async def test_what_can_be_no_session_is_not_sent(door, session, code):
    door.headers["arena_session_id"] = session.encode("latin-1")
    answer = await log_out(door)
    assert (answer["__typename"], answer["code"]) == ("UnauthenticatedError", code)
    assert door.calls == []


async def test_a_logout_counts_and_is_refused_when_the_days_calls_are_spent(opened):
    async with opened(daily_limit=0) as door:
        answer = await log_out(door)
        assert (answer["__typename"], answer["retry"]["kind"]) == ("RateLimitedError", "SAFE_LATER")


def break_off(_request):
    raise httpx.ReadError("reset")


@pytest.mark.parametrize(
    ("answer", "code", "kind"),
    [
        (break_off, "OUTCOME_UNKNOWN", "SAFE_NOW"),
        (lambda _: httpx.Response(504), "OUTCOME_UNKNOWN", "SAFE_LATER"),
        (lambda _: httpx.Response(500), "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (lambda _: httpx.Response(403), "UPSTREAM_REJECTED", "NEVER"),
    ],
)
async def test_a_logout_without_a_usable_answer_is_told_and_not_sent_again(opened, answer, code, kind):
    async with opened(wrap=answering(answer)) as door:
        told = await log_out(door)
        assert (told["code"], told["retry"]["kind"]) == (code, kind)
        assert door.calls == [LOGOUT_CALL]
