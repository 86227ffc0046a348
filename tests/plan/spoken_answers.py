"""A far side that says what a test tells it, by address."""

import httpx

from upstreams.errors import System


class Spoken:
    """Answers by the path of a request; 404 at any other.

    Args:
        answers: What is said: an answer, or the body of one.
        turns: How many turns of the loop every answer takes.
    """

    def __init__(self, answers: dict[str, object], turns: int = 0) -> None:
        self._answers = answers
        self._turns = turns

    def turns(self, _request: httpx.Request) -> int:
        return self._turns

    def answer(self, _system: System, request: httpx.Request) -> httpx.Response:
        said = self._answers.get(request.url.path)
        if said is None:
            return httpx.Response(404, json={"status": 404, "errors": [{"code": 3012, "message": "Not there."}]})
        # An answer is read once, and may be given often.
        return (
            httpx.Response(said.status_code, content=said.content)
            if isinstance(said, httpx.Response)
            else httpx.Response(200, json=said)
        )


def steps(*found: dict[str, object]) -> dict[str, object]:
    """A list as Arena answers it."""
    return {"count": len(found), "results": list(found)}
