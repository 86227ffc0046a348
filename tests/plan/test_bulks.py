"""Bulks of many items run on plans alone, and end as they do by graphql-core."""

import json

import pytest
from far_side import PROCESSES, STEPS, TICKETS, World
from operation_maker import Operation

pytestmark = pytest.mark.anyio

STEP_ITEMS = [{"qualityProcessGuid": process, "stepGuid": step} for process in PROCESSES for step in STEPS]
ITEMS = {
    "completeSteps": STEP_ITEMS,
    "reopenSteps": STEP_ITEMS,
    "changeTicketStatuses": [{"ticketGuid": ticket, "status": "COMPLETE"} for ticket in TICKETS],
}
STEP_SUCCESS = "outcome step { guid name } qualityProcess { number currentStep { name } }"
ASKED = {
    "completeSteps": f"... on CompleteStepSuccess {{ {STEP_SUCCESS} }}",
    "reopenSteps": f"... on ReopenStepSuccess {{ {STEP_SUCCESS} }}",
    "changeTicketStatuses": "... on ChangeTicketStatusSuccess { outcome ticket { number } }",
}
REFUSED = """
    ... on OperationError { code message retry { kind after } upstream { code } }
    ... on NotFoundError { key }"""


@pytest.mark.parametrize("policy", ["CONTINUE", "STOP"])
@pytest.mark.parametrize("bulk", ITEMS)
@pytest.mark.parametrize("seed", range(1, 5))
async def test_a_bulk_that_meets_failures_ends_the_same_on_a_plan(with_plans, without_plans, bulk, policy, seed):
    name = bulk[0].upper() + bulk[1:]
    document = f"""
        mutation ($input: {name}Input!) {{
          {bulk}(input: $input) {{
            ... on {name}Payload {{ status succeeded failed notSent results {{ __typename {ASKED[bulk]} {REFUSED} }} }}
          }}
        }}"""
    operation = Operation(document, {"input": {"items": ITEMS[bulk], "onError": policy}}, None)
    world = World(seed, failing=0.25)
    core, *planned = [await side.ask(operation, world) for side in (without_plans, with_plans, with_plans)]
    assert len(json.loads(core.data)[bulk]["results"]) == len(ITEMS[bulk])
    for way in planned:
        assert (way.answer, way.calls, way.course) == (core.answer, core.calls, core.course)
        assert way.is_planned or core.errors
