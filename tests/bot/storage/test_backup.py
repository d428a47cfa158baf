"""P15: a back-up restores, also one that was made while the database was written to."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.storage import backup, facts
from bot.storage.database import Database
from bot.storage.errors import BackupProblem
from bot.storage.locks import ROLES, Locks
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


def file_of(url):
    return Path(make_url(url).database)


def put_back(copy, url):
    """Restore, as with the database in the data folder."""
    return backup.restore(copy, url, file_of(url).parent)


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
    assert put_back(copy, target) == []
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


@contextmanager
def opened_elsewhere(url, folder):
    """Another process has the database open, and no role in the data folder."""
    command = [sys.executable, "-m", "tests.support.holder", url, str(folder), "fetch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "True\n"
            yield
        finally:
            process.kill()


@pytest.mark.parametrize("whole", [True, False])
async def test_a_database_in_use_is_not_replaced(sqlite_databases, copy, tmp_path, whole):
    url = sqlite_databases.url
    backup.backup(url, copy)
    with opened_elsewhere(url, tmp_path / "another"):
        if not whole:
            break_head(file_of(url))
        with pytest.raises(BackupProblem, match="in use"):
            put_back(copy, url)
        assert file_of(url).exists()
    assert put_back(copy, url)


async def test_the_former_database_is_moved_aside_each_time_to_a_name_of_its_own(sqlite_databases, copy):
    url = sqlite_databases.url
    db = await Database.open(url)
    backup.backup(url, copy)
    await db.write(lambda tx: facts.put(tx, "row 1", "1"))
    await db.close()
    former = []
    for number in (2, 3):  # the wrong back-up, then the right one
        former += put_back(copy, url)
        assert await names_in(url) == set()
        db = await Database.open(url)
        await db.write(partial(facts.put, name=f"row {number}", value="1"))
        await db.close()
    assert [await names_in(f"sqlite:///{one}") for one in former] == [{1}, {2}]
    assert {one.parent for one in former} == {file_of(url).parent}


def beside(path):
    """The file, and what SQLite keeps beside it: name → content."""
    return {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*")}


async def test_what_a_crash_left_in_the_log_is_moved_along_and_can_be_restored_again(sqlite_databases, copy):
    url, crashed = sqlite_databases.url, sqlite_databases.empty()
    db = await Database.open(url)
    backup.backup(url, copy)
    await db.write(lambda tx: facts.put(tx, "row 1", "1"))
    for name, held in beside(file_of(url)).items():  # as a kill leaves them
        file_of(crashed).with_name(name.replace(file_of(url).name, file_of(crashed).name)).write_bytes(held)
    await db.close()
    former = put_back(copy, crashed)
    assert f"{file_of(crashed).name}.replaced-1-wal" in [one.name for one in former]
    assert await names_in(crashed) == set()
    put_back(former[0], crashed)
    assert await names_in(crashed) == {1}


def break_head(path):
    """Not even SQLite takes this for a database; its log and the index of that were left by a crash."""
    content = path.read_bytes()
    path.write_bytes(b"\xff" * 100 + content[100:])
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).write_bytes(f"what is in the {end}".encode())


def lose(path):
    """Somebody threw the file away, and not what lies beside it."""
    break_head(path)
    path.unlink()


@pytest.mark.parametrize("spoil", [break_head, lose])
async def test_a_database_that_is_damaged_is_moved_aside_with_all_that_lies_beside_it(sqlite_databases, copy, spoil):
    url = sqlite_databases.url
    live = file_of(url)
    backup.backup(url, copy)
    spoil(live)
    before = beside(live)
    former = {one.name: one.read_bytes() for one in put_back(copy, url)}
    assert former == {name.replace(live.name, f"{live.name}.replaced-1"): held for name, held in before.items()}
    assert set(beside(live)) == {live.name, *former}
    assert backup.verify(live).version == HEAD


@pytest.mark.parametrize("spoil", [break_head, None])
@pytest.mark.parametrize("role", ROLES)
async def test_while_a_bot_runs_nothing_is_restored_however_damaged_the_database(sqlite_databases, copy, role, spoil):
    url = sqlite_databases.url
    live = file_of(url)
    db = await Database.open(url)
    locks = Locks.for_database(db, live.parent, lambda _: None)
    await db.close()  # so that the role alone says that somebody is there
    backup.backup(url, copy)
    if spoil:
        spoil(live)
    before = beside(live)
    assert await locks.try_take(role)
    with pytest.raises(BackupProblem, match="the bot is running; stop it first"):
        put_back(copy, url)
    assert beside(live) == before
    await locks.close()
    assert put_back(copy, url)


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
        put_back(copy, target)
    assert not file_of(target).exists()


def test_there_is_nothing_to_back_up(sqlite_databases, copy):
    with pytest.raises(BackupProblem, match="no database"):
        backup.backup(sqlite_databases.empty(), copy)
    assert not copy.exists()


def test_postgresql_has_its_own_tool():
    for call in (
        lambda: backup.backup("postgresql://h/n", Path("x")),
        lambda: backup.restore(Path("x"), "postgresql:///n", Path("x")),
    ):
        with pytest.raises(BackupProblem, match="pg_dump"):
            call()
