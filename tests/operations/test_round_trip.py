"""What the upstreams say arrives exactly: nothing lost, nothing rounded, nothing invented."""

import gzip
import json

import httpx
import pytest

from operations.stand_ins import answering, editing
from sandbox.arena.story import guids, ticket_guids

pytestmark = pytest.mark.anyio

PROCESS = """
query ($guid: String!) { qualityProcess(guid: $guid) { ... on QualityProcess {
  guid number name description type status statusLabel statusMode statusModeLabel
  owner { guid fullName email } creator { fullName } currentStep { guid }
  createdAt completedAt targetCompletionAt
} } }"""

TICKET = """
query ($guid: String!) { ticket(guid: $guid) { ... on Ticket {
  guid number title description priority status statusLabel assignee { guid } creator { guid } template { name }
  fixVersion foundOn attributes { guid name fieldType values } createdAt modifiedAt
} } }"""

TEXTS = [
    "<p>Größe &lt; 3 µm &amp; <b>Ångström</b></p><script>alert('no')</script>",
    "日本語 العربية עברית",
    "👩‍🔬 \U00010348 astral",
    "tab\tnewline\r\nline\u2028paragraph\u2029",
    ' quoted "text" and \\ backslash ',
    "e\u0301 is not \u00e9",
    "",
]


def same_for_all(path, body):
    """A far side that answers every read of a path with one body."""
    return answering(lambda request: httpx.Response(200, json=body) if request.url.path.endswith(path) else None)


async def quality_process(door, guid=guids.RICH_PROCESS):
    return (await door.data(PROCESS, guid=guid))["qualityProcess"]


async def ticket(door, guid=ticket_guids.PAINT_TICKET):
    return (await door.data(TICKET, guid=guid))["ticket"]


async def test_a_quality_process_is_as_arena_has_it(door):
    arena = await door.look(f"/qualityprocesses/{guids.RICH_PROCESS}")
    assert await quality_process(door) == {
        "guid": guids.RICH_PROCESS,
        "number": "CAPA-000001",
        "name": "Aurora bezels crack after thermal cycling",
        "description": arena["description"],
        "type": "Product",
        "status": "OPEN",
        "statusLabel": "OPEN",
        "statusMode": "MANUAL",
        "statusModeLabel": "MANUAL",
        "owner": {"guid": guids.OWNER, "fullName": arena["owner"]["fullName"], "email": "owner@sandbox.test"},
        "creator": {"fullName": arena["creator"]["fullName"]},
        "currentStep": {"guid": guids.ASSIGNED_STEP},
        "createdAt": "2025-09-01T14:05:07Z",
        "completedAt": None,
        "targetCompletionAt": "2025-11-01T06:59:59Z",
    }
    assert "−40 °C" in arena["description"] and "Tromsø" in arena["description"]


async def test_a_ticket_is_as_arena_has_it(door):
    arena = await door.look("/tickets?title=Glød*")
    guid = arena["results"][0]["guid"]
    seen = await ticket(door, guid)
    assert seen["title"] == arena["results"][0]["title"]
    assert seen["description"] == arena["results"][0]["description"]
    assert "<li>Wait until 23 °C ± 0.5 °C.</li>" in seen["description"]
    assert "größte" in seen["description"]


@pytest.mark.parametrize("text", TEXTS)
async def test_text_arrives_exactly(opened, text):
    process = {"guid": "G", "name": text, "description": text, "owner": {"fullName": text}}
    async with opened(wrap=same_for_all("/qualityprocesses/G", process)) as door:
        seen = await quality_process(door, "G")
        assert (seen["name"], seen["description"], seen["owner"]["fullName"]) == (text, text, text)


@pytest.mark.parametrize("text", TEXTS)
async def test_html_of_a_ticket_arrives_exactly(opened, text):
    async with opened(wrap=same_for_all("/tickets/G", {"guid": "G", "title": text, "description": text})) as door:
        seen = await ticket(door, "G")
        assert (seen["title"], seen["description"]) == (text, text)


async def test_a_compressed_answer_is_read(opened):
    body = gzip.compress(json.dumps({"guid": "G", "title": "größer"}).encode())
    headers = {"content-encoding": "gzip", "content-type": "application/json"}
    async with opened(wrap=answering(lambda _: httpx.Response(200, content=body, headers=headers))) as door:
        assert (await ticket(door, "G"))["title"] == "größer"


@pytest.mark.parametrize("body", [{"guid": "G"}, {"guid": "G", "currentStep": {"guid": None}, "status": None}])
async def test_absent_fields_of_a_quality_process_are_null(opened, body):
    async with opened(wrap=same_for_all("/qualityprocesses/G", body)) as door:
        seen = await quality_process(door, "G")
        assert seen.pop("guid") == "G"
        assert set(seen.values()) == {None}


async def test_absent_fields_of_a_ticket_are_null(opened):
    async with opened(wrap=same_for_all("/tickets/G", {"guid": "G"})) as door:
        seen = await ticket(door, "G")
        assert seen.pop("guid") == "G"
        assert set(seen.values()) == {None}


async def test_a_row_without_a_guid_breaks_the_contract(opened):
    async with opened(wrap=same_for_all("/tickets", {"results": [{"number": "DEF-000001"}]})) as door:
        body = await door.ask("{ tickets { nodes { number } } }")
        assert body["data"] == {"tickets": None}
        assert [error["extensions"]["code"] for error in body["errors"]] == ["UPSTREAM_CONTRACT"]


async def test_fields_newer_than_this_service_are_left_alone(opened):
    newer = {
        "guid": "G",
        "number": "DEF-1",
        "sprint": {"deep": [1, {"x": None}]},
        "status": {"value": "Complete", "n": 1},
    }
    async with opened(wrap=same_for_all("/tickets/G", newer)) as door:
        seen = await ticket(door, "G")
        assert (seen["number"], seen["status"]) == ("DEF-1", "COMPLETE")


async def test_unknown_values_of_a_quality_process_keep_arenas_word(opened):
    body = {"guid": "G", "status": "ON_HOLD", "statusMode": "MAGIC"}
    async with opened(wrap=same_for_all("/qualityprocesses/G", body)) as door:
        seen = await quality_process(door, "G")
        assert (seen["status"], seen["statusLabel"]) == ("UNKNOWN", "ON_HOLD")
        assert (seen["statusMode"], seen["statusModeLabel"]) == ("UNKNOWN", "MAGIC")


@pytest.mark.parametrize("status", ["OPEN", "COMPLETED", "SUBMITTED", "CANCELED"])
async def test_every_known_status_of_a_quality_process_is_read(opened, status):
    async with opened(wrap=same_for_all("/qualityprocesses/G", {"guid": "G", "status": status})) as door:
        seen = await quality_process(door, "G")
        assert (seen["status"], seen["statusLabel"]) == (status, status)


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Not Started", "NOT_STARTED"),
        ("In Progress", "IN_PROGRESS"),
        ("Complete", "COMPLETE"),
        ("Completed", "COMPLETE"),
        ("NOT_STARTED", "NOT_STARTED"),
        ("IN_PROGRESS", "IN_PROGRESS"),
        ("COMPLETE", "COMPLETE"),
        ("Wartet auf Prüfung", "UNKNOWN"),
        ("UNKNOWN", "UNKNOWN"),
        ("", "UNKNOWN"),
    ],
)
async def test_a_tickets_status_is_read_from_its_label_or_its_name(opened, label, status):
    body = {"guid": "G", "status": {"guid": "X", "value": label}}
    async with opened(wrap=same_for_all("/tickets/G", body)) as door:
        seen = await ticket(door, "G")
        assert (seen["status"], seen["statusLabel"]) == (status, label)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"text"', ["text"]),
        ("12500", ["12500"]),
        ("12500.10", ["12500.10"]),
        ("1e3", ["1e3"]),
        ("123456789012345678901234567890", ["123456789012345678901234567890"]),
        ("0.1000000000000000055511151231257827", ["0.1000000000000000055511151231257827"]),
        ("true", ["true"]),
        ('["Aurora","Polaris"]', ["Aurora", "Polaris"]),
        ("[]", []),
        ("null", []),
        ('["a",null,2]', ["a", "2"]),
        ('""', [""]),
        ('{"guid":"X"}', ['{"guid":"X"}']),
    ],
)
async def test_the_value_of_an_attribute_is_text_as_it_was_written(opened, written, read):
    body = f'{{"guid": "G", "additionalAttributes": [{{"name": "A", "value": {written}}}]}}'
    async with opened(wrap=answering(lambda _: httpx.Response(200, content=body.encode()))) as door:
        assert [attribute["values"] for attribute in (await ticket(door, "G"))["attributes"]] == [read]


async def test_attributes_of_a_ticket_are_given_empty_ones_too(door):
    attributes = (await ticket(door, ticket_guids.UNASSIGNED_TICKET))["attributes"]
    assert [(attribute["name"], attribute["values"]) for attribute in attributes] == [
        ("Labels", []),
        ("Components", ["Sensor head"]),
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-09-01T14:05:07Z", "2025-09-01T14:05:07Z"),
        ("2025-09-01T14:05:07.250Z", "2025-09-01T14:05:07.250000Z"),
        ("2025-09-01T14:05:07", "2025-09-01T14:05:07Z"),
        ("2025-09-01T06:05:07-08:00", "2025-09-01T14:05:07Z"),
    ],
)
async def test_moments_are_given_in_utc(opened, written, read):
    async with opened(wrap=same_for_all("/tickets/G", {"guid": "G", "creationDateTime": written})) as door:
        assert (await ticket(door, "G"))["createdAt"] == read


async def test_a_moment_nobody_can_read_breaks_the_contract(opened):
    async with opened(wrap=same_for_all("/tickets/G", {"guid": "G", "creationDateTime": "yesterday"})) as door:
        data = await door.data(
            '{ ticket(guid: "G") { ... on Ticket { createdAt } '
            "... on UpstreamError { code upstream { httpStatus message } } } }"
        )
        assert data["ticket"] == {"code": "UPSTREAM_CONTRACT", "upstream": {"httpStatus": 200, "message": None}}


COMPLETE = """
mutation ($input: CompleteStepInput!) { completeStep(input: $input) {
  __typename ... on CompleteStepSuccess { qualityProcess { guid number currentStep { guid } } step { guid status } }
} }"""


@pytest.mark.parametrize("wrapped", [True, False], ids=["wrapped", "bare"])
async def test_the_answer_to_a_status_change_is_read_wrapped_or_bare(opened, wrapped):
    def unwrap(body):
        return body if wrapped else body["qualityProcess"]

    async with opened(wrap=editing("/qualityprocesses/statuschanges", unwrap)) as door:
        step = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.ASSIGNED_STEP}
        data = await door.data(COMPLETE, input=step)
        assert data["completeStep"] == {
            "__typename": "CompleteStepSuccess",
            "qualityProcess": {
                "guid": guids.RICH_PROCESS,
                "number": "CAPA-000001",
                "currentStep": {"guid": guids.GROUP_STEP},
            },
            "step": {"guid": guids.ASSIGNED_STEP, "status": "COMPLETE"},
        }
        assert len(door.calls) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Wed, 18-Nov-2099 00:00:00 GMT-0800 (PST)", "2099-11-18T08:00:00Z"),
        ("Wed, 18-Jun-2098 00:00:00 GMT-0700 (PDT)", "2098-06-18T07:00:00Z"),
        ("Wed, 18 Nov 2099 08:00:00 GMT", "2099-11-18T08:00:00Z"),
        ("tomorrow", None),
        ("Wed, 31-Feb-2099 00:00:00 GMT-0800 (PST)", None),
    ],
)
async def test_the_odd_date_of_the_reset_is_read(opened, written, read):
    headers = {"x-arena-requests-remaining": "17", "x-arena-next-request-limit-reset": written}
    body = {"guid": "G"}
    async with opened(wrap=answering(lambda _: httpx.Response(200, json=body, headers=headers))) as door:
        await ticket(door, "G")
        data = await door.data("{ upstreamBudgets { system remaining resetsAt } }")
        assert data["upstreamBudgets"] == [{"system": "ARENA", "remaining": 17, "resetsAt": read}]
