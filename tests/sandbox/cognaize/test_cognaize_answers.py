import pytest

from sandbox.cognaize.story import FRESH_PROCESS_ID, step_id
from sandbox.store import drop_tables

pytestmark = pytest.mark.anyio


async def test_every_answer_is_stamped_with_milliseconds(cognaize):
    answer = (await cognaize.client.get(f"/processes/{FRESH_PROCESS_ID}")).json()

    assert sorted(answer) == ["data", "message", "timestamp", "version"]
    assert answer["timestamp"] == "2025-06-02T09:30:00.123Z"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic let-me-in"},
        {"Authorization": "let-me-in"},
    ],
)
async def test_without_the_token_nothing_happens(cognaize, headers):
    body = {"processStepId": step_id(FRESH_PROCESS_ID, 1)}

    answer = await cognaize.client.post("/processes/complete-step", json=body, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["message"] == "Unauthorized request"
    assert isinstance(answer.json()["data"], str)
    assert await cognaize.statuses(FRESH_PROCESS_ID) == ["STARTED", "PENDING", "PENDING"]


async def test_an_unknown_path_is_answered_in_the_envelope(cognaize):
    answer = await cognaize.client.get("/nothing/here")

    assert answer.status_code == 404
    assert answer.json()["message"] == "Not Found"


async def test_a_wrong_method_is_answered_in_the_envelope(cognaize):
    answer = await cognaize.client.delete(f"/processes/{FRESH_PROCESS_ID}")

    assert answer.status_code == 405
    assert answer.json()["message"] == "Method Not Allowed"
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"x": NaN}', b'"\xff"', b'{"x": "\\ud800"}', b"[" * 100_000, b"1" * 6_000],
)
async def test_a_body_that_is_no_json_object_is_refused(cognaize, content):
    answer = await cognaize.client.post("/processes/complete-step", content=content)

    assert answer.status_code == 412
    assert list(answer.json()["data"]["body"]) == ["invalid"]


async def test_a_failure_of_the_sandbox_is_told_without_its_cause(cognaize, store):
    async with store.transaction() as session:
        await drop_tables(session)

    answer = await cognaize.client.get(f"/processes/{FRESH_PROCESS_ID}")

    assert answer.status_code == 500
    assert answer.json()["message"] == "Internal Server Error"
    assert answer.json()["data"] == "An unexpected error occurred."
