from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from edge.cross_site import CrossSiteGuard
from edge.crowd import Crowd
from edge.header_fields import CREDENTIALS, WISHES
from edge.last_resort import LastResort
from edge.request_ids import RequestIds
from edge.settings import EdgeSettings

_REQUEST_HEADERS = (*(name.decode() for name in (*CREDENTIALS, *sorted(WISHES))), "x-request-id")


def middleware(settings: EdgeSettings) -> list[Middleware]:
    """Returns what goes around the whole app, outermost first.

    CORS stands outside the last resort, so that an allowed origin can read a 500 as well.
    """
    cors = Middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=("GET", "POST"),
        allow_headers=_REQUEST_HEADERS,
        expose_headers=("etag", "retry-after", "x-request-id"),
    )
    return [
        Middleware(RequestIds),
        *([cors] if settings.allowed_origins else []),
        Middleware(LastResort),
        Middleware(CrossSiteGuard, allowed_origins=settings.allowed_origins),
        Middleware(Crowd, max_requests=settings.max_requests),
    ]
