"""Every member of the unions that the three single reads answer, and the same failures where there is no union."""

from dataclasses import dataclass

import httpx
import pytest

from operations.stand_ins import answering, refusal
from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story
from upstreams.errors import System

pytestmark = pytest.mark.anyio

UNNAMED_CODE = 4087  # "unknown error, call support"


@dataclass(frozen=True)
class Read:
    """One of the single reads.

    Attributes:
        query: Asks for an object by `$key`.
        key: Of an object there is.
        endpoint: The path read for it, before the key.
        resource: The type of the object.
        system: Where it lives.
    """

    query: str
    key: str
    endpoint: str
    resource: str
    system: System

    @property
    def field(self):
        return self.resource[0].lower() + self.resource[1:]


def read(resource, argument, key, endpoint, system):
    field = resource[0].lower() + resource[1:]
    query = f"""
        query ($key: String!) {{
          {field}({argument}: $key) {{
            __typename
            ... on {resource} {{ id }}
            ... on OperationError {{ code retry {{ kind after }} requestId upstream {{ system httpStatus code }} }}
            ... on NotFoundError {{ resource key }}
            ... on InvalidInputError {{ fields {{ path }} }}
            ... on RateLimitedError {{ budget {{ state remaining }} }}
          }}
        }}"""
    return Read(query, key, endpoint, resource, system)


QUALITY_PROCESS = read("QualityProcess", "guid", guids.RICH_PROCESS, "/qualityprocesses/", System.ARENA)
TICKET = read("Ticket", "guid", ticket_guids.PAINT_TICKET, "/tickets/", System.ARENA)
PROCESS = read("Process", "id", story.FRESH_PROCESS_ID, "/processes/", System.COGNAIZE)

every_read = pytest.mark.parametrize("read", [QUALITY_PROCESS, TICKET, PROCESS], ids=lambda read: read.field)
every_arena_read = pytest.mark.parametrize("read", [QUALITY_PROCESS, TICKET], ids=lambda read: read.field)


async def ask(door, read, key=None):
    data = await door.data(read.query, key=key or read.key)
    return data[read.field]


def kind(answer):
    """What a client branches on."""
    return answer["__typename"], answer["code"], answer["retry"]["kind"]


def upstream(read, status, code=None):
    return {"system": read.system.value, "httpStatus": status, "code": code and str(code)}


def answers_with(response):
    """A far side that answers every read, of either system, with the same response."""
    return answering(lambda request: httpx.Response(response.status_code, content=response.content))


@every_read
async def test_success(opened, dialect, read):
    async with opened(dialect=dialect) as door:
        answer = await ask(door, read)
        assert answer["__typename"] == read.resource
        assert door.calls == [f"GET {read.endpoint}{read.key}"]


@every_read
async def test_not_found(opened, dialect, read):
    async with opened(dialect=dialect) as door:
        answer = await ask(door, read, "UNKNOWN")
        assert kind(answer) == ("NotFoundError", "NOT_FOUND", "NEVER")
        assert (answer["resource"], answer["key"]) == (read.resource, "UNKNOWN")
        assert answer["upstream"]["system"] == read.system.value


@every_read
@pytest.mark.parametrize("key", ["../users", "a/b", "?limit=400", "a#b", "%2e%2e", "", " ", "é", "a\nb", "-" * 129])
async def test_invalid_input(door, read, key):
    answer = (await door.data(read.query, key=key))[read.field]
    assert kind(answer) == ("InvalidInputError", "INVALID_INPUT", "NEVER")
    assert [field["path"] for field in answer["fields"]] == [["id" if read is PROCESS else "guid"]]
    assert answer["upstream"] is None
    assert door.calls == []


@every_read
async def test_a_login_that_is_missing(opened, dialect, read):
    real_host = {f"{read.system.value.lower()}_url": "http://upstream.test/v1"}  # where no demo login is at hand
    async with opened(dialect=dialect, settings=real_host) as door:
        door.headers.clear()
        answer = await ask(door, read)
        assert kind(answer) == ("UnauthenticatedError", "SESSION_MISSING", "NEVER")
        assert answer["upstream"] is None
        assert door.calls == []


@every_read
async def test_a_login_that_is_no_longer_valid(opened, dialect, read):
    async with opened(dialect=dialect) as door:
        door.headers.update({"arena_session_id": "dead", "authorization": "Bearer dead"})
        answer = await ask(door, read)
        assert kind(answer) == ("UnauthenticatedError", "SESSION_EXPIRED", "NEVER")
        assert answer["upstream"] == upstream(read, 401, 401 if read.system is System.ARENA else None)
        assert len(door.calls) == 1


@every_arena_read
@pytest.mark.parametrize("code", [3024, 3085, 3086, 3124, 3221])
async def test_permission_denied(opened, read, code):
    async with opened(wrap=answers_with(refusal(403, code))) as door:
        answer = await ask(door, read)
        assert kind(answer) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")
        assert answer["upstream"] == upstream(read, 403, code)


@every_read
async def test_permission_denied_without_a_code(opened, read):
    async with opened(wrap=answers_with(httpx.Response(403, html="<h1>Forbidden</h1>"))) as door:
        answer = await ask(door, read)
        assert kind(answer) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")
        assert answer["upstream"] == upstream(read, 403)


@every_arena_read
async def test_the_days_calls_are_spent(opened, dialect, read):
    async with opened(dialect=dialect, daily_limit=0) as door:
        answer = await ask(door, read)
        assert kind(answer) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
        assert answer["upstream"] == upstream(read, 429, 4014 if dialect == "seed" else 4084)
        assert answer["budget"] == {"state": "EXHAUSTED", "remaining": 0}
        assert answer["retry"]["after"] is not None


@every_arena_read
async def test_the_last_calls_are_kept_for_changes(opened, dialect, read):
    async with opened(dialect=dialect, daily_limit=3, settings={"arena_reserve": 2}) as door:
        assert (await ask(door, read))["__typename"] == read.resource
        answer = await ask(door, read)
        assert kind(answer) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
        assert answer["upstream"] is None
        assert answer["budget"] == {"state": "LOW", "remaining": 2}
        assert len(door.calls) == 1


async def test_cognaize_can_be_out_of_calls_too(opened):
    async with opened(wrap=answering(lambda _: httpx.Response(429, headers={"retry-after": "60"}))) as door:
        answer = await ask(door, PROCESS)
        assert kind(answer) == ("RateLimitedError", "RATE_LIMITED", "SAFE_LATER")
        assert answer["budget"] is None


@every_read
async def test_an_upstream_that_refuses_for_a_reason_without_a_name(opened, read):
    async with opened(wrap=answers_with(refusal(409, UNNAMED_CODE))) as door:
        answer = await ask(door, read)
        assert kind(answer) == ("UpstreamError", "UPSTREAM_REJECTED", "NEVER")
        code = UNNAMED_CODE if read.system is System.ARENA else None
        assert answer["upstream"] == upstream(read, 409, code)


@every_read
async def test_an_upstream_that_fails(opened, read):
    async with opened(wrap=answers_with(httpx.Response(500))) as door:
        answer = await ask(door, read)
        assert kind(answer) == ("UpstreamError", "UPSTREAM_UNAVAILABLE", "SAFE_LATER")
        assert answer["upstream"] == upstream(read, 500)


@every_read
async def test_an_upstream_that_breaks_the_contract(opened, read):
    async with opened(wrap=answers_with(httpx.Response(200, json={"guid": 1, "data": {"id": None}}))) as door:
        answer = await ask(door, read)
        assert kind(answer) == ("UpstreamError", "UPSTREAM_CONTRACT", "SAFE_LATER")
        assert answer["upstream"] == upstream(read, 200)


@every_read
async def test_a_refusal_names_the_request(door, read):
    answer = await door.post(read.query, {"key": "UNKNOWN"}, **{"x-request-id": "request-17"})
    assert answer.json()["data"][read.field]["requestId"] == "request-17"
    assert answer.headers["x-request-id"] == "request-17"


FAILURES = {
    "NOT_FOUND": refusal(400, 3011),
    "SESSION_EXPIRED": refusal(401, 401),
    "PERMISSION_DENIED": refusal(403, 3086),
    "RATE_LIMITED": refusal(429, 4084),
    "UPSTREAM_REJECTED": refusal(409, UNNAMED_CODE),
    "UPSTREAM_UNAVAILABLE": httpx.Response(500),
    "UPSTREAM_CONTRACT": httpx.Response(200, text="[]"),
}


@pytest.mark.parametrize("code", FAILURES)
async def test_a_nested_failure_is_null_with_a_coded_error_of_the_same_code(opened, code):
    response = FAILURES[code]

    def fail_steps(request):
        is_steps = request.url.path.endswith("/steps")
        return httpx.Response(response.status_code, content=response.content) if is_steps else None

    async with opened(wrap=answering(fail_steps)) as door:
        body = await door.ask(
            """
            query ($guid: String!) {
              qualityProcess(guid: $guid) { ... on QualityProcess { number steps { name } } }
            }""",
            guid=guids.RICH_PROCESS,
        )
        [error] = body["errors"]
        assert body["data"] == {"qualityProcess": {"number": "CAPA-000001", "steps": None}}
        assert error["path"] == ["qualityProcess", "steps"]
        assert error["extensions"]["code"] == code


async def test_a_nested_failure_says_when_to_try_again(opened):
    def spend_the_day(request):
        reset = {"x-arena-next-request-limit-reset": "Wed, 18-Nov-2099 00:00:00 GMT-0800 (PST)"}
        is_steps = request.url.path.endswith("/steps")
        return httpx.Response(429, json={"errors": [{"code": 4084}]}, headers=reset) if is_steps else None

    async with opened(wrap=answering(spend_the_day)) as door:
        body = await door.ask(
            "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { steps { name } } } }",
            guid=guids.RICH_PROCESS,
        )
        assert body["errors"][0]["extensions"]["retry"] == {
            "kind": "SAFE_LATER",
            "after": "2099-11-18T08:00:00+00:00",
        }


async def test_one_step_that_cannot_be_read_further_leaves_the_others(opened):
    def forbid_one(request):
        return refusal(403, 3086) if request.url.path.endswith(f"/{guids.ASSIGNED_STEP}/affected") else None

    async with opened(wrap=answering(forbid_one)) as door:
        body = await door.ask(
            """
            query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess {
              steps(status: OPEN) { guid affectedObjects { type } }
            } } }""",
            guid=guids.RICH_PROCESS,
        )
        steps = body["data"]["qualityProcess"]["steps"]
        assert [step["affectedObjects"] for step in steps] == [None, [], [], [], []]
        assert [error["path"] for error in body["errors"]] == [["qualityProcess", "steps", 0, "affectedObjects"]]
