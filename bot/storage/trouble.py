"""Turns what a driver raises into our own errors, so that nobody outside storage needs to know a driver."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from bot.storage.errors import Conflict, StorageError, StorageTrouble

SQLITE_ERROR = 1
"""SQLite's code for a mistake in a statement: ours, and no trouble of the database."""

TROUBLE_CLASSES = ("08", "25P03", "40", "53", "55", "57", "58", "XX")
"""SQLSTATE: connection, idle too long, rolled back, out of resources, locked, stopped, disk, internal."""

RETRIED = ("40001", "40P01")
"""SQLSTATE: two transactions wanted the same rows; the one that lost may simply begin again."""


def told(error: Exception) -> Exception:
    """The StorageError that `error` means, with `error` as its cause; or `error` itself if it is not a driver's.

    The message names no values: a driver's own words may quote a row.
    """
    meant = _meaning(error)
    if meant is not None:
        meant.__cause__ = error
    return meant or error


def sqlstate(error: Exception) -> str:
    """PostgreSQL's five characters, or nothing."""
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


def _meaning(error: Exception) -> StorageError | None:
    if isinstance(error, sqlite3.IntegrityError):
        return Conflict(f"a row breaks a rule of the tables: {_rule(error)}")
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if type(error).__module__.startswith("asyncpg."):  # past SQLAlchemy: a connection that broke in the middle
        return StorageTrouble(f"PostgreSQL cannot do it now: {type(error).__name__}")
    if isinstance(error, PoolEmpty):
        return StorageTrouble("no connection to the database came free in time")
    if isinstance(error, OSError):  # a TimeoutError too: the PostgreSQL server does not answer
        return StorageTrouble(f"the database does not answer: {type(error).__name__}")
    if isinstance(error, IntegrityError):
        return Conflict(f"a row breaks a rule of the tables: {_rule(error.orig)}")
    if isinstance(error, DBAPIError):
        if isinstance(error.orig, sqlite3.Error):
            return _of_sqlite(error.orig)
        if error.connection_invalidated or sqlstate(error).startswith(TROUBLE_CLASSES):
            return StorageTrouble(f"PostgreSQL cannot do it now: {sqlstate(error) or 'connection lost'}")
    return None


def _rule(error: BaseException | None) -> str:
    """Which rule. SQLite's whole message is that; PostgreSQL's quotes the row, so only the name is taken."""
    if isinstance(error, sqlite3.Error):
        return str(error)
    return str(getattr(error.__cause__, "constraint_name", None) or type(error).__name__) if error else ""


def _of_sqlite(error: sqlite3.Error) -> StorageError | None:
    code = getattr(error, "sqlite_errorcode", SQLITE_ERROR)
    return None if code == SQLITE_ERROR else StorageTrouble(f"SQLite cannot do it now: {error}")
