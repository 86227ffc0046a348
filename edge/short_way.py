from collections.abc import Awaitable

from starlette.types import ASGIApp, Receive, Scope, Send


class ShortWay:
    """Leads HTTP requests for one path past the router, which takes a tenth of the time of an answer."""

    def __init__(self, app: ASGIApp, path: str, endpoint: ASGIApp) -> None:
        """Takes the app for everything else, and the path with what answers there."""
        self.app = app
        self.path = path
        self.endpoint = endpoint

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        is_there = scope["type"] == "http" and scope["path"] == self.path
        return (self.endpoint if is_there else self.app)(scope, receive, send)
