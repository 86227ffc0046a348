"""Building GraphiQL where Node is missing, or too old."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMANDS = ["sh", "bash", "make", "dirname", "env"]


@pytest.fixture
def path(tmp_path):
    """A folder with the commands make needs, and no Node."""
    for command in COMMANDS:
        (tmp_path / command).symlink_to(shutil.which(command))
    return tmp_path


def build(path):
    environment = {**os.environ, "PATH": str(path)}
    return subprocess.run([ROOT / "edge/graphiql/build"], env=environment, capture_output=True, text=True, timeout=60)


def test_where_node_is_missing_the_build_says_how_to_get_it(path):
    built = build(path)
    assert built.returncode == 1
    assert built.stderr == (
        "GraphiQL needs Node 20.19 or later, and npm, to be built (on Debian 13: apt-get install nodejs npm).\n"
    )


def test_where_node_is_too_old_the_build_says_so(path):
    for name in ("node", "npm"):
        (path / name).write_text('#!/bin/sh\n[ "$1" = --version ] && echo v18.20.4\n')
        (path / name).chmod(0o755)
    built = build(path)
    assert built.returncode == 1
    assert built.stderr == ("GraphiQL needs Node 20.19 or later (22.12 of the 22s) to be built; this is v18.20.4.\n")
