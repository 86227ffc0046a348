from dataclasses import dataclass


@dataclass(frozen=True)
class EdgeSettings:
    """How the service meets its HTTP clients.

    Attributes:
        max_body_bytes: The longest request body, or query string, that is read.
        max_requests: How many GraphQL requests are served at once.
        allowed_origins: Origins whose pages may call the service, such as
            "https://desk.example.com"; "*" for any. Empty means same origin only.
        compression: Whether long answers are compressed for clients that take it.
    """

    max_body_bytes: int = 100_000
    max_requests: int = 1_000
    allowed_origins: tuple[str, ...] = ()
    compression: bool = True
