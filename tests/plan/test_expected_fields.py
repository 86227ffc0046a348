"""Fields that are expected together: one batch answers them all, whatever becomes of it."""

import json

import httpx
import pytest
from operation_maker import Operation
from spoken_answers import Spoken, steps

from resolvers.node_ids import Kind, write_id

pytestmark = pytest.mark.anyio

FAILURE = httpx.Response(500, json={"status": 500, "errors": [{"code": 1, "message": "Broken."}]})
FORBIDDEN = httpx.Response(403, json={"status": 403, "errors": [{"code": 3024, "message": "No."}]})
LIST = "GET /tickets?limit=400&offset=0"


class Watched(Spoken):
    """Knows in which order it was asked and gave answers."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.course = []

    def turns(self, request):
        self.course.append(f"ask {request.url.path}")
        return super().turns(request)

    def answer(self, system, request):
        self.course.append(f"answer {request.url.path}")
        return super().answer(system, request)


def aliases(*guids, asked="... on Ticket { guid } ... on OperationError { code }", **variables):
    declared = f"({', '.join(f'${name}: String!' for name in variables)})" if variables else ""
    fields = [f"a{index}: ticket(guid: {guid}) {{ {asked} }}" for index, guid in enumerate(guids)]
    return Operation(f"query {declared} {{ {' '.join(fields)} }}", variables, None)


async def outcomes(with_plans, without_plans, asked, far_side):
    """What becomes of an operation without plans, the first time with them, and the short way."""
    return [await side.ask(asked, far_side) for side in (without_plans, with_plans, with_plans)]


async def test_aliases_come_out_of_one_list(with_plans, without_plans):
    far_side = Spoken({"/tickets": steps(*({"guid": f"T{number}"} for number in range(9)))})
    read = aliases('"T1"', '"T2"', '"T1"', '"T3"')
    for outcome in await outcomes(with_plans, without_plans, read, far_side):
        assert list(json.loads(outcome.data).values()) == [{"guid": f"T{number}"} for number in (1, 2, 1, 3)]
        assert outcome.calls == [LIST]


async def test_aliases_with_variables_come_out_of_one_list(with_plans, without_plans):
    far_side = Spoken({"/tickets": steps({"guid": "T1"}, {"guid": "T2"}, {"guid": "T3"})})
    read = aliases("$one", "$two", "$three", one="T1", two="T2", three="T3")
    for outcome in await outcomes(with_plans, without_plans, read, far_side):
        assert list(json.loads(outcome.data).values()) == [{"guid": "T1"}, {"guid": "T2"}, {"guid": "T3"}]
        assert outcome.calls == [LIST]


async def test_a_guid_that_is_none_is_refused_and_the_others_are_answered(with_plans, without_plans):
    far_side = Spoken({"/tickets": steps({"guid": "T1"}, {"guid": "T2"}, {"guid": "T3"})})
    read = aliases('"T1"', '"no/guid"', '"T2"', '"T3"')
    for outcome in await outcomes(with_plans, without_plans, read, far_side):
        assert list(json.loads(outcome.data).values()) == [
            {"guid": "T1"},
            {"code": "INVALID_INPUT"},
            {"guid": "T2"},
            {"guid": "T3"},
        ]
        assert outcome.calls == [LIST]


async def test_a_list_that_fails_is_asked_for_once(with_plans, without_plans):
    read = aliases('"T1"', '"T2"', '"T3"', '"T1"')
    for outcome in await outcomes(with_plans, without_plans, read, Spoken({"/tickets": FAILURE})):
        assert list(json.loads(outcome.data).values()) == [{"code": "UPSTREAM_UNAVAILABLE"}] * 4
        assert outcome.calls == [LIST]


@pytest.mark.parametrize("other", ["node(id: $id) { id }", "nodes(ids: [$id]) { id }"])
async def test_a_list_that_fails_is_asked_for_once_also_when_others_ask_for_the_same(with_plans, without_plans, other):
    asked = aliases('"T1"', '"T2"', '"T3"')
    document = asked.document.replace("query  {", f"query ($id: ID!) {{ other: {other}")
    read = Operation(document, {"id": write_id(Kind.TICKET, "T2")}, None)
    for outcome in await outcomes(with_plans, without_plans, read, Spoken({"/tickets": FAILURE})):
        data = json.loads(outcome.data)
        assert [data[f"a{index}"] for index in range(3)] == [{"code": "UPSTREAM_UNAVAILABLE"}] * 3
        assert outcome.calls == [LIST]


async def test_what_another_list_brings_is_known_although_the_expected_one_failed(with_plans, without_plans):
    class Lists(Spoken):
        """Fails to give the whole list, and gives the beginning of it."""

        def answer(self, system, request):
            whole = request.url.path == "/tickets" and request.url.params["limit"] == "400"
            return FAILURE if whole else super().answer(system, request)

    far_side = Lists(
        {"/tickets": steps({"guid": "T1"}), "/tickets/T1/tickets": steps({"ticket": {"guid": "T1", "number": "1"}})}
    )
    asked = aliases('"T1"', '"T2"', '"T3"')
    listed = "query { tickets(first: 20) { nodes { tickets { guid title } } } "
    read = Operation(asked.document.replace("query  {", listed), {}, None)
    for outcome in await outcomes(with_plans, without_plans, read, far_side):
        assert json.loads(outcome.data)["tickets"] == {"nodes": [{"tickets": [{"guid": "T1", "title": None}]}]}


async def test_each_of_those_a_list_does_not_have_is_read_once_by_itself(with_plans, without_plans):
    far_side = Spoken({"/tickets": steps({"guid": "T1"}), "/tickets/T2": {"guid": "T2"}, "/tickets/T3": FORBIDDEN})
    read = aliases('"T1"', '"T2"', '"T3"', '"T3"', '"T2"')
    for outcome in await outcomes(with_plans, without_plans, read, far_side):
        assert list(json.loads(outcome.data).values()) == [
            {"guid": "T1"},
            {"guid": "T2"},
            {"code": "PERMISSION_DENIED"},
            {"code": "PERMISSION_DENIED"},
            {"guid": "T2"},
        ]
        assert outcome.calls == ["GET /tickets/T2", "GET /tickets/T3", LIST]


async def test_what_is_below_expected_fields_is_read_at_once(with_plans, without_plans):
    guids = ["P1", "P2", "P3"]
    lists = {f"/qualityprocesses/{guid}/steps": steps({"guid": f"step of {guid}"}) for guid in guids}
    far_side = Watched({"/qualityprocesses": steps(*({"guid": guid} for guid in guids)), **lists}, turns=5)
    fields = "{ ... on QualityProcess { steps { guid } } }"
    asked = [f'a{index}: qualityProcess(guid: "{guid}") {fields}' for index, guid in enumerate(guids)]
    read = Operation(f"{{ {' '.join(asked)} }}", {}, None)
    in_turn = [*(f"ask {path}" for path in lists), *(f"answer {path}" for path in lists)]
    for outcome in await outcomes(with_plans, without_plans, read, far_side):
        assert list(json.loads(outcome.data).values()) == [{"steps": [{"guid": f"step of {guid}"}]} for guid in guids]
    assert far_side.course == 3 * ["ask /qualityprocesses", "answer /qualityprocesses", *in_turn]


@pytest.mark.parametrize("turns", range(8))
async def test_what_is_expected_by_a_request_that_is_cancelled_is_not_read_one_by_one(with_plans, turns):
    far_side = Spoken({"/tickets": steps(*({"guid": f"T{number}"} for number in range(4)))}, turns=5)
    read = aliases(*(f'"T{number}"' for number in range(4)))
    for _ in range(2):  # so that it takes the short way, in few turns
        await with_plans.ask(read, far_side)
    assert await with_plans.cancel(read, far_side, turns) in ([], [LIST])
