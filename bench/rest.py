"""Where the REST answers come from while the benchmark runs."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from bench import nginx, python_rest
from bench.packages import program
from bench.processes import OTHER_CORE, fetch, free_port, running, wait_for

ROOT = Path(__file__).parent.parent
DELAY_SECONDS = 0.02


@dataclass
class Rest:
    """The servers of the REST answers.

    Attributes:
        name: What serves them.
        port: Of the one that answers at once.
        delaying_port: Of the one that waits before it answers.
        processes: Theirs.
    """

    name: str
    port: int
    delaying_port: int
    processes: list[Popen[bytes]]
    _probes: int = 0

    def calls(self) -> int:
        """How many requests were answered at once so far."""
        if self.name != "nginx":
            return int(fetch(f"http://127.0.0.1:{self.port}{python_rest.COUNT_PATH}"))
        # Three lines: the connections, "server accepts handled requests", and their numbers. This request counts too.
        self._probes += 1
        status = fetch(f"http://127.0.0.1:{self.port}{nginx.STATUS_PATH}").decode()
        return int(status.splitlines()[2].split()[2]) - self._probes


@contextmanager
def serving(folder: Path) -> Iterator[Rest]:
    """Serve the REST answers: with nginx where it can be had, and always also with a delay."""
    with ExitStack() as stack:

        def start(name: str, command: list[str], port: int, place: Path) -> Popen[bytes]:
            log = folder / f"{name}.log"
            process = stack.enter_context(running(command, core=OTHER_CORE, log=log, folder=place))
            wait_for(process, port, log)
            return process

        def start_python(name: str, port: int, seconds: float) -> Popen[bytes]:
            command = [sys.executable, "-m", "bench.python_rest", str(port), str(seconds)]
            return start(name, command, port, ROOT)

        port, delaying_port = free_port(), free_port()
        processes = [start_python("delaying", delaying_port, DELAY_SECONDS)]
        path = program("nginx", "nginx-light")
        if path is None:
            processes.append(start_python("answers", port, 0))
            yield Rest("the bench's Python server (no nginx)", port, delaying_port, processes)
            return
        prefix = folder / "nginx"
        prefix.mkdir()
        nginx.write_prefix(prefix, port, delaying_port)
        processes.append(start("nginx", nginx.command(path, prefix), port, prefix))
        yield Rest("nginx", port, delaying_port, processes)
