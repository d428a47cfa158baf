"""Who is told of danger beside a coach, as the operator's warning counts it."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.storage import people
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.keys import Keyring

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


async def test_only_coaches_who_joined_and_have_no_deputy_are_counted(db: Database) -> None:
    keyring = Keyring([bytes(32)])

    async def coaches(tx: Connection) -> tuple[int, int]:
        ilse, mo = [await people.add(tx, keyring, "coach", name, "nl", NOW) for name in ("Ilse", "Mo")]
        await people.add(tx, keyring, "participant", "Sam", "nl", NOW)
        return ilse, mo

    async def alone() -> int:
        async with db.read() as conn:
            return await people.without_deputy(conn)

    ilse, mo = await db.write(coaches)
    assert await alone() == 0
    for chat, one in enumerate((ilse, mo)):
        await db.write(lambda tx, one=one, chat=chat: people.change(tx, one, chat_id=500 + chat))
    assert await alone() == 2
    await db.write(lambda tx: people.change(tx, ilse, deputy_id=mo))
    assert await alone() == 1
