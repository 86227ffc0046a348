"""Programs the benchmark needs: found, or installed from Debian where that is possible."""

import os
import shutil
from functools import cache

from bench.processes import run

INSTALL = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]


@cache
def program(name: str, package: str) -> str | None:
    """The path of a program, None when it is neither there nor to be had from its Debian package."""
    return shutil.which(name) or (shutil.which(name) if _install(package) else None)


def _install(package: str) -> bool:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    install = ["env", "DEBIAN_FRONTEND=noninteractive", *INSTALL, package]
    if run(install).returncode == 0:
        return True
    run(["apt-get", "update", "-qq"])
    return run(install).returncode == 0
