"""Measures Stepgraph beside its peers: `make bench`, or `python -m bench --help`."""

import argparse
import dataclasses
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import cpu, machine, report
from bench.answers import LARGE, SMALL
from bench.checking import WrongAnswer
from bench.comparison import compare
from bench.growth import SETTINGS, grow
from bench.interpreter import NoInterpreter, with_packages
from bench.load import LoadFailed, generator
from bench.measuring import QUICK, Measuring, Plan, say
from bench.processes import OTHER_CORE, awake, free_port
from bench.report import Results
from bench.rest import Rest, serving
from bench.servers import OURS, SERVERS, Place, Running, Unavailable, start
from bench.soak import OPERATIONS, soak
from bench.waits import beside_others, crowd, wait_for_delayed
from bench.workloads import WORKLOADS

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "performance.md"
JSON_FILE = ROOT / "var" / "bench.json"
SERVER_NAMES = tuple(server.name for server in SERVERS)
WORKLOAD_NAMES = tuple(workload.name for workload in WORKLOADS)
PARTS = ("peers", "growth", "waits", "soak")

INTRODUCTION = """\
# Performance

What one run of `make bench` found: Stepgraph, with every limit and feature on and one worker, beside a Strawberry
application as Strawberry's documentation has it and beside other servers, all in front of the same REST answers.

- Every server's answers were compared with the REST answers before anything was timed; under load, each answer had to
  be a 200 without errors.
- The baseline has what its own packages install. That leaves out sniffio, for which httpcore looks in vain several
  times a call; with it, as Stepgraph has it, W1 would cost the baseline a sixth less.
- No server keeps REST answers from one operation to the next, or shares calls between operations.
- Mercurius and Yoga may have as many connections to the REST answers open as Stepgraph has, 256; the others as many as
  they have by themselves.
- Rounds of load go from server to server in turn, with an exact number of operations over 32 connections. A figure is
  of the cheapest of at most twelve rounds: fewer, when every server has had six in which the machine did little else
  and ran at its usual pace. A row says so where the cheapest is not one of these.
- Runs differ. The servers of Node take down to half as much in some, and always where fewer servers take turns
  (`--only`); Stepgraph and Tailcall take the same. Mercurius then stands at 0.3 to 0.5 times Stepgraph on W4 and W6,
  at 0.4 to 0.55 on W3, and at 1.2 on W5.
- An optimised Python makes the baseline gain more than Stepgraph, half of whose time is spent in compiled libraries:
  its distance to the baseline is smaller there, that to the servers of Node larger.
- How long callers wait is measured with cores that are kept from sleeping: a virtual machine wakes late.
- CPU time is that of the server's whole process tree, user and system, divided by the operations.

Debian's Python is an optimised build, though its configuration does not tell: compare the times of the fixed loop.
`make bench PYTHON_BENCH=/usr/bin/python3` measures with it; `python -m bench --help` says what else can be asked.

"""


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)

    def choose(option: str, known: Sequence[str], default: Sequence[str]) -> None:
        text = f"of {', '.join(known)}; default: {','.join(default)}"
        parser.add_argument(option, type=_words_of(known), default=list(default), help=text)

    parser.add_argument("--quick", action="store_true", help="short rounds: to see whether all runs, not for figures")
    choose("--only", SERVER_NAMES, SERVER_NAMES)
    choose("--workloads", WORKLOAD_NAMES, WORKLOAD_NAMES)
    choose("--parts", PARTS, PARTS[:3])
    parser.add_argument("--rounds", type=int, help="how many quiet rounds are wanted of every server")
    parser.add_argument("--python", default=sys.executable, help="what runs Stepgraph and the baseline")
    parser.add_argument("--tailcall", help="a Tailcall to run instead of npm's")
    parser.add_argument("--soak-operations", type=int, default=OPERATIONS, help="how many the part soak runs")
    return parser.parse_args()


def _words_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        words = text.split(",")
        if unknown := [word for word in words if word not in known]:
            raise argparse.ArgumentTypeError(f"not known: {', '.join(unknown)}")
        return words

    return read


class Bench:
    """One run: what was asked for, and where it happens."""

    def __init__(self, asked: argparse.Namespace, folder: Path, rest: Rest, python: str) -> None:
        self._asked = asked
        self._folder = folder
        self._rest = rest
        self._python = python
        plan = QUICK if asked.quick else Plan()
        if asked.rounds:
            plan = dataclasses.replace(
                plan, rounds=asked.rounds, most_rounds=asked.rounds + plan.most_rounds - plan.rounds
            )
        self._measuring = Measuring(plan, rest)
        self.results = Results(
            machine=machine.look(python),
            made_by=(rest.name, generator()),
            titles={server.name: server.title for server in SERVERS if server.name in asked.only},
        )

    def run(self) -> None:
        """Run every part that was asked for; one that fails is left out and says so."""
        runs = {"peers": self._run_peers, "growth": self._run_growth, "waits": self._run_waits, "soak": self._run_soak}
        busy, stolen = cpu.busy_seconds(), cpu.stolen_seconds()
        for part in self._asked.parts:
            try:
                runs[part]()
            except (Unavailable, WrongAnswer, LoadFailed) as error:
                say(f"{part}: {error}")
                self.results.missing[part] = str(error)
        self.results.stolen = (cpu.stolen_seconds() - stolen) / (cpu.busy_seconds() - busy)

    def _run_peers(self) -> None:
        workloads = [workload for workload in WORKLOADS if workload.name in self._asked.workloads]
        with ExitStack() as stack:
            servers = []
            for server in SERVERS:
                if server.name not in self._asked.only:
                    continue
                try:
                    place = self._place(server.name, self._rest.port)
                    servers.append(stack.enter_context(start(server, place)))
                    if version := server.version(place):
                        self.results.versions[server.title] = version
                except Unavailable as error:
                    say(f"{server.title} is left out: {error}")
                    self.results.missing[server.title] = str(error)
            self._measuring.servers = servers
            self.results.comparison = compare(self._measuring, servers, workloads, say)

    def _run_growth(self) -> None:
        with self._ours("growth", self._rest.port, LARGE.base, SETTINGS) as ours:
            self.results.growth = grow(self._measuring, ours, say)

    def _run_waits(self) -> None:
        with awake(self._folder), self._ours("delayed", self._rest.delaying_port) as ours:
            self.results.delayed = wait_for_delayed(ours, self._rest.delaying_port)
        with awake(self._folder), self._ours("waits", self._rest.port) as ours:
            operations = 1_000 if self._asked.quick else 10_000
            self.results.crowd = crowd(ours, operations)
            self.results.beside = beside_others(ours, operations)

    def _run_soak(self) -> None:
        with self._ours("soak", self._rest.port) as ours:
            self.results.soak = soak(ours, self._asked.soak_operations, say)

    @contextmanager
    def _ours(
        self, name: str, port: int, base: str = SMALL.base, settings: Mapping[str, str] | None = None
    ) -> Iterator[Running]:
        with start(OURS, self._place(name, port, base), settings) as running:
            self._measuring.servers = [running]
            yield running

    def _place(self, name: str, rest_port: int, base: str = SMALL.base) -> Place:
        folder = self._folder / f"server-{name}"
        folder.mkdir()
        url = f"http://127.0.0.1:{rest_port}{base}"
        return Place(free_port(), url, folder, self._python, self._asked.tailcall)


def is_whole(asked: argparse.Namespace) -> bool:
    """Whether a run is thorough enough to be written down."""
    return not asked.quick and set(asked.only) == set(SERVER_NAMES) and set(asked.workloads) == set(WORKLOAD_NAMES)


def main() -> None:
    asked = read_arguments()
    for asked_to_end in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(asked_to_end) is signal.SIG_DFL:  # nohup has SIGHUP ignored
            signal.signal(asked_to_end, lambda *_: sys.exit("ended"))  # by the way that ends the servers too
    os.sched_setaffinity(0, {OTHER_CORE})
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        try:
            python = with_packages(asked.python, folder / "venv")
        except NoInterpreter as error:
            raise SystemExit(str(error)) from None
        with serving(folder) as rest:
            bench = Bench(asked, folder, rest, python)
            bench.run()
    text = report.write(bench.results)
    print(text)
    JSON_FILE.parent.mkdir(exist_ok=True)
    found = {
        **dataclasses.asdict(bench.results),
        "bar": [dataclasses.asdict(verdict) for verdict in bench.results.verdicts()],
    }
    JSON_FILE.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    if is_whole(asked) and set(PARTS[:3]) <= set(asked.parts):
        DOCUMENT.write_text(INTRODUCTION + text)


if __name__ == "__main__":
    main()
