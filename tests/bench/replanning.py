"""The two works on everybody's plan, pointed at whatever does them in the bot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.app import Bot
from bot.caseload import contact, nightly
from bot.storage import people as people_rows
from bot.storage.connection import Connection
from bot.storage.tables import person

TOGETHER = 100
"""People replanned in one transaction: a commit costs each little, and nobody's turn waits long."""


async def check(bot: Bot) -> None:
    """The nightly check: nobody is forgotten."""
    await nightly.check(bot.storage.db, bot.services, bot.world.now())


async def change_all(bot: Bot, people: int, now: datetime) -> None:
    """So many people are asked half as often from now on, and their moments follow."""
    query = select(person.c.id).where(person.c.role == "participant").order_by(person.c.id.desc()).limit(people)
    async with bot.storage.db.read() as conn:
        ids = list((await conn.execute(query)).scalars())
    for begin in range(0, len(ids), TOGETHER):

        async def some(tx: Connection, chosen: list[int] = ids[begin : begin + TOGETHER]) -> None:
            for who in chosen:
                await people_rows.change(tx, who, stretch=2)
                await contact.replan(tx, bot.services, who, now, "bench")

        await bot.storage.db.write(some)
