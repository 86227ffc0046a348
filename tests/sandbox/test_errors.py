import pytest
from arena_caller import refusal
from sqlalchemy.exc import OperationalError

from sandbox.arena import door, routes, status_changes
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

STATUS_CHANGES = "/qualityprocesses/statuschanges"

NO_JSON_VALUE = [b'"\\ud800"', b'"\\udc00x"', b'"\xed\xa0\x80"', b"NaN", b"Infinity", b"-Infinity", b"1e999"]


async def test_an_unknown_address_is_refused_in_the_envelope(arena):
    assert refusal(await arena.get("/qualityprocesses/a/b/c/d")) == (404, 404)


async def test_a_wrong_method_is_refused_in_the_envelope(arena):
    assert refusal(await arena.put("/login", {})) == (405, 405)
    assert refusal(await arena.delete("/settings/users")) == (405, 405)


async def test_a_trailing_slash_is_tolerated(arena):
    assert await arena.read("/qualityprocesses/") == await arena.read("/qualityprocesses")
    assert await arena.read("/items/") == {"count": 0, "results": []}


async def test_an_empty_object_in_the_body_of_a_read_is_tolerated(arena):
    answer = await arena.client.request("GET", "/qualityprocesses", json={})
    assert answer.json()["count"] == 20


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(arena, content):
    headers = {"content-type": "application/json"}
    assert refusal(await arena.client.post(STATUS_CHANGES, content=content, headers=headers)) == (400, 400)
    assert refusal(await arena.client.post("/login", content=content, headers=headers)) == (400, 400)


@pytest.mark.parametrize("value", NO_JSON_VALUE)
async def test_a_comment_that_is_no_json_changes_nothing(arena, value):
    target = f'"qualityProcess": {{"guid": "{guids.RICH_PROCESS}", "step": {{"guid": "{guids.ASSIGNED_STEP}"}}}}'
    content = f'{{{target}, "complete": true, "comment": '.encode() + value + b"}"
    headers = {"content-type": "application/json"}
    assert refusal(await arena.client.post(STATUS_CHANGES, content=content, headers=headers)) == (400, 400)
    assert (await arena.step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "OPEN"


@pytest.mark.parametrize("name", ["email", "password"])
@pytest.mark.parametrize("value", NO_JSON_VALUE)
async def test_a_login_with_what_is_no_json_leaves_the_session_alive(arena, name, value):
    others = b'"email": "owner@sandbox.test", "password": "sandbox"'
    content = b"{" + others + f', "{name}": '.encode() + value + b"}"
    headers = {"content-type": "application/json"}
    assert refusal(await arena.client.post("/login", content=content, headers=headers)) == (400, 400)
    assert (await arena.get("/qualityprocesses")).status_code == 200


async def test_half_a_surrogate_pair_in_a_guid_is_refused(arena):
    content = b'{"qualityProcess": {"guid": "\\ud800"}, "complete": true}'
    headers = {"content-type": "application/json"}
    assert refusal(await arena.client.post(STATUS_CHANGES, content=content, headers=headers)) == (400, 400)


@pytest.mark.parametrize("headers", [{}, {"content-type": "text/plain"}])
async def test_a_body_without_the_json_content_type_is_refused(arena, headers):
    assert refusal(await arena.client.post(STATUS_CHANGES, content=b"{}", headers=headers)) == (415, 415)


async def test_a_content_type_with_a_character_set_is_accepted(arena):
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    answer = await arena.client.post(STATUS_CHANGES, content=b"{}", headers=headers)
    assert refusal(answer) == (400, 3001)


async def test_the_session_is_looked_at_before_the_body(arena):
    arena.client.headers["arena_session_id"] = "unknown"
    assert refusal(await arena.client.post(STATUS_CHANGES, content=b"{")) == (401, 401)


async def test_a_fault_of_our_own_is_told_in_the_envelope_and_counts(sandbox, monkeypatch, caplog):
    async def fail(_call):
        raise ZeroDivisionError

    monkeypatch.setattr(routes, "log_out", fail)
    async with sandbox(daily_limit=3) as client:
        login = await client.post("/login", json={"email": "owner@sandbox.test", "password": "sandbox"})
        client.headers["arena_session_id"] = login.json()["arenaSessionId"]
        answer = await client.put("/logout")
    assert refusal(answer) == (500, 500)
    assert answer.headers["X-Arena-Requests-Remaining"] == "2"
    assert caplog.messages == ["PUT /arena/v1/logout failed"]


async def test_a_change_that_cannot_be_answered_is_not_made_and_counts(arena, monkeypatch, caplog):
    with monkeypatch.context() as patched:
        patched.setattr(status_changes, "_answer", lambda *_arguments: {"comment": "\ud800"})
        answer = await arena.change_step(guids.RICH_PROCESS, guids.ASSIGNED_STEP)
    assert refusal(answer) == (500, 500)
    assert answer.headers["X-Arena-Requests-Remaining"] == "24999"
    assert caplog.messages == ["POST /arena/v1/qualityprocesses/statuschanges failed"]
    assert (await arena.step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_a_fault_before_anybody_is_admitted_is_told_in_the_envelope(arena, monkeypatch, caplog):
    async def fail(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(door, "count_call", fail)
    answer = await arena.get("/qualityprocesses")
    assert refusal(answer) == (500, 500)
    assert answer.headers["server"] == "ArenaSolutions"
    assert answer.headers["X-Arena-Requests-Remaining"] == "25000"
    assert caplog.messages == ["GET /arena/v1/qualityprocesses failed"]


async def test_a_store_that_stays_locked_is_told_in_the_envelope(arena, monkeypatch):
    async def wait_in_vain(*_arguments):
        raise OperationalError("BEGIN IMMEDIATE", None, Exception("database is locked"))

    monkeypatch.setattr(door, "count_call", wait_in_vain)
    monkeypatch.setattr(door, "present_budget", wait_in_vain)
    assert refusal(await arena.get("/qualityprocesses")) == (503, 503)
    assert refusal(await arena.log_in()) == (503, 503)


async def test_answers_are_json_in_utf_8(arena):
    answer = await arena.get(f"/qualityprocesses/{guids.RICH_PROCESS}")
    assert answer.headers["content-type"] == "application/json"
    assert "Tromsø".encode() in answer.content
