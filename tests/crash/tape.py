"""What the bot's connections to its database said, word for word, and saying it again on another disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias
from unittest import mock

import apsw

from tests.crash.volatile import Disk, Op, Told

DATABASE = "replayed.db"

CLOSE = ""
"""Said by a connection that is closed."""

Contents: TypeAlias = dict[str, tuple[int, int]]
"""Of every table how many rows it has, and a hash of them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with its values written out, as SQLite ran it."""

    connection: int
    sql: str


@contextmanager
def taping(database: Path) -> Iterator[list[Said]]:
    """Meanwhile every connection of the sqlite3 module to `database` is listened to, also one of Alembic."""
    tape: list[Said] = []
    numbers = count()
    plain: Any = sqlite3.connect

    def taped(kind: type[sqlite3.Connection]) -> type[sqlite3.Connection]:
        class Taped(kind):  # type: ignore[misc,valid-type]  # the kind of connection that was asked for, with ears
            def __init__(self, *args: Any, **more: Any) -> None:
                super().__init__(*args, **more)
                number = self.number = next(numbers)
                self.set_trace_callback(lambda sql: tape.append(Said(number, sql)))

            def close(self) -> None:
                tape.append(Said(self.number, CLOSE))
                super().close()

        return Taped

    def connect(path: Any, *args: Any, **more: Any) -> Any:
        if Path(path) == database:
            more["factory"] = taped(more.get("factory", sqlite3.Connection))
        return plain(path, *args, **more)

    with mock.patch.object(sqlite3, "connect", connect):
        yield tape


@dataclass(slots=True)
class Session:
    """A tape as it ran on a Disk. `states[n]` is what the database held after the n-th commit; at 0 it is empty."""

    ops: list[Op]
    states: list[Contents] = field(default_factory=lambda: [{}])


def replay(tape: Sequence[Said], folder: Path) -> Session:
    """Say it all again in `folder`, which must be empty, and note each commit once it has returned.

    The waiting for locks is left out: one thread says everything, so nobody would let go meanwhile.
    """
    database = folder / DATABASE
    disk = Disk(f"disk of {folder.name}", database)
    session = Session(disk.ops)
    connections: dict[int, apsw.Connection] = {}
    for said in tape:
        if said.sql == CLOSE:
            if said.connection in connections:  # closing twice is allowed
                connections.pop(said.connection).close()
        elif not said.sql.startswith("PRAGMA busy_timeout"):
            connection = connections.get(said.connection) or apsw.Connection(str(database), vfs=disk.name)
            connections[said.connection] = connection
            connection.execute(said.sql).fetchall()
            if said.sql == "COMMIT":
                disk.ops.append(Told(len(session.states)))
                session.states.append(contents(connection.execute))
    disk.unregister()
    return session


def contents(execute: Callable[[str], Any]) -> Contents:
    """What a database holds, by the `execute` of a connection of either module."""
    tables = execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {name: _counted(execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()) for (name,) in tables}


def _counted(rows: Sequence[tuple[Any, ...]]) -> tuple[int, int]:
    return len(rows), hash(tuple(rows))
