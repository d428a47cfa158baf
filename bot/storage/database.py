"""The one door to the database: reads that see one moment, writes that are whole and durable, on two dialects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Literal, Protocol

from sqlalchemy import URL, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage import facts, sqlite, upgrade
from bot.storage.errors import StorageError, StorageTrouble
from bot.storage.postgres import Postgres
from bot.storage.tables import fact
from bot.storage.trouble import told
from bot.storage.writer import T, Work, Writer

__all__ = ["Database", "Dialect", "Work"]

Dialect = Literal["sqlite", "postgresql"]

PATIENCE = 10.0
"""Seconds a write waits for another process before it is StorageTrouble."""

READERS_KEPT = 8
"""Idle SQLite reading connections kept open; more are opened when more reads are under way at once."""


class _Side(Protocol):
    def read(self) -> AbstractAsyncContextManager[AsyncConnection]: ...
    async def write(self, work: Work[T]) -> T: ...
    async def close(self) -> None: ...


class Database:
    """`async with db.read() as conn` and `await db.write(work)`.

    `work` gets a connection and may run more than once: it touches only that connection, and awaits nothing else.
    Errors: whatever `work` raises; StorageTrouble (nothing was written, try later); Conflict.
    """

    def __init__(self, url: URL, side: _Side) -> None:
        self.url = url
        self.dialect: Dialect = dialect_of(url)
        self.read = side.read
        self.write = side.write
        self._side = side

    @classmethod
    async def open(cls, url: str, *, patience: float = PATIENCE) -> Database:
        """Open `url`: `sqlite:///file` (also `sqlite+aiosqlite:///file`) or `postgresql://…` (also with +asyncpg).

        A SQLite file is made when it is not there. Call `upgrade` before the first use.
        """
        where = parsed(url)
        if dialect_of(where) == "postgresql":
            return cls(where, Postgres(where, patience=patience))
        try:
            return cls(where, await _Sqlite.open(where, patience=patience))
        except (OSError, DBAPIError) as error:
            raise StorageTrouble(f"{where.database} cannot be opened: {type(error).__name__}") from error

    async def upgrade(self) -> None:
        """Bring the tables up to date, from an empty database too. Two processes may do so at once."""
        await upgrade.upgrade(self.url)

    async def ping(self) -> None:
        """Read and write one row. StorageTrouble if the database is locked, full or gone."""
        async with self.read() as conn:
            await conn.execute(_ANY_FACT)
        await self.write(_touch)

    async def scrub(self) -> None:
        """After erasing: empty the write-ahead log, where deleted text would stay readable.

        StorageTrouble if a reader held on to it: try again. On PostgreSQL nothing is done: what is left in dead
        rows was sealed with a key that is destroyed.
        """
        if isinstance(self._side, _Sqlite):
            await self._side.scrub()

    async def close(self) -> None:
        """Finish the writes that are queued, then close every connection."""
        await self._side.close()


class _Sqlite:
    """One writer and a few readers on one file."""

    def __init__(self, writer: Writer, writing: AsyncEngine, reading: AsyncEngine) -> None:
        self.write = writer.write
        self._writer = writer
        self._engines = (writing, reading)
        self._idle: list[sqlite.InlineConnection] = []

    @classmethod
    async def open(cls, url: URL, *, patience: float) -> _Sqlite:
        path = sqlite.database_file(url)
        writing = sqlite.inline_engine(path, patience=patience)
        reading = sqlite.inline_engine(path, patience=patience, query_only=True)
        return cls(await Writer.open(writing), writing, reading)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one moment and cannot write."""
        try:
            connection = self._idle.pop() if self._idle else await sqlite.connect(self._engines[1])
            connection.raw.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.raw.rollback()
                await self._keep(connection)
        except (DBAPIError, sqlite.Error) as error:
            raise told(error) from error

    async def _keep(self, connection: sqlite.InlineConnection) -> None:
        if len(self._idle) < READERS_KEPT:
            self._idle.append(connection)
        else:
            await connection.close()

    async def scrub(self) -> None:
        if not await self._writer.checkpoint():
            raise StorageTrouble("a reader still holds the write-ahead log")

    async def close(self) -> None:
        for connection in self._idle:
            await connection.close()
        self._idle.clear()
        await self._writer.close()
        for engine in self._engines:
            await engine.dispose()


_ANY_FACT = select(fact.c.name).limit(1)


async def _touch(tx: AsyncConnection) -> None:
    # A value that is there already SQLite does not write at all, and a full disk would go unnoticed.
    stands = await facts.get(tx, "ping")
    await facts.put(tx, "ping", "tock" if stands == "tick" else "tick")


def parsed(url: str) -> URL:
    """The URL, or a StorageError that says what a good one looks like."""
    try:
        where = make_url(url)
    except ArgumentError:
        raise StorageError(f"this is no database URL; write for instance {EXAMPLES}") from None
    if where.drivername not in DRIVERS:
        raise StorageError(f"{where.drivername} is not supported; write for instance {EXAMPLES}")
    return where


def dialect_of(url: URL) -> Dialect:
    return "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"


DRIVERS = ("sqlite", "sqlite+aiosqlite", "postgresql", "postgresql+asyncpg")
EXAMPLES = "sqlite:///data/achterdehand.db or postgresql://user@host/name"
