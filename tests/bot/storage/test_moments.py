"""Moments on the real database: planned once, changed under their fence, found cheaply (P5, P6)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.storage import moments, people
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.due import DueMoments
from bot.storage.errors import Stale
from bot.storage.moments import Moment, Planning
from bot.storage.tables import person
from scheduler.calendar import Calendar
from scheduler.sweep import Swept, sweep
from tests.support.databases import Databases
from tests.support.plans import plan_of

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)  # a Friday
SAM, KIM, ILSE = 1, 2, 3


@pytest.fixture
async def db(db: Database) -> Database:
    roles = {SAM: "participant", KIM: "participant", ILSE: "coach"}
    rows = [{"id": id_, "role": role, "state": "active", "created_at": NOW} for id_, role in roles.items()]

    async def add(tx: Connection) -> None:
        await tx.execute(insert(person), rows)

    await db.write(add)
    return db


def planning(who: int = SAM, slot: str = "2026-11-20/monthly-checkin", due: datetime = NOW) -> Planning:
    return Planning(who, "monthly-checkin", "checkin", slot, due, due + timedelta(days=3))


async def plan(db: Database, one: Planning) -> int | None:
    return await db.write(lambda tx: moments.plan(tx, one, NOW))


async def read(db: Database, who: int = SAM) -> list[Moment]:
    async with db.read() as conn:
        return await moments.for_person(conn, who)


async def test_a_slot_is_planned_once_however_often_it_is_planned(db: Database) -> None:
    first = await plan(db, planning())
    assert first is not None
    assert await plan(db, planning(due=NOW + timedelta(days=1))) is None
    (only,) = await read(db)
    assert (only.id, only.due_at, only.state, only.hours) == (first, NOW, "planned", "contact")


async def test_what_is_due_comes_oldest_first_and_not_beyond_the_limit(db: Database) -> None:
    for hours in (1, 3, 2, -1):
        await plan(db, planning(slot=f"s{hours}", due=NOW - timedelta(hours=hours)))
    async with db.read() as conn:
        assert [one.slot for one in await moments.due(conn, NOW, 2)] == ["s3", "s2"]
        assert [one.slot for one in await moments.due(conn, NOW, 9)] == ["s3", "s2", "s1"]
        assert await moments.next_due_at(conn) == NOW - timedelta(hours=3)


async def test_the_next_moment_is_the_first_that_is_not_done(db: Database) -> None:
    await plan(db, planning(slot="later", due=NOW + timedelta(days=60)))
    await plan(db, planning(slot="soon", due=NOW + timedelta(days=30)))
    done = await plan(db, planning(slot="past"))
    await plan(db, planning(who=KIM, slot="hers"))
    assert done is not None
    await db.write(lambda tx: moments.finish(tx, done, 0, "fired", None, NOW))
    async with db.read() as conn:
        found = await moments.next_for(conn, SAM)
        assert found is not None
        assert found.slot == "soon"
        assert await moments.next_for(conn, ILSE) is None


async def test_a_stale_fence_changes_nothing(db: Database) -> None:
    made = await plan(db, planning())
    assert made is not None
    until = NOW + timedelta(hours=2)
    await db.write(lambda tx: moments.hold(tx, made, 0, until, "quiet hours"))
    for stale in (
        lambda tx: moments.finish(tx, made, 0, "fired", None, NOW),
        lambda tx: moments.hold(tx, made, 0, NOW, "again"),
    ):
        with pytest.raises(Stale):
            await db.write(stale)
    (held,) = await read(db)
    assert (held.state, held.due_at, held.reason, held.fence) == ("held", until, "quiet hours", 1)
    await db.write(lambda tx: moments.finish(tx, made, 1, "missed", "too late", NOW))
    with pytest.raises(Stale):
        await db.write(lambda tx: moments.finish(tx, made, 2, "fired", None, NOW))
    (done,) = await read(db)
    assert (done.state, done.outcome, done.reason) == ("done", "missed", "too late")


async def test_a_stale_fence_takes_the_whole_turn_with_it(db: Database) -> None:
    made = await plan(db, planning())
    assert made is not None

    async def turn(tx: Connection) -> None:
        await moments.plan(tx, planning(slot="next month"), NOW)
        await moments.finish(tx, made, 7, "fired", None, NOW)

    with pytest.raises(Stale):
        await db.write(turn)
    assert [one.slot for one in await read(db)] == ["2026-11-20/monthly-checkin"]


async def test_cancelling_ends_what_is_ahead_and_overtakes_a_turn_under_way(db: Database) -> None:
    made = await plan(db, planning())
    await plan(db, planning(slot="next month", due=NOW + timedelta(days=30)))
    await plan(db, planning(who=KIM))
    assert made is not None
    assert await db.write(lambda tx: moments.cancel_for(tx, SAM, "declined", NOW)) == 2
    assert {(one.outcome, one.reason) for one in await read(db)} == {("cancelled", "declined")}
    assert [one.state for one in await read(db, KIM)] == ["planned"]
    with pytest.raises(Stale):
        await db.write(lambda tx: moments.finish(tx, made, 0, "fired", None, NOW))


async def test_what_a_talk_held_is_due_when_the_talk_is_over(db: Database) -> None:
    made = await plan(db, planning())
    ahead = NOW + timedelta(days=30)
    await plan(db, planning(slot="next month", due=ahead))
    assert made is not None
    await db.write(lambda tx: moments.hold(tx, made, 0, NOW + timedelta(hours=1), "in a talk"))
    await db.write(lambda tx: moments.release(tx, SAM, NOW))
    assert [(one.state, one.due_at, one.reason) for one in await read(db)] == [
        ("planned", NOW, None), ("planned", ahead, None),
    ]  # fmt: skip


async def test_people_in_care_without_a_next_moment_are_found(db: Database) -> None:
    made = await plan(db, planning())
    async with db.read() as conn:
        assert await moments.people_without_next(conn) == ([KIM], KIM)
        assert await moments.people_without_next(conn, KIM) == ([], None)
    assert made is not None
    await db.write(lambda tx: moments.finish(tx, made, 0, "fired", None, NOW))
    async with db.read() as conn:
        assert await moments.people_without_next(conn) == ([SAM, KIM], KIM)
        assert await moments.people_without_next(conn, 0, 1) == ([SAM], SAM)
    for state, found in (("backup", [SAM, KIM]), ("stopped", [KIM]), ("closed", [KIM])):
        await db.write(lambda tx, state=state: people.change(tx, SAM, state=state))  # type: ignore[misc]
        async with db.read() as conn:
            assert await moments.people_without_next(conn) == (found, KIM)


async def test_finding_what_is_due_reads_the_partial_index_alone(sqlite_databases: Databases) -> None:
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        lines = await plan_of(conn, moments.due(conn, NOW, 10))
        lines += await plan_of(conn, moments.next_due_at(conn))
    await db.close()
    assert ["ix_moment_due" in line for line in lines] == [True, True], lines


async def test_two_sweepers_on_one_database_speak_once(db: Database) -> None:
    calendar, spoken = Calendar(), []
    for number in range(10):
        await plan(db, planning(slot=f"s{number}", due=NOW - timedelta(minutes=number)))
    await plan(db, planning(who=KIM, slot="too late", due=NOW - timedelta(days=4)))

    async def after_miss(tx: Connection, missed: Moment) -> None:
        await moments.plan(tx, planning(who=missed.person_id, slot="next", due=NOW + timedelta(days=30)), NOW)

    async def hand_on(due: Moment) -> None:
        await db.write(lambda tx: moments.finish(tx, due.id, due.fence, "fired", None, NOW))
        spoken.append(due.slot)

    store = DueMoments(db, after_miss)
    one, two = await asyncio.gather(*(sweep(store, hand_on, calendar, NOW, 50) for _ in range(2)))
    assert sorted(spoken) == [f"s{number}" for number in range(10)]
    assert one.missed + two.missed == 1
    assert [(row.slot, row.outcome) for row in await read(db, KIM)] == [("too late", "missed"), ("next", None)]
    assert await sweep(store, hand_on, calendar, NOW, 50) == Swept()


async def test_a_moment_in_quiet_hours_is_held_until_they_end(db: Database) -> None:
    night, monday = NOW + timedelta(hours=11), datetime(2026, 11, 23, 8, tzinfo=UTC)
    await plan(db, planning(due=night))

    async def nobody(tx: Connection, missed: Moment) -> None: ...
    async def hand_on(due: Moment) -> None:
        raise AssertionError

    assert await sweep(DueMoments(db, nobody), hand_on, Calendar(), night, 50) == Swept(held=1)
    (held,) = await read(db)
    assert (held.state, held.due_at) == ("held", monday)


async def test_a_moment_that_waits_is_moved_and_what_was_handed_out_for_the_old_time_is_stale(db: Database) -> None:
    await plan(db, planning())
    (before,) = await read(db)
    later = planning(due=NOW + timedelta(days=7))
    await db.write(lambda tx: moments.move(tx, before.id, before.fence, later))
    (after,) = await read(db)
    assert (after.due_at, after.best_before, after.state) == (later.due_at, later.best_before, "planned")
    with pytest.raises(Stale):
        await db.write(lambda tx: moments.finish(tx, before.id, before.fence, "fired", None, NOW))


async def test_a_cancelled_moment_that_is_wanted_again_comes_back_and_one_that_fired_never(db: Database) -> None:
    await plan(db, planning())
    (first,) = await read(db)
    await db.write(lambda tx: moments.cancel(tx, [first.id], "paused", NOW))
    (cancelled,) = await read(db)
    assert (cancelled.outcome, cancelled.reason) == ("cancelled", "paused")
    await db.write(lambda tx: moments.move(tx, cancelled.id, cancelled.fence, planning()))
    (again,) = await read(db)
    assert (again.state, again.outcome, again.reason) == ("planned", None, None)
    await db.write(lambda tx: moments.finish(tx, again.id, again.fence, "fired", None, NOW))
    (fired,) = await read(db)
    with pytest.raises(Stale):
        await db.write(lambda tx: moments.move(tx, fired.id, fired.fence, planning()))
    await db.write(lambda tx: moments.cancel(tx, [fired.id], "too late for that", NOW))
    assert (await read(db))[0].outcome == "fired"


async def test_what_a_coach_does_is_due_in_office_hours(db: Database) -> None:
    await plan(db, Planning(SAM, "", "call", "s", NOW, NOW + timedelta(days=90), done_by="coach"))
    assert (await read(db))[0].hours == "office"
