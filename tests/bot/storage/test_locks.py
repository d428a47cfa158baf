"""Locks: one holder among all processes, and free again as soon as the holder is dead."""

import asyncio
import signal
import subprocess
import sys

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.storage.database import Database
from bot.storage.errors import StorageTrouble
from bot.storage.locks import ROLES, Locks


@pytest.fixture
async def two(databases, tmp_path):
    """Two holders on one database, as two processes would have them."""
    db = await Database.open(databases.url)
    lost = []
    pair = [Locks.for_database(db, tmp_path / "locks", lost.append) for _ in range(2)]
    pair[0].lost = lost
    yield pair
    for locks in pair:
        await locks.close()
    await db.close()


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_has_one_holder(two, role):
    ours, theirs = two
    assert await ours.try_take(role)
    assert not await theirs.try_take(role)
    await theirs.release(role)
    assert not await theirs.try_take(role)
    await ours.release(role)
    assert await theirs.try_take(role)


async def test_a_lock_is_not_reentrant(two):
    ours, _ = two
    assert await ours.try_take("chat:5")
    assert not await ours.try_take("chat:5")
    await ours.release("chat:5")
    assert await ours.try_take("chat:5")


async def test_names_do_not_hinder_each_other(two):
    ours, theirs = two
    assert await ours.try_take("fetch")
    assert await theirs.try_take("send")
    assert await ours.try_take("chat:5")
    assert await ours.try_take("chat:6")


async def test_closing_lets_go_of_everything(two):
    ours, theirs = two
    for name in ROLES:
        assert await ours.try_take(name)
    await ours.close()
    assert [await theirs.try_take(name) for name in ROLES] == [True] * len(ROLES)


async def test_many_at_once_give_one_holder(two):
    ours, theirs = two
    taken = await asyncio.gather(*(locks.try_take("send") for locks in (ours, theirs) * 10))
    assert taken.count(True) == 1


async def test_a_killed_process_lets_go(databases, tmp_path):
    folder = tmp_path / "locks"
    arguments = [sys.executable, "-m", "tests.support.holder", databases.url, str(folder), "fetch"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "True\n"
    db = await Database.open(databases.url)
    locks = Locks.for_database(db, folder, lambda names: None)
    assert not await locks.try_take("fetch")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    async with asyncio.timeout(10):  # the server notices in its own time
        while not await locks.try_take("fetch"):
            await asyncio.sleep(0.01)
    await locks.close()
    await db.close()


async def test_a_broken_connection_tells_what_was_lost_and_is_made_anew(postgres_databases, tmp_path):
    db = await Database.open(postgres_databases.url)
    told = asyncio.get_running_loop().create_future()
    locks = Locks.for_database(db, tmp_path, told.set_result)
    assert await locks.try_take("fetch")
    assert await locks.try_take("chat:5")
    admin = await asyncpg.connect(make_url(postgres_databases.url).render_as_string(hide_password=False))
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    await admin.close()
    assert await asyncio.wait_for(told, 10) == {"fetch", "chat:5"}
    await locks.release("chat:5")
    assert await locks.try_take("fetch")
    await locks.close()
    await db.close()


async def test_a_server_that_is_gone_is_trouble(tmp_path):
    db = await Database.open("postgresql://nobody@127.0.0.1:1/none")
    locks = Locks.for_database(db, tmp_path, lambda names: None)
    with pytest.raises(StorageTrouble):
        await locks.try_take("fetch")
    await locks.close()
    await db.close()


async def test_a_cancelled_taker_holds_nothing(postgres_databases, tmp_path):
    db = await Database.open(postgres_databases.url)
    ours, theirs = (Locks.for_database(db, tmp_path, lambda names: None) for _ in range(2))
    await ours.try_take("warm")
    task = asyncio.create_task(ours.try_take("chat:5"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await theirs.try_take("chat:5")
    await ours.close()
    await theirs.close()
    await db.close()
