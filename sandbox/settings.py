"""What the sandbox can be told by its environment, or by a file `.env` beside it."""

from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from sandbox.store import DEFAULT_DATABASE_URL

PREFIX = "SANDBOX_"

Dialect = Literal["seed", "2023"]


class SandboxSettings(BaseSettings):
    """The sandbox's settings; each is read from `SANDBOX_<NAME>` unless given here.

    Attributes:
        database_url: An SQLAlchemy address of an async SQLite database, kept between runs.
        dialect: Whose error codes Arena speaks: those of its endpoint pages, or the unique ones of 2023.
        daily_limit: How many Arena calls the workspace has per day.
        cognaize_token: The bearer token Cognaize accepts.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore")

    database_url: Annotated[str, Field(pattern=r"^sqlite\+aiosqlite:///")] = DEFAULT_DATABASE_URL
    dialect: Dialect = "seed"
    daily_limit: Annotated[int, Field(ge=0)] = 25_000
    cognaize_token: str = "sandbox"  # noqa: S105 -- it guards nothing but the demo data


def read_settings() -> SandboxSettings:
    """The settings of the environment, or an end that says which of them to mend."""
    try:
        return SandboxSettings()
    except ValidationError as error:
        mistakes = (f"{PREFIX}{str(row['loc'][0]).upper()}: {row['msg']}" for row in error.errors())
        raise SystemExit("\n".join(["Mend these settings, then start again:", *mistakes])) from None
