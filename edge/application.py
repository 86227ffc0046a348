from starlette.applications import Starlette
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp


class Application(Starlette):
    """Starlette without its own answer to failures, of which `LastResort` leaves none but what the server sees to."""

    def build_middleware_stack(self) -> ASGIApp:
        outermost = super().build_middleware_stack()
        assert isinstance(outermost, ServerErrorMiddleware)  # noqa: S101 - as Starlette documents
        if outermost.handler or outermost.debug:
            raise ValueError("Failures are answered by LastResort: neither a handler for them nor debug has an effect.")
        return outermost.app
