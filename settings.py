"""What the service can be told by its environment, or by a file `.env` beside it."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]


def _refuse_more_than_a_path(url: HttpUrl) -> HttpUrl:
    if url.query is not None or url.fragment is not None:
        raise ValueError("leave out what begins with ? or #: the paths of REST calls are put behind it")
    return url


BaseUrl = Annotated[HttpUrl, AfterValidator(_refuse_more_than_a_path)]


class Settings(BaseSettings):
    """The settings; each is read from the variable of its name, in capitals. README.md has the table."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, lt=65536)] = 8000
    workers: Count = 1
    runtime_directory: Path | None = None

    arena_url: BaseUrl | None = None
    arena_email: str | None = None
    arena_password: SecretStr | None = None
    arena_workspace_id: int | None = None
    arena_reserve: Annotated[int, Field(ge=0)] = 50
    cognaize_url: BaseUrl | None = None
    cognaize_token: SecretStr | None = None

    operation_seconds: Annotated[float, Field(gt=0, lt=100)] = 25.0  # an idempotency key is held for 120 seconds
    call_seconds: Seconds = 15.0
    connect_seconds: Seconds = 5.0
    max_calls_per_operation: Count = 500
    max_estimated_calls: Count = 500
    max_rows_per_operation: Count = 5_000
    max_concurrent_calls: Count = 256
    max_answer_bytes: Count = 20_000_000
    max_body_bytes: Count = 100_000
    max_requests: Count = 1_000
    keep_alive_seconds: Count = 75
    drain_seconds: Seconds = 30.0

    allowed_origins: tuple[str, ...] = ()
    compression: bool = True
    graphiql: bool = True
    introspection: bool = True
    suggestions: bool = True
    upstream_report: bool = True
    upstream_details: bool = True
    execution_plans: bool = True
    persisted_queries: bool = True
    trusted_documents: Path | None = None
    trusted_documents_only: bool = False
    redis_url: SecretStr | None = None

    @property
    def redis_address(self) -> str | None:
        """Where Redis is, password and all; None without one."""
        return self.redis_url.get_secret_value() if self.redis_url else None

    @property
    def embeds_sandbox(self) -> bool:
        """Whether the sandbox stands in for a system whose host is not set."""
        return self.arena_url is None or self.cognaize_url is None

    @model_validator(mode="after")
    def _log_in_wholly_or_not_at_all(self) -> Self:
        if (self.arena_email is None) != (self.arena_password is None):
            raise ValueError("ARENA_EMAIL and ARENA_PASSWORD go together: set both, or neither")
        return self

    @model_validator(mode="after")
    def _trust_something(self) -> Self:
        if self.trusted_documents_only and self.trusted_documents is None:
            raise ValueError("TRUSTED_DOCUMENTS_ONLY needs TRUSTED_DOCUMENTS, the manifest of what is trusted")
        return self

    @model_validator(mode="after")
    def _outlast_operations(self) -> Self:
        if self.drain_seconds < self.operation_seconds:
            raise ValueError("DRAIN_SECONDS must not be less than OPERATION_SECONDS, or a stop would cut operations")
        return self


def read_settings() -> Settings:
    """The settings of the environment, or an end that says which of them to mend."""
    try:
        return Settings()
    except ValidationError as error:
        mistakes = (": ".join([*(str(name).upper() for name in row["loc"]), row["msg"]]) for row in error.errors())
        raise SystemExit("\n".join(["Mend these settings, then start again:", *mistakes])) from None
