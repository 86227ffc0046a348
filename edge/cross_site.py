from collections.abc import Awaitable
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from edge.header_fields import header_fields
from edge.refusals import Refusal, refuse


class CrossSiteGuard:
    """Refuses what a browser sends for a page of another site, known origins aside; links to here may be followed.

    Such a page can read no answer; but where the service acts by a session of its own, every query spends calls.
    """

    def __init__(self, app: ASGIApp, allowed_origins: tuple[str, ...]) -> None:
        """Takes the app to guard and the origins whose pages may send requests to it."""
        self.app = app
        self.allowed_origins = allowed_origins

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        is_cross_site = scope["type"] == "http" and header_fields(scope).get(b"sec-fetch-site") == b"cross-site"
        if is_cross_site and not self._is_allowed(scope):
            refusal = Refusal(HTTPStatus.FORBIDDEN, "Pages of other sites may not send this request.")
            return refuse(scope, refusal)(scope, receive, send)
        return self.app(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        fields = header_fields(scope)
        if scope["method"] in ("GET", "HEAD") and fields.get(b"sec-fetch-dest") == b"document":
            return True
        origin = fields.get(b"origin", b"").decode("latin-1")
        return "*" in self.allowed_origins or origin in self.allowed_origins
