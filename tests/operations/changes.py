"""The four mutations as tests send them, and how to see that one changed nothing."""

from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story

REFUSAL = "... on OperationError { code retry { kind } upstream { system httpStatus code } }"


async def change(door, mutation, success="outcome", refusal="", **input):
    """The answer to a mutation.

    Args:
        door: The service.
        mutation: Its name in the schema.
        success: What to ask of its success.
        refusal: What to ask of refusals beside what all have.
        input: Its input.
    """
    name = mutation[0].upper() + mutation[1:]
    document = f"""
        mutation ($input: {name}Input!) {{
          {mutation}(input: $input) {{ __typename ... on {name}Success {{ {success} }} {REFUSAL} {refusal} }}
        }}"""
    return (await door.data(document, input=input))[mutation]


def kind(answer):
    """What a client branches on: the type, the code, the retry advice."""
    return answer["__typename"], answer["code"], answer["retry"]["kind"]


@dataclass(frozen=True)
class Example:
    """A change that can be made once, and another one like it.

    Attributes:
        mutation: Its name in the schema.
        input: What succeeds.
        other_input: What succeeds too, and is another change.
        endpoint: The REST call it makes.
    """

    mutation: str
    input: dict
    other_input: dict
    endpoint: str

    async def make(self, door, success="outcome", refusal="", **more):
        """The answer to the change."""
        return await change(door, self.mutation, success, refusal, **self.input, **more)

    async def make_other(self, door, **more):
        """The answer to the other change."""
        return await change(door, self.mutation, **self.other_input, **more)

    async def look(self, door):
        """What it is about, as the far side has it."""
        if "ticketGuid" in self.input:
            return await door.look(f"/tickets/{self.input['ticketGuid']}")
        if "processStepId" in self.input:
            return await door.look_at_process(story.FRESH_PROCESS_ID)
        return await look_at_quality_process(door, self.input["qualityProcessGuid"])


def quality_step(step_guid, process_guid=guids.RICH_PROCESS):
    """The input that names a step."""
    return {"qualityProcessGuid": process_guid, "stepGuid": step_guid}


COMPLETE_STEP = Example(
    "completeStep",
    quality_step(guids.ASSIGNED_STEP),
    quality_step(guids.UNASSIGNED_STEP),
    "POST /qualityprocesses/statuschanges",
)
REOPEN_STEP = Example(
    "reopenStep",
    quality_step(guids.COMPLETED_STEP),
    quality_step(guids.GROUP_COMPLETED_STEP),
    "POST /qualityprocesses/statuschanges",
)
CHANGE_TICKET_STATUS = Example(
    "changeTicketStatus",
    {"ticketGuid": ticket_guids.PAINT_TICKET, "status": "IN_PROGRESS"},
    {"ticketGuid": ticket_guids.PAINT_TICKET, "status": "COMPLETE"},
    "POST /tickets/statuschanges",
)
COMPLETE_PROCESS_STEP = Example(
    "completeProcessStep",
    {"processStepId": story.step_id(story.FRESH_PROCESS_ID, 1)},
    {"processStepId": story.step_id(story.MIDWAY_PROCESS_ID, 2)},
    "POST /processes/complete-step",
)
EXAMPLES = [COMPLETE_STEP, REOPEN_STEP, CHANGE_TICKET_STATUS, COMPLETE_PROCESS_STEP]


async def look_at_quality_process(door, process_guid):
    """A quality process with its steps, as Arena itself has it."""
    process = await door.look(f"/qualityprocesses/{process_guid}")
    steps = await door.look(f"/qualityprocesses/{process_guid}/steps")
    return process, steps["results"]


@asynccontextmanager
async def nothing_changes(look):
    """Holds the block to leaving what `look()` gives as it was."""
    before = await look()
    yield
    assert await look() == before
