"""Changes are sent once. What became of one whose answer is lost is not known, and nobody pretends to know."""

import asyncio

import httpx
import pytest

from faults.failures import LATE, LOST, MAX_ANSWER_BYTES, REDIRECTED, UNREADABLE
from faults.server import answer, says
from faults.service import CHANGES, open_service
from resolvers.node_ids import Kind, write_id

pytestmark = pytest.mark.anyio

STEP = write_id(Kind.QUALITY_STEP, "P1", "S1")
CHECKS = {
    "completeStep": STEP,
    "reopenStep": STEP,
    "changeTicketStatus": write_id(Kind.TICKET, "T1"),
    "completeProcessStep": "W1",
}
PATHS = {
    "completeStep": "POST /qualityprocesses/statuschanges",
    "reopenStep": "POST /qualityprocesses/statuschanges",
    "changeTicketStatus": "POST /tickets/statuschanges",
    "completeProcessStep": "POST /api/v1/processes/complete-step",
}
# Nothing in its answer to a completed step has to be there, so only what is no JSON of its shape breaks it.
UNREADABLE_COMPLETIONS = UNREADABLE.keys() - {"a guid that is null"}


async def check_unknown(service, name):
    refused = await service.result(CHANGES[name])
    assert (refused["__typename"], refused["code"]) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN")
    assert refused["retry"] == {"kind": "CHECK_FIRST", "after": None}
    assert refused["check"] == CHECKS[name]


@pytest.mark.parametrize("name", CHANGES)
async def test_a_change_whose_answer_is_lost_may_have_been_made(server, name):
    async with open_service(server.url) as service:
        for fault in LOST.values():
            server.does(fault)
            server.requests.clear()
            await check_unknown(service, name)
            assert server.requests == [PATHS[name]]
            service.forgive()


@pytest.mark.parametrize("fault", LATE)
async def test_a_change_whose_answer_is_late_may_have_been_made(server, fault):
    server.does(LATE[fault])
    async with open_service(server.url, operation_seconds=1.5) as service:
        await asyncio.gather(*(check_unknown(service, name) for name in CHANGES))
    assert sorted(server.requests) == sorted(PATHS.values())


@pytest.mark.parametrize("name", CHANGES)
async def test_a_connection_closed_at_once_may_have_swallowed_the_change(server, name):
    server.hangs_up_at_once = True
    async with open_service(server.url) as service:
        await check_unknown(service, name)


@pytest.mark.parametrize("name", CHANGES)
async def test_a_success_nobody_can_read_leaves_the_outcome_unknown(server, name):
    faults = UNREADABLE_COMPLETIONS if name == "completeProcessStep" else UNREADABLE.keys()
    async with open_service(server.url, max_answer_bytes=MAX_ANSWER_BYTES) as service:
        for fault in faults:
            server.does(UNREADABLE[fault])
            server.requests.clear()
            await check_unknown(service, name)
            assert server.requests == [PATHS[name]]


@pytest.mark.parametrize("status", [502, 504])
@pytest.mark.parametrize("name", CHANGES)
async def test_a_gateway_that_lost_the_answer_leaves_the_outcome_unknown(server, name, status):
    server.does(says(answer(b"<html>", status)))
    async with open_service(server.url) as service:
        await check_unknown(service, name)
    assert server.requests == [PATHS[name]]


@pytest.mark.parametrize("status", [400, 401, 500, 503])
async def test_an_answer_of_any_status_that_cannot_be_unpacked_leaves_the_outcome_unknown(server, status):
    server.does(says(answer(b"not gzip", status, content_encoding="gzip")))
    async with open_service(server.url) as service:
        for name in CHANGES:
            await check_unknown(service, name)


@pytest.mark.parametrize("error", [httpx.WriteTimeout, httpx.ReadTimeout, httpx.WriteError, httpx.ReadError])
async def test_what_fails_while_sending_or_reading_leaves_the_outcome_unknown(error):
    def fail(request):
        raise error("http://127.0.0.1 said Errno 5")

    async with open_service("http://a", wrap=lambda *_: httpx.MockTransport(fail)) as service:
        for name in CHANGES:
            await check_unknown(service, name)


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "SESSION_EXPIRED", "NEVER"),
        (403, "PERMISSION_DENIED", "NEVER"),
        (405, "UPSTREAM_REJECTED", "NEVER"),
        (409, "UPSTREAM_REJECTED", "NEVER"),
        (415, "UPSTREAM_REJECTED", "NEVER"),
        (429, "RATE_LIMITED", "SAFE_LATER"),
        (500, "UPSTREAM_UNAVAILABLE", "CHECK_FIRST"),
        (501, "UPSTREAM_UNAVAILABLE", "CHECK_FIRST"),
        (503, "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
    ],
)
async def test_a_status_has_its_code_and_the_change_is_sent_once(server, status, code, kind):
    server.does(says(answer(b"<html>", status)))
    async with open_service(server.url) as service:
        for name in CHANGES:
            server.requests.clear()
            refused = await service.result(CHANGES[name])
            assert (refused["code"], refused["retry"]["kind"]) == (code, kind)
            assert refused["upstream"]["httpStatus"] == status
            assert server.requests == [PATHS[name]]


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("completeStep", {404: "NOT_FOUND", 412: "UPSTREAM_REJECTED"}),
        ("reopenStep", {404: "NOT_FOUND", 412: "UPSTREAM_REJECTED"}),
        ("changeTicketStatus", {404: "NOT_FOUND", 412: "UPSTREAM_REJECTED"}),
        ("completeProcessStep", {404: "UPSTREAM_REJECTED", 412: "PRECONDITION_FAILED"}),
    ],
)
async def test_a_404_and_a_412_mean_what_the_pages_of_the_change_say(server, name, codes):
    async with open_service(server.url) as service:
        for status, code in codes.items():
            server.does(says(answer(b"<html>", status)))
            server.requests.clear()
            refused = await service.result(CHANGES[name])
            assert (refused["code"], refused["retry"]["kind"]) == (code, "NEVER")
            assert refused["upstream"]["httpStatus"] == status
            assert server.requests == [PATHS[name]]


@pytest.mark.parametrize(("status", "kind"), [(500, "CHECK_FIRST"), (503, "SAFE_LATER")])
async def test_a_time_to_try_again_does_not_make_a_change_that_may_be_made_safe(server, status, kind):
    server.does(says(answer(b"", status, retry_after="Wed, 21 Oct 2099 07:28:00 GMT")))
    async with open_service(server.url) as service:
        refused = await service.result(CHANGES["changeTicketStatus"])
    after = "2099-10-21T07:28:00Z" if kind == "SAFE_LATER" else None
    assert refused["retry"] == {"kind": kind, "after": after}


@pytest.mark.parametrize("status", REDIRECTED)
async def test_a_redirected_change_is_not_sent_elsewhere(server, status):
    server.does(REDIRECTED[status])
    async with open_service(server.url) as service:
        for name in CHANGES:
            server.requests.clear()
            refused = await service.result(CHANGES[name])
            assert (refused["code"], refused["retry"]["kind"]) == ("UPSTREAM_CONTRACT", "CHECK_FIRST")
            assert server.requests == [PATHS[name]]


async def test_a_completion_that_says_nothing_is_a_success(server):
    server.does(says(answer({"data": None})))
    async with open_service(server.url) as service:
        assert (await service.result(CHANGES["completeProcessStep"]))["__typename"] == "CompleteProcessStepSuccess"
