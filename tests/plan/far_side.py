"""A far side made up of a seed: what is answered at an address is a function of the two, and of nothing else."""

import json
from random import Random
from typing import Any

import httpx
from made_up_records import (
    MOMENTS,
    STEPS,
    TEXTS,
    affected,
    decision,
    given,
    params,
    quality_process,
    quality_step,
    ticket,
    workflow,
)

from upstreams.errors import System

ARENA, COGNAIZE = "http://arena.test", "http://cognaize.test"

PROCESSES = ["P1", "P2", "P3", "P4"]
TICKETS = ["T1", "T2", "T3", "T4"]
WORKFLOWS = ["W1", "W2", "W3"]

GUIDS = {
    "qualityProcess": PROCESSES,
    "ticket": TICKETS,
    "process": WORKFLOWS,
    "qualityProcessGuid": PROCESSES,
    "stepGuid": STEPS,
    "ticketGuid": TICKETS,
    "processStepId": [f"{workflow}{step}" for workflow in WORKFLOWS for step in STEPS],
}

RESET = {"x-arena-next-request-limit-reset": "Tue, 18-Nov-2098 00:00:00 GMT-0800 (PST)"}
LATER = {"retry-after": "Tue, 18 Nov 2098 00:00:00 GMT"}

UNREADABLE = [b"", b"{", b"null", b"[]", b'{"guid": 1}', b'{"data": 5}']
FAILURES: list[tuple[int, int | None, dict[str, str]]] = [
    (400, 3011, {}),
    (404, 3012, {}),
    (403, 3024, {}),
    (409, 9999, {}),
    (400, 3001, {}),
    (400, 3089, {}),
    (400, 3165, {}),
    (400, 3167, {}),
    (401, 1009, {}),
    (412, None, {}),
    (429, 4000, LATER),
    (500, None, {}),
    (503, None, {}),
    (503, None, LATER),
    (504, None, {}),
]


class World:
    """What the far side holds.

    Args:
        seed: Makes it.
        failing: The share of calls that fail. Whatever the share, some objects are missing.
    """

    def __init__(self, seed: int, failing: float) -> None:
        self._seed = seed
        self._failing = failing
        chosen = self._chance_of("world")
        self._missing = set(chosen.sample([*PROCESSES, *TICKETS, *WORKFLOWS], chosen.choice([0, 0, 1])))
        self._tells_budget = seed == 0 or chosen.random() < 0.7

    def turns(self, request: httpx.Request) -> int:
        """How many turns of the loop the answer to a request takes.

        A network takes some for every answer. With none, a list could be there before a read that was asked at the same
        time has begun, and would spare it.
        """
        return 5 + self._chance_of(f"turns of {request.url}").choice([0, 0, 0, 1, 2, 5, 20])

    def _chance_of(self, place: str) -> Random:
        return Random(f"{self._seed} {place}")

    def answer(self, system: System, request: httpx.Request) -> httpx.Response:
        """The answer to a request. Raises what httpx raises for a connection that breaks."""
        target = request.url.raw_path.decode()
        chance = self._chance_of(f"{request.method} {target} {request.content.decode()}")
        if chance.random() < self._failing:
            return self._fail(chance, request)
        if system is System.COGNAIZE:
            return self._cognaize(request.url.path, chance, request.content)
        return self._arena(request.url.path, chance, request)

    def _fail(self, chance: Random, request: httpx.Request) -> httpx.Response:
        kind = chance.random()
        if kind < 0.08:
            raise httpx.ConnectError("refused", request=request)
        if kind < 0.16:
            raise httpx.ReadError("reset", request=request)
        if kind < 0.3:
            return httpx.Response(
                200, content=chance.choice([b"", b"{", b"null", b"[]", b'{"guid": 1}', b'{"data": 5}'])
            )
        status, code, headers = chance.choice(FAILURES)
        errors = [{"code": code, "message": chance.choice(TEXTS)}]
        data = chance.choice([None, {"name": "why"}, {"name": {"a": 1, "b": 2}}, "words", [1]])
        body = {"status": status, "errors": errors, "message": chance.choice(["No.", None, 7]), "data": data}
        return httpx.Response(status, json=body, headers={**headers, **self._budget()})

    def _budget(self) -> dict[str, str]:
        return {"x-arena-requests-remaining": "20000", **RESET} if self._tells_budget else {}

    def _says(self, body: object, status: int = 200) -> httpx.Response:
        return httpx.Response(status, content=json.dumps(body).encode(), headers=self._budget())

    def _refuses(self, code: int) -> httpx.Response:
        return self._says({"status": 400, "errors": [{"code": code, "message": "Not there."}]}, 400)

    def _arena(self, path: str, chance: Random, request: httpx.Request) -> httpx.Response:
        parts = path.strip("/").split("/")
        if not self._missing.isdisjoint(parts):
            return self._refuses(3011)
        match parts:
            case ["qualityprocesses", "statuschanges"]:
                guid = json.loads(request.content)["qualityProcess"]["guid"]
                process = self._quality_process(guid)
                return self._says(process if chance.random() < 0.3 else {"qualityProcess": process})
            case ["tickets", "statuschanges"]:
                return self._says(self._ticket(json.loads(request.content)["ticket"]["guid"]))
            case ["qualityprocesses"]:
                return self._page([self._quality_process(guid) for guid in self._listed(PROCESSES)], request)
            case ["tickets"]:
                return self._page([self._ticket(guid) for guid in self._listed(TICKETS)], request)
            case ["qualityprocesses", guid]:
                return self._says(self._quality_process(guid)) if guid in PROCESSES else self._refuses(3012)
            case ["tickets", guid]:
                return self._says(self._ticket(guid)) if guid in TICKETS else self._refuses(3012)
            case ["qualityprocesses", guid, "steps"]:
                steps = STEPS[: chance.randrange(4)]
                return self._rows([quality_step(self._chance_of(f"{guid} {step}"), step) for step in steps])
            case ["qualityprocesses", _, "steps", _, "decisions"]:
                return self._rows([decision(chance) for _ in range(chance.randrange(3))])
            case ["qualityprocesses", _, "steps", _, "affected"]:
                return self._rows([affected(chance) for _ in range(chance.randrange(3))])
            case ["tickets", _, "quality"]:
                found = [chance.choice(PROCESSES) for _ in range(chance.choice([0, 1, 2, 4]))]
                return self._rows([{"guid": "R", "quality": {"guid": guid, "number": guid}} for guid in found])
            case ["tickets", _, "tickets"]:
                found = [chance.choice(TICKETS) for _ in range(chance.choice([0, 1, 2, 4]))]
                return self._rows([{"guid": "R", "ticket": {"guid": guid}} for guid in found])
        return self._says({}, 404)

    def _listed(self, guids: list[str]) -> list[str]:
        chance = self._chance_of(f"list of {guids[0]}")
        return [chance.choice(guids) for _ in range(chance.choice([0, 2, 4, 6]))]

    def _page(self, rows: list[object], request: httpx.Request) -> httpx.Response:
        asked = dict(request.url.params)
        first, count = int(asked.pop("offset")), int(asked.pop("limit"))
        if asked:
            rows = rows[:: self._chance_of(str(asked)).randint(1, 3)]
        return self._rows(rows[first : first + count])

    def _rows(self, rows: list[object]) -> httpx.Response:
        return self._says({"count": len(rows), "results": rows})

    def _quality_process(self, guid: str) -> dict[str, Any]:
        return quality_process(self._chance_of(guid), guid)

    def _ticket(self, guid: str) -> dict[str, Any]:
        return ticket(self._chance_of(guid), guid)

    def _cognaize(self, path: str, chance: Random, content: bytes) -> httpx.Response:
        match path.strip("/").split("/"):
            case [*_, "processes", "complete-step"]:
                return self._completes(chance, json.loads(content)["processStepId"])
            case [*_, "processes", guid] if guid in WORKFLOWS and guid not in self._missing:
                return self._says({"data": workflow(self._chance_of(guid), guid), "message": None})
        return self._says({"message": "Not there.", "data": None}, 400)

    def _completes(self, chance: Random, step: str) -> httpx.Response:
        data = given(
            chance,
            processId=chance.choice(WORKFLOWS),
            processStepId=chance.choice([step, f"{chance.choice(WORKFLOWS)}{chance.choice(STEPS)}"]),
            params=params(chance),
        )
        body = given(chance, message=chance.choice(TEXTS), timestamp=chance.choice(MOMENTS))
        return self._says({**body, "data": chance.choice([data, data, data, None])})
