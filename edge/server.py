"""The HTTP server: how it is bounded, and what it logs."""

import os
import resource
from contextlib import suppress
from math import ceil
from typing import Any

import uvicorn

from edge.protocol import BoundedProtocol

# A worker is taken for dead after so long without a sign of life. It gives none while it starts, which takes seconds of
# a processor it may have to share: 5, as uvicorn has it, had slow machines end workers and start others without an end.
# Many more would be as bad: while it waits for the sign, the parent process hears no signal.
MOST_SILENT_SECONDS = 20

FILES_OF_MACOS = 10_240  # the most a process can have open there, which says that there is no limit

# There is no access log: its lines would hold the documents and variables of GET requests. httpx would tell of every
# call upstream, and aiosqlite of every value that the sandbox writes.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {"httpx": {"level": "WARNING"}, "aiosqlite": {"level": "WARNING"}},
}


def _run_without_haste() -> None:
    """Let this process's threads finish what they are at when another has become ready, where the system can.

    REST calls are sent and received in a thread of their own, and each answer that comes wakes the one that awaits
    it: to change between them at every answer takes a seventh of all the time a request takes.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # a container may forbid it
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _have_many_files_open() -> None:
    """Let this process have as many files open as the system lets it: every connection is one.

    Unless it asks for more, many systems let it have 1,024, which clients and upstreams can take together.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    for files in (most, max(now, FILES_OF_MACOS)):
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
            return


def serve(factory: str, *, host: str, port: int, workers: int, keep_alive_seconds: int, stop_seconds: float) -> None:
    """Serve an application until told to stop.

    Args:
        factory: Where what makes the application is, as "module:name".
        host: The address to listen at.
        port: The port to listen at.
        workers: How many processes serve.
        keep_alive_seconds: How long a connection is kept on which no request comes. Whoever sends one just when it
            ends cannot tell what became of it, so it had better be the other side that closes.
        stop_seconds: How long requests may still take when the server has stopped listening.
    """
    _run_without_haste()
    _have_many_files_open()
    uvicorn.run(
        factory,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        server_header=False,
        access_log=False,
        log_config=LOGGING,
        timeout_worker_healthcheck=MOST_SILENT_SECONDS,
        timeout_keep_alive=keep_alive_seconds,
        timeout_graceful_shutdown=ceil(stop_seconds),
    )
