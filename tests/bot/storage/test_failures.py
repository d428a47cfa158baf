"""What could not be dealt with and what could not be sent: each is told once (P4)."""

from datetime import UTC, datetime

import pytest

from bot.storage import failures, inbox, outbox
from bot.storage.database import Database
from bot.storage.failures import Failure
from bot.storage.keys import PersonKey
from bot.storage.tables import HOUSE, person
from bot.storage.tables import outbox as outbox_rows
from tests.support.plans import plan_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = PersonKey(HOUSE, bytes(32))


async def came(db, update_id, chat):
    raw = {"update_id": update_id}
    (row,) = await db.write(lambda tx: inbox.keep(tx, KEY, [raw], lambda _: chat, NOW, None))
    return row


async def put(db, chat, person_id=None):
    return await db.write(lambda tx: outbox.put(tx, KEY, chat, person_id, "hoi", NOW))


async def found(db):
    async with db.read() as conn:
        return await failures.stuck(conn), await failures.unsent(conn)


@pytest.fixture
async def sam(db):
    """Somebody with chat 7; their id."""
    values = {"role": "participant", "state": "active", "created_at": NOW, "chat_id": 7}
    return await db.write(lambda tx: _id_of(tx, values))


async def _id_of(tx, values):
    return (await tx.execute(person.insert().returning(person.c.id), values)).scalar_one()


async def test_what_was_set_apart_is_there_until_it_is_told(db, sam):
    rows = [await came(db, 5, 7), await came(db, 6, 8), await came(db, 7, 7)]
    for row, reason in zip(rows[:2], ("failed", "from nobody"), strict=True):
        await db.write(lambda tx, row=row, reason=reason: inbox.set_apart(tx, row, reason, NOW))
    await db.write(lambda tx: inbox.finish(tx, rows[2], "answered", NOW))
    stuck, _ = await found(db)
    assert stuck == [Failure(rows[0], sam, "failed"), Failure(rows[1], None, "from nobody")]
    later = await came(db, 8, 7)
    await db.write(lambda tx: inbox.set_apart(tx, later, "failed", NOW))
    await db.write(lambda tx: failures.told(tx, stuck, []))
    assert await found(db) == ([Failure(later, sam, "failed")], [])


async def test_what_cannot_be_sent_is_there_until_it_is_told(db, sam):
    refused, given_up = await put(db, 7, sam), await put(db, 9)
    await db.write(lambda tx: outbox.claim(tx, [refused]))
    await db.write(lambda tx: outbox.failed(tx, refused, "Message text is empty"))
    await db.write(lambda tx: outbox.cancel_chat(tx, 9, "blocked"))
    _, unsent = await found(db)
    assert unsent == [Failure(refused, sam, "Message text is empty")]
    assert given_up not in {one.id for one in unsent}
    await db.write(lambda tx: failures.told(tx, [], unsent))
    assert await found(db) == ([], [])


async def test_nobody_hears_of_a_message_that_was_emptied_with_the_one_it_was_about(db, sam):
    emptied = await put(db, 7, sam)
    await db.write(lambda tx: tx.execute(outbox_rows.update().values(payload=None)))
    await db.write(lambda tx: outbox.claim(tx, [emptied]))
    await db.write(lambda tx: outbox.failed(tx, emptied, "TypeError"))
    assert await found(db) == ([], [])


@pytest.mark.parametrize("look", [failures.stuck, failures.unsent])
async def test_the_look_costs_what_is_found_and_not_what_is_kept(sqlite_databases, look):
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        first, *_ = await plan_of(conn, look(conn))
    await db.close()
    assert "_untold" in first
