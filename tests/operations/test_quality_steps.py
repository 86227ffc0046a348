"""Steps of quality processes: what Arena says arrives exactly."""

import pytest

from operations.stand_ins import answering, rows
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

BIGGEST = 2**31 - 1

STEPS = """
query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { steps {
  guid name order type typeLabel status statusLabel
  assignees { guid fullName email } assigneeGroups { guid name members { email } }
  attributes { name values } approvers { fullName } dueAt completedAt completedBy { guid fullName }
} } } }"""


def only(step):
    """A far side where every process has this one step."""
    return answering(lambda request: rows(step) if request.url.path.endswith("/steps") else None)


async def first_step(door):
    return (await door.data(STEPS, guid=guids.RICH_PROCESS))["qualityProcess"]["steps"][0]


async def test_absent_fields_of_a_step_are_null_or_empty(opened):
    async with opened(wrap=only({"guid": "S"})) as door:
        seen = await first_step(door)
        assert (seen.pop("guid"), seen.pop("assignees"), seen.pop("assigneeGroups")) == ("S", [], [])
        assert set(seen.values()) == {None}


async def test_unknown_values_of_a_step_keep_arenas_word(opened):
    step = {"guid": "S", "type": "INSPECTION", "status": "SKIPPED"}
    async with opened(wrap=only(step)) as door:
        seen = await first_step(door)
        assert (seen["type"], seen["typeLabel"]) == ("UNKNOWN", "INSPECTION")
        assert (seen["status"], seen["statusLabel"]) == ("UNKNOWN", "SKIPPED")


@pytest.mark.parametrize("order", [BIGGEST, -(2**31), 0])
async def test_a_whole_number_of_32_bits_is_given(opened, order):
    step = {"guid": "S", "order": order}
    async with opened(wrap=only(step)) as door:
        assert (await first_step(door))["order"] == order


@pytest.mark.parametrize("order", [BIGGEST + 1, -(2**31) - 1, 2**63, 10**30])
async def test_a_whole_number_beyond_32_bits_is_null_with_a_coded_error(opened, order):
    step = {"guid": "S", "name": "Named", "order": order}
    async with opened(wrap=only(step)) as door:
        body = await door.ask(
            "query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { steps { name order } } } }",
            guid=guids.RICH_PROCESS,
        )
        assert body["data"]["qualityProcess"]["steps"] == [{"name": "Named", "order": None}]
        [error] = body["errors"]
        assert error["path"] == ["qualityProcess", "steps", 0, "order"]
        assert error["extensions"]["code"] == "UPSTREAM_CONTRACT"


async def steps_by_guid(door):
    steps = (await door.data(STEPS, guid=guids.RICH_PROCESS))["qualityProcess"]["steps"]
    return {step["guid"]: step for step in steps}


async def test_a_step_is_assigned_to_users_or_to_groups_or_to_nobody(door):
    steps = await steps_by_guid(door)
    assert [user["email"] for user in steps[guids.ASSIGNED_STEP]["assignees"]] == ["assignee@sandbox.test"]
    assert steps[guids.ASSIGNED_STEP]["assigneeGroups"] == []
    [group] = steps[guids.GROUP_STEP]["assigneeGroups"]
    assert group["guid"] == guids.QUALITY_ENGINEERS
    assert {"email": "assignee@sandbox.test"} in group["members"]
    assert steps[guids.GROUP_STEP]["assignees"] == []
    assert (steps[guids.UNASSIGNED_STEP]["assignees"], steps[guids.UNASSIGNED_STEP]["assigneeGroups"]) == ([], [])


async def test_who_completed_a_step_may_be_known_by_name_only(door):
    completed_by = (await steps_by_guid(door))[guids.COMPLETED_STEP]["completedBy"]
    assert completed_by["guid"] is None
    assert completed_by["fullName"] is not None


async def test_approvers_are_null_until_everybody_has_decided(door):
    steps = await steps_by_guid(door)
    assert len(steps[guids.APPROVED_STEP]["approvers"]) == 1
    assert steps[guids.PENDING_STEP]["approvers"] is None


async def test_affected_objects_and_decisions_are_as_arena_has_them(door):
    data = await door.data(
        """
        query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess { steps {
          guid affectedObjects { guid type objectGuid link notes }
          decisions { guid person { guid } group { guid } decisionType decision decidedAt comments }
        } } } }""",
        guid=guids.RICH_PROCESS,
    )
    steps = {step["guid"]: step for step in data["qualityProcess"]["steps"]}
    supplier, process, url = steps[guids.ASSIGNED_STEP]["affectedObjects"]
    assert supplier["type"] == "SUPPLIER"
    assert (process["type"], process["objectGuid"]) == ("QUALITY", guids.NEARLY_DONE_PROCESS)
    assert process["notes"] == "Same resin lot"
    assert (url["type"], url["objectGuid"]) == ("URL", None)
    assert url["link"] == "https://standards.example/iec-60068-2-14"
    [approval] = steps[guids.APPROVED_STEP]["decisions"]
    assert (approval["decision"], approval["decidedAt"]) == ("APPROVED", "2025-09-13T23:38:07Z")
    assert (approval["decisionType"], approval["comments"]) == ("ALL_REQUIRED", "Looks right to me.")
    assert [d["decision"] for d in steps[guids.PENDING_STEP]["decisions"]] == [None, None]
