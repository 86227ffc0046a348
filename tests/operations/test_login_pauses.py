"""Failed logins slow down the next ones, before a REST call is sent, and spare the user whose password is guessed."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from operations.logins import LOGIN, LOGIN_CALL, log_in
from operations.stand_ins import answering
from resolvers.login_throttle import MAX_KEPT, LoginThrottle
from resolvers.refusals import Refused

pytestmark = pytest.mark.anyio

OFFICE, HOME, ELSEWHERE = "203.0.113.5", "198.51.100.7", "192.0.2.9"


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self):
        self.instant = datetime(2026, 5, 12, 9, 30, tzinfo=UTC)

    def __call__(self):
        return self.instant

    def advance(self, seconds):
        self.instant += timedelta(seconds=seconds)

    def in_seconds(self, moment):
        """How many seconds ahead a moment of an answer is."""
        return (datetime.fromisoformat(moment) - self.instant).total_seconds()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def door(opened, clock):
    async with opened(clock=clock) as door:
        yield door


async def fail(door, name="member"):
    assert (await log_in(door, name, "wrong"))["code"] == "INVALID_CREDENTIALS"


async def pause(door, clock, name="member"):
    """How long the next try has to wait, which is told without a call; 0 when it was let through, and failed."""
    calls = len(door.calls)
    answer = await log_in(door, name, "wrong")
    if answer["code"] != "RATE_LIMITED":
        return 0
    assert (answer["__typename"], answer["retry"]["kind"], len(door.calls)) == ("RateLimitedError", "SAFE_LATER", calls)
    return clock.in_seconds(answer["retry"]["after"])


async def test_every_failure_makes_the_next_try_wait_longer_up_to_five_minutes(opened, clock):
    def refuse(_request):  # as Arena does when it locks nobody
        return httpx.Response(400, json={"status": 400, "errors": [{"code": 4001, "message": "No."}]})

    async with opened(clock=clock, wrap=answering(refuse)) as door:
        pauses = []
        for _ in range(7):
            await fail(door)
            pauses.append(await pause(door, clock))
            clock.advance(pauses[-1])
    assert pauses == [1, 5, 15, 60, 300, 300, 300]


async def test_a_try_that_has_to_wait_does_not_make_the_next_one_wait_longer(door, clock):
    await fail(door)
    assert [await pause(door, clock) for _ in range(5)] == [1] * 5


async def test_the_right_password_has_to_wait_as_well(door, clock):
    await fail(door)
    assert (await log_in(door, "member"))["code"] == "RATE_LIMITED"
    clock.advance(1)
    assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"


async def test_a_login_forgets_the_failures_before_it(door, clock):
    await fail(door)
    clock.advance(1)
    await log_in(door, "member")
    await fail(door)
    assert await pause(door, clock) == 1


async def test_failures_are_forgotten_after_an_hour(door, clock):
    await fail(door)
    clock.advance(1)
    await fail(door)
    clock.advance(3601)
    await fail(door)
    assert await pause(door, clock) == 1


@pytest.mark.parametrize("spelled", ["MEMBER@sandbox.test", " member@sandbox.test ", "\uff4dember@sandbox.test"])
async def test_another_spelling_of_the_email_does_not_help(door, clock, spelled):
    await fail(door)
    answer = await log_in(door, "member", email=spelled)
    assert (answer["code"], door.calls) == ("RATE_LIMITED", [LOGIN_CALL])


async def test_another_address_does_not_help(door, clock):
    await fail(door)
    door.move_to(ELSEWHERE)
    assert await pause(door, clock) == 1


async def test_other_users_do_not_wait(door):
    await fail(door)
    assert (await log_in(door, "viewer"))["__typename"] == "LoginSuccess"


async def test_a_user_does_not_wait_at_a_known_address_for_those_who_guess_elsewhere(door, clock):
    door.move_to(HOME)
    await log_in(door, "member")
    door.move_to(ELSEWHERE)
    for seconds in (1, 5, 15):
        await fail(door)
        clock.advance(seconds)
    await fail(door)
    assert await pause(door, clock) == 60
    door.move_to(HOME)
    assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"


async def test_a_login_at_a_known_address_does_not_help_those_who_guess_elsewhere(door, clock):
    door.move_to(HOME)
    await log_in(door, "member")
    door.move_to(ELSEWHERE)
    await fail(door)
    door.move_to(HOME)
    await log_in(door, "member")
    door.move_to(ELSEWHERE)
    assert await pause(door, clock) == 1


async def test_a_known_address_waits_after_failures_of_its_own(door, clock):
    await log_in(door, "member")
    await fail(door)
    assert await pause(door, clock) == 1


async def test_tries_at_once_do_not_slip_through_together(door):
    answers = await asyncio.gather(*(log_in(door, "member", "wrong") for _ in range(5)))
    assert sorted(answer["code"] for answer in answers) == ["INVALID_CREDENTIALS", *["RATE_LIMITED"] * 4]
    assert door.calls == [LOGIN_CALL]


async def test_an_address_that_fails_for_many_users_has_to_wait_for_all_of_them(door, clock):
    door.move_to(ELSEWHERE)
    for number in range(21):
        await fail(door, f"user{number}")
    assert await pause(door, clock, "another") == 1
    assert await pause(door, clock, "member") == 1
    door.move_to(HOME)
    assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"


async def test_whoever_is_known_at_an_address_does_not_wait_for_the_others_there(door):
    door.move_to(OFFICE)
    await log_in(door, "viewer")
    for number in range(21):
        await fail(door, f"user{number}")
    assert (await log_in(door, "viewer"))["__typename"] == "LoginSuccess"


async def test_logins_that_succeed_are_no_failures_of_an_address(door):
    door.move_to(OFFICE)
    for _ in range(30):
        assert (await log_in(door, "viewer"))["__typename"] == "LoginSuccess"
    await fail(door)
    assert (await log_in(door, "kenji"))["__typename"] == "LoginSuccess"


async def test_addresses_of_one_ipv6_network_count_together(door, clock):
    for number in range(21):
        door.move_to(f"2001:db8:0:1::{number:x}")
        await fail(door, f"user{number}")
    door.move_to("2001:db8:0:1:ffff::1")
    assert await pause(door, clock, "another") == 1
    door.move_to("2001:db8:0:2::1")
    assert await pause(door, clock, "another") == 0


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.Response(503), httpx.Response(429), httpx.Response(404)])
async def test_what_is_arenas_trouble_makes_nobody_wait(opened, clock, answer):
    async with opened(clock=clock, wrap=answering(lambda _: answer)) as door:
        first, second = [(await log_in(door, "member"))["code"] for _ in range(2)]
        assert first == second
        assert len(door.calls) == 2


async def test_input_that_cannot_be_right_makes_nobody_wait(door):
    for _ in range(3):
        await log_in(door, "member", "")
    assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"


async def test_arena_locks_nobody_for_tries_in_quick_succession(door):
    for _ in range(10):
        await door.data(LOGIN, input={"email": "member@sandbox.test", "password": "wrong"})
    await door.become("member")  # five bad tries would have locked the user


def test_what_is_remembered_is_bounded():
    clock = Clock()
    throttle = LoginThrottle(clock)
    for number in range(MAX_KEPT + 50):
        throttle.begin(
            f"user{number}@sandbox.test", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        ).succeeded()
        throttle.begin(f"other{number}@sandbox.test", None).failed()
    assert (len(throttle._lanes), len(throttle._known)) == (MAX_KEPT, MAX_KEPT)
    with pytest.raises(Refused):
        throttle.begin(f"other{MAX_KEPT}@sandbox.test", None)


def test_tries_that_have_to_wait_push_nothing_out_of_what_is_remembered():
    throttle = LoginThrottle(Clock())
    throttle.begin("user@sandbox.test", HOME).failed()
    for number in range(21):
        throttle.begin(f"other{number}@sandbox.test", ELSEWHERE).failed()
    for number in range(MAX_KEPT):
        with pytest.raises(Refused):
            throttle.begin(f"nobody{number}@sandbox.test", ELSEWHERE)
    with pytest.raises(Refused):
        throttle.begin("user@sandbox.test", OFFICE)


def test_what_is_remembered_holds_no_email():
    throttle = LoginThrottle(Clock())
    throttle.begin("user@sandbox.test", HOME).failed()
    throttle.begin("other@sandbox.test", HOME).succeeded()
    assert "sandbox.test" not in " ".join([*throttle._lanes, *throttle._known])


def test_a_try_that_came_to_nothing_does_not_end_the_pause_of_another():
    clock = Clock()
    throttle = LoginThrottle(clock)
    slow = throttle.begin("user@sandbox.test", HOME)
    clock.advance(1)
    throttle.begin("user@sandbox.test", HOME).failed()
    slow.came_to_nothing()
    with pytest.raises(Refused):
        throttle.begin("user@sandbox.test", HOME)
