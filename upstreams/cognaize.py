"""Cognaize's REST API: one method per endpoint, in our words."""

import hashlib
from collections.abc import Sequence

from upstreams import endpoints
from upstreams.bounds import Bounds
from upstreams.call import Call
from upstreams.cognaize_answers import read_completion, read_process, write_param
from upstreams.decoding import Answer
from upstreams.errors import System, Unauthenticated
from upstreams.records import Process, ProcessParam, ProcessStepCompletion
from upstreams.wire import Wire


class Cognaize:
    """Cognaize as one operation sees it: with its credentials and its bounds.

    Every method raises `UpstreamFailure` when there is no usable answer.

    Args:
        wire: The way there.
        authorization: The `Authorization` header to send, None when there is none.
        bounds: The operation's bounds.
    """

    def __init__(self, wire: Wire, authorization: str | None, bounds: Bounds) -> None:
        self._wire = wire
        self._authorization = authorization
        self._bounds = bounds

    @property
    def credential_name(self) -> str:
        """Tells apart who is asking, without the credential."""
        return "cognaize:" + hashlib.sha256((self._authorization or "").encode()).hexdigest()

    async def process(self, process_id: str) -> Process:
        """Cognaize: Find Process By ID; with all its steps."""
        return read_process(await self._send(Call(endpoints.PROCESS, (process_id,))))

    async def complete_step(self, process_step_id: str, params: Sequence[ProcessParam]) -> ProcessStepCompletion:
        """Cognaize: Complete Step."""
        body = {
            "processStepId": process_step_id,
            "params": {param.name: write_param(param) for param in params},
        }
        answer = await self._send(Call(endpoints.STEP_COMPLETIONS, body=body))
        return read_completion(answer, process_step_id)

    async def _send(self, call: Call) -> Answer:
        if not self._authorization:
            raise Unauthenticated(System.COGNAIZE, missing=True)
        if not (self._authorization.isascii() and self._authorization.isprintable()):
            raise Unauthenticated(System.COGNAIZE)  # no token anybody gave out, and none that can be sent
        return await self._wire.send(call, {"authorization": self._authorization}, self._bounds)
