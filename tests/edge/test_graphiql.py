import re
from html import unescape

import pytest
from edge_answers import refusal

from edge import EdgeSettings

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


async def test_a_browser_gets_the_page_with_the_default_query(connect, log):
    query = '{ echo(text: "</div>") }'
    async with connect(EdgeSettings(default_query=query)) as client:
        answer = await client.get("/graphql", headers=BROWSER)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    (shown,) = re.findall('data-default-query="([^"]*)"', answer.text)
    assert unescape(shown) == query
    assert log.contexts == 0


async def test_everything_the_page_loads_is_served_here(client):
    page = await client.get("/graphql", headers=BROWSER)
    files = re.findall('(?:src|href)="([^"]*)"', page.text)
    answers = [await client.get(f"/{file}") for file in files if not file.startswith("data:")]
    assert [answer.status_code for answer in answers] == [200] * 6


async def test_the_page_may_load_nothing_from_elsewhere(client):
    page = await client.get("/graphql", headers=BROWSER)
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; connect-src 'self'; ")
    assert "//" not in page.text + policy


async def test_a_browser_that_sends_a_query_gets_its_answer(client):
    answer = await client.get("/graphql", params={"query": "{ echo }"}, headers=BROWSER)
    assert answer.json() == {"data": {"echo": "hello"}}


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html;q=0, */*"])
async def test_only_who_asks_for_html_gets_the_page(client, accept):
    answer = await client.get("/graphql", headers={"accept": accept})
    assert refusal(answer) == (400, "INVALID_REQUEST")


async def test_the_page_can_be_turned_off(connect):
    async with connect(EdgeSettings(graphiql=False)) as client:
        answer = await client.get("/graphql", headers=BROWSER)
    assert refusal(answer) == (400, "INVALID_REQUEST")
