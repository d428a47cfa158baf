"""Brings the tables up to date by Alembic, in one transaction, one process at a time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.errors import StorageError, StorageTrouble
from bot.storage.migrations import HEAD
from bot.storage.trouble import told

FOLDER = Path(__file__).parent / "migrations"

PATIENCE = 60.0
"""Seconds to wait for another process that migrates."""

_ONE_AT_A_TIME = threading.Lock()
"""Alembic keeps what it works on in the module, so two threads must not migrate two files at once."""

ADVISORY_KEY = 0x4168  # "Ah": any number that only migrations take


async def upgrade(url: URL, target: str = "head") -> None:
    """Run the migrations that are missing, up to `target`. Waits for another process that does so.

    StorageTrouble if the database cannot be used; StorageError if a newer program wrote it.
    """
    try:
        if url.get_backend_name() == "sqlite":
            await asyncio.to_thread(_sqlite, str(url.database), target)
        else:
            await _postgres(url, target)
    except (DBAPIError, sqlite3.Error, OSError) as error:
        meant = told(error)
        raise (meant if meant is not error else StorageTrouble("the tables cannot be brought up to date")) from error


def _sqlite(path: str, target: str) -> None:
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)) as raw:
        if target == "head" and _is_current(raw):
            return
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=NullPool)
        with engine.connect() as connection:
            raw.execute("PRAGMA foreign_keys=0")  # a table that is rebuilt must not cascade
            with _ONE_AT_A_TIME:
                raw.execute("BEGIN IMMEDIATE")
                migrate(connection, target)
                raw.execute("COMMIT")


def _is_current(raw: sqlite3.Connection) -> bool:
    if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return False
    return raw.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


async def _postgres(url: URL, target: str) -> None:
    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_KEY})
            await connection.run_sync(migrate, target)
    finally:
        await engine.dispose()


def migrate(connection: Connection, target: str = "head") -> None:
    """Run the missing migrations in the transaction that `connection` has open."""
    from alembic import command
    from alembic.util import CommandError

    if target == "head" and version(connection) == HEAD:
        return
    try:
        command.upgrade(configuration(connection), target)
    except CommandError as error:
        raise StorageError(f"the tables were made by another version of this program: {error}") from error


def version(connection: Connection) -> str | None:
    """The revision the tables are at, or None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def configuration(connection: Connection | None = None) -> Any:
    """Alembic's configuration; env.py takes the connection from it."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
