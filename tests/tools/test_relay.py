"""Relay: its compiler on typical operations, and its runtime on what the compiler makes of them."""

import json
import shutil
import subprocess

import pytest

from sandbox.arena.story import guids

pytestmark = pytest.mark.anyio

STEP = {"qualityProcessGuid": guids.RICH_PROCESS, "stepGuid": guids.ASSIGNED_STEP}


@pytest.fixture(scope="module")
def compiled(tools):
    """The operations of the project in tools/relay, by name, as the compiler sends them."""
    artifacts = tools / "relay" / "__generated__"
    shutil.rmtree(artifacts, ignore_errors=True)
    artifacts.mkdir()
    compiler = tools / "node_modules" / ".bin" / "relay-compiler"
    done = subprocess.run([compiler], cwd=tools / "relay", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return sorted(path.name.removesuffix(".graphql.js") for path in artifacts.iterdir())


def test_the_compiler_makes_the_queries_for_pages_and_for_refetching_a_node(compiled):
    assert [name for name in compiled if name.endswith(("Query", "Mutation"))] == [
        "CompleteStepMutation",
        "ProcessListPaginationQuery",
        "ProcessListQuery",
        "ReadProcessQuery",
        "StepDetailsRefetchQuery",
        "TicketListPaginationQuery",
        "TicketListQuery",
    ]


async def test_the_store_pages_refetches_and_changes_by_the_compiled_operations(compiled, node, door):
    assert await node("relay/run.js", await door.log_in("assignee"), json.dumps(STEP)) == {
        "processes": ["CAPA-000001", "CAPA-000002", "CAPA-000003", "CAPA-000004"],
        "tickets": ["DEF-000001", "DEF-000002", "DEF-000003", "DEF-000004"],
        "outcome": "APPLIED",
        "completed": "COMPLETE",
        "refetched": ["COMPLETE", "Tomás Ibáñez"],
        "refusal": ["StepAlreadyCompletedError", "STEP_ALREADY_COMPLETED", "NEVER"],
        "missing": ["NotFoundError", "0" * 20],
    }
    assert (await door.look_at_step(guids.RICH_PROCESS, guids.ASSIGNED_STEP))["status"] == "COMPLETE"
