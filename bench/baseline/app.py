"""The baseline's application: `python -m bench.baseline.app PORT ARENA_URL` serves it as Strawberry's docs would.

httpx as it comes, aiodataloader per kind and request, types made of `response.json()`, strawberry.asgi, uvicorn.
"""

import asyncio
import sys
from typing import Any

import httpx
import strawberry
import uvicorn
from aiodataloader import DataLoader
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from bench.baseline.types import (
    CompleteStepInput,
    CompleteStepResult,
    CompleteStepSuccess,
    NotFoundError,
    QualityProcess,
    QualityProcessConnection,
    QualityStep,
    Ticket,
    TicketConnection,
    TicketResult,
)


class Arena:
    """Arena with one caller's session."""

    def __init__(self, client: httpx.AsyncClient, session_id: str) -> None:
        self._client = client
        self._headers = {"arena_session_id": session_id}

    async def get(self, path: str, **params: int) -> Any:
        response = await self._client.get(path, params=params or None, headers=self._headers)
        response.raise_for_status()
        return response.json()

    async def post(self, path: str, body: dict[str, Any]) -> Any:
        response = await self._client.post(path, json=body, headers=self._headers)
        response.raise_for_status()
        return response.json()

    async def load_steps(self, guids: list[str]) -> list[list[QualityStep]]:
        answers = await asyncio.gather(*(self.get(f"/qualityprocesses/{guid}/steps") for guid in guids))
        return [[QualityStep.from_row(row) for row in answer["results"]] for answer in answers]

    async def load_tickets(self, guids: list[str]) -> list[Ticket | NotFoundError]:
        return list(await asyncio.gather(*map(self._ticket, guids)))

    async def _ticket(self, guid: str) -> Ticket | NotFoundError:
        try:
            return Ticket.from_row(await self.get(f"/tickets/{guid}"))
        except httpx.HTTPStatusError as error:
            return NotFoundError(message=str(error))


@strawberry.type
class Query:
    @strawberry.field
    async def quality_processes(self, info: strawberry.Info, first: int = 20) -> QualityProcessConnection | None:
        answer = await info.context["arena"].get("/qualityprocesses", limit=first, offset=0)
        return QualityProcessConnection(nodes=[QualityProcess.from_row(row) for row in answer["results"]])

    @strawberry.field
    async def tickets(self, info: strawberry.Info, first: int = 20) -> TicketConnection | None:
        answer = await info.context["arena"].get("/tickets", limit=first, offset=0)
        return TicketConnection(nodes=[Ticket.from_row(row) for row in answer["results"]])

    @strawberry.field
    async def ticket(self, info: strawberry.Info, guid: str) -> TicketResult:
        loader: DataLoader[str, Ticket | NotFoundError] = info.context["tickets"]
        return await loader.load(guid)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def complete_step(self, info: strawberry.Info, input: CompleteStepInput) -> CompleteStepResult:
        body = {
            "qualityProcess": {"guid": input.quality_process_guid, "step": {"guid": input.step_guid}},
            "complete": True,
            "comment": input.comment,
        }
        try:
            answer = await info.context["arena"].post("/qualityprocesses/statuschanges", body)
        except httpx.HTTPStatusError as error:
            return NotFoundError(message=str(error))
        return CompleteStepSuccess(
            comment=answer["comment"], quality_process=QualityProcess.from_row(answer["qualityProcess"])
        )


class App(GraphQL[dict[str, Any], None]):
    """The schema over ASGI; every request has loaders of its own."""

    def __init__(self, schema: strawberry.Schema, arena_url: str) -> None:
        super().__init__(schema)
        self._client = httpx.AsyncClient(
            base_url=arena_url, timeout=60
        )  # its 5 seconds are too few for so many at once

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        arena = Arena(self._client, request.headers["arena_session_id"])
        return {
            "arena": arena,
            "steps": DataLoader(arena.load_steps),
            "tickets": DataLoader(arena.load_tickets),
        }


def main() -> None:
    port, arena_url = sys.argv[1:]
    app = App(strawberry.Schema(query=Query, mutation=Mutation), arena_url)
    uvicorn.run(app, host="127.0.0.1", port=int(port), loop="uvloop", http="httptools", access_log=False)


if __name__ == "__main__":
    main()
