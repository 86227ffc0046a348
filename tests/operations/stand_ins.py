"""Far sides that say what the sandbox never says: transports that answer in its place, or change its words."""

import json

import httpx


class StandIn(httpx.AsyncBaseTransport):
    """Answers with `answer(request)`; where that is None, the sandbox answers."""

    def __init__(self, inner, answer):
        self.inner = inner
        self.answer = answer

    async def handle_async_request(self, request):
        return self.answer(request) or await self.inner.handle_async_request(request)


class Editor(httpx.AsyncBaseTransport):
    """Lets the sandbox answer, and changes the bodies of successes at one path in place with `edit(body)`."""

    def __init__(self, inner, path, edit):
        self.inner = inner
        self.path = path
        self.edit = edit

    async def handle_async_request(self, request):
        response = await self.inner.handle_async_request(request)
        if not request.url.path.endswith(self.path) or response.is_error:
            return response
        body = json.loads(await response.aread())
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return httpx.Response(response.status_code, json=self.edit(body) or body, headers=headers)


def answering(answer):
    """A `wrap` for `opened` with which `answer(request)` answers in place of the sandbox, where it gives anything."""
    return lambda _system, transport: StandIn(transport, answer)


def editing(path, edit):
    """A `wrap` for `opened` with which the sandbox's answers at a path are changed by `edit(body)`."""
    return lambda _system, transport: Editor(transport, path, edit)


def refusal(status, code, message="No."):
    """A refusal as Arena words it."""
    return httpx.Response(status, json={"status": status, "errors": [{"code": code, "message": message}]})


def rows(*found):
    """A list as Arena answers it."""
    return httpx.Response(200, json={"count": len(found), "results": list(found)})


def big_list(request, path, size):
    """A page of a list of so many rows, `ROW0` and so on; None at other paths."""
    if not request.url.path.endswith(path):
        return None
    query = request.url.params
    first = int(query["offset"])
    last = min(first + int(query["limit"]), size)
    return rows(*({"guid": f"ROW{number}", "number": f"N-{number}"} for number in range(first, last)))
