"""What the documents say is so."""

import json
import re
from pathlib import Path

import pytest
from operations.changes import quality_step
from operations.door import open_door

from resolvers.refusals import ErrorCode, RetryKind
from sandbox.app import reset
from sandbox.arena.story import guids
from sandbox.settings import SandboxSettings
from settings import Settings

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
ERRORS = (ROOT / "docs" / "errors.md").read_text()
BULK = (ROOT / "docs" / "bulk.md").read_text()
COSTS = (ROOT / "docs" / "costs.md").read_text()
EXAMPLES = re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", README, re.DOTALL)


async def test_the_examples_answer_what_the_readme_says_one_after_the_other(tmp_path):
    database = tmp_path / "sandbox.db"
    await reset(SandboxSettings(database_url=f"sqlite+aiosqlite:///{database}"))
    async with open_door(database) as door:
        answers = [await door.ask(query) for query, _ in EXAMPLES]
    assert answers == [json.loads(answer) for _, answer in EXAMPLES]


async def test_the_example_of_many_changes_is_answered_as_its_page_says(database):
    (document,) = re.findall(r"```graphql\n(.*?)```", BULK, re.DOTALL)
    items = [quality_step(guids.ASSIGNED_STEP), {**quality_step(guids.GROUP_STEP), "comment": "x" * 4001}]
    async with open_door(database) as door:
        answer = await door.data(document, items=items)
    assert answer == {
        "completeSteps": {
            "__typename": "CompleteStepsPayload",
            "status": "PARTLY_SUCCEEDED",
            "succeeded": 1,
            "failed": 1,
            "notSent": 0,
            "results": [
                {"__typename": "CompleteStepSuccess", "outcome": "APPLIED"},
                {"__typename": "InvalidInputError", "code": "INVALID_INPUT", "retry": {"kind": "NEVER", "after": None}},
            ],
        }
    }


async def test_an_operation_costs_what_the_document_on_costs_says(tmp_path):
    database = tmp_path / "sandbox.db"
    await reset(SandboxSettings(database_url=f"sqlite+aiosqlite:///{database}"))
    [query] = re.findall(r"```graphql\n(.*?)```", COSTS, re.DOTALL)
    explained, traced = map(json.loads, re.findall(r"```json\n(.*?)```", COSTS, re.DOTALL))
    async with open_door(database) as door:
        answer = (await door.post(query, **{"x-explain": "true"})).json()
        assert answer["extensions"]["explain"] == explained
        answer = (await door.post(query, **{"x-upstream-trace": "true"})).json()
        login, listed, steps, others = answer["extensions"]["upstream"]["trace"]
    assert set(steps) == set(traced)
    measured = {"startMs", "waitMs", "durationMs", "remaining"}
    assert steps | dict.fromkeys(measured) == traced | dict.fromkeys(measured)


def test_the_requests_of_the_document_on_costs_ask_its_question():
    [query] = re.findall(r"```graphql\n(.*?)\n```", COSTS, re.DOTALL)
    assert COSTS.count(json.dumps({"query": query})) == 2


def test_there_are_four_examples():
    assert len(EXAMPLES) == 4


def test_the_readme_names_every_setting():
    documented = set(re.findall(r"`([A-Z_]+)`", README.split("## Settings")[1]))
    ours = {name.upper() for name in Settings.model_fields}
    sandboxes = {f"SANDBOX_{name.upper()}" for name in SandboxSettings.model_fields}
    assert documented == ours | sandboxes


def test_the_documents_name_every_error_code():
    codes = {code.value for code in ErrorCode}
    assert codes <= set(re.findall(r"`([A-Z_]+)`", README))
    assert codes == set(re.findall(r"^\| `([A-Z_]+)` \| `", ERRORS, re.MULTILINE))


def test_the_documents_explain_every_retry_kind():
    kinds = re.findall(r"^\| `([A-Z_]+)` \| [^`]", ERRORS, re.MULTILINE)
    assert kinds == [kind.value for kind in RetryKind]


def test_make_names_the_commands_the_readme_names():
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"`?make ([a-z-]+)", README)):
        assert f"\n{target}:" in makefile


def test_the_image_runs_without_rights_and_is_watched():
    dockerfile = (ROOT / "Dockerfile").read_text()
    final_stage = dockerfile.split("FROM ")[-1]
    assert "\nUSER stepgraph\n" in final_stage
    assert 'CMD ["python", "app.py"]' in final_stage
    assert "HEALTHCHECK" in final_stage and "/health/live" in final_stage


def test_the_image_holds_every_module_of_the_service():
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = set(
        re.findall(r"(\w+)(?:\.py|/) ", " ".join(re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE)))
    )
    modules = {path.stem for path in ROOT.glob("*.py")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench"}
    assert modules | packages <= copied


def test_the_image_is_built_of_nothing_that_is_kept_from_it():
    let_in = set(re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert {path.split("/")[0] for paths in copied for path in paths.split()} == let_in
