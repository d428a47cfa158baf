"""The inbox: each update once, in order per chat, until its turn is committed."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.storage import inbox
from bot.storage.database import Database
from bot.storage.errors import AlreadyDone
from bot.storage.keys import PersonKey
from bot.storage.tables import HOUSE
from bot.storage.tables import inbox as table
from tests.support.plans import plan_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = PersonKey(HOUSE, bytes(32))


def raw(update_id, chat=1):
    return {"update_id": update_id, "message": {"chat": {"id": chat}, "text": "hoi"}}


def chat_of(update):
    return update["message"]["chat"]["id"]


async def keep(db, *raws, cursor=None, now=NOW):
    return await db.write(lambda tx: inbox.keep(tx, KEY, raws, chat_of, now, cursor))


async def waiting(db, now=NOW, limit=100, busy=()):
    async with db.read() as conn:
        return [row.update_id for row in await inbox.waiting(conn, now, limit, busy)]


async def row_of(db, update_id):
    async with db.read() as conn:
        return (await conn.execute(select(table).where(table.c.update_id == update_id))).one()


async def test_updates_are_kept_sealed(db):
    (row_id,) = await keep(db, raw(5, chat=8_000_000_001))
    async with db.read() as conn:
        (row,) = await inbox.waiting(conn, NOW, 10)
    assert (row.id, row.update_id, row.chat_id, row.received_at, row.tries) == (row_id, 5, 8_000_000_001, NOW, 0)
    assert b"hoi" not in row.body
    assert json.loads(KEY.open("inbox.body", row.body)) == raw(5, chat=8_000_000_001)


async def test_an_update_that_comes_again_changes_nothing(db):
    first = await keep(db, raw(5), raw(6))
    assert len(await keep(db, raw(6), raw(7), raw(5))) == 1
    await db.write(lambda tx: inbox.finish(tx, first[0], "answered", NOW))
    assert await keep(db, raw(5)) == []
    assert (await row_of(db, 5)).state == "done"


async def test_keeping_nothing_is_fine(db):
    assert await keep(db) == []


async def test_the_cursor_is_set_to_exactly_this_value_never_the_highest(db):
    await keep(db, raw(900_000), cursor=900_001)
    await keep(db, raw(12), cursor=13)
    async with db.read() as conn:
        assert await inbox.cursor(conn) == 13


async def test_a_webhook_leaves_the_cursor(db):
    await keep(db, raw(5), cursor=6)
    await keep(db, raw(7))
    async with db.read() as conn:
        assert await inbox.cursor(conn) == 6


async def test_rows_and_cursor_are_kept_together_or_not_at_all(db):
    def breaks(update):
        raise LookupError

    with pytest.raises(LookupError):
        await db.write(lambda tx: inbox.keep(tx, KEY, [raw(5)], breaks, NOW, 6))
    async with db.read() as conn:
        assert await inbox.cursor(conn) is None
    assert await waiting(db) == []


async def test_each_chat_waits_with_its_oldest_update_whatever_order_they_came_in(db):
    await keep(db, raw(11, chat=1), raw(12, chat=2), raw(14, chat=1))
    await keep(db, raw(10, chat=1), raw(13, chat=3))
    assert await waiting(db) == [12, 10, 13], "chats in the order in which their rows came in"
    assert await waiting(db, limit=2) == [12, 10]
    assert await waiting(db, busy={1, 3}) == [12]


async def test_finishing_a_row_frees_the_next_of_its_chat(db):
    first, _ = await keep(db, raw(10), raw(11))
    await db.write(lambda tx: inbox.finish(tx, first, "answered", NOW))
    assert await waiting(db) == [11]
    row = await row_of(db, 10)
    assert (row.state, row.outcome, row.done_at) == ("done", "answered", NOW)


async def test_a_row_that_must_wait_holds_back_the_later_ones_of_its_chat_only(db):
    first, *_ = await keep(db, raw(10, chat=1), raw(11, chat=1), raw(12, chat=2))
    await db.write(lambda tx: inbox.retry(tx, first, NOW + timedelta(seconds=10)))
    assert await waiting(db) == [12]
    assert await waiting(db, now=NOW + timedelta(seconds=10)) == [10, 12]
    assert (await row_of(db, 10)).tries == 1


async def test_a_row_is_finished_once(db):
    (row_id,) = await keep(db, raw(10))
    await db.write(lambda tx: inbox.finish(tx, row_id, "answered", NOW))
    for ending in (inbox.finish, inbox.set_apart):
        with pytest.raises(AlreadyDone):
            await db.write(lambda tx, ending=ending: ending(tx, row_id, "again", NOW))
    await db.write(lambda tx: inbox.retry(tx, row_id, NOW))
    assert (await row_of(db, 10)).outcome == "answered"
    assert await waiting(db) == []


async def test_a_row_set_apart_keeps_its_body_and_frees_its_chat(db):
    first, _ = await keep(db, raw(10), raw(11))
    await db.write(lambda tx: inbox.set_apart(tx, first, "failed", NOW))
    await db.write(lambda tx: inbox.purge(tx, NOW + timedelta(days=30)))
    row = await row_of(db, 10)
    assert (row.state, row.outcome) == ("apart", "failed")
    assert row.body is not None
    assert await waiting(db) == [11]


async def test_purging_empties_old_bodies_that_are_done(db):
    old, young, _ = await keep(db, raw(10), raw(11), raw(12))
    await db.write(lambda tx: inbox.finish(tx, old, "answered", NOW - timedelta(hours=49)))
    await db.write(lambda tx: inbox.finish(tx, young, "answered", NOW))
    assert await db.write(lambda tx: inbox.purge(tx, NOW - timedelta(hours=48))) == 1
    assert await db.write(lambda tx: inbox.purge(tx, NOW - timedelta(hours=48))) == 0
    assert (await row_of(db, -old)).body is None
    assert (await row_of(db, 11)).body is not None
    assert await waiting(db) == [12]


async def test_an_update_id_that_telegram_gives_out_anew_after_a_quiet_week_is_not_taken_for_a_duplicate(db):
    (old,) = await keep(db, raw(10))
    await db.write(lambda tx: inbox.finish(tx, old, "answered", NOW))
    await db.write(lambda tx: inbox.purge(tx, NOW + timedelta(days=8)))
    assert len(await keep(db, raw(10), now=NOW + timedelta(days=8))) == 1


async def test_counting_what_waits(db):
    async with db.read() as conn:
        assert await inbox.counts(conn) == inbox.Counts(0, 0, None)
    first, *_ = await keep(db, raw(10), raw(11))
    await keep(db, raw(12), now=NOW + timedelta(minutes=1))
    await db.write(lambda tx: inbox.set_apart(tx, first, "failed", NOW))
    async with db.read() as conn:
        assert await inbox.counts(conn) == inbox.Counts(2, 1, NOW)


@pytest.mark.parametrize("busy", [set(), {1, 2}])
async def test_looking_for_waiting_rows_costs_what_it_finds(sqlite_databases, busy):
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        lines = await plan_of(conn, inbox.waiting(conn, NOW, 10, busy))
    await db.close()
    assert lines[0] == "SCAN inbox USING INDEX ix_inbox_order"
    assert lines[-1].startswith("SEARCH earlier USING INDEX ix_inbox_new (chat_id=? AND update_id<?)"), lines
    assert not any("TEMP" in line for line in lines), lines
