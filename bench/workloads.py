"""What the servers are asked, in the words of each, and what the REST answers say the answer is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.answers import COMMENT, SMALL, Row, Workspace

ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.0+)?(Z|\+00:00)")
WRAPPERS = ("nodes", "results", "users", "value")  # around a list of rows, or the text of a status
TICKET_STATUSES = {"Not Started": "NOT_STARTED", "In Progress": "IN_PROGRESS", "Complete": "COMPLETE"}
TICKET_FIELDS = "guid number title description priority fixVersion"
ALIASES = 50
ALIASED_TICKETS = 10


@dataclass(frozen=True)
class Dialect:
    """How a server's schema is asked, where they differ.

    Attributes:
        processes: A list of processes, with `COUNT` and `FIELDS` to fill in.
        tickets: A list of tickets, likewise.
        ticket: A ticket, with `GUID` and `FIELDS`.
        aliased_ticket: A ticket with the fields of fragment F, with `GUID`.
        complete_step: A change, with `PROCESS`, `STEP`, `COMMENT` and `FIELDS`.
        steps: The steps of a process, with `FIELDS`.
        assignees: The assignees of a step, with `FIELDS`.
        ticket_status: The status of a ticket.
        ticket_times: When a ticket was made and changed.
    """

    processes: str = "qualityProcesses(first: COUNT) { nodes { FIELDS } }"
    tickets: str = "tickets(first: COUNT) { nodes { FIELDS } }"
    ticket: str = "ticket(guid: GUID) { ... on Ticket { FIELDS } }"
    aliased_ticket: str = "ticket(guid: GUID) { ...F }"
    complete_step: str = (
        "completeStep(input: { qualityProcessGuid: PROCESS, stepGuid: STEP, comment: COMMENT })"
        " { ... on CompleteStepSuccess { FIELDS } }"
    )
    steps: str = "steps { FIELDS }"
    assignees: str = "assignees { FIELDS }"
    ticket_status: str = "status"
    ticket_times: str = "createdAt modifiedAt"

    @property
    def ticket_fields(self) -> str:
        return f"{TICKET_FIELDS} {self.ticket_times} {self.ticket_status} assignee {{ fullName }}"


COMMON = Dialect()


@dataclass(frozen=True)
class Operation:
    """A document and its variables."""

    query: str
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {"query": self.query, "variables": self.variables} if self.variables else {"query": self.query}


def list_processes(dialect: Dialect, first: int = 20) -> Operation:
    steps = _fill(dialect.steps, FIELDS=f"name status {_fill(dialect.assignees, FIELDS='fullName')}")
    processes = _fill(dialect.processes, COUNT=str(first), FIELDS=f"number name owner {{ fullName }} {steps}")
    return Operation(f"{{ {processes} }}")


def list_tickets(dialect: Dialect, first: int = 100) -> Operation:
    return Operation(f"{{ {_fill(dialect.tickets, COUNT=str(first), FIELDS=dialect.ticket_fields)} }}")


def complete_step(dialect: Dialect) -> Operation:
    process = SMALL.processes[0]
    step = SMALL.steps[process["guid"]][0]
    change = _fill(
        dialect.complete_step,
        PROCESS=_quote(process["guid"]),
        STEP=_quote(step["guid"]),
        COMMENT=_quote(COMMENT),
        FIELDS="comment qualityProcess { guid number name status owner { fullName } }",
    )
    return Operation(f"mutation {{ {change} }}")


def one_ticket(dialect: Dialect, guid: str = "") -> Operation:
    ticket = _fill(dialect.ticket, GUID=_quote(guid or SMALL.tickets[0]["guid"]), FIELDS=dialect.ticket_fields)
    return Operation(f"{{ {ticket} }}")


def many_aliases(dialect: Dialect) -> Operation:
    return Operation(f"{{ {_aliases(dialect, [_quote(row['guid']) for row in ALIASED_ROWS])} }} {_fragment(dialect)}")


def many_aliases_with_variables(dialect: Dialect) -> Operation:
    names = [f"g{number}" for number in range(ALIASED_TICKETS)]
    declared = ", ".join(f"${name}: String!" for name in names)
    aliases = _aliases(dialect, [f"${name}" for name in names])
    variables = {name: row["guid"] for name, row in zip(names, ALIASED_ROWS, strict=True)}
    return Operation(f"query ({declared}) {{ {aliases} }} {_fragment(dialect)}", variables)


def type_name(_dialect: Dialect) -> Operation:
    return Operation("{ __typename }")


ALIASED_ROWS = SMALL.tickets[:ALIASED_TICKETS]


def _aliases(dialect: Dialect, guids: list[str]) -> str:
    ticket = dialect.aliased_ticket
    return " ".join(f"a{number}: {_fill(ticket, GUID=guids[number % len(guids)])}" for number in range(ALIASES))


def _fragment(dialect: Dialect) -> str:
    return f"fragment F on Ticket {{ number title {dialect.ticket_status} assignee {{ fullName }} }}"


def _fill(template: str, **parts: str) -> str:
    for name, text in parts.items():
        template = template.replace(name, text)
    return template


def _quote(text: str) -> str:
    return f'"{text}"'


def plain(value: Any) -> Any:
    """An answer in the words all servers share: without wrappers, times and statuses spelled alike."""
    match value:
        case dict() if len(value) == 1 and (inner := next(iter(value))) in WRAPPERS:
            return TICKET_STATUSES.get(value[inner]) if inner == "value" else plain(value[inner])
        case dict():
            return {name: plain(part) for name, part in value.items()}
        case list():
            return [plain(part) for part in value]
        case str() if ISO_TIME.fullmatch(value):
            return f"{value[:19]}Z"
    return value


def expected_processes(first: int = 20, workspace: Workspace = SMALL) -> Row:
    rows = workspace.processes[:first]
    return {"qualityProcesses": [_process(row, workspace.steps[row["guid"]]) for row in rows]}


def _process(process: Row, steps: list[Row]) -> Row:
    return {
        "number": process["number"],
        "name": process["name"],
        "owner": _name(process["owner"]),
        "steps": [
            {"name": step["name"], "status": step["status"], "assignees": list(map(_name, step["assignees"]["users"]))}
            for step in steps
        ],
    }


def expected_tickets(first: int = 100, workspace: Workspace = SMALL) -> Row:
    return {"tickets": [_ticket(row) for row in workspace.tickets[:first]]}


def _ticket(ticket: Row) -> Row:
    return {
        **{name: ticket[name] for name in TICKET_FIELDS.split()},
        "createdAt": ticket["creationDateTime"],
        "modifiedAt": ticket["modifyDateTime"],
        **_status_and_assignee(ticket),
    }


def _status_and_assignee(ticket: Row) -> Row:
    assignee = ticket["assignee"]
    return {"status": TICKET_STATUSES[ticket["status"]["value"]], "assignee": assignee and _name(assignee)}


def _name(person: Row) -> Row:
    return {"fullName": person["fullName"]}


def _expected_change() -> Row:
    process = SMALL.processes[0]
    told = {name: process[name] for name in ("guid", "number", "name", "status")}
    return {"completeStep": {"comment": COMMENT, "qualityProcess": {**told, "owner": _name(process["owner"])}}}


def _expected_aliases() -> Row:
    rows = [ALIASED_ROWS[number % ALIASED_TICKETS] for number in range(ALIASES)]
    return {
        f"a{number}": {"number": row["number"], "title": row["title"], **_status_and_assignee(row)}
        for number, row in enumerate(rows)
    }


@dataclass(frozen=True)
class Workload:
    """Something to ask.

    Attributes:
        name: Its short name.
        title: What it is.
        operation: Makes it, in a server's dialect.
        expected: The `data` of a right answer, as `plain` writes it.
        ours_only: Whether no other server is asked.
    """

    name: str
    title: str
    operation: Callable[[Dialect], Operation]
    expected: Row
    ours_only: bool = False


WORKLOADS = [
    Workload("W1", "20 processes with their 6 steps and assignees", list_processes, expected_processes()),
    Workload("W2", "100 tickets with 10 fields", list_tickets, expected_tickets()),
    Workload("W3", "one change: completeStep", complete_step, _expected_change()),
    Workload("W4", "one ticket", one_ticket, {"ticket": _ticket(SMALL.tickets[0])}),
    Workload("W5", "50 aliases of 10 tickets", many_aliases, _expected_aliases()),
    Workload("W5v", "W5 with variables", many_aliases_with_variables, _expected_aliases(), ours_only=True),
    Workload("W6", "{ __typename }", type_name, {"__typename": "Query"}),
]
