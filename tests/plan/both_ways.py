"""One operation asked of two services, one with plans and one without, each before a far side of its own."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from far_side import ARENA, COGNAIZE, World
from operation_maker import Operation

from app import create_app
from plan.plans import Plan
from settings import Settings
from upstreams.errors import System

# Estimates are upper ones, and the far side's lists are short.
LIMITS = {"max_estimated_calls": 100_000, "max_calls_per_operation": 5000}
NOW = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(?!999999)\d{6}Z"')  # the far side\'s moments are no such


@dataclass(frozen=True)
class Outcome:
    """What became of an operation.

    Attributes:
        data: The answer's data as text, since the order of keys is part of the answer.
        errors: Its errors, each as text without the id of the request, sorted.
        upstream: What it says about its cost; None where calls were still under way when it was said.
        calls: The REST calls, sorted, also those that were under way when the answer was given.
        course: How the calls that change something began and ended, in that order.
        is_planned: Whether plans alone answered it.
    """

    data: str | None
    errors: tuple[str, ...]
    upstream: object
    calls: list[str]
    course: list[str]
    is_planned: bool

    @property
    def answer(self) -> object:
        """What the caller gets."""
        return self.data, self.errors

    @property
    def changes(self) -> list[str]:
        """The calls that change something."""
        return [call for call in self.calls if not call.startswith("GET")]


class Side:
    """One service, and the log of its REST calls."""

    def __init__(self, client: httpx.AsyncClient, app: Any) -> None:
        self._client = client
        self._app = app
        self._callers = count()
        self._log: list[str] = []
        self._course: list[str] = []
        self._world: World | None = None

    async def answer(self, system: System, request: httpx.Request) -> httpx.Response:
        """What the far side answers to a REST call of this service."""
        assert self._world is not None
        call = f"{request.method} {request.url.raw_path.decode()} {request.content.decode()}".rstrip()
        self._log.append(call)
        is_change = request.method != "GET"
        if is_change:
            self._course.append(f"begin {call}")
        for _ in range(self._world.turns(request)):
            await asyncio.sleep(0)
        if is_change:
            self._course.append(f"end {call}")
        return self._world.answer(system, request)

    async def ask(self, operation: Operation, world: World, *, is_known_caller: bool = True) -> Outcome:
        """Ask as somebody nobody has heard of, so that nothing earlier tells."""
        facade = self._app.state.facade
        for wire in (facade.arena, facade.cognaize):
            wire.breaker.succeeded()  # an open circuit would refuse for what failed before
        caller = f"caller{next(self._callers)}"
        credentials = {"arena_session_id": caller, "authorization": f"Bearer {caller}"} if is_known_caller else {}
        if "udget" in operation.document:
            await self._learn_budget(credentials)
        self._world = world
        self._log.clear()
        self._course.clear()
        runs_of_plans.clear()
        before = asyncio.all_tasks()
        body = await self.post(operation.body, credentials)
        left_over = asyncio.all_tasks() - before
        if left_over:
            await asyncio.wait(left_over)
        return Outcome(
            data=NOW.sub('"now"', json.dumps(body["data"])) if "data" in body else None,
            errors=tuple(sorted(map(_without_request_id, body.get("errors", ())))),
            upstream=None if left_over else body.get("extensions"),
            calls=sorted(self._log),
            course=list(self._course),
            is_planned=runs_of_plans == [True],
        )

    async def cancel(self, operation: Operation, world: World, turns: int) -> list[str]:
        """The REST calls of an operation whose request is cancelled after so many turns of the loop."""
        self._world = world
        self._log.clear()
        before = asyncio.all_tasks()
        request = asyncio.create_task(self.post(operation.body, {"arena_session_id": f"caller{next(self._callers)}"}))
        for _ in range(turns):
            await asyncio.sleep(0)
        request.cancel()
        with suppress(asyncio.CancelledError):
            await request  # and nothing of it is kept
        if left_over := asyncio.all_tasks() - before:
            await asyncio.wait(left_over)
        return self._log

    async def _learn_budget(self, credentials: dict[str, str]) -> None:
        """Let the service know what is left of the caller's calls.

        A budget is a live object: what its fields tell while calls are under way depends on when they are read.
        """
        self._world = World(0, failing=0)
        await self.post({"query": "{ tickets { __typename } }"}, credentials)

    async def post(self, body: object, credentials: dict[str, str]) -> dict[str, Any]:
        """The GraphQL answer to a request."""
        answer = await self._client.post("/graphql", json=body, headers={"x-request-id": "R1", **credentials})
        return answer.json()


runs_of_plans: list[bool] = []  # of the request under way: whether each came to its end without trouble


@asynccontextmanager
async def watched_plans() -> AsyncIterator[None]:
    """Note every run of a plan, and every answer that needs none."""
    run_plan, tell = Plan.run, Plan.tell

    async def run_and_note(plan: Plan, root: object, run: Any) -> None:
        await run_plan(plan, root, run)
        runs_of_plans.append(not run.is_troubled)

    def tell_and_note(plan: Plan) -> dict[str, Any] | None:
        answer = tell(plan)
        if answer is not None:
            runs_of_plans.append(True)
        return answer

    Plan.run, Plan.tell = run_and_note, tell_and_note  # type: ignore[method-assign]
    try:
        yield
    finally:
        Plan.run, Plan.tell = run_plan, tell  # type: ignore[method-assign]


@asynccontextmanager
async def open_side(**settings: object) -> AsyncIterator[Side]:
    """A service with settings of one's own; with plans, whatever the environment says."""
    side: Side | None = None

    def stand_in(system: System, _transport: object) -> httpx.MockTransport:
        async def answer(request: httpx.Request) -> httpx.Response:
            assert side is not None
            return await side.answer(system, request)

        return httpx.MockTransport(answer)

    usual = {"arena_url": ARENA, "cognaize_url": COGNAIZE, "execution_plans": True, **LIMITS}
    app = create_app(Settings(_env_file=None, **{**usual, **settings}), wrap=stand_in)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stepgraph") as client,
    ):
        side = Side(client, app)
        yield side


def _without_request_id(error: dict[str, Any]) -> str:
    extensions = {name: value for name, value in error["extensions"].items() if name != "requestId"}
    return json.dumps({**error, "extensions": extensions}, sort_keys=True)
