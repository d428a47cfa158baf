"""Counts for health and metrics: how many rows are in which state. Numbers only, never anything about a person."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import alert, inbox, moment, outbox, person


async def rows(conn: AsyncConnection) -> dict[tuple[str, str], int]:
    """(table, state) → rows, for the tables whose states tell how we are."""
    found: dict[tuple[str, str], int] = {}
    for table in (inbox, outbox, alert, moment):
        for row in (await conn.execute(select(table.c.state, func.count()).group_by(table.c.state))).all():
            found[table.name, row[0]] = row[1]
    for row in (await conn.execute(select(person.c.role, func.count()).group_by(person.c.role))).all():
        found["person", row[0]] = row[1]
    return found
