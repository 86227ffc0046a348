"""Whose credentials go where."""

import asyncio
import json

import httpx
import pytest

from operations.stand_ins import answering, editing
from sandbox.arena.story import ticket_guids
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

TICKET = f'ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ __typename ... on OperationError {{ code }} }}'
PROCESS = f'process(id: "{story.FRESH_PROCESS_ID}") {{ __typename ... on OperationError {{ code }} }}'
BOTH = f"{{ {TICKET} {PROCESS} }}"
LOGIN = "POST /login"
READ = f"GET /tickets/{ticket_guids.PAINT_TICKET}"


def sent(door, path):
    """The headers of the one REST request whose path has this in it."""
    [request] = [request for request in door.requests if path in request.url.path]
    return request.headers


def values(headers):
    return " ".join(headers.values())


async def test_each_credential_goes_to_its_own_upstream_and_nowhere_else(opened):
    async with opened(wrap=answering(lambda _: httpx.Response(500))) as door:
        await door.post(BOTH, arena_session_id="session-of-caller", authorization="Bearer token-of-caller")
        to_arena, to_cognaize = sent(door, "/tickets/"), sent(door, "/processes/")
        assert to_arena["arena_session_id"] == "session-of-caller"
        assert "authorization" not in to_arena
        assert to_cognaize["authorization"] == "Bearer token-of-caller"
        assert "arena_session_id" not in to_cognaize
        assert "token-of-caller" not in values(to_arena)
        assert "session-of-caller" not in values(to_cognaize)


async def test_no_other_header_of_the_caller_travels_on(door):
    await door.post(BOTH, cookie="arena_session_id=cookie", **{"x-secret": "secret", "x-forwarded-for": "10.0.0.1"})
    for request in door.requests:
        assert not {"cookie", "x-secret", "x-forwarded-for"} & set(request.headers)


async def test_the_session_may_come_with_hyphens_as_proxies_drop_underscores(door):
    session = door.headers.pop("arena_session_id")
    data = (await door.post(f"{{ {TICKET} }}", **{"arena-session-id": session})).json()["data"]
    assert data["ticket"]["__typename"] == "Ticket"
    assert door.calls == [READ]
    assert sent(door, "/tickets/")["arena_session_id"] == session
    assert "arena-session-id" not in sent(door, "/tickets/")


@pytest.mark.parametrize("header", ["arena_session_id", "arena-session-id"])
async def test_an_empty_session_is_no_reason_to_act_as_the_service(door, header):
    door.headers.clear()
    ticket = (await door.post(f"{{ {TICKET} }}", **{header: ""})).json()["data"]["ticket"]
    assert ticket == {"__typename": "UnauthenticatedError", "code": "SESSION_MISSING"}
    assert door.calls == []


async def test_an_empty_authorization_is_no_reason_to_act_as_the_service(door):
    process = (await door.post(f"{{ {PROCESS} }}", authorization="")).json()["data"]["process"]
    assert process == {"__typename": "UnauthenticatedError", "code": "SESSION_MISSING"}
    assert door.calls == []


async def test_a_request_without_a_session_makes_the_service_log_in(door):
    door.headers.clear()
    assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["__typename"] == "Ticket"
    assert door.calls == [LOGIN, READ]


async def test_a_request_with_a_session_never_uses_the_services(door):
    door.headers["arena_session_id"] = "dead"
    assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "SESSION_EXPIRED"
    assert door.calls == [READ]


async def test_concurrent_operations_without_a_session_share_one_login(door):
    door.headers.clear()
    answers = await asyncio.gather(*(door.data(f"{{ {TICKET} }}") for _ in range(20)))
    assert {answer["ticket"]["__typename"] for answer in answers} == {"Ticket"}
    assert door.calls.count(LOGIN) == 1
    assert len({request.headers.get("arena_session_id") for request in door.requests[1:]}) == 1


async def test_later_operations_share_the_session_too(door):
    door.headers.clear()
    await door.data(f"{{ {TICKET} }}")
    await door.data(f"{{ {TICKET} }}")
    assert door.calls == [LOGIN, READ, READ]


async def test_after_a_401_the_service_logs_in_again_once_and_tries_again_once(door):
    door.headers.clear()
    await door.data(f"{{ {TICKET} }}")
    await door.log_in("owner")  # which ends the service's session
    door.calls.clear()
    assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["__typename"] == "Ticket"
    assert door.calls == [READ, LOGIN, READ]


async def test_a_change_is_sent_again_after_a_401_too(door):
    door.headers.clear()
    await door.data(f"{{ {TICKET} }}")
    await door.log_in("owner")
    door.calls.clear()
    data = await door.data(
        "mutation ($input: ChangeTicketStatusInput!) { changeTicketStatus(input: $input) { __typename } }",
        input={"ticketGuid": ticket_guids.PAINT_TICKET, "status": "COMPLETE"},
    )
    assert data["changeTicketStatus"]["__typename"] == "ChangeTicketStatusSuccess"
    assert door.calls == ["POST /tickets/statuschanges", LOGIN, "POST /tickets/statuschanges"]


async def test_concurrent_operations_that_meet_a_401_log_in_again_once_together(door):
    door.headers.clear()
    await door.data(f"{{ {TICKET} }}")
    await door.log_in("owner")
    door.calls.clear()
    answers = await asyncio.gather(*(door.data(f"{{ {TICKET} }}") for _ in range(10)))
    assert {answer["ticket"]["__typename"] for answer in answers} == {"Ticket"}
    assert door.calls.count(LOGIN) == 1


async def test_a_session_that_is_refused_at_once_is_not_renewed_for_ever(opened):
    def refuse_reads(request):
        return None if request.url.path.endswith("/login") else httpx.Response(401)

    async with opened(wrap=answering(refuse_reads)) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "SESSION_EXPIRED"
        assert door.calls == [LOGIN, READ, LOGIN, READ]


async def test_a_callers_own_session_is_never_renewed(door):
    await door.log_in("owner")  # which ends the caller's session
    assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "SESSION_EXPIRED"
    assert door.calls == [READ]


async def test_a_login_that_is_refused_is_not_tried_again_at_once(opened, dialect):
    wrong = {"arena_email": "owner@sandbox.test", "arena_password": "wrong"}
    async with opened(dialect=dialect, settings=wrong) as door:
        door.headers.clear()
        first, *others = [(await door.data(f"{{ {TICKET} }}"))["ticket"] for _ in range(6)]
        assert first == {"__typename": "UnauthenticatedError", "code": "SESSION_MISSING"}
        assert others == [first] * 5
        assert door.calls == [LOGIN]
        await door.become("owner")  # one bad login has not locked the account
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["__typename"] == "Ticket"


async def test_the_service_logs_in_with_its_settings(opened):
    settings = {"arena_email": "member@sandbox.test", "arena_password": "sandbox", "arena_workspace_id": 123}
    async with opened(settings=settings) as door:
        door.headers.clear()
        await door.data(f"{{ {TICKET} }}")
        [login] = [request for request in door.requests if request.url.path.endswith("/login")]
        assert json.loads(login.content) == {
            "email": "member@sandbox.test",
            "password": "sandbox",
            "workspaceId": 123,
        }
        assert not {"arena_session_id", "authorization"} & set(login.headers)


@pytest.mark.parametrize("other_name", ["arenaSessionId", "arena_session_id"])
async def test_a_login_is_read_by_either_name_of_the_session(opened, other_name):
    async with opened(wrap=editing("/login", lambda body: body.pop(other_name) and None)) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["__typename"] == "Ticket"


async def test_a_login_without_a_session_breaks_the_contract(opened):
    async with opened(wrap=editing("/login", lambda body: {"workspaceId": 1})) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "UPSTREAM_CONTRACT"
        assert door.calls == [LOGIN]


@pytest.mark.parametrize("limit", ["25000", 25000.5, None, True])
async def test_a_login_is_good_whatever_it_says_of_the_daily_limit(opened, limit):
    async with opened(wrap=editing("/login", lambda body: {**body, "workspaceRequestLimit": limit})) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["__typename"] == "Ticket"


async def test_a_session_that_no_header_can_hold_breaks_the_contract(opened):
    async with opened(wrap=editing("/login", lambda body: {"arenaSessionId": "sitzung-ä"})) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "UPSTREAM_CONTRACT"


async def test_operators_are_told_when_the_services_login_is_refused(opened, caplog):
    async with opened(settings={"arena_email": "owner@sandbox.test", "arena_password": "wrong"}) as door:
        door.headers.clear()
        await door.data(f"{{ {TICKET} }}")
    [line] = [record.getMessage() for record in caplog.records if record.name == "stepgraph.upstreams"]
    assert line.startswith("Arena refuses the service's login (ARENA_EMAIL, ARENA_PASSWORD)")
    assert "4001" in line and "wrong" not in line


async def test_an_address_without_a_login_is_no_refused_login(opened):
    login = {"arena_email": "a@b.test", "arena_password": "secret", "arena_url": "http://upstream.test"}
    async with opened(settings=login, wrap=answering(lambda _: httpx.Response(404))) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "UPSTREAM_CONTRACT"


async def test_without_credentials_for_a_real_host_nobody_logs_in(opened):
    async with opened(settings={"arena_url": "http://upstream.test/v1"}) as door:
        door.headers.clear()
        assert (await door.data(f"{{ {TICKET} }}"))["ticket"]["code"] == "SESSION_MISSING"
        assert door.calls == []


async def test_the_services_token_is_sent_to_cognaize_where_a_request_brings_none(door):
    assert (await door.data(f"{{ {PROCESS} }}"))["process"]["__typename"] == "Process"
    assert sent(door, "/processes/")["authorization"] == "Bearer sandbox"


async def test_the_callers_authorization_wins_over_the_services_token(door):
    door.headers["authorization"] = "Bearer of-caller"
    assert (await door.data(f"{{ {PROCESS} }}"))["process"]["code"] == "SESSION_EXPIRED"
    assert sent(door, "/processes/")["authorization"] == "Bearer of-caller"


async def test_a_cognaize_token_of_the_settings_replaces_the_demo_token(opened):
    async with opened(cognaize_token="other", settings={"cognaize_token": "other"}) as door:
        assert (await door.data(f"{{ {PROCESS} }}"))["process"]["__typename"] == "Process"


@pytest.mark.parametrize("session", ["a\tb", "schl\xfcssel"])
async def test_a_session_arena_never_gave_out_is_refused_without_a_call(door, session):
    headers = {"arena_session_id": session.encode("latin-1")}
    body = {"query": f"{{ {TICKET} }}"}
    answer = await door.client.post("/graphql", json=body, headers=headers)
    assert answer.json()["data"]["ticket"]["code"] == "SESSION_EXPIRED"
    assert door.calls == []


async def test_the_base_address_of_a_real_host_is_the_one_of_the_settings(opened):
    hosts = {"arena_url": "https://arena.test/v1/"}
    async with opened(settings=hosts, wrap=answering(lambda _: httpx.Response(500))) as door:
        await door.data(f"{{ {TICKET} }}")
        assert str(door.requests[0].url) == f"https://arena.test/v1/tickets/{ticket_guids.PAINT_TICKET}"


async def test_the_base_address_of_cognaize_ends_before_its_version(opened):
    hosts = {"cognaize_url": "https://cognaize.test"}
    async with opened(settings=hosts, wrap=answering(lambda _: httpx.Response(500))) as door:
        await door.post(f"{{ {PROCESS} }}", authorization="Bearer t")
        assert str(door.requests[0].url) == f"https://cognaize.test/api/v1/processes/{story.FRESH_PROCESS_ID}"
