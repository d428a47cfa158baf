"""Erasure: no row, no key, and no trace in the files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from bot.storage import erase, handovers, inbox, outbox, people, placements
from bot.storage.database import Database
from bot.storage.errors import KeyMissing, StorageError, StorageTrouble
from bot.storage.handovers import Agreement
from bot.storage.keys import Keyring
from bot.storage.tables import (
    acceptance,
    agreement,
    answer,
    consent,
    handover,
    metadata,
    person,
    person_key,
    placement,
    run,
)
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


async def test_of_what_is_being_sent_only_that_it_is_stays(db, keyring):
    someone = await db.write(lambda tx: add_person(tx, keyring))
    async with db.read() as conn:
        (row,) = await outbox.waiting(conn, NOW, 9)
    await db.write(lambda tx: outbox.claim(tx, [row.id]))
    await db.write(lambda tx: erase.participant(tx, keyring, someone))
    async with db.read() as conn:
        (left,) = (await conn.execute(select(outbox_table).where(outbox_table.c.chat_id == CHAT))).all()
    assert (left.state, left.person_id, left.payload, left.about) == ("sending", None, None, None)


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


async def test_an_employer_goes_with_the_last_placement_and_not_before(db, keyring):
    async def two_at_one_employer(tx):
        karin = await people.add(tx, keyring, "employer", "Karin", "nl", NOW)
        await people.change(tx, karin, chat_id=CHAT + 9)
        await outbox.put(tx, await keyring.of(tx, karin), CHAT + 9, karin, "tekst", NOW, about_kind="view", about=1)
        theirs = []
        for number in range(2):
            someone = await add_person(tx, keyring, chat_id=CHAT + number)
            key = await keyring.of(tx, someone)
            at = await placements.make(tx, key, NOW.date(), NOW)
            await placements.change(tx, key, at, employer_id=karin)
            made = await handovers.make(tx, key, at, {}, NOW)
            item = await handovers.keep(tx, key, made, Agreement(0, "hours", "24 uur", "employer", None, True, {}))
            await handovers.decide(tx, item, karin, "agree", "yes", NOW)
            await handovers.accept(tx, made, karin, "yes", NOW)
            theirs.append(someone)
        return karin, *theirs

    karin, first, last = await db.write(two_at_one_employer)
    await db.write(lambda tx: erase.participant(tx, keyring, first))
    async with db.read() as conn:
        assert [one.participant_id for one in await placements.of_employer(conn, keyring, karin)] == [last]
        await keyring.of(conn, karin)
    await db.write(lambda tx: erase.participant(tx, keyring, last))
    async with db.read() as conn:
        for table in (placement, handover, agreement, consent, acceptance, outbox_table, person_key):
            assert (await conn.execute(select(table))).all() == [], table.name
        with pytest.raises(KeyMissing):
            await keyring.of(conn, karin)


async def test_what_a_coach_read_or_is_to_read_about_them_goes_and_the_rest_stays(db, keyring):
    async def told(tx):
        ilse = await people.add(tx, keyring, "coach", "Ilse", "nl", NOW)
        sam, kim = [await add_person(tx, keyring, chat_id=CHAT + number) for number in (1, 2)]
        await people.tie(tx, sam, ilse, NOW)
        key = await keyring.of(tx, ilse)
        read = await outbox.put(tx, key, CHAT, ilse, "verstuurd aan Sam", NOW)
        await outbox.sent(tx, read, 1, NOW)
        kept = {}
        for name, who in (("sam", sam), ("kim", kim)):
            about = outbox.About("participant", who)
            kept[name] = await outbox.veil(tx, key, CHAT, name, NOW, about)
            kept[f"{name} waits"] = await outbox.put(
                tx, key, CHAT, ilse, name, NOW, about_kind=about.kind, about=about.id
            )
        return sam, kept | {"read": read}

    sam, rows = await db.write(told)
    await db.write(lambda tx: erase.participant(tx, keyring, sam))
    async with db.read() as conn:
        left = select(outbox_table.c.id).where(outbox_table.c.chat_id == CHAT, outbox_table.c.payload.is_not(None))
        found = set((await conn.execute(left)).scalars())
    assert found == {rows["kim"], rows["kim waits"]}
