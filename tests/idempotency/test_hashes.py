from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

import pytest

from idempotency import fingerprint, scope


class Status(Enum):
    IN_PROGRESS = "IN_PROGRESS"


@dataclass
class Change:
    guid: str
    status: Status


def test_the_same_input_in_another_order_has_the_same_fingerprint():
    assert fingerprint("complete", {"a": 1, "b": {"c": 2, "d": 3}}) == fingerprint(
        "complete", {"b": {"d": 3, "c": 2}, "a": 1}
    )


@pytest.mark.parametrize(
    "other",
    [
        ("reopen", {"guid": "1", "comment": None}),
        ("complete", {"guid": "2", "comment": None}),
        ("complete", {"guid": 1, "comment": None}),
        ("complete", {"guid": "1"}),
    ],
)
def test_another_operation_or_input_has_another_fingerprint(other):
    assert fingerprint(*other) != fingerprint("complete", {"guid": "1", "comment": None})


def test_dataclasses_enums_and_times_have_fingerprints():
    at = datetime(2026, 1, 2, tzinfo=UTC)
    plain = {"change": {"guid": "1", "status": "IN_PROGRESS"}, "at": "2026-01-02T00:00:00Z"}
    typed = {"change": Change("1", Status.IN_PROGRESS), "at": at}
    assert fingerprint("change", typed) == fingerprint("change", plain)


def test_an_input_that_cannot_be_told_apart_has_no_fingerprint():
    with pytest.raises(TypeError):
        fingerprint("change", object())


def test_a_scope_tells_credentials_apart_without_naming_them():
    assert scope("secret") == scope("secret")
    assert scope("secret") != scope("other secret")
    assert "secret" not in scope("secret")
