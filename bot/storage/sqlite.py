"""One SQLite connection as we use it: aiosqlite owns it, SQLAlchemy's AsyncConnection is on top of it.

A statement on a local file takes some ten microseconds; handing it to aiosqlite's thread and back, as SQLAlchemy's
own dialect does four times per statement, takes three hundred. So statements run where they are called, and only
what may wait, for a lock or for the disk, goes over aiosqlite: opening and closing here; BEGIN IMMEDIATE, COMMIT
and checkpoints in `writer`.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import URL, Connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from bot.storage.errors import StorageError
from bot.storage.prepared import ready

log = logging.getLogger(__name__)

Error = sqlite3.Error

WAL_RESET_FIXED = (3, 51, 3)
"""Before this version two connections that write and checkpoint at one moment may, rarely, corrupt the file."""

STATEMENTS_KEPT = 512
"""Prepared statements per connection; the default of 128 is less than the statements we have."""

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: NORMAL lost acknowledged commits in 147 of 150 power cuts
    "foreign_keys": 1,
    "secure_delete": 1,
    "trusted_schema": 0,
}


class Raw(sqlite3.Connection):
    """A connection as the driver knows it. `owner` is aiosqlite's side of it, with a thread for what may wait."""

    owner: aiosqlite.Connection


class InlineDialect(SQLiteDialect_pysqlite):
    """The sqlite3 module itself, declared fit for an AsyncEngine because we never let it wait."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True

    def do_close(self, dbapi_connection: Any) -> None:
        await_only(dbapi_connection.owner.close())


registry.register("sqlite.inline", __name__, "InlineDialect")


class InlineConnection(AsyncConnection):
    """An AsyncConnection whose statements run at once, in the caller; no greenlet, no thread."""

    __slots__ = ("raw",)

    def __init__(self, engine: AsyncEngine, sync: Connection, raw: Raw) -> None:
        super().__init__(engine, sync)
        self.raw = raw

    async def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        found = ready(statement, self.dialect, parameters)
        if found is not None:
            return found.run(self.raw, parameters)
        return self._proxied.execute(statement, parameters, execution_options=execution_options)

    async def exec_driver_sql(self, statement: str, parameters: Any = None, execution_options: Any = None) -> Any:
        return self._proxied.exec_driver_sql(statement, parameters, execution_options)


def database_file(url: URL) -> Path:
    """The file of a SQLite URL. A database in memory is refused: writer and readers are separate connections."""
    if not url.database or url.database == ":memory:" or url.query:
        raise StorageError(f"{url.render_as_string()} names no database file; say sqlite:///path/to/file")
    return Path(url.database)


def inline_engine(path: Path, *, patience: float, query_only: bool = False) -> AsyncEngine:
    """An engine whose connections are set as PRAGMAS says. `patience`: seconds to wait for another's lock."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # wal and shm inherit the mode

    def opened() -> Raw:
        raw = sqlite3.connect(
            path,
            timeout=patience,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS_KEPT,
            factory=Raw,
        )
        try:
            _settle(raw, query_only=query_only)
        except BaseException:
            raw.close()
            raise
        return raw

    return create_async_engine(
        "sqlite+inline://", creator=lambda: await_only(_owned(opened)), poolclass=NullPool, hide_parameters=True
    )


async def _owned(opened: Callable[[], Raw]) -> Raw:
    """What `opened` makes, in the thread of the aiosqlite connection that owns it from then on."""
    made: list[Raw] = []

    def connector() -> Raw:
        made.append(opened())
        return made[0]

    owner = aiosqlite.Connection(connector, iter_chunk_size=1)
    owner._thread.daemon = True  # as SQLAlchemy's dialect has it: left open, it must not keep the process from ending
    try:
        await owner
    except BaseException:
        owner._thread.join()  # its last word is for this loop, which may be closed a moment later
        raise
    made[0].owner = owner
    return made[0]


async def connect(engine: AsyncEngine) -> InlineConnection:
    """One connection of `engine`."""
    plain = await engine.connect()
    assert plain.sync_connection is not None
    sync = plain.sync_connection.execution_options(isolation_level="AUTOCOMMIT")
    raw = sync.connection.driver_connection
    assert isinstance(raw, Raw)
    return InlineConnection(engine, sync, raw)


def warn_of_old_library() -> None:
    """One log line if this SQLite has the WAL-reset bug. One writer removes what the bug needs."""
    if sqlite3.sqlite_version_info < WAL_RESET_FIXED:
        log.warning(
            "SQLite %s is older than %s and has the WAL-reset bug. It needs two connections that write at the "
            "same moment; this process writes over one connection only. Upgrade SQLite when you can.",
            sqlite3.sqlite_version,
            ".".join(map(str, WAL_RESET_FIXED)),
        )


def _settle(raw: sqlite3.Connection, *, query_only: bool) -> None:
    for name, value in PRAGMAS.items():
        raw.execute(f"PRAGMA {name}={value}")
        (found,) = raw.execute(f"PRAGMA {name}").fetchone()
        if found != value:
            raise StorageError(f"SQLite did not take PRAGMA {name}={value}; it says {found}")
    (waits,) = raw.execute("PRAGMA busy_timeout").fetchone()
    if waits <= 0:
        raise StorageError("SQLite has no busy_timeout: it would refuse at once what another process holds")
    if query_only:
        raw.execute("PRAGMA query_only=1")
