"""What bounds the calls to one upstream."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WireLimits:
    """The bounds of a single call and of all calls to one upstream at once."""

    connect_seconds: float = 5.0
    call_seconds: float = 15.0
    max_answer_bytes: int = 20_000_000
    max_concurrent_calls: int = 256
    read_attempts: int = 3
    breaker_threshold: int = 10
    breaker_rest_seconds: float = 5.0
