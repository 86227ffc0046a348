from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from edge.refusals import RATE_LIMITED, Refusal, refuse

RETRY_SECONDS = 1


class Crowd:
    """Refuses GraphQL requests while as many as can be served at once are in flight; the probes always pass."""

    def __init__(self, app: ASGIApp, max_requests: int) -> None:
        """Takes the app to guard and how many requests it serves at once."""
        self.app = app
        self.max_requests = max_requests
        self.in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/graphql":
            await self.app(scope, receive, send)
            return
        if self.in_flight >= self.max_requests:
            refusal = Refusal(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many requests are in flight; try again in a moment.",
                RATE_LIMITED,
                headers={"retry-after": str(RETRY_SECONDS)},
            )
            await refuse(scope, refusal)(scope, receive, send)
            return
        self.in_flight += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.in_flight -= 1
