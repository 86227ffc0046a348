import sys

import pytest

from sandbox.__main__ import main
from sandbox.settings import SandboxSettings, read_settings


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder to be in, and an environment without settings of the sandbox."""
    for name in SandboxSettings.model_fields:
        monkeypatch.delenv(f"SANDBOX_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_named_env_is_read_and_the_environment_outranks_it(folder, monkeypatch):
    (folder / ".env").write_text("SANDBOX_DIALECT=2023\nSANDBOX_DAILY_LIMIT=7\nARENA_URL=https://arena.test/v1\n")
    monkeypatch.setenv("SANDBOX_DAILY_LIMIT", "9")
    settings = read_settings()
    assert (settings.dialect, settings.daily_limit) == ("2023", 9)


def test_an_empty_variable_is_as_good_as_none(monkeypatch):
    monkeypatch.setenv("SANDBOX_DAILY_LIMIT", "")
    assert read_settings().daily_limit == 25_000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SANDBOX_DAILY_LIMIT", "many"),
        ("SANDBOX_DAILY_LIMIT", "-1"),
        ("SANDBOX_DIALECT", "2022"),
        ("SANDBOX_DATABASE_URL", "postgresql://localhost/sandbox"),
        ("SANDBOX_DATABASE_URL", "var/sandbox.db"),
    ],
)
def test_the_sandbox_does_not_start_but_names_the_setting_to_mend(folder, monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(sys, "argv", ["sandbox", "--reset"])
    with pytest.raises(SystemExit) as end:
        main()
    first, mistake = str(end.value).splitlines()
    assert first == "Mend these settings, then start again:"
    assert mistake.startswith(f"{variable}: ")
    assert list(folder.iterdir()) == []
