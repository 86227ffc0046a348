"""Logging in, for apps that hold no Arena session yet."""

import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from operations.logins import LOGIN, LOGIN_CALL, log_in
from operations.stand_ins import answering, editing, refusal
from sandbox.arena.story import ticket_guids
from schema.limits import DocumentCheck, DocumentLimits
from upstreams.arena_answers import LOGIN as LOGIN_READER
from upstreams.arena_login import Credentials
from upstreams.call import Call
from upstreams.decoding import Answer
from upstreams.endpoints import LOG_IN

pytestmark = pytest.mark.anyio

READ = f'{{ ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ __typename ... on OperationError {{ code }} }} }}'
READ_CALL = f"GET /tickets/{ticket_guids.PAINT_TICKET}"


def sent(door):
    """The body of the login that went out."""
    [request] = [request for request in door.requests if request.url.path.endswith("/login")]
    return json.loads(request.content)


async def test_a_login_gives_a_session_its_workspace_and_the_days_calls(door):
    answer = await log_in(door, "member")
    assert len(answer.pop("sessionId")) == 32
    assert answer == {
        "__typename": "LoginSuccess",
        "workspaceId": "898731002",
        "workspaceName": "Fjordlys Instruments",
        "budget": {"state": "OK", "limit": 25000, "remaining": 25000},
    }
    assert door.calls == [LOGIN_CALL]


async def test_the_session_is_that_of_the_user(door):
    door.headers["arena_session_id"] = (await log_in(door, "viewer"))["sessionId"]
    assert (await door.data(READ))["ticket"]["__typename"] == "Ticket"
    change = 'mutation { changeTicketStatus(input: {ticketGuid: "%s", status: COMPLETE}) { __typename } }'
    answer = await door.data(change.replace("%s", ticket_guids.PAINT_TICKET))
    assert answer["changeTicketStatus"]["__typename"] == "PermissionDeniedError"


async def test_nothing_goes_out_but_the_credentials(door):
    await log_in(door, "member")
    assert sent(door) == {"email": "member@sandbox.test", "password": "sandbox"}
    assert not {"arena_session_id", "authorization"} & set(door.requests[0].headers)


@pytest.mark.parametrize("workspace_id", [898731002, "898731002"])
async def test_the_workspace_may_be_named_by_a_number_or_its_digits(door, workspace_id):
    answer = await log_in(door, "member", workspaceId=workspace_id)
    assert answer["__typename"] == "LoginSuccess"
    assert sent(door)["workspaceId"] == 898731002


async def test_white_space_around_the_email_is_left_out(door):
    answer = await log_in(door, "member", email=" member@sandbox.test\n")
    assert answer["__typename"] == "LoginSuccess"
    assert sent(door)["email"] == "member@sandbox.test"


async def test_a_login_works_when_the_days_calls_are_spent(opened):
    async with opened(daily_limit=0) as door:
        assert (await log_in(door, "member"))["budget"] == {"state": "EXHAUSTED", "limit": 0, "remaining": 0}


async def test_what_a_login_tells_of_the_day_is_known_to_the_requests_with_its_session(door):
    door.headers["arena_session_id"] = (await log_in(door, "member"))["sessionId"]
    budgets = await door.data("{ upstreamBudgets { limit remaining } }")
    assert budgets["upstreamBudgets"] == [{"limit": 25000, "remaining": 25000}]
    assert door.calls == [LOGIN_CALL]


async def test_a_request_without_a_session_of_its_own_can_log_in(door):
    door.headers.clear()
    assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"
    assert door.calls == [LOGIN_CALL]


async def test_a_login_as_the_services_user_makes_the_service_log_in_again(door):
    door.headers.clear()
    await door.data(READ)
    await log_in(door, "owner")
    door.calls.clear()
    assert (await door.data(READ))["ticket"]["__typename"] == "Ticket"
    assert door.calls == [READ_CALL, LOGIN_CALL, READ_CALL]


REFUSALS = [
    ("member", "wrong", "InvalidCredentialsError", "INVALID_CREDENTIALS", {"seed": "4001", "2023": "4001"}),
    ("locked", "sandbox", "AccountLockedError", "ACCOUNT_LOCKED", {"seed": "4013", "2023": "4083"}),
    ("expired", "sandbox", "PasswordExpiredError", "PASSWORD_EXPIRED", {"seed": "4011", "2023": "4081"}),
    ("supplier", "sandbox", "AccessNotAllowedError", "ACCESS_NOT_ALLOWED", {"seed": "4012", "2023": "4082"}),
    ("without-api", "sandbox", "ApiNotEnabledError", "API_NOT_ENABLED", {"seed": "4009", "2023": "4079"}),
]


@pytest.mark.parametrize(("name", "password", "type_name", "code", "arenas"), REFUSALS, ids=lambda value: str(value))
async def test_every_refusal_has_a_type_of_its_own(opened, dialect, name, password, type_name, code, arenas):
    async with opened(dialect=dialect) as door:
        answer = await log_in(door, name, password)
    assert (answer["__typename"], answer["code"]) == (type_name, code)
    assert answer["retry"]["kind"] == ("SAFE_LATER" if name == "locked" else "NEVER")
    assert answer["upstream"] == {"httpStatus": 400, "code": arenas[dialect]}


async def test_a_locked_user_is_told_to_wait_for_five_minutes(door):
    begun = datetime.now(UTC)
    after = datetime.fromisoformat((await log_in(door, "locked"))["retry"]["after"])
    assert begun + timedelta(minutes=5) <= after <= datetime.now(UTC) + timedelta(minutes=5)


async def test_a_login_to_another_workspace_is_refused(door):
    assert (await log_in(door, "member", workspaceId=1))["code"] == "INVALID_CREDENTIALS"


async def test_a_refused_login_leaves_the_users_session_alone(door):
    await door.become("member")
    await log_in(door, "member", "wrong")
    assert (await door.data(READ))["ticket"]["__typename"] == "Ticket"


@pytest.mark.parametrize(
    ("answer", "code", "kind"),
    [
        (refusal(401, 401), "INVALID_CREDENTIALS", "NEVER"),
        (refusal(403, 3221), "ACCESS_NOT_ALLOWED", "NEVER"),
        (refusal(400, 4242), "UPSTREAM_REJECTED", "NEVER"),
        (httpx.Response(404), "UPSTREAM_CONTRACT", "SAFE_LATER"),
        (httpx.Response(429), "RATE_LIMITED", "SAFE_LATER"),
        (httpx.Response(500), "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (httpx.Response(503), "UPSTREAM_UNAVAILABLE", "SAFE_LATER"),
        (httpx.Response(504), "OUTCOME_UNKNOWN", "SAFE_LATER"),
        (httpx.Response(200, json={}), "OUTCOME_UNKNOWN", "SAFE_LATER"),
        (httpx.Response(200, json={"arenaSessionId": "sitzung-ä"}), "OUTCOME_UNKNOWN", "SAFE_LATER"),
    ],
    ids=lambda value: str(getattr(value, "status_code", value)),
)
async def test_whatever_else_arena_answers_is_told_and_not_sent_again(opened, answer, code, kind):
    async with opened(wrap=answering(lambda _: answer)) as door:
        told = await log_in(door, "member")
        assert (told["code"], told["retry"]["kind"]) == (code, kind)
        assert door.calls == [LOGIN_CALL]


class Losing(httpx.AsyncBaseTransport):
    """Lets the far side answer once, and loses the answer; then all passes."""

    def __init__(self, inner, error, arrives):
        self.inner = inner
        self.error = error
        self.arrives = arrives

    async def handle_async_request(self, request):
        error, self.error = self.error, None
        if error is None or self.arrives:
            answer = await self.inner.handle_async_request(request)
        if error:
            raise error
        return answer


def losing(error, *, arrives):
    return lambda _system, transport: Losing(transport, error, arrives)


async def test_a_lost_answer_is_an_unknown_outcome_that_the_next_login_puts_right(opened):
    async with opened(wrap=losing(httpx.ReadError("reset"), arrives=True)) as door:
        lost = await log_in(door, "member")
        assert (lost["__typename"], lost["code"], lost["check"]) == ("OutcomeUnknownError", "OUTCOME_UNKNOWN", "")
        assert lost["retry"] == {"kind": "SAFE_NOW", "after": None}
        assert door.calls == [LOGIN_CALL]
        assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"


async def test_a_login_that_surely_never_left_may_be_sent_again_at_once(opened):
    async with opened(wrap=losing(httpx.ConnectError("refused"), arrives=False)) as door:
        answer = await log_in(door, "member")
        assert (answer["code"], answer["retry"]) == ("UPSTREAM_UNAVAILABLE", {"kind": "SAFE_NOW", "after": None})
        assert (await log_in(door, "member"))["__typename"] == "LoginSuccess"


@pytest.mark.parametrize(
    "told",
    [
        {"workspaceId": "W", "workspaceName": 7, "workspaceRequestLimit": "many"},
        {"workspaceId": None, "workspaceName": None, "workspaceRequestLimit": None},
    ],
)
async def test_a_login_is_good_whatever_it_says_beside_the_session(opened, told):
    async with opened(wrap=editing("/login", lambda body: {**body, **told})) as door:
        answer = await log_in(door, "member")
        assert (answer["workspaceId"], answer["workspaceName"], answer["budget"]["limit"]) == (None, None, None)
        assert len(answer["sessionId"]) == 32


@pytest.mark.parametrize(
    ("input", "field"),
    [
        ({"email": " "}, "email"),
        ({"email": "a\u0000b@sandbox.test"}, "email"),
        ({"email": "x" * 255}, "email"),
        ({"password": ""}, "password"),
        ({"password": "secret" * 200}, "password"),
        ({"workspaceId": 0}, "workspaceId"),
    ],
)
async def test_what_cannot_be_right_is_refused_without_a_call(door, input, field):
    answer = await log_in(door, "member", **input)
    assert (answer["__typename"], answer["fields"]) == ("InvalidInputError", [{"path": ["input", field]}])
    assert "secret" not in answer["message"]
    assert door.calls == []


async def test_a_login_by_get_is_refused(door):
    answer = await door.client.get("/graphql", params={"query": LOGIN, "variables": "{}"})
    assert (answer.status_code, door.calls) == (405, [])


async def test_the_answer_is_neither_kept_nor_packed(door):
    variables = {"input": {"email": "member@sandbox.test", "password": "sandbox"}}
    many_times = "".join(f" session{number}: sessionId" for number in range(50))  # long enough to be packed
    document = LOGIN.replace("sessionId", f"sessionId {many_times}")
    answer = await door.post(document, variables, **{"accept-encoding": "gzip, br, zstd"})
    assert len(answer.content) > 2000
    assert answer.headers["cache-control"] == "no-store"
    assert "content-encoding" not in answer.headers


ALIASES = """mutation ($input: LoginInput!) {
  first: login(input: $input) { __typename }
  ...Again
}
fragment Again on Mutation { second: login(input: $input) { __typename } }"""


async def test_an_operation_holds_one_login_only(door):
    body = await door.ask(ALIASES, input={"email": "member@sandbox.test", "password": "sandbox"})
    [error] = body["errors"]
    told = error["extensions"]
    assert (told["code"], told["limit"], told["allowed"], told["actual"]) == ("LIMIT_EXCEEDED", "logins", 1, 2)
    assert door.calls == []


IN_DOCUMENTS = [
    'mutation { login(input: {email: "a", password: "hunter2"}) { __typename } }',
    'mutation { login(password: "hunter2") { __typename } }',
    'mutation ($input: LoginInput! = {email: "a", password: "hunter2"}) { login(input: $input) { __typename } }',
    'mutation ($p: String! = "hunter2") { login(input: {email: "a", password: $p}) { __typename } }',
    'mutation ($p: String!) { ...F } fragment F on Mutation { login(input: {password: """hunter2"""}) { __typename } }',
]


@pytest.mark.parametrize("document", IN_DOCUMENTS)
async def test_a_password_in_the_document_is_refused(door, document):
    body = await door.ask(document)
    [error] = body["errors"]
    assert error["extensions"]["code"] == "INVALID_REQUEST"
    assert error["message"].startswith("Send a password by a variable")
    assert door.calls == []


@pytest.mark.parametrize("document", IN_DOCUMENTS)
def test_a_document_with_a_password_is_not_remembered(document):
    check = DocumentCheck(DocumentLimits(), {}, introspection=True, suggestions=True)
    with pytest.raises(Exception, match="Send a password by a variable"):
        check.document(document)
    assert check.document.cache_info().currsize == 0


@pytest.mark.parametrize(
    ("input", "told"),
    [
        ("hunter2", "Variable '$input' has invalid value: Expected value of type 'LoginInput' to be an object."),
        (
            {"password": "hunter2"},
            "Variable '$input' has invalid value: "
            "Expected value of type 'LoginInput' to include required field 'email'.",
        ),
        (
            {"email": "a", "password": "hunter2", "pasword": "hunter2"},
            "Variable '$input' has invalid value: "
            "Expected value of type 'LoginInput' not to include unknown field 'pasword'.",
        ),
        (
            {"email": "a", "password": ["hunter2"]},
            "Variable '$input' has invalid value at .password: String cannot represent a non string value.",
        ),
        (
            {"email": "a", "password": "b", "workspaceId": "hunter2"},
            "Variable '$input' has invalid value at .workspaceId.",
        ),
    ],
)
async def test_what_is_wrong_with_the_variables_is_said_without_them(door, input, told):
    for _ in range(2):  # a document asked before takes a shorter way
        body = await door.ask(LOGIN, input=input)
    assert [error["message"] for error in body["errors"]] == [told]
    assert door.calls == []


def test_nothing_that_holds_a_secret_shows_it():
    body = b'{"arenaSessionId": "hunter2"}'
    holders = [
        Credentials("a@sandbox.test", "hunter2"),
        Call(LOG_IN, body={"password": "hunter2"}),
        Answer(200, {}, body),
        LOGIN_READER.decode(body),
    ]
    assert [holder for holder in holders if "hunter2" in f"{holder!r} {holder}"] == []
