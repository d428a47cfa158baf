"""How SQLite goes about a query, for the very statement and bound values that were sent."""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.sqlite import InlineConnection

Sent = list[tuple[str, Any]]


async def plan_of(conn: AsyncConnection, query: Awaitable[Any]) -> list[str]:
    """The lines of EXPLAIN QUERY PLAN for every statement that `query` sends on `conn`."""
    assert isinstance(conn, InlineConnection)
    with _noting(conn) as sent:
        await query
    assert sent, "the query sent nothing"
    lines = []
    for statement, parameters in sent:
        explained = await conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        lines += [row[-1] for row in explained.all()]
    return lines


@contextmanager
def _noting(conn: InlineConnection) -> Iterator[Sent]:
    """What SQLAlchemy sends, and what the prepared statements send by themselves."""
    sent: Sent = []
    execute = conn.raw.execute

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, parameters))

    def note_prepared(statement: str, parameters: list[Any]) -> Any:
        sent.append((statement, tuple(parameters)))
        return execute(statement, parameters)

    event.listen(conn.sync_connection, "before_cursor_execute", note)
    conn.raw.execute = note_prepared  # type: ignore[method-assign]
    try:
        yield sent
    finally:
        event.remove(conn.sync_connection, "before_cursor_execute", note)
        del conn.raw.execute  # type: ignore[method-assign]
