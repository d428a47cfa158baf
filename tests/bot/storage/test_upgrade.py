"""Migrations: up from empty, equal to the tables, safe for two processes at once."""

import asyncio
from datetime import UTC, datetime

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import upgrade
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.migrations import HEAD, draft
from bot.storage.tables import HOUSE, person

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


async def looked_at(url, look):
    """What a plain SQLAlchemy connection sees."""
    if url.startswith("sqlite"):
        engine = create_engine(url.replace("+aiosqlite", ""))
        with engine.connect() as connection:
            return look(connection)
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:"))
    async with engine.connect() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


async def opened(url):
    db = await Database.open(url)
    await db.upgrade()
    return db


async def test_the_migrations_make_what_tables_py_says(databases):
    url = databases.empty()
    await (await opened(url)).close()
    missing = await looked_at(url, draft.differences)
    assert missing.strip() == "pass", f"python -m bot.storage.migrations.draft says:\n{missing}"


def test_the_newest_revision_is_the_one_we_name():
    assert ScriptDirectory.from_config(upgrade.configuration()).get_heads() == [HEAD]


async def test_an_empty_database_gets_the_house_and_people_begin_at_one(databases):
    db = await opened(databases.empty())

    async def first(tx):
        made = await tx.execute(
            insert(person).returning(person.c.id), {"role": "coach", "state": "active", "created_at": NOW}
        )
        return made.scalar_one()

    assert await db.write(first) == 1
    async with db.read() as conn:
        house = (await conn.execute(select(person.c.role).where(person.c.id == HOUSE))).scalar_one()
    assert house == "house"
    await db.close()


async def test_an_erased_persons_number_is_not_given_out_again(db):
    async def add(tx):
        made = await tx.execute(
            insert(person).returning(person.c.id), {"role": "participant", "state": "active", "created_at": NOW}
        )
        return made.scalar_one()

    first = await db.write(add)
    await db.write(lambda tx: tx.execute(person.delete().where(person.c.id == first)))
    assert await db.write(add) > first


async def test_upgrading_again_changes_nothing(db):
    await db.upgrade()
    await db.ping()


async def test_several_processes_may_upgrade_one_empty_database(databases):
    url = databases.empty()
    several = [await Database.open(url) for _ in range(4)]
    await asyncio.gather(*(db.upgrade() for db in several))
    async with several[0].read() as conn:
        assert (await conn.execute(text("SELECT count(*) FROM person"))).scalar_one() == 1
    for db in several:
        await db.close()


async def test_a_database_of_a_newer_program_is_refused_in_one_sentence(db):
    await db.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = 'later'")))
    with pytest.raises(StorageError, match="another version of this program"):
        await db.upgrade()


async def test_two_databases_in_one_process_are_brought_up_to_date_at_once(tmp_path):
    files = [tmp_path / f"{number}.db" for number in range(6)]
    databases = await asyncio.gather(*(Database.open(f"sqlite:///{file}") for file in files))
    await asyncio.gather(*(one.upgrade() for one in databases))
    for one in databases:
        await one.ping()
        await one.close()
