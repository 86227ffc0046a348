"""Setting up the environment where Python is not what it takes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOO_OLD = "import sys; sys.version_info = (3, 10, 13)"


@pytest.fixture
def clone(tmp_path):
    """A folder with what make needs of the project."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "locks", tmp_path / "locks")
    return tmp_path


def set_up(clone, python):
    """Makes the environment by a program in Python's place."""
    program = clone / "python"
    program.write_text(f"#!/bin/sh\n{python}\n")
    program.chmod(0o755)
    command = ["make", ".venv/.installed", f"PYTHON={program}"]
    return subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=60)


def test_a_python_that_is_too_old_is_refused_by_its_name(clone):
    made = set_up(clone, f"""exec {sys.executable} -c "{TOO_OLD}; $2" """)
    assert made.returncode == 2
    assert made.stderr.startswith(
        f"This needs Python 3.11 or later, which {clone}/python is not: "
        "name one, as 'make run PYTHON=python3.13' does.\n"
    )
    assert not (clone / ".venv").exists()


def test_where_the_venv_module_is_missing_make_says_how_to_get_it(clone):
    made = set_up(clone, f"""[ "$1" = -c ] && exec {sys.executable} "$@"; mkdir -p .venv; exit 1""")
    assert made.returncode == 2
    assert made.stderr.startswith(
        "Python's venv module is missing: run 'apt-get install python3-venv', then try again.\n"
    )
    assert not (clone / ".venv").exists()
