"""`extensions.explain`: the REST calls an operation would make, none of which is made."""

import re
from collections import Counter

import pytest
from strawberry.types.field import StrawberryField

from operations.logins import LOGIN, LOGOUT
from operations.stand_ins import answering, refusal
from resolvers.node_ids import Kind, write_id
from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story
from schema import build_schema
from schema.costs import COSTS

pytestmark = pytest.mark.anyio

EXPLAINED = {"x-explain": "true"}

STEPS_OF_A_LIST = "query ($first: Int) { qualityProcesses(first: $first) { nodes { steps { name } } } }"
COMPLETE = """
mutation ($input: CompleteStepInput!) {
  completeStep(input: $input) {
    ... on CompleteStepSuccess { step { name } }
    ... on SignOffStepError { step { name } }
    ... on OperationError { code }
  }
}"""
ASSIGNED_STEP = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.ASSIGNED_STEP}
DONE_STEP = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.COMPLETED_STEP}

NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on QualityStep { name } ... on Ticket { title } } }"
STEPS = [write_id(Kind.QUALITY_STEP, guids.RICH_PROCESS, step) for step in (guids.ASSIGNED_STEP, guids.PENDING_STEP)]
TICKET = write_id(Kind.TICKET, ticket_guids.PAINT_TICKET)
PROCESS_STEP = write_id(Kind.PROCESS_STEP, story.FRESH_PROCESS_ID, story.step_id(story.FRESH_PROCESS_ID, 2))

# Documents that take exactly the calls that are explained.
EXACT = {
    "nothing": ("{ upstreamBudgets { state } }", {}),
    "a list": ("{ tickets(first: 3) { nodes { number } } }", {}),
    "a list and what is below it": (STEPS_OF_A_LIST, {"first": 2}),
    "fields that share a read": (
        "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { name steps { name } "
        "open: steps(status: OPEN) { name } currentStep { name } } } }",
        {"guid": guids.RICH_PROCESS},
    ),
    "fields that need no read": (
        "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { "
        "currentStep { id guid } } } ticket(guid: $guid) { __typename } }",
        {"guid": guids.RICH_PROCESS},
    ),
    "equal reads under aliases": (
        "query ($id: String!) { a: process(id: $id) { __typename } b: process(id: $id) { __typename } }",
        {"id": story.FRESH_PROCESS_ID},
    ),
    "references of which only numbers are asked": (
        "query ($guid: String!) { ticket(guid: $guid) { ... on Ticket { qualityProcesses { id guid number } "
        "tickets { id guid number } } } }",
        {"guid": ticket_guids.PAINT_TICKET},
    ),
    "the processes of steps by their keys": (
        "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { "
        "steps { qualityProcess { id guid } } } } }",
        {"guid": guids.RICH_PROCESS},
    ),
    "what a change of a step has told": (
        "mutation ($input: CompleteStepInput!) { completeStep(input: $input) { ... on CompleteStepSuccess { "
        "step { id guid status qualityProcess { id guid } } } } }",
        {"input": ASSIGNED_STEP},
    ),
    "what a change of a workflow process has told": (
        "mutation ($input: CompleteProcessStepInput!) { completeProcessStep(input: $input) { "
        "... on CompleteProcessStepSuccess { process { id processId } "
        "startedStep { id processStepId status process { id processId } } } } }",
        {"input": {"processStepId": story.step_id(story.FRESH_PROCESS_ID, 1)}},
    ),
    "nodes by their ids": (NODES, {"ids": [*STEPS, TICKET, TICKET, PROCESS_STEP, "no id of ours"]}),
    "a node": ("query ($id: ID!) { node(id: $id) { id } }", {"id": PROCESS_STEP}),
    "a change": (
        "mutation ($input: ChangeTicketStatusInput!) { changeTicketStatus(input: $input) { __typename } }",
        {"input": {"ticketGuid": ticket_guids.PAINT_TICKET, "status": "IN_PROGRESS"}},
    ),
    "a login": (LOGIN, {"input": {"email": "member@sandbox.test", "password": "sandbox"}}),
    "a logout": (LOGOUT, {}),
    "many changes that come to nothing more": (
        "mutation ($input: ChangeTicketStatusesInput!) { changeTicketStatuses(input: $input) { "
        "... on ChangeTicketStatusesPayload { results { ... on ChangeTicketStatusSuccess { ticket { title } } } } } }",
        {"input": {"items": [{"ticketGuid": guid, "status": "COMPLETE"} for guid in (ticket_guids.PAINT_TICKET, "A")]}},
    ),
    "a change and its workflow process": (
        "mutation ($input: CompleteProcessStepInput!) { completeProcessStep(input: $input) { "
        "... on CompleteProcessStepSuccess { process { status } } } }",
        {"input": {"processStepId": story.step_id(story.FRESH_PROCESS_ID, 1)}},
    ),
}

# Documents that take fewer calls than are explained, depending on what there is.
AT_MOST = {
    "more rows than there are": ("{ tickets(first: 2000) { nodes { number } } }", {}),
    "tickets by guid": (
        "{ a: ticket(guid: "
        f'"{ticket_guids.PAINT_TICKET}") {{ ... on Ticket {{ tickets {{ title }} }} }} '
        'b: ticket(guid: "UNKNOWN1") { __typename } c: ticket(guid: "UNKNOWN2") { __typename } }',
        {},
    ),
    "nodes that are read by their list": (
        NODES,
        {"ids": [write_id(Kind.TICKET, guid) for guid in (ticket_guids.PAINT_TICKET, "UNKNOWN1", "UNKNOWN2")]},
    ),
    "decisions": (
        "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { currentStep { "
        "decisions { decision } affectedObjects { type } qualityProcess { name } } } } }",
        {"guid": guids.RICH_PROCESS},
    ),
    "the step after a change": (COMPLETE, {"input": ASSIGNED_STEP}),
    "a refusal that has to be settled": (COMPLETE, {"input": DONE_STEP}),
    "a change with a key": (COMPLETE, {"input": {**ASSIGNED_STEP, "idempotencyKey": "K1"}}),
    "many changes": (
        "mutation ($input: CompleteStepsInput!) { completeSteps(input: $input) { __typename } }",
        {"input": {"items": [ASSIGNED_STEP, DONE_STEP, {"qualityProcessGuid": "A", "stepGuid": "B"}]}},
    ),
    "many steps to reopen": (
        "mutation ($input: ReopenStepsInput!) { reopenSteps(input: $input) { ... on ReopenStepsPayload { results { "
        "... on ReopenStepSuccess { step { name qualityProcess { name } } } "
        "... on StepAlreadyOpenError { step { name decisions { decision } } } } } } }",
        {"input": {"items": [{**ASSIGNED_STEP, "idempotencyKey": "K2"}, DONE_STEP]}},
    ),
    "a step to reopen that is open": (
        "mutation ($input: ReopenStepInput!) { reopenStep(input: $input) { ... on StepAlreadyOpenError { step { name "
        "} } } }",
        {"input": ASSIGNED_STEP},
    ),
}


async def explain(door, query, variables=None):
    """How an operation is explained."""
    body = (await door.post(query, variables, **EXPLAINED)).json()
    assert (body["data"], "errors" in body) == (None, False)
    return body["extensions"]["explain"]


async def explained_calls(door, query, **variables):
    """The explained calls: where they come from, what they are, how many; those under a condition marked so."""
    return [
        (call["field"], call["path"], call["calls"], *(["sometimes"] if call["when"] else []))
        for call in (await explain(door, query, variables))["calls"]
    ]


def counted(calls):
    """How often each endpoint is called."""
    counts = Counter()
    for call in calls:
        counts[call["method"], call["path"]] += call.get("calls", 1)
    return counts


async def made_calls(door, query, variables):
    """How often an operation really calls each endpoint."""
    answer = await door.post(query, variables, **{"x-upstream-trace": "true"})
    trace = answer.json()["extensions"]["upstream"]["trace"]
    assert len(trace) == len(door.calls)
    return counted(trace)


async def test_an_explanation_names_each_call_with_what_makes_it_necessary(door):
    explained = await explain(door, STEPS_OF_A_LIST, {"first": 7})
    assert explained == {
        "calls": [
            {
                "field": "qualityProcesses",
                "type": "Query",
                "sharedBy": [],
                "system": "ARENA",
                "method": "GET",
                "path": "/qualityprocesses",
                "objects": 1,
                "perObject": 1,
                "calls": 1,
                "isAssumed": False,
                "when": None,
            },
            {
                "field": "qualityProcesses.nodes.steps",
                "type": "QualityProcess",
                "sharedBy": [],
                "system": "ARENA",
                "method": "GET",
                "path": "/qualityprocesses/{guid}/steps",
                "objects": 7,
                "perObject": 1,
                "calls": 7,
                "isAssumed": False,
                "when": None,
            },
        ],
        "reads": 8,
        "changes": 0,
        "usual": 8,
        "atMost": 8,
        "isAssumed": False,
        "allowed": 500,
        "remaining": None,
        "resetsAt": None,
        "isWithinBudget": None,
    }
    assert door.calls == []


@pytest.mark.parametrize("plans", [True, False], ids=["with plans", "without plans"])
async def test_a_change_is_explained_and_not_made(opened, plans):
    async with opened(settings={"execution_plans": plans}) as door:
        door.headers.clear()  # so that even a login would be seen
        for _ in range(2):
            explained = await explain(door, COMPLETE, {"input": ASSIGNED_STEP})
            assert (explained["changes"], explained["calls"][0]["method"]) == (1, "POST")
        assert door.calls == []
        assert (await door.look_at_step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "OPEN"


async def test_an_operation_that_has_run_is_explained_as_well(door):
    await door.data(STEPS_OF_A_LIST, first=1)
    door.calls.clear()
    assert (await explain(door, STEPS_OF_A_LIST, {"first": 1}))["usual"] == 2
    assert door.calls == []


async def test_an_explanation_uses_up_no_idempotency_key(door):
    keyed = {"input": {**ASSIGNED_STEP, "idempotencyKey": "K1"}}
    await explain(door, COMPLETE, keyed)
    data = await door.data(COMPLETE.replace("{ step { name } }", "{ outcome }", 1), **keyed)
    assert data["completeStep"] == {"outcome": "APPLIED"}


@pytest.mark.parametrize(("query", "variables"), EXACT.values(), ids=EXACT)
async def test_the_calls_made_are_the_calls_explained(door, query, variables):
    explained = await explain(door, query, variables)
    made = await made_calls(door, query, variables)
    assert counted(call for call in explained["calls"] if call["when"] is None) == made
    assert explained["usual"] == made.total()


@pytest.mark.parametrize(("query", "variables"), AT_MOST.values(), ids=AT_MOST)
async def test_no_more_calls_are_made_than_explained(door, query, variables):
    explained = await explain(door, query, variables)
    made = await made_calls(door, query, variables)
    assert made <= counted(explained["calls"])
    assert made.total() <= explained["atMost"]


async def test_the_reads_that_find_out_about_a_lost_change_are_explained(opened):
    lose = [True]

    def lose_the_change(request):
        is_lost = request.url.path.endswith("statuschanges") and bool(lose)
        return refusal(504, 0) if is_lost and lose.pop() else None

    async with opened(wrap=answering(lose_the_change)) as door:
        keyed = {"input": {**DONE_STEP, "idempotencyKey": "K1"}}
        await door.post(COMPLETE, keyed)
        door.calls.clear()
        explained = await explain(door, COMPLETE, keyed)
        made = await made_calls(door, COMPLETE, keyed)
        assert made["GET", "/qualityprocesses/{guid}"] == 1
        assert made <= counted(explained["calls"])


def test_every_field_that_may_wait_for_a_call_has_a_price():
    schema = build_schema()
    waiting = {
        (name, graphql_name)
        for name, type_ in schema._schema.type_map.items()
        for graphql_name, field in getattr(type_, "fields", {}).items()
        if isinstance(definition := (field.extensions or {}).get("strawberry-definition"), StrawberryField)
        and definition.is_async
    }
    assert waiting == set(COSTS)


def test_every_field_of_the_root_that_has_a_price_is_compared_with_the_calls_it_makes():
    documents = " ".join(query for query, _ in [*EXACT.values(), *AT_MOST.values()])
    compared = {
        name for type_, name in COSTS if type_ in ("Query", "Mutation") and re.search(rf"\b{name}\(", documents)
    }
    assert compared | {"logout"} == {name for type_, name in COSTS if type_ in ("Query", "Mutation")}


async def test_of_fields_that_share_a_read_one_has_it_and_names_the_others(door):
    query = (
        '{ qualityProcess(guid: "A") { ... on QualityProcess { steps { name } open: steps(status: OPEN) { dueAt } '
        'currentStep { name } } } again: qualityProcess(guid: "A") { __typename } }'
    )
    process, steps = (await explain(door, query))["calls"]
    assert (process["field"], process["sharedBy"]) == ("qualityProcess", ["again"])
    assert steps["field"] == "qualityProcess.steps"
    assert steps["sharedBy"] == ["qualityProcess.open", "qualityProcess.currentStep"]


async def test_a_number_that_rests_on_how_long_lists_usually_are_says_so(door):
    query = '{ qualityProcess(guid: "A") { ... on QualityProcess { steps { decisions { decision } } } } }'
    explained = await explain(door, query)
    assert [(call["calls"], call["isAssumed"]) for call in explained["calls"]] == [(1, False), (1, False), (6, True)]
    assert explained["isAssumed"] is True


async def test_of_the_types_an_object_may_have_the_calls_of_each_are_explained_and_the_dearest_count(door):
    explained = await explain(door, COMPLETE, {"input": ASSIGNED_STEP})
    below = [(call["type"], call["calls"]) for call in explained["calls"] if call["field"] == "completeStep.step"]
    assert sorted(below) == [("CompleteStepSuccess", 1), ("SignOffStepError", 1)]
    assert explained["usual"] == 2


async def test_a_list_of_more_than_400_is_explained_by_its_pages(door):
    assert await explained_calls(door, "{ tickets(first: 801) { nodes { number } } }") == [("tickets", "/tickets", 3)]


async def test_many_reads_at_once_may_begin_with_the_list(door):
    aliases = " ".join(f'{alias}: ticket(guid: "{alias}") {{ __typename }}' for alias in "abc")
    calls = await explained_calls(door, "{" + aliases + "}")
    assert calls == [
        *((alias, "/tickets/{guid}", 1) for alias in "abc"),
        ("a", "/tickets", 1, "sometimes"),
    ]


async def test_a_key_adds_the_reads_that_find_out_about_an_earlier_try(door):
    query = "mutation ($input: ChangeTicketStatusInput!) { changeTicketStatus(input: $input) { __typename } }"
    asked = {"ticketGuid": "A", "status": "IN_PROGRESS"}
    change = ("changeTicketStatus", "/tickets/statuschanges", 1)
    assert await explained_calls(door, query, input=asked) == [change]
    assert await explained_calls(door, query, input={**asked, "idempotencyKey": "K1"}) == [
        change,
        ("changeTicketStatus", "/tickets/{guid}", 1, "sometimes"),
    ]


async def test_a_key_whose_variable_is_not_given_adds_nothing(door):
    query = """
        mutation ($guid: String!, $key: String) {
          changeTicketStatus(input: { ticketGuid: $guid, status: COMPLETE, idempotencyKey: $key }) { __typename }
        }"""
    assert len(await explained_calls(door, query, guid="A")) == 1
    assert len(await explained_calls(door, query, guid="A", key="K1")) == 2


async def test_an_operation_that_would_need_too_many_calls_is_refused_and_explained(door):
    body = (await door.post(STEPS_OF_A_LIST, {"first": 2000}, **EXPLAINED)).json()
    [error] = body["errors"]
    assert (error["extensions"]["limit"], error["extensions"]["actual"]) == ("upstreamCalls", 2005)
    assert [call["calls"] for call in body["extensions"]["explain"]["calls"]] == [5, 2000]
    assert door.calls == []


@pytest.mark.parametrize(
    ("query", "variables"),
    [("{ nothing }", {}), ("{", {}), (STEPS_OF_A_LIST, {"first": "many"}), ("query A { a } query B { b }", {})],
)
async def test_what_cannot_be_executed_is_not_explained(door, query, variables):
    body = (await door.post(query, variables, **EXPLAINED)).json()
    assert {error["extensions"]["code"] for error in body["errors"]} == {"INVALID_REQUEST"}
    assert "explain" not in body["extensions"]


async def test_the_extension_of_a_request_asks_for_an_explanation_as_the_header_does(door):
    body = {"query": "{ tickets { nodes { number } } }", "extensions": {"explain": True}}
    answer = await door.client.post("/graphql", json=body, headers=door.headers)
    assert answer.json()["extensions"]["explain"]["usual"] == 1
    assert door.calls == []


async def test_an_explanation_is_an_answer_without_errors_in_the_media_type_of_graphql(door):
    accept = {"accept": "application/graphql-response+json"}
    answer = await door.post("{ tickets { nodes { number } } }", **EXPLAINED, **accept)
    assert answer.status_code == 200
    assert list(answer.json()) == ["data", "extensions"]


async def test_a_change_by_get_is_refused_also_where_it_is_to_be_explained(door):
    parameters = {"query": 'mutation { completeProcessStep(input: {processStepId: "A"}) { __typename } }'}
    answer = await door.client.get("/graphql", params=parameters, headers=EXPLAINED)
    assert answer.status_code == 405


async def test_an_explanation_tells_whether_the_calls_left_of_the_day_are_enough(opened):
    async with opened(daily_limit=60) as door:
        await door.data("{ tickets(first: 1) { nodes { number } } }")
        explained = [await explain(door, STEPS_OF_A_LIST, {"first": first}) for first in (8, 9)]
        assert [(one["remaining"], one["isWithinBudget"]) for one in explained] == [(59, True), (59, False)]


@pytest.mark.parametrize(("header", "extensions"), [("yes", {}), ("false", {"explain": "true"}), ("off", None)])
async def test_a_request_of_which_it_is_not_clear_whether_it_asks_is_not_executed(door, header, extensions):
    body = {"query": COMPLETE, "variables": {"input": ASSIGNED_STEP}, "extensions": extensions}
    answer = await door.client.post("/graphql", json=body, headers={**door.headers, "x-explain": header})
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == "INVALID_REQUEST"
    assert door.calls == []


async def test_a_service_that_tells_no_details_refuses_to_explain_and_executes_nothing(opened):
    async with opened(settings={"upstream_details": False}) as door:
        answer = await door.post(COMPLETE, {"input": ASSIGNED_STEP}, **EXPLAINED)
        assert answer.json()["errors"][0]["extensions"]["code"] == "INVALID_REQUEST"
        assert door.calls == []
