"""Prepared statements do what SQLAlchemy would have done with the same statement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.errors import Conflict, StorageError
from bot.storage.prepared import prepared, ready
from bot.storage.tables import person
from tests.support.databases import Databases

NOW = datetime(2026, 11, 20, 11, 30, 0, 250_000, tzinfo=UTC)
SAM = {"id": 7, "role": "participant", "state": "active", "name": b"sealed", "created_at": NOW}
TIM = SAM | {"id": 8, "chat_id": 80, "reachable": False, "seen_at": NOW}
COLUMNS = (person.c.id, person.c.name, person.c.chat_id, person.c.reachable, person.c.seen_at, person.c.created_at)

ADD = prepared(insert(person))
ADDED = prepared(insert(person).returning(person.c.id, person.c.created_at))
EVERYBODY = prepared(select(*COLUMNS).where(person.c.role != "house").order_by(person.c.id))
ONE = prepared(select(person.c.state).where(person.c.id == bindparam("who")))
QUOTED = prepared(select(person.c.id).where(person.c.state == "it's"))
CHANGE = prepared(update(person).where(person.c.id == bindparam("who")))
STOP = prepared(update(person).where(person.c.id == bindparam("who")).values(state="stopped", seen_at=bindparam("at")))


@pytest.fixture
async def db(sqlite_databases: Databases) -> AsyncIterator[Database]:
    db = await Database.open(sqlite_databases.url)
    yield db
    await db.close()


async def rows(db: Database) -> list[tuple[Any, ...]]:
    """Everybody, read both ways, which must be the same."""
    async with db.read() as conn:
        as_prepared = (await conn.execute(EVERYBODY)).all()
        as_usual = (await conn.execute(select(*COLUMNS).where(person.c.role != "house").order_by(person.c.id))).all()
    assert [one._asdict() for one in as_prepared] == [one._asdict() for one in as_usual]
    return [tuple(one) for one in as_prepared]


async def test_values_go_in_and_come_out_by_their_types(db: Database) -> None:
    await db.write(lambda tx: tx.execute(ADD, SAM))
    await db.write(lambda tx: tx.execute(ADD, TIM))
    assert await rows(db) == [(7, b"sealed", None, True, None, NOW), (8, b"sealed", 80, False, NOW, NOW)]


async def test_many_rows_at_once(db: Database) -> None:
    await db.write(lambda tx: tx.execute(ADD, [SAM, SAM | {"id": 9}]))
    assert [row[0] for row in await rows(db)] == [7, 9]


async def test_what_an_insert_returns(db: Database) -> None:
    async def add(tx: Connection) -> tuple[Any, ...]:
        return tuple((await tx.execute(ADDED, SAM)).one_or_none())  # type: ignore[arg-type]

    assert await db.write(add) == (7, NOW)


async def test_an_update_sets_the_columns_it_is_given_and_those_it_names_itself(db: Database) -> None:
    await db.write(lambda tx: tx.execute(ADD, SAM))

    async def change(tx: Connection) -> list[int]:
        return [
            (await tx.execute(CHANGE, {"who": 7, "chat_id": 70, "reachable": False})).rowcount,
            (await tx.execute(CHANGE, {"who": 7, "chat_id": 71})).rowcount,
            (await tx.execute(STOP, {"who": 7, "at": NOW})).rowcount,
            (await tx.execute(STOP, {"who": 404, "at": NOW})).rowcount,
        ]

    assert await db.write(change) == [1, 1, 1, 0]
    assert await rows(db) == [(7, b"sealed", 71, False, NOW, NOW)]
    async with db.read() as conn:
        assert (await conn.execute(ONE, {"who": 7})).scalar_one() == "stopped"
        assert (await conn.execute(ONE, {"who": 404})).scalar_one_or_none() is None
        with pytest.raises(NoResultFound):
            (await conn.execute(ONE, {"who": 404})).scalar_one()


async def test_two_rows_are_not_one(db: Database) -> None:
    await db.write(lambda tx: tx.execute(ADD, SAM))
    await db.write(lambda tx: tx.execute(ADD, TIM))
    async with db.read() as conn:
        with pytest.raises(MultipleResultsFound):
            (await conn.execute(EVERYBODY)).one_or_none()


async def test_a_missing_parameter_is_refused(db: Database) -> None:
    async with db.read() as conn:
        with pytest.raises(StorageError, match="who"):
            await conn.execute(ONE, {})


async def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(ValueError, match="zone"):
        await db.write(lambda tx: tx.execute(ADD, SAM | {"seen_at": NOW.replace(tzinfo=None)}))


async def test_a_row_that_breaks_a_rule_is_a_conflict(db: Database) -> None:
    await db.write(lambda tx: tx.execute(ADD, SAM))
    with pytest.raises(Conflict):
        await db.write(lambda tx: tx.execute(ADD, SAM))


async def test_words_that_are_compared_with_stand_in_the_text(db: Database) -> None:
    async with db.read() as conn:
        made = ready(EVERYBODY, conn.dialect, None)
        assert made is not None
        assert "role != 'house'" in made.text
        assert made.binds == ()


async def test_a_word_with_a_quote_in_it_stays_a_word(db: Database) -> None:
    await db.write(lambda tx: tx.execute(ADD, SAM | {"state": "it's"}))
    async with db.read() as conn:
        assert (await conn.execute(QUOTED)).all() == [(7,)]
