import pytest
from arena_caller import Arena, refusal

pytestmark = pytest.mark.anyio


async def test_login_answers_the_token_under_both_names_and_the_workspace(arena):
    login = (await arena.log_in("member")).json()
    assert login["arenaSessionId"] == login["arena_session_id"]
    assert {name: value for name, value in login.items() if "ession" not in name} == {
        "workspaceId": 898731002,
        "workspaceName": "Fjordlys Instruments",
        "workspaceRequestLimit": 25000,
    }


async def test_login_takes_the_workspace_id(arena):
    assert (await arena.log_in("member", workspaceId=898731002)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"email": "owner@sandbox.test", "password": "wrong"},
        {"email": "nobody@sandbox.test", "password": "sandbox"},
        {"email": "owner@sandbox.test", "password": "sandbox", "workspaceId": 1},
        {"email": "owner@sandbox.test"},
        {},
    ],
)
async def test_a_login_that_does_not_fit_is_refused_and_leaves_the_session_alive(arena, body):
    assert refusal(await arena.post("/login", body)) == (400, 4001)
    assert (await arena.get("/qualityprocesses")).status_code == 200


async def test_a_supplier_is_refused(arena, arena_2023):
    assert refusal(await arena.log_in("supplier")) == (400, 4012)
    assert refusal(await arena_2023.log_in("supplier")) == (400, 4082)


async def test_a_disabled_user_is_refused(arena):
    assert refusal(await arena.log_in("soren")) == (400, 4012)


@pytest.mark.parametrize(
    ("name", "seed_code", "unique_code"),
    [("expired", 4011, 4081), ("without-api", 4009, 4079), ("locked", 4013, 4083)],
)
async def test_a_demo_user_who_is_kept_out_is_refused_with_the_right_password(
    arena, arena_2023, name, seed_code, unique_code
):
    assert refusal(await arena.log_in(name)) == (400, seed_code)
    assert refusal(await arena_2023.log_in(name)) == (400, unique_code)


@pytest.mark.parametrize("name", ["expired", "without-api"])
async def test_nobody_learns_what_keeps_a_user_out_without_the_password(arena, name):
    assert refusal(await arena.log_in(name, "wrong")) == (400, 4001)


async def test_five_bad_attempts_lock_a_user_for_five_minutes(arena, arena_2023, clock):
    for _ in range(5):
        assert refusal(await arena.log_in("member", "wrong")) == (400, 4001)
    assert refusal(await arena.log_in("member")) == (400, 4013)
    assert refusal(await arena_2023.log_in("member")) == (400, 4083)
    clock.advance(minutes=5)
    assert (await arena.log_in("member")).status_code == 200


async def test_a_good_login_forgets_the_bad_attempts_before_it(arena):
    for password in ["wrong"] * 4 + ["sandbox"] + ["wrong"] * 4:
        await arena.log_in("member", password)
    assert (await arena.log_in("member")).status_code == 200


async def test_a_call_without_a_session_is_refused(arena):
    del arena.client.headers["arena_session_id"]
    assert refusal(await arena.get("/qualityprocesses")) == (401, 401)


async def test_logging_out_answers_nothing_and_ends_the_session(arena):
    answer = await arena.put("/logout", {})
    assert (answer.status_code, answer.content) == (200, b"")
    assert refusal(await arena.get("/qualityprocesses")) == (401, 401)
    assert refusal(await arena.put("/logout", {})) == (401, 401)


async def test_a_second_login_of_a_user_ends_the_first(arena):
    first = arena.client.headers["arena_session_id"]
    await arena.log_in("owner")
    assert (await arena.get("/qualityprocesses")).status_code == 200
    arena.client.headers["arena_session_id"] = first
    assert refusal(await arena.get("/qualityprocesses")) == (401, 401)


async def test_logins_of_two_users_live_side_by_side(arena):
    first = arena.client.headers["arena_session_id"]
    await arena.log_in("member")
    arena.client.headers["arena_session_id"] = first
    assert (await arena.get("/qualityprocesses")).status_code == 200


async def test_a_session_lives_as_long_as_it_is_used(arena, clock):
    for _ in range(3):
        clock.advance(minutes=89)
        assert (await arena.get("/qualityprocesses")).status_code == 200


async def test_a_session_dies_after_ninety_idle_minutes(arena, clock):
    clock.advance(minutes=90)
    assert refusal(await arena.get("/qualityprocesses")) == (401, 401)


async def test_a_session_outlives_a_restart(sandbox):
    async with sandbox() as client:
        await Arena(client).log_in()
        headers = dict(client.headers)
    async with sandbox() as client:
        client.headers.update(headers)
        assert (await Arena(client).get("/qualityprocesses")).status_code == 200


@pytest.mark.parametrize("token", ["demo-owner", "demo-assignee", "demo-member", "demo-viewer"])
async def test_a_demo_session_outlives_idleness_and_logins(arena, clock, token):
    clock.advance(minutes=91)
    await arena.log_in(token.removeprefix("demo-"))
    arena.client.headers["arena_session_id"] = token
    assert (await arena.get("/qualityprocesses")).status_code == 200


async def test_using_a_demo_session_or_logging_out_of_it_ends_nobodys_session(arena):
    own = arena.client.headers["arena_session_id"]
    arena.client.headers["arena_session_id"] = "demo-owner"
    assert (await arena.put("/logout", {})).status_code == 200
    assert (await arena.get("/qualityprocesses")).status_code == 200
    arena.client.headers["arena_session_id"] = own
    assert (await arena.get("/qualityprocesses")).status_code == 200
