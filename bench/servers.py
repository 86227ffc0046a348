"""The servers that are measured: how each is started, and in which words it is asked."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from bench.load import Target
from bench.processes import SERVER_CORE, NotStarted, run, running, wait_for
from bench.workloads import COMMON, Dialect

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
SESSION = {"arena_session_id": "a-callers-session", "content-type": "application/json"}

TAILCALL = Dialect(
    ticket="ticket(guid: GUID) { FIELDS }",
    complete_step=("completeStep(input: { qualityProcessGuid: PROCESS, stepGuid: STEP, comment: COMMENT }) { FIELDS }"),
    steps="steps { nodes { FIELDS } }",
    assignees="assignees { users { FIELDS } }",
    ticket_status="status { value }",
)

HIVE = Dialect(
    processes="qualityProcesses(first: COUNT) { results { FIELDS } }",
    tickets="tickets(first: COUNT) { results { FIELDS } }",
    ticket="ticket(guid: GUID) { FIELDS }",
    complete_step=(
        "completeStep(input: { qualityProcess: { guid: PROCESS, step: { guid: STEP } }, complete: true, "
        "comment: COMMENT }) { FIELDS }"
    ),
    steps="steps { results { FIELDS } }",
    assignees="assignees { users { FIELDS } }",
    ticket_status="status { value }",
    ticket_times="createdAt: creationDateTime modifiedAt: modifyDateTime",
)


class Unavailable(Exception):
    """A server cannot be had here."""


@dataclass(frozen=True)
class Place:
    """What a server is told before it starts.

    Attributes:
        port: Where to listen.
        arena_url: Where the REST answers are.
        folder: An empty one, for what it needs.
        python: The interpreter that runs Stepgraph and the baseline.
        tailcall: A Tailcall to use instead of those of npm.
    """

    port: int
    arena_url: str
    folder: Path
    python: str = sys.executable
    tailcall: str | None = None


@dataclass(frozen=True)
class Server:
    """A kind of server.

    Attributes:
        name: What it is chosen by.
        title: What tables call it.
        command: Makes what starts it; raises `Unavailable` when it cannot be had.
        dialect: How it is asked.
        version: Finds out which version it is.
    """

    name: str
    title: str
    command: Callable[[Place], Sequence[str]]
    dialect: Dialect = COMMON
    version: Callable[[Place], str] = lambda _place: ""


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    server: Server
    process: Popen[bytes]
    target: Target

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def pid(self) -> int:
        return self.process.pid


@contextmanager
def start(server: Server, place: Place, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run a server; it ends with the block.

    Args:
        server: Which one.
        place: What it is told.
        settings: Variables of its environment.

    Raises:
        Unavailable: It cannot be had here, or does not start.
    """
    environment = {
        "HOST": "127.0.0.1",
        "PORT": str(place.port),
        "ARENA_URL": place.arena_url,
        "COGNAIZE_URL": place.arena_url,
        "NODE_ENV": "production",
        "TAILCALL_TRACKER": "false",
        **(settings or {}),
    }
    log = place.folder / "log"
    command = server.command(place)
    with running(command, core=SERVER_CORE, log=log, folder=ROOT, environment=environment) as process:
        try:
            wait_for(process, place.port, log)
        except NotStarted as error:
            raise Unavailable(str(error)) from error
        yield Running(server, process, Target(f"http://127.0.0.1:{place.port}/graphql", SESSION))


def _ours(place: Place) -> list[str]:
    return [place.python, "app.py"]


def _baseline(place: Place) -> list[str]:
    return [place.python, "-m", "bench.baseline.app", str(place.port), place.arena_url]


def _node(script: str) -> Callable[[Place], list[str]]:
    def command(_place: Place) -> list[str]:
        _install(PEERS)
        return [_program("node"), str(PEERS / script)]

    return command


def _tailcall(place: Place) -> list[str]:
    config = place.folder / "tailcall.graphql"
    config.write_text((PEERS / "tailcall.graphql").read_text().replace("port: 8000", f"port: {place.port}"))
    return [place.tailcall or find_tailcall(), "start", str(config)]


def find_tailcall() -> str:
    """The newest Tailcall of those installed that this machine's C library can run.

    Raises:
        Unavailable: None runs.
    """
    _install(PEERS)
    for package in ("tailcall", "tailcall-1.0"):
        path = PEERS / "node_modules" / package / "bin" / "tailcall"
        if path.exists() and run([str(path), "--version"]).returncode == 0:
            return str(path)
    raise Unavailable("No build of Tailcall on npm runs here.")


def _hive(place: Place) -> list[str]:
    folder = PEERS / "hive"
    _install(folder)
    node, programs = _program("node"), folder / "node_modules" / ".bin"
    supergraph = place.folder / "supergraph.graphql"
    compose = [node, str(programs / "mesh-compose"), "-o", str(supergraph)]
    composed = run(compose, folder=folder, environment={"ARENA_URL": place.arena_url})
    if not supergraph.exists():
        raise Unavailable(f"mesh-compose failed: {(composed.stderr or composed.stdout).strip()[-300:]}")
    return [node, str(programs / "hive-gateway"), "supergraph", str(supergraph), "--jit"]


def _install(folder: Path) -> None:
    """Install a folder's packages, exactly those of its lock.

    Raises:
        Unavailable: There is no npm, or it failed.
    """
    installed, locked = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= locked.stat().st_mtime:
        return
    print(f"Installing {folder.name}'s packages ...", file=sys.stderr)
    done = run([_program("npm"), "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], folder=folder)
    if done.returncode:
        raise Unavailable(f"npm ci failed: {done.stderr.strip()[-300:]}")


def _of_npm(package: str, folder: Path = PEERS) -> Callable[[Place], str]:
    def version(_place: Place) -> str:
        return str(json.loads((folder / "node_modules" / package / "package.json").read_text())["version"])

    return version


def _of_strawberry(place: Place) -> str:
    return run(
        [place.python, "-c", "from importlib.metadata import *; print(version('strawberry-graphql'))"]
    ).stdout.strip()


def _of_tailcall(place: Place) -> str:
    return run([place.tailcall or find_tailcall(), "--version"]).stdout.rpartition("v")[2].strip()


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"{name} is not installed.")
    return path


OURS = Server("ours", "Stepgraph", _ours)
SERVERS = [
    OURS,
    Server("baseline", "Strawberry as its docs", _baseline, version=_of_strawberry),
    Server("mercurius", "Mercurius", _node("mercurius.mjs"), version=_of_npm("mercurius")),
    Server("yoga", "GraphQL Yoga", _node("yoga.mjs"), version=_of_npm("graphql-yoga")),
    Server("apollo", "Apollo Server", _node("apollo.mjs"), version=_of_npm("@apollo/server")),
    Server("hive", "Hive Gateway", _hive, HIVE, _of_npm("@graphql-hive/gateway", PEERS / "hive")),
    Server("tailcall", "Tailcall", _tailcall, TAILCALL, _of_tailcall),
]
