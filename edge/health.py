from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def health_routes(why_not_ready: Callable[[], str | None]) -> list[Route]:
    """Returns the probes' routes, `/health/live` and `/health/ready`.

    Args:
        why_not_ready: Returns the reason to send no requests here now, or None to send them.
    """

    async def live(request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> JSONResponse:
        reason = why_not_ready()
        if reason is None:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "unavailable", "reason": reason}, status_code=503)

    return [Route("/health/live", live), Route("/health/ready", ready)]
