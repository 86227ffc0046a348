"""Where the benchmark ran."""

import json
import os
import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.processes import run

PROBE = """
import json, platform, sysconfig, time
def work():
    counts = {}
    for number in range(300_000):
        counts[number % 1000] = counts.get(number % 1000, 0) + number
def seconds():
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
print(json.dumps({
    "version": platform.python_version(),
    "is_optimised": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
    "loop_ms": min(seconds() for _ in range(9)) * 1000,
}))
"""


@dataclass(frozen=True)
class Machine:
    """What figures depend on.

    Attributes:
        python_is_optimised: Whether the Python was configured with `--enable-optimizations`.
        python_loop_ms: How long that Python takes for a fixed loop, which says more: Debian's is optimised, and its
            configuration does not tell.
    """

    cpu: str
    cores: int
    kernel: str
    python: str
    python_is_optimised: bool
    python_loop_ms: float
    node: str | None
    date: str


def look(python: str) -> Machine:
    probe = json.loads(run([python, "-c", PROBE]).stdout)
    return Machine(
        cpu=_cpu(),
        cores=os.cpu_count() or 1,
        kernel=platform.release(),
        python=probe["version"],
        python_is_optimised=probe["is_optimised"],
        python_loop_ms=probe["loop_ms"],
        node=_node(),
        date=datetime.now(UTC).date().isoformat(),
    )


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _node() -> str | None:
    path = shutil.which("node")
    return run([path, "--version"]).stdout.strip() if path else None
