"""Objects of the far side, in its own words: made up, with fields that are absent, null, or newer than the service."""

from random import Random
from typing import Any

MOMENTS = [
    "2025-11-18T08:00:00Z",
    "2024-02-29T23:59:59.999999+05:30",
    "2019-07-01T12:00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
]
TEXTS = ["", "Bracket", '日本 🚀 "quoted" \\ \n', "<b>bold</b>", "x" * 300]
STEPS = ["S0", "S1", "S2"]


def quality_process(chance: Random, guid: str) -> dict[str, Any]:
    return {
        "guid": guid,
        **given(
            chance,
            number=guid,
            name=chance.choice(TEXTS),
            description=chance.choice(TEXTS),
            type="CAPA",
            status=chance.choice(["OPEN", "COMPLETED", "SUBMITTED", "CANCELED", "ARCHIVED"]),
            statusMode=chance.choice(["AUTOMATIC", "MANUAL", "BY MOON"]),
            owner=person(chance),
            creator=person(chance),
            currentStep=given(chance, guid=chance.choice([*STEPS, "S9"])),
            creationDateTime=chance.choice(MOMENTS),
            completedDateTime=chance.choice(MOMENTS),
            targetCompletionDateTime=chance.choice(MOMENTS),
            newer={"field": [1, 2]},
        ),
    }


def quality_step(chance: Random, guid: str) -> dict[str, Any]:
    return {
        "guid": guid,
        **given(
            chance,
            name=chance.choice(TEXTS),
            order=chance.choice([0, 1, 2, -(2**31), 2**31 - 1, 2**31] if chance.random() < 0.1 else [1, 2]),
            type=chance.choice(["REGULAR", "SIGNOFF", "HOLOGRAM"]),
            status=chance.choice(["OPEN", "COMPLETE", "PAUSED"]),
            assignees=given(chance, users=people(chance), userGroups=[group(chance)] * chance.randrange(3)),
            attributes=attributes(chance),
            approvals=people(chance),
            dueDateTime=chance.choice(MOMENTS),
            completeDateTime=chance.choice(MOMENTS),
            completeUser=person(chance),
        ),
    }


def ticket(chance: Random, guid: str) -> dict[str, Any]:
    return {
        "guid": guid,
        **given(
            chance,
            number=guid,
            title=chance.choice(TEXTS),
            description=chance.choice(TEXTS),
            priority="high",
            status=given(chance, value=chance.choice(["Not Started", "In Progress", "Complete", "On Ice"])),
            assignee=person(chance),
            creator=person(chance),
            template=given(chance, guid="TEMPLATE", name="Defect"),
            fixVersion="2.0",
            foundOn="1.0",
            additionalAttributes=attributes(chance),
            creationDateTime=chance.choice(MOMENTS),
            modifyDateTime=chance.choice(MOMENTS),
        ),
    }


def decision(chance: Random) -> dict[str, Any]:
    return given(
        chance,
        guid="D1",
        user=person(chance),
        group=group(chance),
        decisionType="ALL_REQUIRED",
        decision=chance.choice(["APPROVED", "REJECTED", "LATER"]),
        decisionDateTime=chance.choice(MOMENTS),
        comments=chance.choice(TEXTS),
    )


def affected(chance: Random) -> dict[str, Any]:
    affected = given(chance, type=chance.choice(["ITEM", "URL"]), guid="I1", link="http://example.test")
    return given(chance, guid="A1", notes=chance.choice(TEXTS), affected=affected)


def workflow(chance: Random, guid: str) -> dict[str, Any]:
    return {
        "id": guid,
        **given(
            chance,
            workflowId="flow",
            creationTimestamp=chance.choice(MOMENTS),
            updatedTimestamp=chance.choice(MOMENTS),
            steps=[workflow_step(chance, f"{guid}{step}") for step in STEPS[: chance.randrange(4)]],
        ),
    }


def workflow_step(chance: Random, guid: str) -> dict[str, Any]:
    return {
        "id": guid,
        **given(
            chance,
            delegate="MODEL",
            timeOutInSeconds=chance.choice([0, 60, 2**31 if chance.random() < 0.2 else 1]),
            processStepStatus=chance.choice(["PENDING", "STARTED", "COMPLETED", "FAILED", "LOST"]),
            params=params(chance),
        ),
    }


def given(chance: Random, **values: object) -> dict[str, Any]:
    """An object some of whose fields are null or absent."""
    kinds = [(name, value, chance.random()) for name, value in values.items()]
    return {name: None if kind < 0.08 else value for name, value, kind in kinds if kind < 0.92}


def person(chance: Random) -> dict[str, Any]:
    return given(chance, guid="U1", fullName=chance.choice(TEXTS), email="u@example.test")


def people(chance: Random) -> list[dict[str, Any]]:
    return [person(chance) for _ in range(chance.randrange(3))]


def group(chance: Random) -> dict[str, Any]:
    return given(chance, guid="G1", name="Quality", users=people(chance))


def attributes(chance: Random) -> list[dict[str, Any]]:
    values = ["text", 7, 1.50, True, None, [], ["a", 2, None], {"amount": 3}]
    return [
        given(chance, guid="X1", apiName="X1", name="Colour", fieldType="TEXT", value=chance.choice(values))
        for _ in range(chance.randrange(3))
    ]


def params(chance: Random) -> dict[str, Any]:
    slots = [
        {"type": "STRING", "strValue": "text"},
        {"type": "STRING", "strValue": 5},
        {"type": "LONG", "longValue": -(2**63)},
        {"type": "LONG", "longValue": 2**64},
        {"type": "DOUBLE", "doubleValue": 1.5},
        {"type": "DOUBLE", "doubleValue": 3},
        {"type": "DATE", "strValue": "today"},
        {},
    ]
    return {f"param{number}": chance.choice(slots) for number in range(chance.randrange(4))}
