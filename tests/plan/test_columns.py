"""The times of a list's objects are written all at once, as each would be by itself."""

import json

import pytest
from operation_maker import Operation
from spoken_answers import Spoken, steps

from plan.expressions import Names
from schema import scalars

pytestmark = pytest.mark.anyio

TICKETS = "{ tickets { nodes { guid createdAt modifiedAt status } } }"
IN_UTC = "2025-12-10T02:55:55Z"
TIMES = [  # as Arena says them, and as they are written
    (IN_UTC, IN_UTC),
    ("2025-12-10T02:55:55", IN_UTC),
    ("2025-12-10T04:55:55+02:00", IN_UTC),
    ("2025-12-10T02:55:55.999999Z", "2025-12-10T02:55:55.999999Z"),
    ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    (None, None),
]


def tickets(*times):
    """Tickets made at these times and changed at the first of them."""
    return [
        {"guid": f"T{number}", "creationDateTime": time, "modifyDateTime": times[0], "status": {"value": "Complete"}}
        for number, time in enumerate(times)
    ]


def written(*times):
    """The answer for such tickets."""
    return {
        "tickets": {
            "nodes": [
                {"guid": f"T{number}", "createdAt": time, "modifiedAt": times[0], "status": "COMPLETE"}
                for number, time in enumerate(times)
            ]
        }
    }


@pytest.fixture
def ask(with_plans):
    """Asks for the second time: a plan looks at the objects of the first answer one by one."""

    async def ask(document, *rows):
        for _ in range(2):
            outcome = await with_plans.ask(Operation(document, {}, None), Spoken({"/tickets": steps(*rows)}))
        assert outcome.is_planned
        return json.loads(outcome.data)

    return ask


@pytest.fixture
def written_at_once(monkeypatch):
    """Grows with what is written: a moment, or a list of them."""
    found = []
    write = scalars.to_builtins

    def note_and_write(moments):
        found.append(moments)
        return write(moments)

    monkeypatch.setattr(scalars, "to_builtins", note_and_write)
    return found


@pytest.fixture
def expressions(monkeypatch):
    """Grows with every expression that is made."""
    found = []
    evaluate = Names.evaluate

    def note_and_evaluate(names, expression):
        found.append(expression)
        return evaluate(names, expression)

    monkeypatch.setattr(Names, "evaluate", note_and_evaluate)
    return found


@pytest.mark.parametrize(("said", "answered"), TIMES)
async def test_times_that_are_said_alike_are_answered_alike(ask, said, answered):
    assert await ask(TICKETS, *tickets(said, said, said)) == written(answered, answered, answered)


async def test_every_time_keeps_its_place_among_others(ask):
    said, answered = zip(*TIMES, strict=True)
    assert await ask(TICKETS, *tickets(*said)) == written(*answered)


async def test_times_in_utc_keep_their_places_among_none(ask):
    times = (IN_UTC, None, "2026-01-01T00:00:00Z")
    assert await ask(TICKETS, *tickets(*times)) == written(*times)


async def test_a_list_of_nothing_is_one(ask):
    assert await ask(TICKETS) == {"tickets": {"nodes": []}}


async def test_times_stand_beside_objects_of_their_own_and_twice_where_they_are_asked_twice(ask):
    document = "{ tickets { nodes { createdAt creator { guid fullName } ... on Ticket { again: createdAt } } } }"
    row = {"guid": "T1", "creationDateTime": IN_UTC, "creator": {"guid": "U1", "fullName": "Heidi"}}
    person = {"guid": "U1", "fullName": "Heidi"}
    node = {"createdAt": IN_UTC, "creator": person, "again": IN_UTC}
    assert await ask(document, row, row) == {"tickets": {"nodes": [node, node]}}


async def test_a_column_of_times_is_written_in_one_go(ask, written_at_once):
    await ask("{ tickets { nodes { title createdAt modifiedAt } } }", *tickets(IN_UTC, IN_UTC, IN_UTC))
    assert [len(moments) for moments in written_at_once if isinstance(moments, list)] == [3, 3]


@pytest.mark.parametrize(
    "document",
    [
        "{ tickets { nodes { number createdAt } } }",
        "{ tickets { edges { node { number createdAt } } } }",
        '{ qualityProcess(guid: "P1") { ... on QualityProcess { steps { guid qualityProcess { createdAt name } } } } }',
    ],
)
async def test_what_was_made_for_a_document_is_not_made_again(with_plans, expressions, document):
    far_side = Spoken(
        {
            "/tickets": steps(*tickets(IN_UTC, IN_UTC)),
            "/qualityprocesses/P1": {"guid": "P1", "name": "CAPA", "creationDateTime": IN_UTC},
            "/qualityprocesses/P1/steps": steps({"guid": "S1"}, {"guid": "S2"}),
        }
    )
    for _ in range(2):
        await with_plans.ask(Operation(document, {}, None), far_side)
    expressions.clear()
    outcome = await with_plans.ask(Operation(document, {}, None), far_side)
    assert (outcome.is_planned, outcome.errors, expressions) == (True, (), [])
