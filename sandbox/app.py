"""The sandbox: Arena PLM and Cognaize on one small server of their own."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from sandbox.arena.refusals import Refusal, Refused
from sandbox.arena.routes import arena_app
from sandbox.arena.story import plant_arena
from sandbox.arena.story.tickets import plant_tickets
from sandbox.arena.tables import User
from sandbox.cognaize.routes import cognaize_routes
from sandbox.cognaize.story import plant_workflows
from sandbox.settings import SandboxSettings
from sandbox.store import Store, create_tables, drop_tables


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def create_sandbox(settings: SandboxSettings | None = None, *, clock: Callable[[], datetime] = utc_now) -> Starlette:
    """Both systems as one application, with its story planted where the database is empty.

    Args:
        settings: Read from the environment unless given.
        clock: Says what time it is, as an aware instant.

    Returns:
        An application that serves `/arena/v1` and `/cognaize/api/v1`, and opens and closes its database in
        its lifespan; whoever mounts it has to enter that. Any other path is refused in Arena's envelope, below
        `/cognaize` in Cognaize's.
    """
    settings = settings or SandboxSettings()
    store = Store(settings.database_url)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await _open(store)
            yield
        finally:
            await store.close()

    async def refuse_unknown_path(_request: Request, _error: Exception) -> Response:
        return JSONResponse(Refused(Refusal.UNKNOWN_PATH).envelope(settings.dialect), HTTPStatus.NOT_FOUND)

    return Starlette(
        routes=[
            Mount("/arena/v1", arena_app(store, settings, clock)),
            Mount("/cognaize", routes=cognaize_routes(store, settings, clock)),
        ],
        exception_handlers={HTTPStatus.NOT_FOUND: refuse_unknown_path},
        lifespan=lifespan,
    )


async def reset(settings: SandboxSettings) -> None:
    """Put the story back as it was, whatever has become of it."""
    store = Store(settings.database_url)
    try:
        async with store.transaction() as session:
            await drop_tables(session)
            await create_tables(session)
            await _plant(session)
    finally:
        await store.close()


async def _open(store: Store) -> None:
    async with store.transaction() as session:
        await create_tables(session)
        if await session.scalar(select(User.guid).limit(1)) is None:
            await _plant(session)


async def _plant(session: AsyncSession) -> None:
    await plant_arena(session)
    await plant_tickets(session)
    await plant_workflows(session)
