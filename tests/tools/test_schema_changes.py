"""The schema beside the last release's, by graphql-inspector: what is served breaks no client of the release."""

import re
import subprocess
from pathlib import Path

import pytest

SCHEMAS = Path(__file__).parent.parent.parent / "schema"
RELEASED = SCHEMAS / "released.graphql"
BREAKING = re.compile("✖  (.*)")

BREAKING_CHANGES = {
    "Field priority was removed from object type Ticket": (
        '  """Its priority, in words of the workspace."""\n  priority: String\n',
        "",
    ),
    "Member OutcomeUnknownError was added to Union type TicketResult": (
        "union TicketResult = Ticket",
        "union TicketResult = Ticket | OutcomeUnknownError",
    ),
    "Enum value PERHAPS was added to enum RetryKind": ("enum RetryKind {", "enum RetryKind {\n  PERHAPS"),
    "Default value for argument first on field Query.tickets changed from 20 to 50": (
        'first: Int = 20\n\n    """Those after this cursor."""\n    after: String\n\n'
        '    """Which ones."""\n    where: TicketWhere',
        "first: Int = 50, after: String, where: TicketWhere",
    ),
}

HARMLESS_CHANGES = {
    "a field": ("type Ticket implements Node {", "type Ticket implements Node {\n  colour: String"),
    "an argument": ("where: TicketWhere", "where: TicketWhere, offset: Int"),
    "an error code": ("enum ErrorCode {", "enum ErrorCode {\n  TOO_EARLY"),
    "a status of the upstream's": ("enum TicketStatus {", "enum TicketStatus {\n  PAUSED"),
    "a status to give": ("enum SettableTicketStatus {", "enum SettableTicketStatus {\n  PAUSED"),
}


@pytest.fixture
def differ(tools, tmp_path):
    """Compares a schema with the released one; whether it passes, and the changes that break clients."""

    def run(sdl):
        new = tmp_path / "new.graphql"
        new.write_text(sdl)
        command = [tools / "node_modules" / ".bin" / "graphql-inspector", "diff", RELEASED, new]
        command += ["--rule", tools / "breaking.cjs"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "changes" in done.stdout, done.stderr
        return done.returncode == 0, BREAKING.findall(done.stdout)

    return run


def changed(change):
    """The released schema with a part replaced."""
    released = RELEASED.read_text()
    part, other = change
    assert part in released
    return released.replace(part, other)


def test_the_schema_breaks_no_client_of_the_last_release(differ):
    assert differ((SCHEMAS / "schema.graphql").read_text()) == (True, []), (
        "If clients must break: say so in CHANGELOG.md, and accept the schema by `make release-schema`."
    )


@pytest.mark.parametrize("change", BREAKING_CHANGES)
def test_a_change_that_breaks_clients_is_found(differ, change):
    assert differ(changed(BREAKING_CHANGES[change])) == (False, [change])


@pytest.mark.parametrize("addition", HARMLESS_CHANGES)
def test_an_addition_passes(differ, addition):
    assert differ(changed(HARMLESS_CHANGES[addition])) == (True, [])
