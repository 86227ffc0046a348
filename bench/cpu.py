"""What a process and its children have used: CPU time and memory, as the kernel counts them."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def tree(root: int) -> list[int]:
    """A process and all its descendants."""
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                todo += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def seconds(root: int) -> float:
    """The CPU time of a process tree so far, user and system, of children that ended as well."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in tree(root)) / TICKS


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on: the second is a name, which may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def busy_seconds() -> float:
    """The CPU time of everything on the machine so far, time stolen from it too."""
    user, nice, system, _idle, _waiting, irq, softirq, steal = _machine()
    return (user + nice + system + irq + softirq + steal) / TICKS


def stolen_seconds() -> float:
    """The CPU time so far that the machine wanted and its host gave to others."""
    return _machine()[-1] / TICKS


def _machine() -> list[int]:
    return [int(ticks) for ticks in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]


def forget_peak(root: int) -> None:
    """Measure the peak of memory from now on."""
    for pid in tree(root):
        Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_megabytes(root: int) -> float:
    """VmHWM, summed over the process tree."""
    return sum(_status(pid, "VmHWM") for pid in tree(root))


def resident_megabytes(root: int) -> float:
    """VmRSS, summed over the process tree."""
    return sum(_status(pid, "VmRSS") for pid in tree(root))


def _status(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)
