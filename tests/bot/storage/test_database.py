"""Reads and writes: nothing lost, nothing half done, and no work that suffers from another's failure."""

import asyncio
import re
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, make_url, select, text
from sqlalchemy.exc import DBAPIError

from bot.storage import facts, sqlite
from bot.storage.database import Database
from bot.storage.errors import Conflict, StorageError, StorageTrouble
from bot.storage.tables import fact, person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DRIVER = {"sqlite": "+aiosqlite", "postgresql": "+asyncpg"}


async def read_fact(db, name):
    async with db.read() as conn:
        return await facts.get(conn, name)


def putting(name, value="1"):
    return lambda tx: facts.put(tx, name, value)


async def test_read_then_write_loses_no_update(db):
    await db.write(putting("counter", "0"))

    async def add_one(tx):
        await facts.put(tx, "counter", str(int(await facts.get(tx, "counter")) + 1))

    async def adder():
        for _ in range(15):
            await db.write(add_one)

    await asyncio.gather(*(adder() for _ in range(8)))
    assert await read_fact(db, "counter") == "120"


async def test_a_write_returns_what_the_work_returns(db):
    async def work(tx):
        await facts.put(tx, "name", "value")
        return await facts.get(tx, "name")

    assert await db.write(work) == "value"


async def test_a_failing_work_leaves_nothing_and_does_not_touch_its_neighbours(db):
    async def fails(tx):
        await facts.put(tx, "half", "done")
        raise LookupError("on purpose")

    works = [db.write(putting(f"good {number}")) for number in range(5)]
    works.insert(2, db.write(fails))
    results = await asyncio.gather(*works, return_exceptions=True)
    assert [type(one) for one in results] == [type(None)] * 2 + [LookupError] + [type(None)] * 3
    assert await read_fact(db, "half") is None
    assert [await read_fact(db, f"good {number}") for number in range(5)] == ["1"] * 5


async def test_a_row_that_breaks_a_rule_is_a_conflict_for_its_own_caller_only(db):
    await db.write(putting("taken"))

    async def again(tx):
        await tx.execute(insert(fact), {"name": "taken", "value": "SECRETWORD"})

    results = await asyncio.gather(db.write(again), db.write(putting("other")), return_exceptions=True)
    assert isinstance(results[0], Conflict)
    assert re.search(r"fact\.name|pk_fact", str(results[0]))
    assert "SECRETWORD" not in str(results[0])
    assert await read_fact(db, "other") == "1"


async def test_a_cancelled_caller_leaves_a_whole_write_or_none(db):
    async def two_rows(tx):
        await facts.put(tx, "left", "1")
        await facts.put(tx, "right", "1")

    task = asyncio.create_task(db.write(two_rows))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await db.write(putting("after"))
    assert await read_fact(db, "left") == await read_fact(db, "right")
    assert await read_fact(db, "after") == "1"


async def test_a_work_whose_caller_gave_up_before_its_turn_is_not_run(sqlite_databases):
    db = await Database.open(sqlite_databases.url)
    task = asyncio.create_task(db.write(putting("unwanted")))
    await asyncio.sleep(0)
    task.cancel()
    await db.write(putting("wanted"))
    assert await read_fact(db, "unwanted") is None
    await db.close()


async def test_close_finishes_what_is_queued(sqlite_databases):
    db = await Database.open(sqlite_databases.url)
    writes = [asyncio.create_task(db.write(putting(f"queued {number}"))) for number in range(100)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*writes)
    again = await Database.open(sqlite_databases.url)
    assert await read_fact(again, "queued 99") == "1"
    await again.close()


async def test_a_closed_database_says_so(sqlite_databases):
    db = await Database.open(sqlite_databases.url)
    await db.close()
    with pytest.raises(StorageError, match="closed"):
        await db.write(putting("late"))


async def test_a_read_sees_one_moment(db):
    await db.write(putting("seen", "before"))
    async with db.read() as conn:
        assert await facts.get(conn, "seen") == "before"
        await db.write(putting("seen", "after"))
        assert await facts.get(conn, "seen") == "before"
    assert await read_fact(db, "seen") == "after"


async def test_a_read_cannot_write(db):
    with pytest.raises((StorageError, DBAPIError)):
        async with db.read() as conn:
            await facts.put(conn, "sneaked", "in")
    assert await read_fact(db, "sneaked") is None


async def test_a_work_that_waits_for_something_else_is_refused(sqlite_databases):
    db = await Database.open(sqlite_databases.url)

    async def waits(tx):
        await facts.put(tx, "waiting", "1")
        await asyncio.sleep(0)

    with pytest.raises(StorageError, match="nothing but its connection"):
        await db.write(waits)
    assert await read_fact(db, "waiting") is None
    await db.close()


async def test_works_queued_together_share_one_commit(sqlite_databases):
    db = await Database.open(sqlite_databases.url)
    statements = []
    await db.write(lambda tx: _trace(tx, statements))
    await asyncio.gather(*(db.write(putting(f"grouped {number}")) for number in range(20)))
    assert statements.count("COMMIT") <= 3
    await db.close()


async def _trace(tx, statements):
    raw = tx.sync_connection.connection.driver_connection
    raw.set_trace_callback(lambda line: statements.append(line) if line == "COMMIT" else None)


async def test_every_sqlite_connection_has_our_settings(sqlite_databases):
    db = await Database.open(sqlite_databases.url)

    async def settings(conn):
        names = (*sqlite.PRAGMAS, "busy_timeout", "query_only")
        return {name: (await conn.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in names}

    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 10_000,
    }
    assert await db.write(settings) == expected | {"query_only": 0}
    async with db.read() as conn:
        assert await settings(conn) == expected | {"query_only": 1}
    await db.close()


LEAVES_IT_OPEN = """
import asyncio, sys
from bot.storage.database import Database
opened = asyncio.run(Database.open(sys.argv[1]))
"""


def test_a_database_left_open_does_not_keep_the_process_from_ending(sqlite_databases):
    arguments = [sys.executable, "-c", LEAVES_IT_OPEN, sqlite_databases.url]
    assert subprocess.run(arguments, timeout=30, stderr=subprocess.DEVNULL).returncode == 0


async def test_a_locked_database_is_trouble_and_the_writer_lives_on(sqlite_databases):
    db = await Database.open(sqlite_databases.url, patience=0.05)
    other = sqlite3.connect(db.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageTrouble):
        await db.ping()
    other.execute("COMMIT")
    other.close()
    await db.ping()
    await db.close()


async def test_a_full_disk_is_trouble_and_the_writer_lives_on(sqlite_databases):
    db = await Database.open(sqlite_databases.url)

    async def limit(tx, pages):
        await tx.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await db.write(lambda tx: limit(tx, 1))
    with pytest.raises(StorageTrouble):
        await db.write(putting("big", "x" * 1_000_000))
    await db.write(lambda tx: limit(tx, 1_000_000))
    await db.write(putting("big", "x" * 1_000_000))
    assert len(await read_fact(db, "big")) == 1_000_000
    await db.close()


async def test_a_server_that_is_gone_is_trouble():
    db = await Database.open("postgresql://nobody@127.0.0.1:1/none", patience=2)
    with pytest.raises(StorageTrouble):
        await db.ping()
    with pytest.raises(StorageTrouble):
        await db.upgrade()
    await db.close()


async def test_a_mistake_in_a_statement_is_no_trouble(db):
    with pytest.raises(DBAPIError):
        await db.write(lambda tx: tx.execute(text("SELECT * FROM no_such_table")))


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/name", "sqlite://", "sqlite:///:memory:"])
async def test_a_url_that_we_cannot_use_is_told_with_an_example(url):
    with pytest.raises(StorageError, match="sqlite:///"):
        await Database.open(url)


@pytest.mark.parametrize("driver", ["", "+aiosqlite", "+asyncpg"])
async def test_every_spelling_of_a_good_url_opens(databases, driver):
    url = make_url(databases.url).set(drivername=databases.dialect + driver)
    if driver and driver != DRIVER[databases.dialect]:
        with pytest.raises(StorageError, match="not supported"):
            await Database.open(url.render_as_string(hide_password=False))
        return
    db = await Database.open(url.render_as_string(hide_password=False))
    await db.ping()
    await db.close()


async def test_the_database_file_is_for_its_owner_alone(sqlite_databases):
    db = await Database.open(sqlite_databases.empty())
    await db.upgrade()
    path = Path(db.url.database)
    assert {one.stat().st_mode & 0o777 for one in path.parent.glob(f"{path.name}*")} == {0o600}
    await db.close()


def test_an_old_sqlite_is_told_once(caplog, monkeypatch):
    monkeypatch.setattr(sqlite.sqlite3, "sqlite_version_info", (3, 40, 1))
    sqlite.warn_of_old_library()
    assert ["WAL-reset" in record.message for record in caplog.records] == [True]


async def test_times_come_back_aware_and_in_utc(db):
    async def work(tx):
        await tx.execute(insert(person), {"role": "coach", "state": "active", "created_at": NOW})
        return (await tx.execute(select(person.c.created_at).where(person.c.role == "coach"))).scalar_one()

    assert (await db.write(work)).isoformat() == "2026-03-02T09:00:00+00:00"
