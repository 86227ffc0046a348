import json
import re

import brotli
import pytest
from edge_answers import refusal

from edge import Example, GraphiQL, GraphiQLSettings

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGE = """<script id="settings" type="application/json">{settings}</script>
<script type="module" src="./graphiql/index-Cafe.js" nonce="{nonce}"></script>"""


@pytest.fixture
def built(tmp_path):
    """A folder with a page as npm builds it, and the file it loads."""
    (tmp_path / "graphiql").mkdir()
    (tmp_path / "graphiql" / "index-Cafe.js").write_text("export {};")
    (tmp_path / "index.html").write_text(PAGE)
    return tmp_path


@pytest.fixture
def browse(connect, built):
    """Opens the page as a browser does, with settings of GraphiQL."""

    async def browse(settings=GraphiQLSettings()):  # noqa: B008  # it is frozen
        async with connect(graphiql=GraphiQL(settings, built)) as client:
            return await client.get("/graphql", headers=BROWSER)

    return browse


async def test_a_browser_gets_the_page_with_its_settings(browse, log):
    example = Example("A title", 'query Mine { echo(text: "</script>{nonce}") }')
    answer = await browse(GraphiQLSettings(place="here", examples=(example,)))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    (told,) = re.findall('application/json">(.*)</script>', answer.text)
    assert json.loads(told) == {
        "place": "here",
        "keeps_secrets": False,
        "default_headers": "",
        "examples": [{"title": "A title", "query": example.query, "variables": "", "headers": ""}],
        "sessions": [],
    }
    assert log.contexts == 0


async def test_the_page_may_load_nothing_from_elsewhere_and_run_nothing_of_its_own(browse):
    page = await browse()
    policy = dict(directive.split(" ", 1) for directive in page.headers["content-security-policy"].split("; "))
    assert policy.pop("style-src-elem").startswith("'self' 'nonce-")
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "worker-src": "'self'",
        "connect-src": "'self'",
        "style-src-attr": "'unsafe-inline'",
        "font-src": "'self' data:",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


async def test_each_page_has_a_nonce_of_its_own(browse):
    nonces = set()
    for _ in range(2):
        page = await browse()
        (nonce,) = re.findall("'nonce-([^']*)'", page.headers["content-security-policy"])
        assert f'nonce="{nonce}"' in page.text
        nonces.add(nonce)
    assert len(nonces) == 2


async def test_a_browser_asks_for_the_page_each_time_and_for_its_files_once(connect, built):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), built)) as client:
        page = await client.get("/graphql", headers=BROWSER)
        file = await client.get("/graphiql/index-Cafe.js")
    assert page.headers["cache-control"] == "no-store"
    assert file.status_code == 200
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("accepted", "coding"), [("gzip, br", "br"), ("gzip, br;q=0", None)])
async def test_a_file_goes_out_as_the_browser_takes_it(connect, built, accepted, coding):
    (built / "graphiql" / "index-Cafe.js.br").write_bytes(brotli.compress(b"export {};"))
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), built)) as client:
        answer = await client.get("/graphiql/index-Cafe.js", headers={"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == coding
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.text == "export {};"


async def test_a_file_there_is_not_is_not_kept(connect, built):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), built)) as client:
        answer = await client.get("/graphiql/index-Dead.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


async def test_where_graphiql_is_not_built_a_browser_is_told_how_to_get_it(connect, tmp_path):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), tmp_path)) as client:
        answer = await client.get("/graphql", headers=BROWSER)
    assert answer.status_code == 503
    assert "Node 20.19 or later" in answer.text and "<code>make run</code>" in answer.text


async def test_where_graphiql_is_not_built_a_browser_is_told_how_to_ask_at_this_address(connect, tmp_path):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), tmp_path)) as client:
        answer = await client.get("/graphql", headers={**BROWSER, "host": "quality.test:8713"})
    assert "<code>curl 'http://quality.test:8713/graphql' -H" in answer.text


async def test_where_graphiql_is_not_built_requests_are_answered(connect, tmp_path):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), tmp_path)) as client:
        answer = await client.post("/graphql", json={"query": "{ echo }"})
    assert answer.json() == {"data": {"echo": "hello"}}


async def test_a_browser_that_sends_a_query_gets_its_answer(connect, built):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), built)) as client:
        answer = await client.get("/graphql", params={"query": "{ echo }"}, headers=BROWSER)
    assert answer.json() == {"data": {"echo": "hello"}}


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html;q=0, */*"])
async def test_only_who_asks_for_html_gets_the_page(connect, built, accept):
    async with connect(graphiql=GraphiQL(GraphiQLSettings(), built)) as client:
        answer = await client.get("/graphql", headers={"accept": accept})
    assert refusal(answer) == (400, "INVALID_REQUEST")


async def test_the_page_can_be_turned_off(client):
    answer = await client.get("/graphql", headers=BROWSER)
    assert refusal(answer) == (400, "INVALID_REQUEST")
