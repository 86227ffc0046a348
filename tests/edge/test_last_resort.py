import asyncio

import pytest
from edge_answers import refusal

from edge.last_resort import LastResort

pytestmark = pytest.mark.anyio


def scope():
    return {"type": "http", "headers": [], "state": {"request_id": "r-1"}}


@pytest.mark.parametrize("path", ["/crash", "/cancel"])
async def test_a_failure_nobody_handled_is_500_and_logged_once(client, caplog, path):
    answer = await client.get(path, headers={"x-request-id": "r-1"})
    assert refusal(answer) == (500, "INTERNAL")
    assert answer.json()["errors"][0]["message"] == "Something went wrong in the service."
    (record,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert record.getMessage() == "Request r-1 failed"
    assert record.exc_info


async def test_a_failure_half_way_through_an_answer_goes_on_to_the_server(client):
    with pytest.raises(RuntimeError, match="half way"):
        await client.get("/half")


async def test_a_request_that_is_cancelled_stays_cancelled():
    sent = []
    started = asyncio.Event()

    async def wait_for_ever(scope, receive, send):
        started.set()
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    request = asyncio.create_task(LastResort(wait_for_ever)(scope(), None, send))
    await started.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert sent == []


async def test_a_client_that_left_is_not_answered(caplog):
    from stub_service import make_app

    async def receive():
        return {"type": "http.disconnect"}

    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"content-type", b"application/json")]
    request = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}
    await make_app()(request, receive, send)
    assert (sent, caplog.records) == ([], [])


async def test_an_unknown_path_is_answered_in_json(client):
    answer = await client.get("/nowhere")
    assert refusal(answer) == (404, "INVALID_REQUEST")


async def test_a_method_a_path_does_not_know_is_answered_in_json(client):
    answer = await client.post("/health/live")
    assert refusal(answer) == (405, "INVALID_REQUEST")
