"""The committed schema by the recommended rules of graphql-eslint."""

import json
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
COMMITTED = ROOT / "schema" / "schema.graphql"


@pytest.fixture
def rules_broken(tools):
    """Lints a schema in the committed one's place; the rules it breaks."""
    eslint = [tools / "node_modules" / ".bin" / "eslint", "--config", tools / "eslint.config.mjs", "--format", "json"]

    def lint(sdl):
        command = [*eslint, "--stdin", "--stdin-filename", COMMITTED]
        done = subprocess.run(command, cwd=ROOT, input=sdl, capture_output=True, text=True, timeout=60)
        assert done.returncode in (0, 1), done.stderr
        (linted,) = json.loads(done.stdout)
        return sorted(message["ruleId"] for message in linted["messages"])

    return lint


def test_the_committed_schema_follows_the_recommended_rules(rules_broken):
    assert rules_broken(COMMITTED.read_text()) == []


def test_a_name_that_is_not_excused_is_reported(rules_broken):
    sdl = COMMITTED.read_text().replace("type Person {", "type Person {\n  personName: String\n")
    assert rules_broken(sdl) == ["@graphql-eslint/no-typename-prefix"]


def test_a_type_that_nobody_described_or_reaches_is_reported(rules_broken):
    assert rules_broken(COMMITTED.read_text() + "\ntype StrayError {\n  message: String\n}\n") == [
        "@graphql-eslint/no-unreachable-types",
        "@graphql-eslint/require-description",
    ]
