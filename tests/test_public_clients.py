"""Programs others wrote for Arena, run against the sandbox as it runs alone."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.arena.story import guids

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / ".venv-clients" / "bin"
SECONDS_TO_START = 20
SECONDS_TO_ANSWER = 60

LOGIN = """
import json, sys, pyrena

class Local(pyrena.Arena):
    base_url = property(lambda self: sys.argv[1], lambda self, value: None)

arena = Local("owner@sandbox.test", "sandbox")
"""


@pytest.fixture(scope="module", autouse=True)
def clients_are_installed():
    if not (CLIENTS / "python").exists():
        missing = "The public clients are not installed: `make test` installs them."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(port, server):
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("The sandbox did not start.")


@contextmanager
def serving(folder, **settings):
    """The sandbox on a port of its own, and Arena's address there."""
    port = free_port()
    database = {"SANDBOX_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/sandbox.db"}
    server = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | database | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}/arena/v1"
    finally:
        server.terminate()
        server.wait(SECONDS_TO_START)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("sandbox")) as address:
        yield address


@pytest.fixture
def pyrena(address):
    """Runs lines of Python with `arena`, a client that is logged in; answers what they print as JSON."""

    def run(lines):
        command = [CLIENTS / "python", "-c", LOGIN + lines, address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS_TO_ANSWER)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_pyrena_lists_processes_by_their_prefix(pyrena):
    numbers = pyrena("""
print(json.dumps([process.number for process in arena.Listing(arena.QualityProcess, number="8D*")]))
""")
    assert numbers == ["8D-000001", "8D-000002", "8D-000003", "8D-000004"]


def test_pyrena_reads_a_process_and_its_owner(pyrena):
    read = pyrena(f"""
process = arena.QualityProcess("{guids.RICH_PROCESS}")
print(json.dumps([process.name, process.owner.name]))
""")
    assert read == ["Aurora bezels crack after thermal cycling", "Ingrid Solberg"]


def test_pyrena_reads_the_steps_of_a_process(pyrena):
    statuses = pyrena(f"""
process = arena.QualityProcess("{guids.RICH_PROCESS}")
print(json.dumps([[step.type, step.status] for step in process.steps]))
""")
    regular, sign_off = "REGULAR", "SIGNOFF"
    assert statuses == [
        [regular, "COMPLETE"],
        [regular, "COMPLETE"],
        [sign_off, "COMPLETE"],
        [regular, "OPEN"],
        [regular, "OPEN"],
        [regular, "OPEN"],
        [regular, "OPEN"],
        [sign_off, "OPEN"],
    ]


def test_pyrena_reads_the_assignee_of_a_step(pyrena):
    assignees = pyrena(f"""
step = arena.QualityProcess("{guids.RICH_PROCESS}").steps[3]
print(json.dumps([[user.fullName, user.email] for user in step.assignees]))
""")
    assert assignees == [["Tomás Ibáñez", "assignee@sandbox.test"]]


def test_pyrena_lists_tickets_by_their_status(pyrena):
    labels = pyrena("""
tickets = arena.Listing(arena.Ticket, status="IN_PROGRESS")
print(json.dumps(sorted({ticket.status["value"] for ticket in tickets})))
""")
    assert labels == ["In Progress"]


def test_pyrena_changes_the_status_of_a_ticket(pyrena):
    # The client stumbles over the answer after the change is made.
    labels = pyrena("""
ticket = arena.Listing(arena.Ticket, status="NOT_STARTED")[0]
try:
    ticket.set_status("COMPLETE")
except AttributeError:
    pass
print(json.dumps([ticket.status["value"], arena._get("/tickets/" + ticket.guid)["status"]["value"]]))
""")
    assert labels == ["Not Started", "Complete"]


def test_pyrena_finds_no_triggers(pyrena):
    triggers = pyrena("""
print(json.dumps(len(arena.Listing(arena.Trigger))))
""")
    assert triggers == 0


def test_pyrena_logs_out_and_is_refused_from_then_on(pyrena):
    refused = pyrena("""
token = arena.headers["arena_session_id"]
arena.logout()
arena.headers["arena_session_id"], arena.reauth_utc = token, 2**40
try:
    arena._get("/qualityprocesses")
except pyrena.ArenaHTTPError as error:
    print(json.dumps(str(error)))
""")
    assert refused == ("HTTP Error 401 - The session is missing, has expired or was ended. (Arena Error Code 401)")


def gladiator(folder, *arguments):
    command = [CLIENTS / "gladiator", *arguments]
    environment = os.environ | {"GLADIATOR_CONFIG_HOME": str(folder), "GLADIATOR_HTTP_RETRIES": "0"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS_TO_ANSWER)


def log_in_with_gladiator(folder, address, password="sandbox"):
    who = ["--username", "owner@sandbox.test", "--password", password]
    return gladiator(folder, "login", "--base-url", address, *who, "--ci")


def test_gladiator_logs_in_and_lists_items(address, tmp_path):
    assert log_in_with_gladiator(tmp_path, address).returncode == 0
    listed = gladiator(tmp_path, "list-items", "310*")
    assert (listed.returncode, listed.stdout.strip()) == (0, "No items matching '310*'")


def test_gladiator_finds_no_changes(address, tmp_path):
    log_in_with_gladiator(tmp_path, address)
    searched = gladiator(tmp_path, "get-change", "ECO-000001")
    assert searched.returncode == 2
    assert 'Change "ECO-000001" not found.' in searched.stderr


def test_gladiator_is_told_why_a_login_is_refused(address, tmp_path):
    refused = log_in_with_gladiator(tmp_path, address, password="wrong")
    assert refused.returncode == 2
    assert "Login failed" in refused.stderr


def test_gladiator_understands_that_the_daily_limit_is_spent(tmp_path):
    with serving(tmp_path, SANDBOX_DAILY_LIMIT="1") as address:
        log_in_with_gladiator(tmp_path, address)
        assert gladiator(tmp_path, "status").returncode == 0
        refused = gladiator(tmp_path, "status")
    assert refused.returncode == 2
    assert "Arena rejected the request (HTTP 429)" in " ".join(refused.stderr.split())
    assert "00:00:00 GMT-0" in refused.stderr
