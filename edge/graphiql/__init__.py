"""GraphiQL, the query editor in the browser, served whole from this folder."""

from html import escape
from pathlib import Path

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

_FOLDER = Path(__file__).parent

PAGE_HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    # GraphiQL's fonts and icons are data URLs, and its dialogs write style elements.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


def graphiql_page(default_query: str) -> str:
    """Returns GraphiQL's page, which opens with the default query in its editor."""
    page = (_FOLDER / "page.html").read_text(encoding="utf-8")
    return page.replace("{default_query}", escape(default_query))


def graphiql_routes() -> list[Mount]:
    """Returns the route of the files the page loads, `/graphiql`."""
    return [Mount("/graphiql", StaticFiles(directory=_FOLDER / "assets"))]
