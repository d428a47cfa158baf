"""Erasure: no row, no key, and no trace in the files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.storage import erase, inbox, outbox
from bot.storage.database import Database
from bot.storage.errors import KeyMissing, StorageError, StorageTrouble
from bot.storage.keys import Keyring
from bot.storage.tables import answer, metadata, person, person_key, run
from bot.storage.tables import inbox as inbox_table
from bot.storage.tables import outbox as outbox_table

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHAT = 8_000_000_001
CANARY = b"zeldzaamwoord"


@pytest.fixture
def keyring():
    return Keyring([bytes(32)])


async def add_person(tx, keyring, role="participant", chat_id=CHAT):
    values = {"role": role, "state": "active", "chat_id": chat_id, "created_at": NOW}
    made = (await tx.execute(insert(person).returning(person.c.id), values)).scalar_one()
    key = await keyring.make(tx, made)
    began = {"person_id": made, "flow": "monthly-checkin", "version": "1", "turn": 1, "state": CANARY}
    began |= {"status": "ended", "started_at": NOW}
    run_id = (await tx.execute(insert(run).returning(run.c.id), began)).scalar_one()
    said = {"question": CANARY, "value": CANARY, "words": CANARY * 50, "at": NOW, "kind": "text", "step": "how"}
    said |= {"person_id": made, "run_id": run_id, "flow": "monthly-checkin", "version": "1"}
    await tx.execute(insert(answer), [said] * 20)
    await inbox.keep(tx, key, [{"update_id": made}], lambda raw: chat_id, NOW, None)
    await outbox.put(tx, key, chat_id, made, "tekst", NOW)
    return made


async def test_nothing_of_an_erased_participant_is_left_and_others_are_untouched(db, keyring):
    someone = await db.write(lambda tx: add_person(tx, keyring))
    other = await db.write(lambda tx: add_person(tx, keyring, chat_id=CHAT + 1))
    await db.write(lambda tx: erase.participant(tx, keyring, someone))
    async with db.read() as conn:
        for table in metadata.sorted_tables:
            for name in ("person_id", "participant_id", "author_id"):
                if name in table.c:
                    found = await conn.execute(select(table).where(table.c[name] == someone))
                    assert found.all() == [], table.name
        for table in (inbox_table, outbox_table):
            assert (await conn.execute(select(table).where(table.c.chat_id == CHAT))).all() == []
        with pytest.raises(KeyMissing):
            await keyring.of(conn, someone)
        assert len((await conn.execute(select(answer).where(answer.c.person_id == other))).all()) == 20
        await keyring.of(conn, other)


@pytest.mark.parametrize("role", ["coach", "admin"])
async def test_only_participants_are_erased(db, keyring, role):
    someone = await db.write(lambda tx: add_person(tx, keyring, role=role))
    for who in (someone, 0, 999):
        with pytest.raises(StorageError, match="no participant"):
            await db.write(lambda tx, who=who: erase.participant(tx, keyring, who))
    async with db.read() as conn:
        await keyring.of(conn, someone)


async def test_after_scrubbing_no_file_holds_the_words_or_the_key(sqlite_databases, keyring):
    db = await Database.open(sqlite_databases.url)
    someone = await db.write(lambda tx: add_person(tx, keyring))
    async with db.read() as conn:
        query = select(person_key.c.wrapped).where(person_key.c.person_id == someone)
        wrapped = (await conn.execute(query)).scalar_one()

    def traces():
        path = Path(db.url.database)
        return sum(
            one.read_bytes().count(word) for one in path.parent.glob(f"{path.name}*") for word in (CANARY, wrapped)
        )

    await db.scrub()
    assert traces() > 1000
    await db.write(lambda tx: erase.participant(tx, keyring, someone))
    assert traces() > 0
    await db.scrub()
    assert traces() == 0
    await db.close()


async def test_scrubbing_says_so_when_a_reader_holds_the_log(sqlite_databases):
    db = await Database.open(sqlite_databases.url, patience=0.05)
    async with db.read() as conn:
        (await conn.execute(select(person.c.id))).all()
        await db.ping()
        with pytest.raises(StorageTrouble):
            await db.scrub()
    await db.scrub()
    await db.close()
