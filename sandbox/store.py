"""The sandbox's store: SQLite through SQLAlchemy, one transaction per request."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

DEFAULT_DATABASE_URL = "sqlite+aiosqlite:///var/sandbox.db"
BUSY_TIMEOUT_SECONDS = 10


class Base(DeclarativeBase):
    """The tables of both systems."""


class Store:
    """An open database.

    Args:
        database_url: An SQLAlchemy address of an async SQLite database.
    """

    def __init__(self, database_url: str = DEFAULT_DATABASE_URL) -> None:
        database = make_url(database_url).database
        if database and database != ":memory:":
            Path(database).parent.mkdir(parents=True, exist_ok=True)
        self._engine = create_async_engine(database_url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
        event.listen(self._engine.sync_engine, "connect", _prepare_connection)
        event.listen(self._engine.sync_engine, "begin", _begin_as_only_writer)
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)
        # SQLite lets waiting writers poll; within one process they can simply queue.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session that commits when the block ends and rolls back when it raises."""
        async with self._turn, self._sessions.begin() as session:
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


async def create_tables(session: AsyncSession) -> None:
    """Create the tables that do not exist yet, as part of a transaction."""
    await (await session.connection()).run_sync(Base.metadata.create_all)


async def drop_tables(session: AsyncSession) -> None:
    """Drop every table with its rows, as part of a transaction."""
    await (await session.connection()).run_sync(Base.metadata.drop_all)


def _prepare_connection(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes late and deferred; we send ours, so it must not.
    connection.isolation_level = None
    cursor: sqlite3.Cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_as_only_writer(connection: Any) -> None:
    # Taking the write lock first means two changes at once run one after the other, never both on old data.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
