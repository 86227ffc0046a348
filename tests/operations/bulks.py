"""Bulk changes as tests send them, and what they can change."""

import asyncio
import json

from operations.changes import REFUSAL, quality_step
from operations.meddling import OnChanges, let_pass
from sandbox.arena.story import guids, ticket_guids

SINGULAR = {
    "completeSteps": "CompleteStep",
    "reopenSteps": "ReopenStep",
    "changeTicketStatuses": "ChangeTicketStatus",
}
STEP_CHANGE = "POST /qualityprocesses/statuschanges"

# What each bulk can do, two changes and one that Arena refuses; the steps are of one process.
ITEMS = {
    "completeSteps": [
        quality_step(guids.ASSIGNED_STEP),
        quality_step("NOSUCHSTEP"),
        quality_step(guids.UNASSIGNED_STEP),
    ],
    "reopenSteps": [
        quality_step(guids.COMPLETED_STEP),
        quality_step("NOSUCHSTEP"),
        quality_step(guids.GROUP_COMPLETED_STEP),
    ],
    "changeTicketStatuses": [
        {"ticketGuid": ticket_guids.PAINT_TICKET, "status": "IN_PROGRESS"},
        {"ticketGuid": "NOSUCHTICKET", "status": "COMPLETE"},
        {"ticketGuid": ticket_guids.NOT_STARTED_TICKET, "status": "COMPLETE"},
    ],
}


def document(bulk, success="outcome", refusal=""):
    """The mutation, with its input in a variable."""
    name = bulk[0].upper() + bulk[1:]
    return f"""
        mutation ($input: {name}Input!) {{
          {bulk}(input: $input) {{
            __typename
            ... on {name}Payload {{
              status succeeded failed notSent
              results {{ __typename ... on {SINGULAR[bulk]}Success {{ {success} }} {REFUSAL} {refusal} }}
            }}
            ... on InvalidInputError {{ code message fields {{ path message }} }}
          }}
        }}"""


async def change_all(door, bulk, items, success="outcome", refusal="", **more):
    """The answer to a bulk.

    Args:
        door: The service.
        bulk: Its name in the schema.
        items: Its items.
        success: What to ask of a success.
        refusal: What to ask of refusals beside what all have.
        more: The rest of its input.
    """
    return (await door.data(document(bulk, success, refusal), input={"items": items, **more}))[bulk]


def counts(answer):
    """How many items succeeded, failed, and were not sent, after the status."""
    return answer["status"], answer["succeeded"], answer["failed"], answer["notSent"]


def types(answer):
    """The types of the results, None where there is none."""
    return [result and result["__typename"] for result in answer["results"]]


async def feasible_steps(door):
    """Every step the owner can complete, as items: nothing but its own completion keeps them from it."""
    processes = await results(door, "/qualityprocesses?limit=400")
    items = []
    for process in (process for process in processes if process["status"] == "OPEN"):
        is_owners = process["owner"]["guid"] == guids.OWNER
        for step in await results(door, f"/qualityprocesses/{process['guid']}/steps"):
            is_free = step["assignees"] is None
            if step["type"] == "REGULAR" and step["status"] == "OPEN" and (is_owners or is_free):
                items.append(quality_step(step["guid"], process["guid"]))
    return items


async def results(door, path):
    return (await door.look(path))["results"]


def targets(door):
    """The guids of the steps and tickets that were to be changed, in the order of the calls."""
    return [target_of(request) for request in door.requests if request.method == "POST"]


def target_of(request):
    body = json.loads(request.content)
    return body["ticket"]["guid"] if "ticket" in body else body["qualityProcess"]["step"]["guid"]


def on_changes_of(faults):
    """A `wrap` for `opened`: changes of these steps or tickets meet their faults, all others pass."""

    async def meddle(request, inner):
        return await faults.get(target_of(request), let_pass)(request, inner)

    return lambda _system, transport: OnChanges(transport, meddle)


class Gathering:
    """Holds changes back until so many of them are there."""

    def __init__(self, count):
        self.left = count
        self.complete = asyncio.Event()

    async def __call__(self, request, inner):
        self.left -= 1
        if self.left == 0:
            self.complete.set()
        await self.complete.wait()
        return await inner.handle_async_request(request)
