"""Thousands of operations made up from the schema are answered by graphql-core and by plans, and compared.

Each is asked of a service without plans, and twice of one with plans: the first time a document takes Strawberry's
way, the second time the short one. All meet far sides that answer alike. Data, the order of its keys, errors and REST
calls must be equal, and changes follow each other in the same order. Three things may differ:

- Where the whole answer is null, a plan may have read more, and says so: graphql-core begins a query's fields one by
  one, and stops at one whose arguments are wrong.
- Where two levels of an answer come to the same objects in neighbouring turns of the loop, a plan may gather in one
  list call what graphql-core also reads alone: it may make fewer calls, never others or more.
- What an answer says about its cost, where calls were still under way when it was said.

DIFFERENTIAL_OPERATIONS says how many there are, a thousand at least, DIFFERENTIAL_SEED where to begin.
"""

import json
import os
import re
from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from both_ways import Outcome
from far_side import GUIDS, World
from operation_maker import COMPOSITES, Operation, OperationMaker, fields_of
from value_maker import Known

pytestmark = pytest.mark.anyio

LEAST_OPERATIONS = 1000  # fewer do not come to every field
OPERATIONS = max(LEAST_OPERATIONS, int(os.environ.get("DIFFERENTIAL_OPERATIONS", "3000")))
FIRST_SEED = int(os.environ.get("DIFFERENTIAL_SEED", "0"))
OPERATIONS_OF_A_SEED = 20
LEAST_SHARE_PLANNED = 0.95
MOST_SAVING = 0.002
SHARES_FAILING = [0, 0, 0.05, 0.25]

EVERYTHING = Operation(
    """{
      tickets { edges { cursor node { id } } }
      qualityProcesses { nodes { id steps { id } } }
      w1: process(id: "W1") { ... on Process { id steps { id } } }
      w2: process(id: "W2") { ... on Process { id steps { id } } }
    }""",
    {},
    None,
)


@dataclass(frozen=True)
class Comparison:
    """An operation and what became of it: by graphql-core, by a plan at first, by a plan again."""

    seed: int
    operation: Operation
    core: Outcome
    planned: tuple[Outcome, Outcome]

    @property
    def is_flawless(self) -> bool:
        return self.core.data is not None and not self.core.errors

    def told(self, *names: str) -> str:
        """What to look at when the ways differ."""
        ways = [[getattr(outcome, name) for name in names] for outcome in (self.core, *self.planned)]
        return "\n".join([f"seed {self.seed}", *map(str, (self.operation.document, self.operation.variables, *ways))])


@pytest.fixture(scope="module")
async def comparisons(with_plans, without_plans):
    """All operations and what became of them."""
    found = []
    for seed in range(FIRST_SEED, FIRST_SEED + -(-OPERATIONS // OPERATIONS_OF_A_SEED)):
        random = Random(seed)
        world = World(seed, failing=random.choice(SHARES_FAILING))
        earlier = (await without_plans.ask(EVERYTHING, world)).data or ""
        ids, cursors = (re.findall(rf'"{name}": "([^"]*)"', earlier) for name in ("id", "cursor"))
        maker = OperationMaker(random, Known(GUIDS, [*ids, "nobody"], cursors))
        for _ in range(OPERATIONS_OF_A_SEED):
            operation, is_known_caller = maker.operation(), random.random() < 0.97
            core, first, again = [
                await side.ask(operation, world, is_known_caller=is_known_caller)
                for side in (without_plans, with_plans, with_plans)
            ]
            found.append(Comparison(seed, operation, core, (first, again)))
    return found


async def test_plans_answer_as_graphql_core_does(comparisons):
    differing = [
        one.told("data", "errors") for one in comparisons if {one.core.answer} != {way.answer for way in one.planned}
    ]
    assert not differing, f"{len(differing)} differ, the first so:\n{differing[0]}"


async def test_plans_make_the_rest_calls_that_graphql_core_makes(comparisons):
    answered = [one for one in comparisons if one.core.data != "null"]
    additional = [one.told("calls") for one in answered if any(calls_beyond(one.core, way) for way in one.planned)]
    assert not additional, f"{len(additional)} make more calls, the first these:\n{additional[0]}"
    saving = [one.told("calls") for one in answered if any(calls_beyond(way, one.core) for way in one.planned)]
    assert len(saving) <= MOST_SAVING * len(answered), f"{len(saving)} differ, the first so:\n{saving[0]}"


def calls_beyond(known: Outcome, outcome: Outcome) -> Counter[str]:
    """The calls of an outcome that another does not have."""
    return Counter(outcome.calls) - Counter(known.calls)


async def test_plans_report_the_cost_that_graphql_core_reports(comparisons):
    differing = [
        one.told("upstream")
        for one in comparisons
        for way in one.planned
        if one.core.data != "null" and one.core.upstream and way.upstream and way.upstream != one.core.upstream
    ]
    assert not differing, f"{len(differing)} differ, the first so:\n{differing[0]}"


async def test_plans_make_one_change_after_the_other_as_graphql_core_does(comparisons):
    differing = [one.told("course") for one in comparisons if any(way.course != one.core.course for way in one.planned)]
    assert not differing, f"{len(differing)} differ, the first so:\n{differing[0]}"


async def test_no_change_is_sent_more_often_than_asked(comparisons):
    sent_too_often = [
        one.told("changes")
        for one in comparisons
        for way in one.planned
        if way.data not in (None, "null") and len(way.changes) > len(json.loads(way.data)) * one.operation.most_items
    ]
    assert sent_too_often == []


async def test_nearly_all_operations_without_errors_run_on_plans_alone(comparisons, capsys):
    flawless = [one for one in comparisons if one.is_flawless]
    planned = [one for one in flawless if all(way.is_planned for way in one.planned)]
    share = len(planned) / len(flawless)
    with capsys.disabled():
        print(f"\n{share:.1%} of {len(flawless)} operations without errors, of {len(comparisons)} in all, ran on plans")
    assert share >= LEAST_SHARE_PLANNED


async def test_the_operations_ask_for_every_field_of_the_schema(comparisons):
    asked = set(re.findall(r"\w+", " ".join(one.operation.document for one in comparisons)))
    fields = {name for type_ in COMPOSITES for name in fields_of(type_)}
    assert fields - asked == set()


async def test_most_of_the_operations_are_executed(comparisons):
    executed = [one for one in comparisons if one.core.data not in (None, "null")]
    assert len(executed) > 0.9 * len(comparisons)
