"""Alerts on the real database."""

from __future__ import annotations

from bot.storage import alerts
from bot.storage.database import Database
from tests.support.databases import Databases
from tests.support.plans import plan_of


async def test_looking_for_the_open_alert_reads_the_partial_index_alone(sqlite_databases: Databases) -> None:
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        lines = await plan_of(conn, alerts.open_one(conn, 1))
    await db.close()
    assert ["ix_alert_open" in line for line in lines] == [True], lines
