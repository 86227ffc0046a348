"""Processes the benchmark starts: on which core they run, when they are ready, and that they end with it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

START_SECONDS = 60.0

CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0]
OTHER_CORE = CORES[-1]  # of the REST answers and the load; the same one where there is only one

STAY_AWAKE = """
import os, sys
parent = int(sys.argv[1])
while os.getppid() == parent: pass
"""


def run(
    command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env=os.environ | (environment or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


class NotStarted(Exception):
    """A server ended, or did not answer in time."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """Run this process on one core for a while; what it starts meanwhile stays there."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def running(
    command: Sequence[str], *, core: int, log: Path, folder: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program on one core; it ends with the block. What it prints goes to the log."""
    with on_core(core), log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=folder,
            env=os.environ | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def awake(folder: Path) -> Iterator[None]:
    """Keep the cores from sleeping, by work that gives way at once to everything else of this session.

    A core that sleeps wakes late, above all in a virtual machine, whose host may have lent it to another meanwhile.

    Args:
        folder: For the logs.
    """
    with ExitStack() as stack:
        for core in {SERVER_CORE, OTHER_CORE}:
            command = [sys.executable, "-c", STAY_AWAKE, str(os.getpid())]
            process = stack.enter_context(running(command, core=core, log=folder / f"awake-{core}.log", folder=folder))
            os.sched_setscheduler(process.pid, os.SCHED_IDLE, os.sched_param(0))
        yield


def wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until a process listens at a port.

    Raises:
        NotStarted: It ended, or took too long.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    last_words = log.read_text(errors="replace").strip().splitlines()[-12:]
    raise NotStarted("\n".join(last_words) or "It did not listen in time.")


def fetch(url: str, headers: Mapping[str, str] | None = None) -> bytes:
    """What a GET of the benchmark's own servers answers."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers or {})), timeout=30) as answer:  # noqa: S310
        body: bytes = answer.read()
        return body
