import asyncio
import logging
from http import HTTPStatus

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from edge.refusals import INTERNAL, Refusal, refuse
from edge.request_ids import is_answered, request_id

logger = logging.getLogger(__name__)


class LastResort:
    """Answers 500 in GraphQL's error shape for any exception nobody handled, and logs it once.

    A `CancelledError` counts too when nobody cancelled the request itself: it comes from a future the
    request shared with something that was cancelled.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        try:
            await self.app(scope, receive, send)
        except ClientDisconnect:
            return
        except (Exception, asyncio.CancelledError) as error:
            # Half an answer cannot be taken back: the server logs the error and closes the connection.
            if is_answered(scope) or (isinstance(error, asyncio.CancelledError) and _is_cancelled()):
                raise
            logger.exception("Request %s failed", request_id(scope))
            failure = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong in the service.", INTERNAL)
            await refuse(scope, failure)(scope, receive, send)


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
