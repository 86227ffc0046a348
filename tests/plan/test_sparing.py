"""What operations that run by plans are spared: decoding what nobody asks for, and tasks for their reads."""

import json
from random import Random
from typing import Any, ClassVar

import httpx
import msgspec
import pytest
from made_up_records import affected, decision, quality_process, quality_step, ticket
from operation_maker import Operation
from spoken_answers import Spoken, steps

from plan.hints import Hint, declared_class, hints_of
from resolvers.read_attributes import READ_BY_RESOLVERS
from schema import build_schema
from upstreams import arena_answers
from upstreams.decoding import decoder
from upstreams.projection import projection_on
from upstreams.records import AffectedObject, Decision, QualityProcess, QualityStep, Record, Ticket

pytestmark = pytest.mark.anyio

UNREADABLE_ROW = {"guid": "T1", "title": "Crack", "creationDateTime": "yesterday", "creator": "Heidi", "template": 7}
REFUSAL = httpx.Response(403, json={"status": 403, "errors": [{"code": 3024, "message": "No."}]})
STEPS_TWICE = """{ qualityProcess(guid: "P1") { ... on QualityProcess {
  first: steps { name } second: steps(status: OPEN) { status }
} } }"""

ROWS = {
    QualityProcess: (arena_answers.QUALITY_PROCESSES, lambda chance: quality_process(chance, "P1")),
    QualityStep: (arena_answers.QUALITY_STEPS, lambda chance: quality_step(chance, "S1")),
    Ticket: (arena_answers.TICKETS, lambda chance: ticket(chance, "T1")),
    Decision: (arena_answers.DECISIONS, decision),
    AffectedObject: (arena_answers.AFFECTED_OBJECTS, affected),
}
EVERYWHERE = {"guid", "name", "full_name", "email", "members", "api_name", "field_type", "values"}  # in small records
SCHEMA = build_schema()
ATTRIBUTES = [
    (record, name)
    for record in ROWS
    for name in sorted(
        {field.python_name for field in SCHEMA.get_type_by_name(record.__name__).fields}.union(
            *READ_BY_RESOLVERS.values()
        )
    )
    if hasattr(record, name)
]


async def ask_twice(side, document, far_side):
    """What becomes of a document the first time, and the short way."""
    return [await side.ask(Operation(document, {}, None), far_side) for _ in range(2)]


async def test_what_no_field_asks_for_breaks_nothing(with_plans):
    document = '{ ticket(guid: "T1") { ... on Ticket { title } } }'
    for outcome in await ask_twice(with_plans, document, Spoken({"/tickets/T1": UNREADABLE_ROW})):
        assert json.loads(outcome.data) == {"ticket": {"title": "Crack"}}


@pytest.mark.parametrize("field", ["createdAt", "creator { guid }", "template { name }"])
async def test_what_a_field_asks_for_has_to_keep_the_contract(with_plans, field):
    document = f'{{ ticket(guid: "T1") {{ ... on Ticket {{ {field} }} ... on UpstreamError {{ code }} }} }}'
    for outcome in await ask_twice(with_plans, document, Spoken({"/tickets/T1": UNREADABLE_ROW})):
        assert json.loads(outcome.data) == {"ticket": {"code": "UPSTREAM_CONTRACT"}}


async def test_the_answer_to_a_change_is_decoded_whole(with_plans):
    document = """mutation { changeTicketStatus(input: {ticketGuid: "T1", status: COMPLETE}) {
      ... on ChangeTicketStatusSuccess { ticket { title } } ... on OutcomeUnknownError { code }
    } }"""
    for outcome in await ask_twice(with_plans, document, Spoken({"/tickets/statuschanges": UNREADABLE_ROW})):
        assert json.loads(outcome.data) == {"changeTicketStatus": {"code": "OUTCOME_UNKNOWN"}}


@pytest.mark.parametrize(("record", "name"), ATTRIBUTES)
def test_an_attribute_that_is_asked_for_is_what_it_is_when_all_is_decoded(record, name):
    whole, make = ROWS[record]
    narrow = projection_on(frozenset({name, *EVERYWHERE})).narrow(whole)
    chance = Random(name)
    for _ in range(30):
        answer = json.dumps(steps(make(chance)))
        (decoded,), (narrowed,) = whole.decode(answer).results, narrow.decode(answer).results
        assert declared_class(type(narrowed)) is record
        assert msgspec.to_builtins(getattr(narrowed, name)) == msgspec.to_builtins(getattr(decoded, name))


def test_what_is_not_asked_for_is_as_if_it_were_absent():
    narrow = projection_on(frozenset({"title"})).narrow(arena_answers.TICKET)
    narrowed, bare = narrow.decode(json.dumps(UNREADABLE_ROW)), Ticket(guid="T1", title="Crack")
    names = [name for name in dir(bare) if not name.startswith("_")]
    assert {name: getattr(narrowed, name) for name in names} == {name: getattr(bare, name) for name in names}


def test_what_is_not_asked_for_takes_no_room_and_no_turn_of_the_garbage_collector():
    narrow = projection_on(frozenset({"title"})).narrow(arena_answers.TICKET)
    narrowed = narrow.decode(json.dumps(UNREADABLE_ROW))
    assert sorted(narrowed.__struct_fields__) == ["guid", "title"]
    assert not narrowed.__struct_config__.gc


def test_a_property_finds_the_constants_of_its_record_and_what_its_methods_read():
    class Limited(Record, frozen=True):
        LIMIT: ClassVar[int] = 9

        @staticmethod
        def spare_of(lots) -> int:
            return sum(lot.reserved for lot in lots)

    class Lot(Limited, frozen=True):
        LIMIT: ClassVar[int] = 3
        size: int = 0
        reserved: int = 0

        @property
        def is_full(self) -> bool:
            return self._used() >= self.LIMIT

        def _used(self) -> int:
            return self.size + self.spare_of([self])

    narrow = projection_on(frozenset({"is_full"})).narrow(decoder(Lot))
    answers = [b'{"size": %d, "reserved": %d}' % (size, reserved) for size in (1, 2) for reserved in (0, 1)]
    assert [narrow.decode(answer).is_full for answer in answers] == [False, False, False, True]


def test_a_hint_that_anything_may_be_there_tells_nothing():
    class Anything(msgspec.Struct):
        value: Any = None
        thing: object = None
        text: str | None = None

    assert hints_of(Anything) == {"text": Hint(str, is_optional=True)}


async def test_fields_that_ask_for_the_same_share_a_read(with_plans):
    far_side = Spoken(
        {"/qualityprocesses/P1": {"guid": "P1"}, "/qualityprocesses/P1/steps": steps({"guid": "S1", "status": "OPEN"})},
        turns=3,
    )
    for outcome in await ask_twice(with_plans, STEPS_TWICE, far_side):
        assert json.loads(outcome.data) == {
            "qualityProcess": {"first": [{"name": None}], "second": [{"status": "OPEN"}]}
        }
        assert outcome.calls == ["GET /qualityprocesses/P1", "GET /qualityprocesses/P1/steps"]


async def test_fields_that_ask_for_the_same_share_its_refusal(with_plans):
    far_side = Spoken({"/qualityprocesses/P1": {"guid": "P1"}, "/qualityprocesses/P1/steps": REFUSAL}, turns=3)
    for outcome in await ask_twice(with_plans, STEPS_TWICE, far_side):
        assert json.loads(outcome.data) == {"qualityProcess": {"first": None, "second": None}}
        assert [json.loads(error)["extensions"]["code"] for error in outcome.errors] == ["PERMISSION_DENIED"] * 2
        assert outcome.calls == ["GET /qualityprocesses/P1", "GET /qualityprocesses/P1/steps"]
