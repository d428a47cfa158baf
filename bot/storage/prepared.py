"""The statements of every turn, on SQLite: SQLAlchemy compiles each once, and from then on the driver runs it.

What SQLAlchemy does around one run (cache key, context, result) takes 13 µs where SQLite itself needs 1 to 3, and a
turn has ten of them: 0.2 of 0.6 ms. Only SQLAlchemy's public interface is used: the compiled text, its parameters,
and how their types and those of the columns go in and out. On PostgreSQL the mark means nothing.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, Delete, Dialect, Insert, Select, Update, literal_column
from sqlalchemy.exc import MultipleResultsFound, NoResultFound
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

from bot.storage.errors import StorageError

Statement = Select[Any] | Insert | Update | Delete
S = TypeVar("S", bound=Statement)
Values = Mapping[str, Any]
Given = Values | list[Values] | None
Process = Callable[[Any], Any]

_READY: dict[Statement, dict[tuple[str, ...], Prepared]] = {}
"""Each marked statement, by the names that it was run with: they are the columns of an INSERT or UPDATE."""


def prepared(statement: S) -> S:
    """Mark a statement that lives as long as the program. It may have no expanding parameter (`IN`)."""
    _READY[statement] = {}
    return statement


def ready(statement: Any, dialect: Dialect, given: Given) -> Prepared | None:
    """A marked statement, ready for parameters of these names; None for every other statement."""
    ways = _READY.get(statement)
    if ways is None:
        return None
    names = tuple((given[0] if isinstance(given, list) else given) or ())
    found = ways.get(names)
    if found is None:
        found = ways[names] = Prepared.of(statement, dialect, names)
    return found


class Found:
    """What a statement found or changed: as much of SQLAlchemy's Result as `bot.storage` asks of it."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def all(self) -> list[Any]:
        return self._rows

    def one_or_none(self) -> Any:
        if len(self._rows) > 1:
            raise MultipleResultsFound(f"{len(self._rows)} rows where one at most was expected")
        return self._rows[0] if self._rows else None

    def scalar_one_or_none(self) -> Any:
        row = self.one_or_none()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        row = self.one_or_none()
        if row is None:
            raise NoResultFound("no row where one was expected")
        return row[0]


@dataclass(frozen=True, slots=True)
class Prepared:
    """`binds` give the values of each `?` in order; `row` makes a named row of what the driver returns, if anything."""

    text: str
    binds: tuple[Process, ...]
    row: Process | None

    @classmethod
    def of(cls, statement: Statement, dialect: Dialect, names: tuple[str, ...]) -> Prepared:
        compiled = _written_out(statement, dialect).compile(dialect=dialect, column_keys=names)
        assert isinstance(compiled, SQLCompiler)
        binds = tuple(_bind(compiled, bind, dialect, names) for bind in compiled.positiontup or ())
        return cls(compiled.string, binds, _row(statement.exported_columns, dialect))

    def run(self, raw: sqlite3.Connection, given: Given) -> Found:
        """Once, or once for each of a list of values."""
        if isinstance(given, list):
            return Found([], raw.executemany(self.text, [self._values(one) for one in given]).rowcount)
        cursor = raw.execute(self.text, self._values(given or {}))
        if self.row is None:
            return Found([], cursor.rowcount)
        return Found([self.row(found) for found in cursor.fetchall()], -1)

    def _values(self, given: Values) -> list[Any]:
        return [bind(given) for bind in self.binds]


def _written_out(statement: S, dialect: Dialect) -> S:
    """With the words that it compares with standing in its text: `state = 'open'`.

    Were they bound, SQLite would look at them to see whether an index of some rows only will do, and plan the
    statement anew every time that it is run: 40 of 50 µs.
    """

    def literal(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or not isinstance(element.value, str):
            return None
        as_text = element.type.literal_processor(dialect)
        return literal_column(as_text(element.value), element.type) if as_text else None

    return cast("S", visitors.replacement_traverse(statement, {}, literal))


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect, names: tuple[str, ...]) -> Process:
    """What takes the value of one `?` from the given ones."""
    bind = compiled.binds[name]
    key, process = bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect)
    if key not in names:
        if bind.required:
            raise StorageError(f"a statement lacks its parameter {key}")
        fixed = process(bind.effective_value) if process else bind.effective_value
        return lambda _: fixed
    if process is None:
        return itemgetter(key)
    return lambda values: process(values[key])


def _row(columns: Any, dialect: Dialect) -> Process | None:
    if not columns:
        return None
    shape: Any = namedtuple("row", [column.key for column in columns], rename=True)  # type: ignore[misc]
    types = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    reads = [(at, process) for at, process in enumerate(types) if process]

    def row(found: Iterable[Any]) -> Any:
        values = list(found)
        for at, process in reads:
            values[at] = process(values[at])
        return shape._make(values)

    return row
