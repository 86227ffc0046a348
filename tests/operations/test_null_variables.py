"""A null by a variable with a default passes validation, also where none may be: the request is what is wrong."""

import pytest

from operations.changes import nothing_changes
from sandbox.arena.story import ticket_guids

pytestmark = pytest.mark.anyio

IN_A_LIST = "query ($ids: [ID!] = []) { nodes(ids: $ids) { id } }"
IN_AN_INPUT = f"""mutation ($status: SettableTicketStatus = COMPLETE) {{
  changeTicketStatus(input: {{ticketGuid: "{ticket_guids.PAINT_TICKET}", status: $status}}) {{ __typename }}
}}"""


@pytest.fixture(params=[True, False], ids=["by plans", "by graphql-core"])
def settings(request):
    return {"execution_plans": request.param}


async def refused(door, document, **variables):
    for _ in range(2):  # a document asked before takes a shorter way
        body = await door.ask(document, **variables)
    return body


async def test_a_null_for_an_argument_is_an_invalid_request(opened, settings):
    async with opened(settings=settings) as door:
        body = await refused(door, IN_A_LIST, ids=None)
        [error] = body["errors"]
        assert (body["data"], error["path"], error["extensions"]["code"]) == (None, ["nodes"], "INVALID_REQUEST")
        assert "'ids'" in error["message"]
        assert door.calls == []


async def test_a_null_inside_an_input_is_an_invalid_request_and_changes_nothing(opened, settings):
    async with opened(settings=settings) as door, nothing_changes(lambda: look(door)):
        body = await refused(door, IN_AN_INPUT, status=None)
        [error] = body["errors"]
        assert error["extensions"]["code"] == "INVALID_REQUEST"
        assert door.calls == []


async def test_such_a_request_leaves_no_trace_in_the_log(opened, settings, caplog):
    async with opened(settings=settings) as door:
        await refused(door, IN_A_LIST, ids=None)
    assert [record for record in caplog.records if record.name == "stepgraph"] == []


async def look(door):
    return await door.look(f"/tickets/{ticket_guids.PAINT_TICKET}")
