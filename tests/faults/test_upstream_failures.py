"""Every way a REST server can fail, over real sockets: what a read is told, in a union and elsewhere."""

import asyncio

import pytest

from faults.failures import LATE, LOST, MAX_ANSWER_BYTES, NOT_COMPRESSED, REDIRECTED, UNREADABLE
from faults.server import answer, hangs, says
from faults.service import READS, open_service
from resolvers.node_ids import Kind, write_id

pytestmark = pytest.mark.anyio

# What no field asks for is not read, and breaks nothing.
FIELDS = {"ticket": "... on Ticket { title assignee { guid } }", "process": "... on Process { workflowId }"}
RESULTS = {name: READS[name].replace("__typename", f"__typename {fields}") for name, fields in FIELDS.items()}
NODES = {
    "ticket": f'{{ node(id: "{write_id(Kind.TICKET, "T1")}") {{ id {FIELDS["ticket"]} }} }}',
    "process": f'{{ node(id: "{write_id(Kind.PROCESS, "W1")}") {{ id {FIELDS["process"]} }} }}',
}


async def check_read(service, name, code, kind, http_status=None):
    refused = await service.result(RESULTS[name])
    assert refused["code"] == code
    assert refused["retry"]["kind"] == kind
    assert (refused["upstream"] or {"httpStatus": None})["httpStatus"] == http_status
    error = await service.error(NODES[name], "node")
    assert error["extensions"]["code"] == code
    assert error["extensions"]["retry"]["kind"] == kind
    return refused


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("name", ["ticket", "process"])
async def test_a_read_whose_answer_is_lost_is_unavailable_after_three_tries(server, name, fault):
    server.does(LOST[fault])
    async with open_service(server.url) as service:
        refused = await check_read(service, name, "UPSTREAM_UNAVAILABLE", "SAFE_NOW")
    assert refused["__typename"] == "UpstreamError"
    assert len(server.requests) == 6


@pytest.mark.parametrize("fault", LATE)
async def test_a_read_whose_answer_is_late_is_timed_out(server, fault):
    server.does(LATE[fault])
    async with open_service(server.url, operation_seconds=0.5) as service:
        reads = (check_read(service, name, "UPSTREAM_TIMEOUT", "SAFE_NOW") for name in ("ticket", "process"))
        for refused in await asyncio.gather(*reads):
            assert refused["__typename"] == "UpstreamError"


async def test_a_call_that_has_had_its_time_is_given_up_before_the_operation(server):
    server.does(hangs(), says(answer({"guid": "T1"})))
    async with open_service(server.url, call_seconds=0.2) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}
    assert server.requests == ["GET /tickets/T1"] * 2


@pytest.mark.parametrize("fault", UNREADABLE)
@pytest.mark.parametrize("name", ["ticket", "process"])
async def test_a_read_whose_answer_breaks_the_contract_says_so_after_one_try(server, name, fault):
    server.does(UNREADABLE[fault])
    async with open_service(server.url, max_answer_bytes=MAX_ANSWER_BYTES) as service:
        status = None if fault in NOT_COMPRESSED else 200
        refused = await check_read(service, name, "UPSTREAM_CONTRACT", "SAFE_LATER", status)
    assert refused["__typename"] == "UpstreamError"
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", REDIRECTED)
@pytest.mark.parametrize("name", ["ticket", "process"])
async def test_a_redirect_is_not_followed_but_breaks_the_contract(server, name, status):
    server.does(REDIRECTED[status])
    async with open_service(server.url) as service:
        await check_read(service, name, "UPSTREAM_CONTRACT", "SAFE_LATER", status)
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "SESSION_EXPIRED", "NEVER"),
        (403, "PERMISSION_DENIED", "NEVER"),
        (404, "NOT_FOUND", "NEVER"),
        (405, "UPSTREAM_REJECTED", "NEVER"),
        (409, "UPSTREAM_REJECTED", "NEVER"),
        (415, "UPSTREAM_REJECTED", "NEVER"),
        (418, "UPSTREAM_REJECTED", "NEVER"),
        (429, "RATE_LIMITED", "SAFE_LATER"),
        (500, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (501, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (502, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (503, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (504, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (599, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (799, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
    ],
)
@pytest.mark.parametrize("name", ["ticket", "process"])
async def test_a_status_has_its_code_without_a_word_from_the_upstream(server, name, status, code, kind):
    server.does(says(answer(b"<h1>127.0.0.1</h1>", status)))
    async with open_service(server.url) as service:
        await check_read(service, name, code, kind, status)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"errors": 5, "message": {}}', b'{"errors": [], "data": 1}'])
async def test_a_status_has_its_code_whatever_the_body(server, body):
    server.does(says(answer(body, 403)))
    async with open_service(server.url) as service:
        for name in ("ticket", "process"):
            refused = await service.result(READS[name])
            assert (refused["code"], refused["upstream"]["code"]) == ("PERMISSION_DENIED", None)


@pytest.mark.parametrize(("name", "code"), [("ticket", "UPSTREAM_REJECTED"), ("process", "NOT_FOUND")])
async def test_a_412_to_a_read_is_how_cognaize_says_that_it_knows_no_such_process(server, name, code):
    server.does(says(answer(b"", 412)))
    async with open_service(server.url) as service:
        await check_read(service, name, code, "NEVER", 412)


async def test_a_list_that_cannot_be_read_is_null_with_an_error_not_empty(server):
    server.does(says(answer(b"", 503)))
    async with open_service(server.url) as service:
        error = await service.error("{ tickets(first: 3) { nodes { guid } } }", "tickets")
    assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"


async def test_a_nested_list_that_cannot_be_read_is_null_with_an_error_beside_what_was_read(server):
    server.does(says(answer({"guid": "P1", "name": "Bezels melt"})), says(answer(b"<html>", 500)))
    async with open_service(server.url) as service:
        body = await service.ask('{ p: qualityProcess(guid: "P1") { ... on QualityProcess { name steps { name } } } }')
    assert body["data"] == {"p": {"name": "Bezels melt", "steps": None}}
    assert [(error["path"], error["extensions"]["code"]) for error in body["errors"]] == [
        (["p", "steps"], "UPSTREAM_UNAVAILABLE")
    ]


async def test_an_upstream_says_what_it_likes_in_500_characters_of_evidence(server):
    server.does(says(answer({"errors": [{"code": 4087, "message": "Call us. " * 100}]}, 400)))
    async with open_service(server.url) as service:
        refused = await service.result(READS["ticket"])
    assert refused["code"] == "UPSTREAM_REJECTED"
    assert refused["upstream"] == {
        "system": "ARENA",
        "httpStatus": 400,
        "code": "4087",
        "message": ("Call us. " * 100)[:500],
    }


async def test_cookies_of_an_upstream_do_not_travel(server):
    server.does(says(answer({"guid": "T1"}, set_cookie="arena_session_id=somebodys; path=/")))
    async with open_service(server.url) as service:
        await service.post(READS["ticket"])
        await service.post(READS["ticket"])
    assert [head for head in server.heads if "cookie" in head or "somebodys" in head] == []
    assert len(server.heads) == 2


async def test_a_length_of_more_digits_than_python_reads_is_no_matter(server):
    body = b'{"guid": "T1"}'
    server.does(says(answer(body, content_length=f"{len(body):05000}")))
    async with open_service(server.url) as service:
        assert await service.result(READS["ticket"]) == {"__typename": "Ticket"}


async def test_headers_that_are_no_text_count_as_absent(server):
    noise = "\u00ff"
    headers = {"x_arena_requests_remaining": noise, "x_arena_next_request_limit_reset": noise, "retry_after": noise}
    server.does(says(answer({"guid": "T1"}, **headers)), says(answer(b"", 429, **headers)))
    async with open_service(server.url) as service:
        read = await service.result(READS["ticket"])
        refused = await service.result(READS["ticket"])
    assert read == {"__typename": "Ticket"}
    assert (refused["code"], refused["retry"]) == ("RATE_LIMITED", {"kind": "SAFE_LATER", "after": None})


@pytest.mark.parametrize("token", ["Bearer ü".encode("latin-1"), b"Bearer \x7f"])
async def test_a_token_that_cannot_be_sent_is_expired_and_no_call(server, token):
    async with open_service(server.url) as service:
        service.headers["authorization"] = token
        refused = await service.result(READS["process"])
    assert refused["code"] == "SESSION_EXPIRED"
    assert server.requests == []


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
async def test_a_moment_at_an_end_of_the_calendar_keeps_its_offset(server, moment):
    server.does(says(answer({"guid": "T1", "creationDateTime": moment})))
    async with open_service(server.url) as service:
        data = await service.data('{ ticket(guid: "T1") { ... on Ticket { createdAt } } }')
    assert data == {"ticket": {"createdAt": moment}}
