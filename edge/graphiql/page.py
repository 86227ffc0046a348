from html import escape
from http import HTTPStatus
from pathlib import Path
from secrets import token_urlsafe

import orjson
from starlette.datastructures import URL
from starlette.responses import HTMLResponse
from starlette.routing import Mount
from starlette.types import Scope

from edge.graphiql.files import BuiltFiles
from edge.graphiql.settings import GraphiQLSettings

FOLDER = Path(__file__).parent

# Monaco lays its lines out by style attributes in the HTML it writes, which neither nonce nor hash can let in.
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src-elem 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; font-src 'self' data:; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}


class GraphiQL:
    """GraphiQL's page and the files it loads; where they are not built, a page that says how to build them."""

    def __init__(self, settings: GraphiQLSettings, built: Path = FOLDER / "dist") -> None:
        """Takes what the page is told, and the folder GraphiQL is built into."""
        page = built / "index.html"
        self._files = built / "graphiql"
        self._is_built = page.exists()
        self._page = (page if self._is_built else FOLDER / "missing.html").read_text(encoding="utf-8")
        self._settings = orjson.dumps(settings).decode().replace("<", "\\u003c")  # no "</script>" of theirs ends it

    def page(self, scope: Scope) -> HTMLResponse:
        """Returns the page; each has a nonce of its own for the style elements that the editor writes."""
        nonce = token_urlsafe()
        address = escape(str(URL(scope={**scope, "query_string": b""})))
        return HTMLResponse(
            self._page.replace("{nonce}", nonce).replace("{address}", address).replace("{settings}", self._settings),
            HTTPStatus.OK if self._is_built else HTTPStatus.SERVICE_UNAVAILABLE,
            {**HEADERS, "content-security-policy": POLICY.replace("{nonce}", nonce)},
        )

    def routes(self) -> list[Mount]:
        """Returns the route of the files, `/graphiql`; there is none before they are built."""
        return [Mount("/graphiql", BuiltFiles(directory=self._files))] if self._is_built else []
