"""Of what a person wrote, the newest is dealt with first."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.storage import inbox, tables
from bot.storage.connection import Connection
from bot.storage.inbox import InboxRow


def plant() -> None:
    table = tables.inbox

    async def waiting(conn: Connection, now: object, limit: int, busy: object = ()) -> list[InboxRow]:
        newest = select(func.max(table.c.update_id)).where(table.c.state == "new").group_by(table.c.chat_id)
        columns = [table.c[name] for name in InboxRow.__dataclass_fields__]
        found = await conn.execute(select(*columns).where(table.c.update_id.in_(newest)).limit(limit))
        return [InboxRow(*row) for row in found.all()]

    inbox.waiting = waiting
