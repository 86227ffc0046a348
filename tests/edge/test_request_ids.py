import re

import pytest

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("request_id", ["a", "A0._:-z", "x" * 128])
async def test_a_sane_id_is_kept(client, request_id):
    answer = await client.get("/health/live", headers={"x-request-id": request_id})
    assert answer.headers.get_list("x-request-id") == [request_id]


@pytest.mark.parametrize("request_id", ["", "x" * 129, "a b", "a\n", "<script>", "é".encode()])
async def test_any_other_id_is_replaced(client, request_id):
    answer = await client.get("/health/live", headers={"x-request-id": request_id})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


async def test_ids_differ_from_request_to_request(client):
    first, second = await client.get("/health/live"), await client.get("/health/live")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_the_first_of_several_ids_is_kept(client):
    answer = await client.get("/health/live", headers=[("x-request-id", "first"), ("x-request-id", "second")])
    assert answer.headers.get_list("x-request-id") == ["first"]
