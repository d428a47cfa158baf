"""Small facts of the process itself: the cursor, the last good fetch, pauses. Never anything about a person."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.prepared import prepared
from bot.storage.tables import fact

_GET = prepared(select(fact.c.value).where(fact.c.name == bindparam("wanted")))
_DELETE = delete(fact).where(fact.c.name == bindparam("wanted"))
_ADD_SQLITE = sqlite.insert(fact)
_ADD_POSTGRES = postgresql.insert(fact)
_PUT = {
    "sqlite": prepared(
        _ADD_SQLITE.on_conflict_do_update(index_elements=["name"], set_={"value": _ADD_SQLITE.excluded.value})
    ),
    "postgresql": _ADD_POSTGRES.on_conflict_do_update(
        index_elements=["name"], set_={"value": _ADD_POSTGRES.excluded.value}
    ),
}


async def get(conn: AsyncConnection, name: str) -> str | None:
    """The value of the fact, or None."""
    return (await conn.execute(_GET, {"wanted": name})).scalar_one_or_none()


async def put(tx: AsyncConnection, name: str, value: str) -> None:
    """Set the fact, new or not. At most 64 characters of name."""
    await tx.execute(_PUT[tx.dialect.name], {"name": name, "value": value})


async def drop(tx: AsyncConnection, name: str) -> None:
    """Forget the fact; nothing happens if there is none."""
    await tx.execute(_DELETE, {"wanted": name})


async def get_json(conn: AsyncConnection, name: str) -> Any:
    """The value as JSON, or None if there is none."""
    value = await get(conn, name)
    return None if value is None else json.loads(value)


async def put_json(tx: AsyncConnection, name: str, value: Any) -> None:
    await put(tx, name, json.dumps(value, ensure_ascii=False, separators=(",", ":")))
