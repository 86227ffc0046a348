import pytest

pytestmark = pytest.mark.anyio

TICKETS = "{ tickets(first: 20) { nodes { guid number title } } }"
GZIP = {"accept-encoding": "gzip"}


@pytest.mark.parametrize(("compression", "coding"), [(True, "gzip"), (False, None)])
async def test_answers_are_compressed_unless_a_setting_says_no(opened, compression, coding):
    async with opened(settings={"compression": compression}) as door:
        answer = await door.post(TICKETS, **GZIP)
    assert answer.headers.get("content-encoding") == coding
    assert answer.json()["data"]["tickets"]["nodes"]
