"""What the logs hold, and what they must not."""

import logging

import httpx
import pytest
from operations.door import open_door

from sandbox.arena.story import ticket_guids
from sandbox.cognaize.story import FRESH_PROCESS_ID
from service.processes import http_client, running_service
from upstreams.errors import System

pytestmark = pytest.mark.anyio

SECRETS = {"arena_session_id": "session-of-the-caller", "authorization": "Bearer token-of-the-caller"}
SERVICE_SECRETS = {"arena_email": "owner@sandbox.test", "arena_password": "password-of-the-service"}
LOGGERS = ["stepgraph", "edge", "idempotency", "httpx", "httpcore", "uvicorn", "uvicorn.access", "stamina"]
READ = f"""{{
  ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ ... on Ticket {{ title }} ... on OperationError {{ code }} }}
  process(id: "{FRESH_PROCESS_ID}") {{ ... on Process {{ status }} ... on OperationError {{ code }} }}
}}"""
CHANGE = f"""mutation {{
  changeTicketStatus(
    input: {{ticketGuid: "{ticket_guids.PAINT_TICKET}", status: COMPLETE, idempotencyKey: "key-of-the-caller"}}
  ) {{ ... on OperationError {{ code }} }}
}}"""


LOG_IN = """mutation ($input: LoginInput!) {
  login(input: $input) { __typename ... on LoginSuccess { sessionId } ... on OperationError { message } }
}"""


@pytest.fixture
def everything(caplog):
    """The log at its most talkative, but for the sandbox's database, which the service never lets talk."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "aiosqlite")
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, name)
    return caplog


def failing(_system, _transport):
    """An upstream whose client has a bug."""

    def fail(request):
        raise RuntimeError("the story of the bug")

    return httpx.MockTransport(fail)


def said(records):
    """All that records could print: their text, their extra fields, their stories."""
    formatter = logging.Formatter()
    return "\n".join(f"{formatter.format(record)} {vars(record)}" for record in records)


def errors(records):
    return [record for record in records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("query", [READ, CHANGE])
async def test_no_log_holds_a_secret_of_the_caller(everything, database, query):
    async with open_door(database) as door:
        answer = await door.post(query, **SECRETS)
    assert "errors" not in answer.json()
    assert "-of-the-caller" not in said(everything.records)


@pytest.mark.parametrize("query", [READ, CHANGE])
async def test_no_log_holds_a_secret_when_the_service_has_a_bug(everything, database, query):
    settings = {**SERVICE_SECRETS, "cognaize_token": "token-of-the-service"}
    async with open_door(database, settings=settings, wrap=failing) as door:
        await door.post(query, **SECRETS)
        await door.post(query)
    text = said(everything.records)
    assert "the story of the bug" in text
    assert [secret for secret in ("-of-the-caller", "-of-the-service") if secret in text] == []


async def test_no_log_holds_the_service_password_or_session(everything, database):
    sessions = []

    def refuse(system, transport):
        def answer(request):
            if system is System.ARENA and request.url.path.endswith("/login"):
                sessions.append("session-of-the-service")
                return httpx.Response(200, json={"arenaSessionId": sessions[-1]})
            return httpx.Response(500, json={"errors": [{"code": 1, "message": "broken"}]})

        return httpx.MockTransport(answer)

    async with open_door(database, settings=SERVICE_SECRETS, wrap=refuse) as door:
        await door.post(READ)
    assert sessions == ["session-of-the-service"]
    assert "-of-the-service" not in said(everything.records)


def credentials(**others):
    return {"input": {"email": "member@sandbox.test", "password": "password-of-the-caller", **others}}


async def test_no_log_and_no_answer_holds_a_password(everything, database):
    async with open_door(database) as door:
        answers = [
            await door.post(LOG_IN, credentials()),
            await door.post(LOG_IN, credentials()),
            await door.post(LOG_IN, credentials(workspaceId=[])),
            await door.post(LOG_IN, credentials(password="")),
            await door.post(LOG_IN.replace("$input)", '{password: "password-of-the-caller"})')),
        ]
    assert "InvalidCredentialsError" in answers[0].text
    assert "-of-the-caller" not in "".join(answer.text for answer in answers)
    assert "-of-the-caller" not in said(everything.records)


async def test_no_log_holds_a_password_when_the_service_has_a_bug(everything, database):
    async with open_door(database, wrap=failing) as door:
        answer = await door.post(LOG_IN, credentials())
    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    text = said(everything.records)
    assert "the story of the bug" in text
    assert "-of-the-caller" not in text


async def test_no_log_holds_a_session_that_a_login_gave(everything, database):
    async with open_door(database) as door:
        variables = {"input": {"email": "member@sandbox.test", "password": "sandbox"}}
        session_id = (await door.post(LOG_IN, variables)).json()["data"]["login"]["sessionId"]
        await door.post(READ, arena_session_id=session_id)
        await door.post("mutation { logout { __typename } }", arena_session_id=session_id)
    assert session_id not in said(everything.records)


async def test_a_bug_is_logged_once_with_its_story_and_the_request_id(caplog, database):
    async with open_door(database, wrap=failing) as door:
        body = (await door.post("{ tickets(first: 1) { nodes { guid } } }", **{"x-request-id": "r-17"})).json()
    (error,) = body["errors"]
    assert error["message"] == "Something went wrong in this service."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "r-17"}
    (record,) = errors(caplog.records)
    assert "r-17" in record.getMessage()
    assert "the story of the bug" in said([record])


async def test_an_expected_error_leaves_no_trace_in_the_log(caplog, database):
    async with open_door(database) as door:
        await door.ask('{ ticket(guid: "NOSUCHTICKET00000000") { ... on OperationError { code } } }')
        await door.ask('{ node(id: "no id") { id } tickets(first: 0) { nodes { guid } } }')
        await door.post("{ nonsense }")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_the_served_log_holds_no_document_and_no_secret(tmp_path, database):
    url = f"sqlite+aiosqlite:///{database}"
    async with (
        running_service(tmp_path, SANDBOX_DATABASE_URL=url) as service,
        http_client(service.address) as client,
    ):
        document = "query($text: String!) { ticket(guid: $text) { ... on OperationError { code } } }"
        parameters = {"query": document, "variables": '{"text": "value-of-the-caller"}'}
        answer = await client.get("/graphql", params=parameters, headers=SECRETS)
        assert answer.status_code == 200
    text = "".join(service.lines)
    assert [told for told in ("-of-the-caller", "ticket(", "/graphql?") if told in text] == []
