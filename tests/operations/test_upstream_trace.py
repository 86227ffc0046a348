"""`extensions.upstream.trace`: each REST call of an operation, where a request asks for it."""

import asyncio
import re

import httpx
import pytest
import stamina

from operations.stand_ins import answering
from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

TRACED = {"x-upstream-trace": "true"}

PROCESS_AND_STEPS = """
query ($guid: String!) {
  qualityProcess(guid: $guid) { ... on QualityProcess { name steps { name qualityProcess { name } } } }
  again: qualityProcess(guid: $guid) { ... on QualityProcess { number currentStep { name } } }
}"""

COMPLETE = """
mutation ($process: String!, $step: String!) {
  completeStep(input: {qualityProcessGuid: $process, stepGuid: $step}) {
    ... on CompleteStepSuccess { qualityProcess { number } step { name qualityProcess { name } } }
    ... on OperationError { code }
  }
}"""
ASSIGNED_STEP = {"process": guids.RICH_PROCESS, "step": guids.ASSIGNED_STEP}

DOCUMENTS = {
    "a list with its steps": (
        "{ qualityProcesses(first: 5) { nodes { name steps { name } currentStep { name } } } }",
        {},
    ),
    "aliases of one process": (PROCESS_AND_STEPS, {"guid": guids.RICH_PROCESS}),
    "tickets by guid": (
        "query ($a: String!, $b: String!, $c: String!) { a: ticket(guid: $a) { ... on Ticket { tickets { title } } } "
        "b: ticket(guid: $b) { __typename } c: ticket(guid: $c) { __typename } }",
        {"a": ticket_guids.PAINT_TICKET, "b": "UNKNOWN1", "c": "UNKNOWN2"},
    ),
    "both systems": (
        "query ($id: String!) { process(id: $id) { ... on Process { steps { process { workflowId } } } } "
        "tickets(first: 2) { nodes { qualityProcesses { name } } } }",
        {"id": story.FRESH_PROCESS_ID},
    ),
}


async def ask(door, query, variables=None, **headers):
    """An answer's data and what it says about its calls."""
    body = (await door.post(query, variables, **headers)).json()
    return body.get("data"), body["extensions"]["upstream"]


async def traced(door, query, **variables):
    """The trace of an operation."""
    _, upstream = await ask(door, query, variables, **TRACED)
    return upstream["trace"]


def endpoints(trace):
    return [f"{call['method']} {call['path']}" for call in trace]


def fields_of(call):
    return call["askedBy"]["fields"], call["alsoAnswered"]["fields"]


def matches(call, logged):
    """Whether a traced call is one of the log of REST calls."""
    path = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(call["path"]))
    return re.fullmatch(f"{call['method']} {path}(\\?.*)?", logged) is not None


async def test_a_request_that_asks_for_no_trace_gets_none(door):
    _, upstream = await ask(door, "{ tickets(first: 1) { nodes { number } } }")
    assert set(upstream) == {"calls", "saved", "remaining", "resetsAt"}


async def test_a_trace_names_each_call_and_the_fields_it_was_made_for_and_answered(door):
    trace = await traced(door, PROCESS_AND_STEPS, guid=guids.RICH_PROCESS)
    assert endpoints(trace) == ["GET /qualityprocesses/{guid}", "GET /qualityprocesses/{guid}/steps"]
    process, steps = trace
    assert process["askedBy"] == {"count": 1, "fields": ["qualityProcess"]}
    assert process["alsoAnswered"] == {
        "count": 9,
        "fields": ["again", "qualityProcess.steps.0.qualityProcess", "qualityProcess.steps.1.qualityProcess"],
    }
    assert fields_of(steps) == (["qualityProcess.steps"], ["again.currentStep"])


async def test_a_trace_tells_when_a_call_was_made_how_long_it_took_and_what_it_brought(door):
    [call] = await traced(door, "{ tickets(first: 1) { nodes { number } } }")
    times = {name: call.pop(name) for name in ("startMs", "waitMs", "durationMs")}
    assert all(time >= 0 for time in times.values())
    assert call.pop("bytes") > 100
    assert call == {
        "system": "ARENA",
        "method": "GET",
        "path": "/tickets",
        "query": ["limit", "offset"],
        "attempt": 1,
        "status": 200,
        "failure": None,
        "remaining": 24_999,
        "askedBy": {"count": 1, "fields": ["tickets"]},
        "alsoAnswered": {"count": 0, "fields": []},
    }


async def test_the_extension_of_a_request_asks_for_the_trace_as_the_header_does(door):
    body = {"query": "{ tickets(first: 1) { nodes { number } } }", "extensions": {"upstreamTrace": True}}
    answer = await door.client.post("/graphql", json=body, headers=door.headers)
    assert endpoints(answer.json()["extensions"]["upstream"]["trace"]) == ["GET /tickets"]


@pytest.mark.parametrize(("header", "extensions"), [("false", None), ("0", {}), (" ", {"upstreamTrace": False})])
async def test_a_request_may_say_that_it_wants_no_trace(door, header, extensions):
    body = {"query": "{ tickets(first: 1) { nodes { number } } }", "extensions": extensions}
    answer = await door.client.post("/graphql", json=body, headers={**door.headers, "x-upstream-trace": header})
    assert "trace" not in answer.json()["extensions"]["upstream"]


async def test_a_call_for_many_fields_names_the_first_of_them_and_counts_all(door):
    aliases = " ".join(f't{n}: ticket(guid: "{guid}") {{ __typename }}' for n, guid in enumerate("ABCDE"))
    trace = await traced(door, "{" + aliases + "}")
    assert endpoints(trace) == ["GET /tickets", *["GET /tickets/{guid}"] * 5]
    assert trace[0]["askedBy"] == {"count": 5, "fields": ["t0", "t1", "t2"]}
    assert sorted(call["askedBy"]["fields"] for call in trace[1:]) == [[f"t{n}"] for n in range(5)]


async def test_the_rows_a_list_brought_are_told_of_the_list(door):
    trace = await traced(door, "{ qualityProcesses(first: 1) { nodes { steps { qualityProcess { name } } } } }")
    assert endpoints(trace) == ["GET /qualityprocesses", "GET /qualityprocesses/{guid}/steps"]
    asked, answered = fields_of(trace[0])
    assert asked == ["qualityProcesses"]
    assert answered[0] == "qualityProcesses.nodes.0.steps.0.qualityProcess"


async def test_what_fields_were_answered_without_a_call_adds_up_to_the_reads_saved(door):
    query = "{ qualityProcesses(first: 3) { nodes { steps { qualityProcess { name } } currentStep { name } } } }"
    _, upstream = await ask(door, query, **TRACED)
    assert upstream["saved"] == sum(call["alsoAnswered"]["count"] for call in upstream["trace"])


async def test_a_change_is_traced_with_the_fields_its_answer_made_unnecessary(door):
    trace = await traced(door, COMPLETE, **ASSIGNED_STEP)
    assert endpoints(trace) == ["POST /qualityprocesses/statuschanges", "GET /qualityprocesses/{guid}/steps"]
    assert fields_of(trace[0]) == (["completeStep"], ["completeStep.step.qualityProcess"])
    assert fields_of(trace[1]) == (["completeStep.step"], [])


async def test_the_read_that_settles_a_refusal_is_traced(door):
    done = {"process": guids.RICH_PROCESS, "step": guids.COMPLETED_STEP}
    data, upstream = await ask(door, COMPLETE, done, **TRACED)
    assert data == {"completeStep": {"code": "STEP_ALREADY_COMPLETED"}}
    assert [(call["method"], call["status"]) for call in upstream["trace"]] == [("POST", 400), ("GET", 200)]
    assert [fields_of(call)[0] for call in upstream["trace"]] == [["completeStep"], ["completeStep"]]


async def test_each_call_of_a_bulk_is_made_for_the_result_of_its_item(door):
    steps = [guids.COMPLETED_STEP, guids.ASSIGNED_STEP, guids.PENDING_STEP]
    items = [{"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": step} for step in steps]
    query = """
        mutation ($items: [CompleteStepInput!]!) {
          completeSteps(input: { items: $items }) {
            ... on CompleteStepsPayload { results { ... on CompleteStepSuccess { step { name } } } }
          }
        }"""
    trace = await traced(door, query, items=items)
    assert [fields_of(call) for call in trace[:3]] == [([f"completeSteps.results.{n}"], []) for n in range(3)]
    [(asked, answered)] = map(fields_of, trace[3:])
    assert sorted(asked + answered) == [
        "completeSteps.results.0",
        "completeSteps.results.1.step",
        "completeSteps.results.2",
    ]


async def test_a_login_of_the_service_is_traced_and_not_counted(opened):
    async with opened() as door:
        door.headers.clear()
        _, upstream = await ask(door, "{ tickets(first: 1) { nodes { number } } }", **TRACED)
        assert endpoints(upstream["trace"]) == ["POST /login", "GET /tickets"]
        assert upstream["calls"] == 1


async def test_every_try_of_a_read_is_traced_with_how_it_ended(opened):
    failures = [httpx.Response(503), httpx.ConnectError("no way there")]

    def fail_twice(request):
        if not failures:
            return None
        failure = failures.pop(0)
        if isinstance(failure, Exception):
            raise failure
        return failure

    async with opened(wrap=answering(fail_twice)) as door:
        with stamina.set_testing(True, attempts=3, cap=True):
            trace = await traced(door, "{ tickets(first: 1) { nodes { number } } }")
    outcomes = [(call["attempt"], call["status"], call["failure"]) for call in trace]
    assert outcomes == [(1, 503, None), (2, None, "UNAVAILABLE"), (3, 200, None)]


async def test_an_operation_that_fails_is_traced(opened):
    async with opened(wrap=answering(lambda _request: httpx.Response(500))) as door:
        data, upstream = await ask(door, "{ tickets(first: 1) { nodes { number } } }", **TRACED)
        assert data == {"tickets": None}
        assert [(call["path"], call["status"]) for call in upstream["trace"]] == [("/tickets", 500)]


async def test_a_call_that_was_not_let_out_is_traced_as_such(opened):
    async with opened(settings={"max_calls_per_operation": 1}) as door:
        query = "{ qualityProcesses(first: 1) { nodes { steps { name } } } }"
        trace = await traced(door, query)
        outcomes = [(call["status"], call["failure"], call["durationMs"] is None) for call in trace]
        assert outcomes == [(200, None, False), (None, "ABANDONED", True)]
        assert len(door.calls) == 1


async def test_a_document_that_is_not_valid_has_an_empty_trace(door):
    _, upstream = await ask(door, "{ nothing }", **TRACED)
    assert upstream["trace"] == []


async def test_a_call_that_waits_for_its_turn_leaves_after_the_one_before_it(opened):
    async with opened(settings={"max_concurrent_calls": 1}) as door:
        query = "{ qualityProcesses(first: 2) { nodes { steps { name } } } }"
        _, first, second = await traced(door, query)
        assert second["startMs"] + second["waitMs"] >= first["startMs"] + first["durationMs"]


async def test_a_trace_holds_nothing_of_what_was_asked_for(door):
    query = '{ tickets(where: {title: "Confidential*"}) { nodes { number } } ticket(guid: "GUID1") { __typename } }'
    answer = await door.post(query, **TRACED)
    assert answer.json()["extensions"]["upstream"]["trace"][0]["query"] == ["title", "limit", "offset"]
    for secret in ("Confidential", "GUID1", door.headers["arena_session_id"]):
        assert secret not in answer.text


async def test_operations_that_run_at_once_are_traced_apart(door):
    queries = ["{ tickets(first: 1) { nodes { number } } }", "{ qualityProcesses(first: 1) { nodes { number } } }"]
    traces = await asyncio.gather(*(traced(door, query) for query in queries))
    assert [endpoints(trace) for trace in traces] == [["GET /tickets"], ["GET /qualityprocesses"]]


@pytest.mark.parametrize("plans", [True, False], ids=["with plans", "without plans"])
@pytest.mark.parametrize(("query", "variables"), DOCUMENTS.values(), ids=DOCUMENTS)
async def test_a_traced_operation_makes_the_calls_it_makes_otherwise(opened, query, variables, plans):
    async with opened(settings={"execution_plans": plans}) as door:
        await door.ask(query, **variables)  # so that the next time is by a plan
        door.calls.clear()
        await door.ask(query, **variables)
        usual = sorted(door.calls)
        door.calls.clear()
        _, upstream = await ask(door, query, variables, **TRACED)
        assert sorted(door.calls) == usual
        assert upstream["calls"] == len(upstream["trace"]) == len(door.calls)
        assert all(matches(*pair) for pair in zip(upstream["trace"], door.calls, strict=True))


@pytest.mark.parametrize(
    ("header", "extensions"),
    [("yes", {}), ("true, true", {}), ("false", {"upstreamTrace": "true"}), ("false", {"upstreamTrace": 1})],
)
async def test_a_request_of_which_it_is_not_clear_whether_it_asks_is_refused_without_a_call(door, header, extensions):
    body = {"query": "{ tickets { nodes { number } } }", "extensions": extensions}
    answer = await door.client.post("/graphql", json=body, headers={**door.headers, "x-upstream-trace": header})
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "INVALID_REQUEST"
    where = "extension upstreamTrace" if header == "false" else "header x-upstream-trace"
    assert error["message"] == f"Say true or false in the {where}. Nothing was sent."
    assert door.calls == []


async def test_a_service_that_tells_no_details_refuses_to_trace(opened):
    async with opened(settings={"upstream_details": False}) as door:
        answer = await door.post(COMPLETE, ASSIGNED_STEP, **TRACED)
        [error] = answer.json()["errors"]
        assert error["extensions"]["code"] == "INVALID_REQUEST"
        assert "UPSTREAM_DETAILS" in error["message"]
        assert door.calls == []


async def test_who_asks_for_the_trace_gets_the_report_also_where_answers_carry_none(opened):
    async with opened(settings={"upstream_report": False}) as door:
        query = "{ tickets(first: 1) { nodes { number } } }"
        assert "extensions" not in (await door.post(query)).json()
        _, upstream = await ask(door, query, **TRACED)
        assert (upstream["calls"], endpoints(upstream["trace"])) == (1, ["GET /tickets"])


async def test_a_page_of_an_allowed_origin_may_ask_for_the_trace(opened):
    async with opened(settings={"allowed_origins": ("https://ui.example.com",)}) as door:
        headers = {
            "origin": "https://ui.example.com",
            "access-control-request-method": "POST",
            "access-control-request-headers": "x-upstream-trace,x-explain",
        }
        assert (await door.client.options("/graphql", headers=headers)).status_code == 200
