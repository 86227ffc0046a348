"""The REST answers every server of the benchmark reads: made by rule, so every run has the same bytes.

There are two workspaces. `SMALL` has what the workloads ask for. `LARGE` has sixteen times as much, to see what an item
costs in a long list; its first rows are those of `SMALL`.
"""

import json
import random
import string
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Row = dict[str, Any]

SEED = 4
PEOPLE = 24
STEPS_OF_A_PROCESS = 6
GUID_LETTERS = string.ascii_uppercase + string.digits

PROCESS_NAMES = [
    "Bezels crack after thermal cycling",
    "Battery swells in storage",
    "Torque below tolerance",
    "Late lot",
]
STEP_NAMES = [
    "Containment",
    "Root cause analysis",
    "Corrective action",
    "Preventive action",
    "Effectiveness",
    "Approval",
]
TICKET_TITLES = ["Paint chips on the housing", "Display flickers", "Connector loose", "Label misprinted"]
FIRST_NAMES = ["Ingrid", "Tomás", "Łukasz", "Zoë", "Aiko", "Omar"]
LAST_NAMES = ["Solberg", "Ibáñez", "Wójcik", "Müller-Lüdenscheidt"]
PRIORITIES = [None, "Low", "High", "Critical"]
TICKET_STATUSES = ["Not Started", "In Progress", "Complete"]

SLOW_GUID = "SLOW0000000000000000"  # of a ticket that takes Arena long to read
COMMENT = "Root cause confirmed: mould temperature."

HEADERS = {
    "x-arena-requests-remaining": "24000",
    "x-arena-next-request-limit-reset": "Fri, 01-Jan-2100 00:00:00 GMT-0800 (PST)",
}
MEDIA_TYPE = "application/json;charset=UTF-8"


def encode(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Workspace:
    """The rows of one Arena workspace, and how Arena answers them.

    Attributes:
        base: Where its addresses start.
        processes: Its quality processes.
        steps: The steps of each process, by the process's guid.
        tickets: Its tickets.
    """

    base: str
    processes: list[Row]
    steps: dict[str, list[Row]]
    tickets: list[Row]

    def answer(self, method: str, target: str) -> tuple[int, bytes]:
        """The status and body of the answer to a request for an address below `base`."""
        address = urlsplit(target)
        path = address.path.removeprefix(self.base)
        if path == "/qualityprocesses/statuschanges" and method == "POST":
            return 201, self.status_change
        query = dict(parse_qsl(address.query))
        rows = {"/tickets": self.tickets, "/qualityprocesses": self.processes}.get(path)
        if rows is not None:
            return 200, page(rows, int(query["limit"]), int(query["offset"]))
        body = self._singles.get(path)
        return (
            (404, encode({"status": 404, "errors": [{"code": 404, "message": path}]})) if body is None else (200, body)
        )

    @cached_property
    def status_change(self) -> bytes:
        """What Arena answers when the first step of the first process is completed."""
        return encode({"qualityProcess": self.processes[0], "complete": True, "comment": COMMENT})

    @cached_property
    def _singles(self) -> dict[str, bytes]:
        tickets = [*self.tickets, {**self.tickets[0], "guid": SLOW_GUID}]
        steps = {f"/qualityprocesses/{guid}/steps": page(rows, len(rows), 0) for guid, rows in self.steps.items()}
        return {f"/tickets/{ticket['guid']}": encode(ticket) for ticket in tickets} | steps

    def files(self, lists: set[tuple[int, int]]) -> dict[str, bytes]:
        """Every read's answer by the name of a file: its path, and for a list what was asked of it as well.

        Args:
            lists: The limits and offsets that lists are asked with.
        """
        files = {f"{self.base}{path}.json": body for path, body in self._singles.items()}
        for path, rows in (("/tickets", self.tickets), ("/qualityprocesses", self.processes)):
            for limit, offset in lists:
                files[f"{self.base}{path}/{limit}-{offset}.json"] = page(rows, limit, offset)
        return files


def page(rows: list[Row], limit: int, offset: int) -> bytes:
    found = rows[offset : offset + limit]
    return encode({"count": len(found), "results": found})


class _Maker:
    """Makes rows one after another, each from what the random numbers say next."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311  # nothing is kept secret with it
        self._people = [self._person(number) for number in range(PEOPLE)]
        self._types = [self._guid() for _ in TICKET_STATUSES]
        self._template = {"guid": self._guid(), "name": "Defect"}
        self._attribute = self._guid()
        self._process_template = self._guid()

    def process(self, number: int) -> tuple[Row, list[Row]]:
        guid = self._guid()
        steps = [self._step(order) for order in range(1, STEPS_OF_A_PROCESS + 1)]
        current = next((step for step in steps if step["status"] == "OPEN"), steps[-1])
        row = {
            "guid": guid,
            "number": f"CAPA-{number:06}",
            "name": self._random.choice(PROCESS_NAMES),
            "description": "Found by the line's final test; the supplier was told.",
            "type": "CAPA",
            "status": "OPEN",
            "statusMode": "AUTOMATIC",
            "creationDateTime": self._time(2025),
            "completedDateTime": None,
            "targetCompletionDateTime": self._time(2027),
            "creator": self._random.choice(self._people),
            "owner": self._random.choice(self._people),
            "currentStep": {"guid": current["guid"], "approvals": None, "attributes": None},
            "template": {"guid": self._process_template, "active": None},
        }
        return row, steps

    def ticket(self, number: int) -> Row:
        status = self._random.randrange(len(TICKET_STATUSES))
        has_attributes = number % 10 == 0  # the rest are of templates without any
        return {
            "guid": self._guid(),
            "number": f"DEF-{number:06}",
            "title": self._random.choice(TICKET_TITLES),
            "description": f"<p>On <b>{self._random.randint(1, 40)}</b> of 40 units.</p>" if number % 3 else "",
            "status": {"guid": self._types[status], "value": TICKET_STATUSES[status]},
            "template": self._template,
            "priority": self._random.choice(PRIORITIES),
            "assignee": self._reference(self._random.choice(self._people)) if number % 4 else None,
            "creator": self._reference(self._random.choice(self._people)),
            "fixVersion": self._random.choice([None, "2.1", "3.0"]),
            "creationDateTime": self._time(2025),
            "modifyDateTime": self._time(2026),
            "additionalAttributes": [self._attribute_row()] if has_attributes else [],
        }

    def _step(self, order: int) -> Row:
        is_signoff = order == STEPS_OF_A_PROCESS
        is_complete = not is_signoff and self._random.random() < 0.4
        person = self._random.choice(self._people)
        row: Row = {
            "guid": self._guid(),
            "name": STEP_NAMES[order - 1],
            "order": order,
            "type": "SIGNOFF" if is_signoff else "REGULAR",
            "status": "COMPLETE" if is_complete else "OPEN",
            "assignees": {"users": [person]},
            "assignee": {"deprecated": True, **self._reference(person), "note": "Use assignees."},
            "dueDateTime": self._time(2027),
            "completeDateTime": self._time(2026) if is_complete else None,
            "completeUser": {"fullName": person["fullName"]} if is_complete else None,
        }
        return row | ({"approvals": None} if is_signoff else {"attributes": [self._attribute_row()]})

    def _attribute_row(self) -> Row:
        return {
            "guid": self._attribute,
            "apiName": self._attribute,
            "name": "Severity",
            "fieldType": "FIXED_DROP_DOWN",
            "value": self._random.choice(["Minor", "Major", "Critical"]),
        }

    def _person(self, number: int) -> Row:
        first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number // len(FIRST_NAMES)]
        return {"guid": self._guid(), "fullName": f"{first} {last}", "email": f"person{number}@arena.test"}

    @staticmethod
    def _reference(person: Row) -> Row:
        return {"guid": person["guid"], "fullName": person["fullName"]}

    def _guid(self) -> str:
        return "".join(self._random.choices(GUID_LETTERS, k=20))

    def _time(self, year: int) -> str:
        month, day, hour, minute, second = (self._random.randint(1, most) for most in (12, 28, 23, 59, 59))
        return f"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"


def make_workspaces() -> tuple[Workspace, Workspace]:
    """The small workspace and the large one."""
    maker = _Maker()
    made = [maker.process(number) for number in range(1, 321)]
    processes = [row for row, _ in made]
    steps = {row["guid"]: rows for row, rows in made}
    tickets = [maker.ticket(number) for number in range(1, 1601)]
    return Workspace("/small/v1", processes[:20], steps, tickets[:100]), Workspace(
        "/large/v1", processes, steps, tickets
    )


SMALL, LARGE = make_workspaces()
