"""Inserting a row, also one that may be there already, on both databases. For tables whose key is one integer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Executable, Table
from sqlalchemy import insert as core_insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.prepared import prepared


async def if_new(tx: AsyncConnection, table: Table, values: Mapping[str, Any]) -> int | None:
    """Insert; the id of the new row, or None when a row with the same unique values stands already."""
    made = (await tx.execute(_if_new(table, tx.dialect.name), values)).scalar_one_or_none()
    return None if made is None else int(made)


async def new(tx: AsyncConnection, table: Table, **values: Any) -> int:
    """Insert a row and return its id. Raises Conflict when it breaks a rule of the tables."""
    return int((await tx.execute(_plain(table), values)).scalar_one())


@cache
def _if_new(table: Table, dialect: str) -> Executable:
    plain = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return prepared(plain.on_conflict_do_nothing().returning(*table.primary_key))


@cache
def _plain(table: Table) -> Executable:
    return prepared(core_insert(table).returning(*table.primary_key))
