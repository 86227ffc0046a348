"""Packages of npm that tests run: pinned by a lock, and installed when a test first asks for them."""

import os
import shutil
import subprocess

import pytest

SECONDS_TO_INSTALL = 300


def install(folder):
    """Install the package in a folder as its lock says, unless that is done."""
    if not (shutil.which("node") and shutil.which("npm")):
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("This test needs Node and npm: run `make test-deps`.")
    installed, locked = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < locked.stat().st_mtime:
        command = ["npm", "ci", "--loglevel", "error", "--no-audit", "--no-fund"]
        subprocess.run(command, cwd=folder, check=True, timeout=SECONDS_TO_INSTALL)
