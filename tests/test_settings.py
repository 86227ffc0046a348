"""What the service says of settings it cannot work with, before it starts."""

import pytest

from settings import read_settings


@pytest.mark.parametrize("name", ["ARENA_URL", "COGNAIZE_URL"])
@pytest.mark.parametrize("tail", ["?key=1", "#part", "?"])
def test_an_address_that_goes_on_behind_its_path_is_refused(monkeypatch, name, tail):
    monkeypatch.setenv(name, f"https://plm.example/v1{tail}")
    with pytest.raises(SystemExit) as refusal:
        read_settings()
    assert str(refusal.value).splitlines() == [
        "Mend these settings, then start again:",
        f"{name}: Value error, leave out what begins with ? or #: the paths of REST calls are put behind it",
    ]


@pytest.mark.parametrize("address", ["https://plm.example", "https://plm.example/", "https://plm.example/v1"])
def test_an_address_with_or_without_a_path_is_taken(monkeypatch, address):
    monkeypatch.setenv("ARENA_URL", address)
    assert str(read_settings().arena_url).rstrip("/") == address.rstrip("/")
