"""What the sandbox can be told from outside."""

from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict

from sandbox.store import DEFAULT_DATABASE_URL

Dialect = Literal["seed", "2023"]


class SandboxSettings(BaseSettings):
    """The sandbox's settings; each is read from `SANDBOX_<NAME>` unless given here.

    Attributes:
        database_url: An SQLAlchemy address of an async SQLite database, kept between runs.
        dialect: Whose error codes Arena speaks: those of its endpoint pages, or the unique ones of 2023.
        daily_limit: How many Arena calls the workspace has per day.
        cognaize_token: The bearer token Cognaize accepts.
    """

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    database_url: str = DEFAULT_DATABASE_URL
    dialect: Dialect = "seed"
    daily_limit: int = 25_000
    cognaize_token: str = "sandbox"  # noqa: S105 -- it guards nothing but the demo data
