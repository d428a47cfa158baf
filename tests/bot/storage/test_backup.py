"""P15: a back-up restores, also one that was made while the database was written to."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.storage import backup, facts
from bot.storage.database import Database
from bot.storage.errors import BackupProblem
from bot.storage.migrations import HEAD


@pytest.fixture
async def db(sqlite_databases):
    opened = await Database.open(sqlite_databases.url)
    yield opened
    await opened.close()


@pytest.fixture
def copy(tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder / "monday.db"


def url_of(db):
    return db.url.render_as_string()


async def names_in(url):
    opened = await Database.open(url)
    async with opened.read() as conn:
        found = {number for number in range(2000) if await facts.get(conn, f"row {number}") is not None}
    await opened.close()
    return found


async def test_a_backup_under_write_load_restores_with_everything_that_was_acknowledged(db, copy, sqlite_databases):
    acknowledged = set()
    enough = asyncio.Event()

    async def writer(start):
        for number in range(start, start + 100):
            await db.write(partial(facts.put, name=f"row {number}", value="x" * 2000))
            acknowledged.add(number)
            if len(acknowledged) == 150:
                enough.set()

    writers = asyncio.gather(*(writer(start) for start in range(0, 1000, 100)))
    await enough.wait()
    before = set(acknowledged)
    found = await asyncio.to_thread(backup.backup, url_of(db), copy)
    await writers
    assert len(acknowledged) == 1000
    assert found.version == HEAD
    assert found.rows["fact"] >= len(before)
    target = sqlite_databases.empty()
    assert backup.restore(copy, target) is None
    assert before <= await names_in(target)


def test_a_backup_is_one_file_for_its_owner_alone(db, copy):
    backup.backup(url_of(db), copy)
    assert list(copy.parent.iterdir()) == [copy]
    assert copy.stat().st_mode & 0o777 == 0o600


def test_a_backup_never_replaces_what_is_there(db, copy):
    backup.backup(url_of(db), copy)
    before = copy.read_bytes()
    with pytest.raises(BackupProblem, match="is not overwritten"):
        backup.backup(url_of(db), copy)
    assert copy.read_bytes() == before


def test_a_backup_needs_a_name_in_a_folder_that_is_there(db, tmp_path):
    with pytest.raises(BackupProblem, match="is a folder"):
        backup.backup(url_of(db), tmp_path)
    with pytest.raises(BackupProblem, match="there is no folder"):
        backup.backup(url_of(db), tmp_path / "missing" / "copy.db")
    assert not (tmp_path / "missing").exists()


async def test_a_database_in_use_is_not_overwritten(db, copy):
    await db.write(lambda tx: facts.put(tx, "row 1", "1"))
    backup.backup(url_of(db), copy)
    await db.write(lambda tx: facts.put(tx, "row 2", "1"))
    with pytest.raises(BackupProblem, match="in use"):
        backup.restore(copy, url_of(db))
    await db.write(lambda tx: facts.put(tx, "row 3", "1"))
    async with db.read() as conn:
        assert await facts.get(conn, "row 2") == "1"


async def test_the_former_database_is_moved_aside(sqlite_databases, copy):
    db = await Database.open(sqlite_databases.url)
    backup.backup(url_of(db), copy)
    await db.write(lambda tx: facts.put(tx, "row 1", "1"))
    await db.close()
    former = backup.restore(copy, sqlite_databases.url)
    assert await names_in(sqlite_databases.url) == set()
    assert await names_in(f"sqlite:///{former}") == {1}


def damage(copy):
    content = bytearray(copy.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    copy.write_bytes(content)


def empty(copy):
    copy.write_bytes(b"")


def no_database(copy):
    copy.write_text("this is a letter, and no database at all" * 100)


def orphan(copy):
    with sqlite3.connect(copy) as raw:
        raw.execute("INSERT INTO person_key VALUES (999, 'm', x'00')")
    raw.close()


@pytest.mark.parametrize("spoil", [damage, empty, no_database, orphan, Path.unlink])
def test_what_is_not_whole_is_not_restored(db, copy, sqlite_databases, spoil):
    backup.backup(url_of(db), copy)
    spoil(copy)
    target = sqlite_databases.empty()
    with pytest.raises(BackupProblem):
        backup.restore(copy, target)
    assert not Path(make_url(target).database).exists()


def test_there_is_nothing_to_back_up(sqlite_databases, copy):
    with pytest.raises(BackupProblem, match="no database"):
        backup.backup(sqlite_databases.empty(), copy)
    assert not copy.exists()


def test_postgresql_has_its_own_tool():
    for call in (
        lambda: backup.backup("postgresql://h/n", Path("x")),
        lambda: backup.restore(Path("x"), "postgresql:///n"),
    ):
        with pytest.raises(BackupProblem, match="pg_dump"):
            call()
