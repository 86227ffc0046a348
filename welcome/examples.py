"""The operations GraphiQL opens with, ready to run on the sandbox, and to be filled in for real hosts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from edge import Example, GraphiQLSettings, Session
from settings import Settings

OPERATIONS = Path(__file__).parent / "operations"

SESSION = "arena_session_id"
DEMO_SESSIONS = (
    Session("owner", "owns the demo processes", {SESSION: "demo-owner"}),
    Session("assignee", "has steps to do", {SESSION: "demo-assignee"}),
    Session("member", "may edit quality details, is neither owner nor assignee", {SESSION: "demo-member"}),
    Session("viewer", "may only read", {SESSION: "demo-viewer"}),
)
DEMO_TOKEN = "Bearer sandbox"  # noqa: S105  # it opens nothing but the demo data


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of `operations/`.

    Attributes:
        title: What it does, for people.
        file: Its file, without the ending.
        asks_as: Which demo user's session it carries; None if it is Cognaize's business.
        on_sandbox: Its variables for the demo data.
        elsewhere: Its variables where they have to be filled in.
    """

    title: str
    file: str
    asks_as: str | None
    on_sandbox: Mapping[str, Any]
    elsewhere: Mapping[str, Any]


A_STEP = {"qualityProcessGuid": "the guid of a quality process", "stepGuid": "the guid of one of its steps"}

ALL = (
    Operation("List what is open in quality", "open_quality_processes", "viewer", {}, {}),
    Operation("List tickets", "tickets", "viewer", {"after": None}, {"after": None}),
    Operation(
        "Complete a step",
        "complete_step",
        "assignee",
        {
            "input": {
                "qualityProcessGuid": "K06JJ5KG6HA1Q68K4TFE",
                "stepGuid": "UQ3AG2PQII7RIQ4G8HU7",
                "comment": "Root cause confirmed: mould temperature.",
            }
        },
        {"input": {**A_STEP, "comment": "why"}},
    ),
    Operation(
        "Reopen a step",
        "reopen_step",
        "owner",
        {"input": {"qualityProcessGuid": "K06JJ5KG6HA1Q68K4TFE", "stepGuid": "G21Y9UQODQ9AGXZ6FLDJ"}},
        {"input": A_STEP},
    ),
    Operation(
        "Change a ticket's status",
        "change_ticket_status",
        "owner",
        {"input": {"ticketGuid": "1J3M5I3UHK1GZI1K31L4", "status": "IN_PROGRESS"}},
        {"input": {"ticketGuid": "the guid of a ticket", "status": "IN_PROGRESS"}},
    ),
    Operation(
        "Complete several steps",
        "complete_steps",
        "assignee",
        {
            "input": {
                "items": [
                    {"qualityProcessGuid": "K06JJ5KG6HA1Q68K4TFE", "stepGuid": "OU676UU4CJS1NI5AYCKT"},
                    {"qualityProcessGuid": "K06JJ5KG6HA1Q68K4TFE", "stepGuid": "1OY9AMABKVDD3V0L3UJ7"},
                ]
            }
        },
        {"input": {"items": [A_STEP]}},
    ),
    Operation(
        "Reopen several steps",
        "reopen_steps",
        "owner",
        {
            "input": {
                "items": [
                    {"qualityProcessGuid": "K06JJ5KG6HA1Q68K4TFE", "stepGuid": "CVCTEQDDMX56ZIVWFF09"},
                    {"qualityProcessGuid": "K06JJ5KG6HA1Q68K4TFE", "stepGuid": "LATZHTENS8ZZT5J3KQZC"},
                ],
                "onError": "STOP",
            }
        },
        {"input": {"items": [A_STEP], "onError": "STOP"}},
    ),
    Operation(
        "Change several tickets' statuses",
        "change_ticket_statuses",
        "owner",
        {
            "input": {
                "items": [
                    {"ticketGuid": "W5PGRZYVTL7BGHT73MKN", "status": "IN_PROGRESS"},
                    {"ticketGuid": "44ELDTT5MGII6GNRGZZE", "status": "COMPLETE"},
                ]
            }
        },
        {"input": {"items": [{"ticketGuid": "the guid of a ticket", "status": "IN_PROGRESS"}]}},
    ),
    Operation(
        "Read a workflow process",
        "workflow_process",
        None,
        {"id": "c5a1d3e0-42b7-4c8e-8b1f-3e9d7a600001"},
        {"id": "the id of a workflow process"},
    ),
    Operation(
        "Complete a step of a workflow process",
        "complete_process_step",
        None,
        {"input": {"processStepId": "c5a1d3e0-42b7-4c8e-8b1f-00017a600001"}},
        {"input": {"processStepId": "the id of a started step"}},
    ),
    Operation(
        "Log in",
        "log_in",
        "viewer",
        {"input": {"email": "viewer@sandbox.test", "password": "sandbox"}},
        {"input": {"email": "your email", "password": "your password, which this browser does not keep"}},
    ),
    Operation("Log out", "log_out", "viewer", {}, {}),
)


def graphiql_settings(settings: Settings) -> GraphiQLSettings:
    """What GraphiQL is told, so that its examples fit the hosts the service looks at."""
    is_demo = settings.arena_url is None and settings.cognaize_url is None
    return GraphiQLSettings(
        place="sandbox" if is_demo else _place(settings),
        keeps_secrets=is_demo,
        default_headers=_written(_missing_credentials(settings)),
        examples=tuple(_example(operation, settings, is_demo) for operation in ALL),
        sessions=DEMO_SESSIONS if settings.arena_url is None else (),
    )


def _place(settings: Settings) -> str:
    """A name for the hosts that does not tell a browser their addresses."""
    return sha256(f"{settings.arena_url} {settings.cognaize_url}".encode()).hexdigest()[:16]


def _missing_credentials(settings: Settings) -> dict[str, str]:
    """Where callers put the credentials for real hosts that the service has none for itself."""
    needs_session = settings.arena_url and not settings.arena_email
    needs_token = settings.cognaize_url and not settings.cognaize_token
    return {**({SESSION: ""} if needs_session else {}), **({"authorization": "Bearer "} if needs_token else {})}


def _example(operation: Operation, settings: Settings, is_demo: bool) -> Example:
    is_on_sandbox = (settings.cognaize_url if operation.asks_as is None else settings.arena_url) is None
    return Example(
        title=operation.title,
        query=(OPERATIONS / f"{operation.file}.graphql").read_text(encoding="utf-8").rstrip(),
        variables=_written(operation.on_sandbox if is_on_sandbox else operation.elsewhere),
        headers=_written(_demo_credentials(operation)) if is_demo else "",
    )


def _demo_credentials(operation: Operation) -> Mapping[str, str]:
    if operation.asks_as is None:
        return {"authorization": DEMO_TOKEN}
    return next(session.headers for session in DEMO_SESSIONS if session.name == operation.asks_as)


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2) if value else ""
