"""The fewest calls: each test compares the whole log of REST calls."""

import pytest

from operations.stand_ins import editing
from sandbox.arena.story import guids, ticket_guids
from sandbox.cognaize import story

pytestmark = pytest.mark.anyio

RICH = f"GET /qualityprocesses/{guids.RICH_PROCESS}"
STEPS_OF_RICH = f"{RICH}/steps"


async def test_a_page_of_processes_with_their_steps_costs_one_call_and_one_for_each_process(door):
    await door.data(
        "{ qualityProcesses(first: 20) "
        "{ nodes { number owner { fullName } steps { name status assignees { fullName } } } } }"
    )
    assert len(door.calls) == 21
    assert door.calls[0] == "GET /qualityprocesses?limit=21&offset=0"
    assert {call.rsplit("/", 1)[1] for call in door.calls[1:]} == {"steps"}


async def test_the_calls_of_one_level_run_at_once_as_many_as_the_wire_lets_out(opened):
    async with opened(settings={"max_concurrent_calls": 7}) as door:
        await door.data("{ qualityProcesses(first: 20) { nodes { steps { name } } } }")
        assert door.most_at_once == 7


async def test_the_steps_of_a_process_cost_one_call_however_they_are_asked(door):
    await door.data(
        """
        query ($guid: String!) {
          qualityProcess(guid: $guid) { ... on QualityProcess {
            steps { name assignees { email } attributes { values } }
            open: steps(status: OPEN) { dueAt }
            currentStep { name qualityProcess { name } }
          } }
        }""",
        guid=guids.RICH_PROCESS,
    )
    assert door.calls == [RICH, STEPS_OF_RICH]


async def test_a_current_step_of_which_only_the_guid_is_asked_costs_nothing(door):
    data = await door.data(
        "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { currentStep { id guid } } } }",
        guid=guids.RICH_PROCESS,
    )
    assert data["qualityProcess"]["currentStep"]["guid"] == guids.ASSIGNED_STEP
    assert door.calls == [RICH]


async def test_several_nodes_that_are_steps_of_one_process_cost_one_call(door):
    data = await door.data(
        "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { steps { id } } } }",
        guid=guids.RICH_PROCESS,
    )
    ids = [step["id"] for step in data["qualityProcess"]["steps"]]
    door.calls.clear()
    document = " ".join(f'a{n}: node(id: "{id}") {{ ... on QualityStep {{ name }} }}' for n, id in enumerate(ids))
    found = await door.data("{" + document + "}")
    assert found["a0"] == {"name": "Problem description"}
    assert found["a7"] == {"name": "Final approval"}
    assert door.calls == [STEPS_OF_RICH]


async def test_people_cost_nothing(door):
    await door.data(
        """
        query ($guid: String!) {
          qualityProcess(guid: $guid) { ... on QualityProcess {
            owner { fullName email } creator { fullName }
            steps { assignees { fullName } assigneeGroups { members { email } } completedBy { fullName }
                    approvers { fullName } }
          } }
        }""",
        guid=guids.RICH_PROCESS,
    )
    assert door.calls == [RICH, STEPS_OF_RICH]


async def test_the_rows_of_a_list_of_processes_are_not_read_again(door):
    await door.data("{ qualityProcesses(first: 2) { nodes { steps { qualityProcess { name } } } } }")
    assert door.calls[0] == "GET /qualityprocesses?limit=3&offset=0"
    assert [call.rsplit("/", 1)[1] for call in door.calls[1:]] == ["steps", "steps"]


async def test_the_rows_of_a_list_of_tickets_are_not_read_again(door):
    data = await door.data('{ tickets(first: 9, where: {number: "DEF-00000*"}) { nodes { tickets { title } } } }')
    titles = [ticket["title"] for node in data["tickets"]["nodes"] for ticket in node["tickets"]]
    assert len(titles) == 2
    assert door.calls[0] == "GET /tickets?number=DEF-00000%2A&limit=10&offset=0"
    assert [call.rsplit("/", 1)[1] for call in door.calls[1:]] == ["tickets"] * 9


async def test_a_reference_of_which_only_guid_and_number_are_asked_costs_no_further_call(door):
    ticket = f"GET /tickets/{ticket_guids.PAINT_TICKET}"
    await door.data(
        """
        query ($guid: String!) { ticket(guid: $guid) { ... on Ticket {
          qualityProcesses { id guid number } tickets { id guid number }
        } } }""",
        guid=ticket_guids.PAINT_TICKET,
    )
    assert door.calls[0] == ticket
    assert sorted(door.calls[1:]) == [f"{ticket}/quality", f"{ticket}/tickets"]


async def test_more_of_a_reference_is_read_by_its_guid(door):
    ticket = f"GET /tickets/{ticket_guids.PAINT_TICKET}"
    data = await door.data(
        "query ($guid: String!) { ticket(guid: $guid) { ... on Ticket { qualityProcesses { guid name } } } }",
        guid=ticket_guids.PAINT_TICKET,
    )
    [process] = data["ticket"]["qualityProcesses"]
    assert door.calls == [ticket, f"{ticket}/quality", f"GET /qualityprocesses/{process['guid']}"]


async def test_decisions_are_read_for_sign_off_steps_and_affected_objects_for_the_others(door):
    data = await door.data(
        """
        query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess {
          steps { guid decisions { decision } affectedObjects { type } }
        } } }""",
        guid=guids.RICH_PROCESS,
    )
    sign_off = [guids.APPROVED_STEP, guids.PENDING_STEP]
    steps = {step["guid"]: step for step in data["qualityProcess"]["steps"]}
    regular = [guid for guid in steps if guid not in sign_off]
    assert door.calls[:2] == [RICH, STEPS_OF_RICH]
    assert sorted(door.calls[2:]) == sorted(
        [
            *(f"{STEPS_OF_RICH}/{guid}/decisions" for guid in sign_off),
            *(f"{STEPS_OF_RICH}/{guid}/affected" for guid in regular),
        ]
    )
    assert steps[guids.APPROVED_STEP] == {
        "guid": guids.APPROVED_STEP,
        "decisions": [{"decision": "APPROVED"}],
        "affectedObjects": [],
    }
    assert steps[guids.COMPLETED_STEP]["decisions"] == []
    assert steps[guids.COMPLETED_STEP]["affectedObjects"] == [{"type": "ITEM"}, {"type": "FILE"}]


async def test_a_step_whose_kind_is_not_known_may_have_both(opened):
    def make_unknown(body):
        body["results"] = [{**body["results"][0], "type": "INSPECTION"}]

    async with opened(wrap=editing("/steps", make_unknown)) as door:
        await door.ask(
            """
            query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess {
              steps { decisions { decision } affectedObjects { type } }
            } } }""",
            guid=guids.RICH_PROCESS,
        )
        step = f"{STEPS_OF_RICH}/{guids.COMPLETED_STEP}"
        assert sorted(door.calls[2:]) == [f"{step}/affected", f"{step}/decisions"]


async def test_equal_reads_happen_once_whatever_fields_or_aliases_ask(door):
    await door.data(
        """
        query ($guid: String!, $process: String!) {
          a: qualityProcess(guid: $guid) { ... on QualityProcess { name steps { name } } }
          b: qualityProcess(guid: $guid) { ... on QualityProcess { number steps(status: OPEN) { dueAt } } }
          c: qualityProcesses(first: 3) { nodes { name } }
          d: qualityProcesses(first: 3) { edges { cursor } pageInfo { hasNextPage } }
          e: process(id: $process) { ... on Process { status } }
          f: process(id: $process) { ... on Process { steps { process { workflowId } } } }
        }""",
        guid=guids.RICH_PROCESS,
        process=story.FRESH_PROCESS_ID,
    )
    assert sorted(door.calls) == sorted(
        [RICH, STEPS_OF_RICH, "GET /qualityprocesses?limit=4&offset=0", f"GET /processes/{story.FRESH_PROCESS_ID}"]
    )


async def test_operations_share_nothing_they_have_read(door):
    document = f'{{ ticket(guid: "{ticket_guids.PAINT_TICKET}") {{ __typename }} }}'
    await door.data(document)
    await door.data(document)
    assert door.calls == [f"GET /tickets/{ticket_guids.PAINT_TICKET}"] * 2


ALIASED_LISTS = "{ a: tickets(first: 100) { nodes { number } } b: tickets(first: 100) { nodes { guid } } }"


async def test_rows_beyond_those_an_operation_may_answer_are_refused_and_the_others_kept(opened):
    async with opened(settings={"max_rows_per_operation": 150}) as door:
        body = await door.ask(ALIASED_LISTS)
        assert len(body["data"]["a"]["nodes"]) == 100
        assert body["data"]["b"] is None
        [error] = body["errors"]
        assert (error["path"], error["extensions"]["code"]) == (["b"], "LIMIT_EXCEEDED")
        assert door.calls == ["GET /tickets?limit=101&offset=0"]


async def test_as_many_rows_as_an_operation_may_answer_are_answered(opened):
    async with opened(settings={"max_rows_per_operation": 200}) as door:
        data = await door.data(ALIASED_LISTS)
        assert [len(data[alias]["nodes"]) for alias in "ab"] == [100, 100]


async def test_nested_rows_count_as_well(opened):
    query = "{ qualityProcesses(first: 2) { nodes { a: steps { guid } b: steps { name } } } }"
    async with opened(settings={"max_rows_per_operation": 15}) as door:
        body = await door.ask(query)
        assert {error["extensions"]["code"] for error in body["errors"]} == {"LIMIT_EXCEEDED"}


async def test_a_list_refused_for_its_rows_takes_no_room_from_the_others(opened):
    query = "{ a: tickets(first: 20) { nodes { number } } b: tickets(first: 2) { nodes { number } } }"
    async with opened(settings={"max_rows_per_operation": 10}) as door:
        data = (await door.ask(query))["data"]
        assert data["a"] is None
        assert len(data["b"]["nodes"]) == 2
