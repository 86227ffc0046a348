"""Code 3089 of Arena's older dialect stands for eight refusals: one read of the steps settles which one it is."""

import pytest

from operations.changes import change, kind, quality_step
from operations.directions import COMPLETING, REOPENING
from operations.meddling import answer, let_pass, on_changes
from operations.stand_ins import answering, refusal
from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

RICH = guids.RICH_PROCESS
COMPLETED = guids.COMPLETED_PROCESS


@pytest.fixture(params=[COMPLETING, REOPENING], ids=lambda direction: direction.mutation)
def direction(request):
    return request.param


@pytest.fixture
async def door(opened, dialect):
    async with opened(dialect=dialect) as door:
        yield door


def settling_calls(dialect, process_guid=RICH):
    """The calls a refused change makes: one read more where the dialect's code is ambiguous."""
    reads = [f"GET /qualityprocesses/{process_guid}/steps"] if dialect == "seed" else []
    return ["POST /qualityprocesses/statuschanges", *reads]


async def test_one_read_settles_that_a_step_is_so_already(door, direction, dialect):
    await change(door, direction.mutation, **quality_step(direction.done))
    assert door.calls == settling_calls(dialect)


async def test_one_read_settles_that_a_step_is_a_sign_off(door, direction, dialect):
    await change(door, direction.mutation, **quality_step(direction.sign_off))
    assert door.calls == settling_calls(dialect)


async def test_one_read_settles_that_a_process_is_completed(door, direction, dialect):
    await change(door, direction.mutation, **quality_step(direction.barred, COMPLETED))
    assert door.calls == settling_calls(dialect, COMPLETED)


AMBIGUOUS = {"status": 400, "errors": [{"code": 3089, "message": "Something about a quality process."}]}


def refusing_reads(status, code):
    """Let every read of steps be refused."""

    def answer_reads(request):
        return refusal(status, code) if request.url.path.endswith("/steps") else None

    return answering(answer_reads)


async def test_a_refused_read_settles_that_permission_is_missing(opened, direction):
    async with opened(wrap=refusing_reads(403, 3024)) as door:
        refused = await change(door, direction.mutation, **quality_step(direction.done))
    assert kind(refused) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


async def test_a_step_in_an_open_process_that_nothing_else_bars_is_not_permitted(opened, direction):
    """The process is known to be open from the change before, in the same operation."""
    two = f"""
        mutation ($first: CompleteStepInput!, $second: {direction.input_type}!) {{
          first: completeStep(input: $first) {{ __typename }}
          second: {direction.mutation}(input: $second) {{
            __typename ... on OperationError {{ code retry {{ kind }} }}
          }}
        }}"""
    first, second = quality_step(guids.UNASSIGNED_STEP), quality_step(direction.feasible)
    async with opened(wrap=on_changes(let_pass, answer(400, AMBIGUOUS))) as door:
        answered = await door.data(two, first=first, second=second)
    assert answered["first"] == {"__typename": "CompleteStepSuccess"}
    assert kind(answered["second"]) == ("PermissionDeniedError", "PERMISSION_DENIED", "NEVER")


async def test_a_step_the_process_does_not_have_is_not_found(opened, direction):
    async with opened(wrap=on_changes(answer(400, AMBIGUOUS))) as door:
        refused = await change(door, direction.mutation, **quality_step(guids.FRESH_STEP))
    assert kind(refused) == ("NotFoundError", "NOT_FOUND", "NEVER")


async def test_a_failed_read_settles_nothing_and_names_no_meaning(opened, direction):
    async with opened(wrap=refusing_reads(500, 500)) as door:
        refused = await change(door, direction.mutation, **quality_step(direction.sign_off))
    assert kind(refused) == ("UpstreamError", "UPSTREAM_REJECTED", "NEVER")


async def test_a_short_budget_skips_the_read(opened, direction):
    async with opened(daily_limit=51) as door:
        refused = await change(door, direction.mutation, **quality_step(direction.sign_off))
        assert kind(refused) == (*direction.already, "NEVER")
        assert door.calls == ["POST /qualityprocesses/statuschanges"]


async def test_the_last_call_above_the_reserve_pays_for_the_read(opened, direction):
    async with opened(daily_limit=52) as door:
        refused = await change(door, direction.mutation, **quality_step(direction.sign_off))
        assert kind(refused) == ("SignOffStepError", "SIGN_OFF_STEP", "NEVER")
        assert door.calls == settling_calls("seed")


async def test_a_smaller_reserve_leaves_the_read_affordable(opened, direction):
    async with opened(daily_limit=2, settings={"arena_reserve": 0}) as door:
        refused = await change(door, direction.mutation, **quality_step(direction.sign_off))
        assert kind(refused) == ("SignOffStepError", "SIGN_OFF_STEP", "NEVER")
