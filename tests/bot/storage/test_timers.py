"""Timers on the real database: set once, fired once, stale when what they were set for moved on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.storage import timers
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.due import DueTimers
from bot.storage.errors import Stale
from bot.storage.tables import person
from bot.storage.timers import Kind, Timer
from scheduler.calendar import Calendar
from scheduler.sweep import Swept, sweep
from tests.support.databases import Databases
from tests.support.plans import plan_of

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)  # a Friday
NIGHT = NOW + timedelta(hours=11)
SAM, RUN = 1, 40


@pytest.fixture
async def db(db: Database) -> Database:
    sam = {"id": SAM, "role": "participant", "state": "active", "created_at": NOW}

    async def add(tx: Connection) -> None:
        await tx.execute(insert(person), [sam])

    await db.write(add)
    return db


async def want(db: Database, kind: Kind, turn: int = 1, about: int = RUN, due: datetime = NOW) -> int | None:
    return await db.write(lambda tx: timers.want(tx, SAM, kind, about, turn, due))


async def due(db: Database, now: datetime = NOW) -> list[Timer]:
    async with db.read() as conn:
        found = [one for of_alerts in (True, False) for one in await timers.due(conn, now, 50, of_alerts=of_alerts)]
    return sorted(found, key=lambda one: (one.due_at, one.about, one.turn))


async def test_a_timer_is_set_once(db: Database) -> None:
    assert await want(db, "reminder") is not None
    assert await want(db, "reminder", due=NOW - timedelta(days=1)) is None
    assert await want(db, "reminder", turn=2) is not None
    assert [(one.turn, one.due_at) for one in await due(db)] == [(1, NOW), (2, NOW)]


async def test_a_timer_fires_once_and_only_for_its_own_turn(db: Database) -> None:
    made = await want(db, "expiry", turn=3)
    assert made is not None
    with pytest.raises(Stale):
        await db.write(lambda tx: timers.finish(tx, made, 4, "fired"))
    await db.write(lambda tx: timers.finish(tx, made, 3, "fired"))
    with pytest.raises(Stale):
        await db.write(lambda tx: timers.finish(tx, made, 3, "fired"))
    with pytest.raises(Stale):
        await db.write(lambda tx: timers.hold(tx, made, 3, NOW))
    assert await due(db) == []


async def test_what_is_done_may_be_set_again_and_an_old_reader_cannot_finish_the_new_one(db: Database) -> None:
    """Two reminders of one question, two outages in one question."""
    first = await want(db, "reminder")
    assert first is not None
    await db.write(lambda tx: timers.finish(tx, first, 1, "fired"))
    second = await want(db, "reminder", due=NOW + timedelta(hours=4))
    assert second not in (None, first)
    with pytest.raises(Stale):
        await db.write(lambda tx: timers.finish(tx, first, 1, "fired"))
    assert [one.id for one in await due(db, NOW + timedelta(hours=4))] == [second]


async def test_a_run_that_moved_on_leaves_no_timer_waiting(db: Database) -> None:
    kinds: tuple[Kind, ...] = ("reminder", "expiry", "reask", "announce")
    for kind in kinds:
        await want(db, kind)
    await want(db, "reminder", about=RUN + 1)
    assert await db.write(lambda tx: timers.stale_for(tx, timers.OF_A_RUN, RUN)) == 3
    assert [(one.kind, one.about) for one in await due(db)] == [("announce", RUN), ("reminder", RUN + 1)]


async def test_at_night_only_what_speaks_to_no_participant_goes_on(db: Database) -> None:
    for kind in ("reminder", "expiry", "announce", "reask"):
        await want(db, kind, due=NIGHT)  # type: ignore[arg-type]
    handed = []

    async def hand_on(timer: Timer) -> None:
        await db.write(lambda tx: timers.finish(tx, timer.id, timer.turn, "fired"))
        handed.append(timer.kind)

    others, of_alerts = DueTimers(db, of_alerts=False), DueTimers(db, of_alerts=True)
    assert await sweep(others, hand_on, Calendar(), NIGHT, 50) == Swept(handed_on=1, held=2)
    assert await sweep(of_alerts, hand_on, Calendar(), NIGHT, 50) == Swept(handed_on=1)
    assert handed == ["expiry", "announce"]
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    async with db.read() as conn:
        assert await timers.next_due_at(conn) == monday
    assert sorted(one.kind for one in await due(db, monday)) == ["reask", "reminder"]


async def test_a_store_that_was_overtaken_says_so(db: Database) -> None:
    await want(db, "reminder")
    (timer,) = await due(db)
    store = DueTimers(db, of_alerts=False)
    assert await store.miss(timer, "never", NOW)
    assert not await store.hold(timer, NIGHT, "quiet hours")
    assert not await store.miss(timer, "never", NOW)


async def test_finding_what_is_due_reads_the_partial_index_alone(sqlite_databases: Databases) -> None:
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        lines = await plan_of(conn, timers.due(conn, NOW, 10, of_alerts=True))
        lines += await plan_of(conn, timers.due(conn, NOW, 10, of_alerts=False))
        lines += await plan_of(conn, timers.next_due_at(conn))
    await db.close()
    assert ["ix_timer_due" in line for line in lines] == [True] * 3, lines
