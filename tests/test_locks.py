"""The locks pin every package by its hash, and leave it to whoever installs where packages come from."""

import json
import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_OURS = {".git", ".venv", ".venv-clients", "node_modules"}


def npm_packages():
    """The folders of npm's packages that are ours."""
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        if "package-lock.json" in files:
            yield str(Path(folder).relative_to(ROOT))


PIP_LOCKS = sorted(path.name for path in (ROOT / "locks").iterdir())
NPM_PACKAGES = list(npm_packages())


@pytest.mark.parametrize("lock", PIP_LOCKS)
def test_a_lock_for_pip_has_hashes_and_no_addresses(lock):
    text = (ROOT / "locks" / lock).read_text()
    packages = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert [package for package in packages if "--hash=sha256:" not in package] == []
    assert not re.search(r"://|--index|--find-links", text)


@pytest.mark.parametrize("folder", NPM_PACKAGES)
def test_a_lock_for_npm_has_hashes_and_no_addresses(folder):
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []


@pytest.mark.parametrize("folder", NPM_PACKAGES)
def test_npm_is_told_to_leave_addresses_out(folder):
    assert "omit-lockfile-registry-resolved=true" in (ROOT / folder / ".npmrc").read_text().splitlines()
