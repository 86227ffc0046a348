"""Delegates: the outside parties that work on started steps."""

import asyncio
import ssl
from dataclasses import dataclass
from functools import cache

import httpx

from sandbox.cognaize.answers import Details, PreconditionFailed
from sandbox.cognaize.params import Params

CALL_DEADLINE_SECONDS = 2.0


@dataclass(frozen=True)
class Delegate:
    """A kind of delegate.

    Attributes:
        workflow_params: Names a workflow step must hold for it.
        process_params: Names a process must hold when a step is handed to it.
        url_param: Name of the workflow param with the address to call, if it has one.
    """

    workflow_params: tuple[str, ...] = ()
    process_params: tuple[str, ...] = ()
    url_param: str | None = None

    def url(self, params: Params) -> str | None:
        """The address to call, if the params hold one."""
        if self.url_param is None or self.url_param not in params:
            return None
        url: str | None = params[self.url_param]["strValue"]
        return url


DELEGATES = {
    "GATEKEEPER": Delegate(("gatekeeperUrl",), ("documentId",), "gatekeeperUrl"),
    "MODEL": Delegate(("modelUrl",), (), "modelUrl"),
    "DISTRIBUTION": Delegate(("taskDefinitionId",)),
}


def require(names: tuple[str, ...], params: Params, delegate: str, field: str = "params") -> None:
    """Make sure that a delegate gets what it needs.

    Raises:
        PreconditionFailed: With a reason for each name that the params lack.
    """
    missing: Details = {f"{field}.{name}": {"missing": f"{delegate} needs it."} for name in names if name not in params}
    if missing:
        raise PreconditionFailed(missing)


async def call(url: str, notice: dict[str, object], transport: httpx.AsyncBaseTransport | None) -> str:
    """Tell a delegate about the step it is to work on.

    Args:
        url: Where the delegate listens.
        notice: The JSON to post: `processId`, `processStepId` and `params`.
        transport: How to get there; none for the network.

    Returns:
        The HTTP status of the delegate's answer, or why there is none. Nothing is raised.
    """
    try:
        async with (
            asyncio.timeout(CALL_DEADLINE_SECONDS),
            httpx.AsyncClient(transport=transport, verify=_tls(), trust_env=False) as client,
        ):
            response = await client.post(url, json=notice)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError, OverflowError) as error:
        return f"failed: {type(error).__name__}"
    return str(response.status_code)


@cache
def _tls() -> ssl.SSLContext:
    # Loading the certificates takes longer than the call itself.
    return ssl.create_default_context()
