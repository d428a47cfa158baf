"""Alerts on the real database."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from bot.storage import alerts
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.tables import person
from tests.support.databases import Databases
from tests.support.plans import plan_of

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
COACH = 90


async def test_looking_for_the_open_alert_reads_the_partial_index_alone(sqlite_databases: Databases) -> None:
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        lines = await plan_of(conn, alerts.open_one(conn, 1))
    await db.close()
    assert ["ix_alert_open" in line for line in lines] == [True], lines


async def test_what_a_coach_has_open_comes_by_level_and_then_by_age(db: Database) -> None:
    levels = dict(enumerate(("good", "today", "soon", "danger", "today", "urgent", "danger"), 1))

    async def make(tx: Connection) -> None:
        for number in (COACH, *levels):
            role = "coach" if number == COACH else "participant"
            await tx.execute(insert(person), [{"id": number, "role": role, "state": "active", "created_at": NOW}])
        for number, level in levels.items():
            made = await alerts.make(tx, number, COACH, level, "work", NOW)
        await alerts.change(tx, made, state="closed")

    await db.write(make)
    async with db.read() as conn:
        found = await alerts.open_of_coach(conn, COACH)
    assert [(one.level, one.participant_id) for one in found] == [
        ("danger", 4),
        ("urgent", 6),
        ("today", 2),
        ("today", 5),
        ("soon", 3),
        ("good", 1),
    ]
