"""No failure looks like nothing: what cannot be read is null, and has an error that says so."""

import httpx
import pytest

from operations.stand_ins import answering, refusal
from resolvers.node_ids import Kind, write_id
from sandbox.arena.story import guids, ticket_guids

pytestmark = pytest.mark.anyio

PROCESS_BY_GUID = f'qualityProcess(guid: "{guids.RICH_PROCESS}") {{ ... on QualityProcess'
TICKET_BY_GUID = f'ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ ... on Ticket'


def step_by_id(guid):
    return f'node(id: "{write_id(Kind.QUALITY_STEP, guids.RICH_PROCESS, guid)}") {{ ... on QualityStep'


READS = {
    "qualityProcesses": ("/qualityprocesses", "{ qualityProcesses { nodes { guid } } }"),
    "tickets": ("/tickets", "{ tickets { nodes { guid } } }"),
    "steps of a process": ("/steps", f"{{ {PROCESS_BY_GUID} {{ steps {{ guid }} }} }} }}"),
    "current step of a process": ("/steps", f"{{ {PROCESS_BY_GUID} {{ currentStep {{ name }} }} }} }}"),
    "decisions of a step": ("/decisions", f"{{ {step_by_id(guids.PENDING_STEP)} {{ decisions {{ guid }} }} }} }}"),
    "affected objects of a step": (
        "/affected",
        f"{{ {step_by_id(guids.ASSIGNED_STEP)} {{ affectedObjects {{ guid }} }} }} }}",
    ),
    "processes of a ticket": ("/quality", f"{{ {TICKET_BY_GUID} {{ qualityProcesses {{ guid }} }} }} }}"),
    "tickets of a ticket": ("/tickets", f"{{ {TICKET_BY_GUID} {{ tickets {{ guid }} }} }} }}"),
}
BROKEN = {
    "UPSTREAM_UNAVAILABLE": httpx.Response(500),
    "PERMISSION_DENIED": refusal(403, 3086),
    "UPSTREAM_CONTRACT": httpx.Response(200, text="{}"),
}


def at(data, path):
    """The value a path leads to."""
    for key in path:
        data = data[key]
    return data


@pytest.mark.parametrize("code", BROKEN)
@pytest.mark.parametrize("name", READS)
async def test_what_cannot_be_read_is_null_with_an_error_and_never_empty(opened, name, code):
    path, query = READS[name]

    def fail(request):
        response = BROKEN[code]
        is_it = request.url.path.endswith(path)
        return httpx.Response(response.status_code, content=response.content) if is_it else None

    async with opened(wrap=answering(fail)) as door:
        body = await door.ask(query)
        assert "[]" not in str(body["data"])
        assert {error["extensions"]["code"] for error in body["errors"]} == {code}
        assert [at(body["data"], error["path"]) for error in body["errors"]] == [None] * len(body["errors"])
