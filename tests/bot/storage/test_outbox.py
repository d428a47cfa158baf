"""The outbox: in order per chat, claimed before it is sent, and with a fate after every crash."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.keys import PersonKey
from bot.storage.outbox import ANSWER, FIRST, About, New
from bot.storage.tables import HOUSE, person
from bot.storage.tables import outbox as table
from tests.support.plans import plan_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
KEY = PersonKey(HOUSE, bytes(32))


async def put(db, payload, chat=1, **options):
    return await db.write(lambda tx: outbox.put(tx, KEY, chat, None, payload, NOW, **options))


async def waiting(db, now=NOW, limit=100, busy=(), priority=ANSWER):
    async with db.read() as conn:
        return [row.id for row in await outbox.waiting(conn, now, limit, busy, priority)]


async def row_of(db, row_id):
    async with db.read() as conn:
        return (await conn.execute(select(table).where(table.c.id == row_id))).one()


async def claim(db, *ids):
    return await db.write(lambda tx: outbox.claim(tx, ids))


async def test_a_message_is_kept_sealed(db):
    row_id = await put(db, "Hoi Sam", chat=8_000_000_001, about_kind="run", about=4)
    async with db.read() as conn:
        (row,) = await outbox.waiting(conn, NOW, 10)
    assert (row.id, row.person_id, row.chat_id) == (row_id, None, 8_000_000_001)
    assert (row.part, row.tries, row.made_at) == (0, 0, NOW)
    assert b"Sam" not in row.payload
    assert KEY.open("outbox.payload", row.payload) == "Hoi Sam"


async def test_many_are_put_in_their_order(db):
    news = [New(KEY, number % 7, None, f"text {number}", about_kind="alert", about=number) for number in range(300)]
    ids = await db.write(lambda tx: outbox.put_many(tx, news, NOW))
    assert ids == sorted(ids)
    for place in (0, 150, 299):
        row = await row_of(db, ids[place])
        assert (row.about, KEY.open("outbox.payload", row.payload)) == (place, f"text {place}")
    assert await db.write(lambda tx: outbox.put_many(tx, [], NOW)) == []


async def test_each_chat_waits_with_its_first_unsent_row(db):
    first, second, _ = await put(db, "a", 1), await put(db, "b", 2), await put(db, "c", 1)
    assert await waiting(db) == [first, second]
    assert await waiting(db, limit=1) == [first]
    assert await waiting(db, busy={1}) == [second]


async def test_a_row_that_is_being_sent_holds_back_the_later_ones_of_its_chat_only(db):
    first, later, other = await put(db, "a", 1), await put(db, "b", 1), await put(db, "c", 2)
    assert await claim(db, first) == {first}
    assert await waiting(db) == [other]
    await db.write(lambda tx: outbox.sent(tx, first, 77, NOW))
    assert await waiting(db) == [later, other]
    row = await row_of(db, first)
    assert (row.state, row.telegram_id, row.sent_at, row.tries) == ("sent", 77, NOW, 1)


async def test_a_row_is_claimed_once(db):
    first, second = await put(db, "a", 1), await put(db, "b", 2)
    assert await claim(db, first) == {first}
    assert await claim(db, first, second) == {second}


async def test_a_row_that_must_wait_holds_back_the_later_ones_of_its_chat(db):
    first, later, other = await put(db, "a", 1), await put(db, "b", 1), await put(db, "c", 2)
    await claim(db, first)
    soon = NOW + timedelta(seconds=30)
    await db.write(lambda tx: outbox.later(tx, first, soon, "429"))
    assert await waiting(db) == [other]
    assert await waiting(db, now=soon) == [first, other]
    assert (await row_of(db, first)).reason == "429"
    await db.write(lambda tx: outbox.failed(tx, first, "chat not found"))
    assert await waiting(db, now=soon) == [later, other]


async def test_a_message_may_be_put_for_later(db):
    row_id = await put(db, "a", not_before=NOW + timedelta(hours=1))
    assert await waiting(db) == []
    assert await waiting(db, now=NOW + timedelta(hours=1)) == [row_id]


async def test_a_long_text_goes_on_where_it_stopped(db):
    row_id = await put(db, "long")
    await claim(db, row_id)
    await db.write(lambda tx: outbox.part_sent(tx, row_id, 2))
    await db.write(outbox.recover)
    async with db.read() as conn:
        (row,) = await outbox.waiting(conn, NOW, 1)
    assert (row.part, row.tries) == (2, 1)


async def test_after_a_crash_what_was_on_its_way_is_sent_again(db):
    again, untouched = await put(db, "a", 1), await put(db, "b", 2)
    await claim(db, again)
    assert await db.write(outbox.recover) == 1
    assert await waiting(db) == [again, untouched]
    assert await db.write(outbox.recover) == 0


async def test_many_are_marked_as_sent_at_once(db):
    ids = [await put(db, "a", chat) for chat in range(4)]
    await claim(db, *ids)
    await db.write(lambda tx: outbox.sent_many(tx, [(row, row + 100) for row in ids], NOW))
    await db.write(lambda tx: outbox.sent_many(tx, [], NOW))
    assert [(await row_of(db, row)).telegram_id for row in ids] == [row + 100 for row in ids]


async def test_a_reply_finds_what_the_message_was_about(db):
    about, plain = await put(db, "a", about_kind="alert", about=9), await put(db, "b")
    await db.write(lambda tx: outbox.sent_many(tx, [(about, 70), (plain, 71)], NOW))
    async with db.read() as conn:
        assert await outbox.by_telegram_id(conn, 1, 70) == About("alert", 9)
        assert await outbox.by_telegram_id(conn, 1, 71) is None
        assert await outbox.by_telegram_id(conn, 2, 70) is None


@pytest.mark.parametrize(("step", "unsent"), [("put", True), ("claim", True), ("sent", False), ("failed", False)])
async def test_whether_something_about_it_is_still_unsent(db, step, unsent):
    row_id = await put(db, "a", about_kind="alert", about=9)
    if step == "claim":
        await claim(db, row_id)
    elif step == "sent":
        await db.write(lambda tx: outbox.sent(tx, row_id, 1, NOW))
    elif step == "failed":
        await db.write(lambda tx: outbox.failed(tx, row_id, "blocked"))
    async with db.read() as conn:
        assert await outbox.unsent_about(conn, "alert", 9) is unsent
        assert await outbox.unsent_about(conn, "run", 9) is False


async def test_what_a_chat_was_told_lately_is_told_apart_by_what_it_was_about(db):
    await put(db, "a", chat=5, about_kind="code")
    await put(db, "b", chat=6)
    async with db.read() as conn:
        assert await outbox.told_since(conn, 5, NOW, "code")
        assert not await outbox.told_since(conn, 6, NOW, "code")
        assert not await outbox.told_since(conn, 5, NOW, "run")
        assert not await outbox.told_since(conn, 5, NOW + timedelta(seconds=1), "code")


async def test_what_is_veiled_waits_for_its_reader_and_is_never_sent_as_it_is(db):
    veiled = await db.write(lambda tx: outbox.veil(tx, KEY, 5, "Hoi Sam", NOW, About("run", 4)))
    plain = await db.write(lambda tx: outbox.veil(tx, KEY, 5, "Hoi", NOW))
    assert await waiting(db) == []
    assert b"Sam" not in (await row_of(db, veiled)).payload
    async with db.read() as conn:
        assert (await outbox.counts(conn)).unsent == 0
        assert await outbox.veiled(conn, KEY, veiled) == ("Hoi Sam", About("run", 4))
        assert await outbox.veiled(conn, KEY, plain) == ("Hoi", None)
        assert await outbox.veiled(conn, PersonKey(HOUSE + 1, bytes(32)), veiled) is None
    assert await db.write(lambda tx: outbox.purge(tx, LATER, veiled_before=NOW)) == 0
    assert await db.write(lambda tx: outbox.purge(tx, NOW, veiled_before=LATER)) == 2
    async with db.read() as conn:
        assert await outbox.veiled(conn, KEY, veiled) is None


async def test_cancelling_takes_what_is_being_sent_along_and_nothing_makes_it_new_again(db):
    async def two_people(tx):
        made = []
        for _ in range(2):
            values = {"role": "participant", "state": "active", "created_at": NOW}
            made.append((await tx.execute(insert(person).returning(person.c.id), values)).scalar_one())
        return made

    sam, kim = await db.write(two_people)

    async def three(tx):
        return [await outbox.put(tx, KEY, who, who, "text", NOW) for who in (sam, sam, kim)]

    first, second, other = await db.write(three)
    await claim(db, first)
    assert await db.write(lambda tx: outbox.cancel_for(tx, sam, "not this person")) == 2
    assert [(await row_of(db, row)).state for row in (first, second, other)] == ["failed", "failed", "new"]
    await db.write(lambda tx: outbox.later(tx, first, NOW, "429"))
    assert (await row_of(db, first)).state == "failed"
    await db.write(lambda tx: outbox.sent(tx, first, 7, NOW))
    assert (await row_of(db, first)).state == "sent", "on whose screen it stands is known"


async def test_purging_empties_old_texts_but_none_that_must_still_be_sent(db):
    gone, unsent = await put(db, "a", 1), await put(db, "b", 2)
    await db.write(lambda tx: outbox.sent(tx, gone, 1, NOW))
    assert await db.write(lambda tx: outbox.purge(tx, NOW, veiled_before=NOW)) == 0
    assert await db.write(lambda tx: outbox.purge(tx, LATER, veiled_before=NOW)) == 1
    assert (await row_of(db, gone)).payload is None
    assert (await row_of(db, unsent)).payload is not None


async def test_counting_what_waits(db):
    async with db.read() as conn:
        assert await outbox.counts(conn) == outbox.Counts(0, None)
    first = await put(db, "a")
    await put(db, "b")
    await claim(db, first)
    async with db.read() as conn:
        assert await outbox.counts(conn) == outbox.Counts(2, NOW)


async def test_answers_and_what_we_say_first_are_found_apart(db):
    first, answer = await put(db, "a", 1, priority=FIRST), await put(db, "b", 2)
    assert await waiting(db) == [answer]
    assert await waiting(db, priority=FIRST) == [first]


async def test_an_answer_takes_along_what_its_chat_still_waits_for_and_goes_after_it(db):
    first, other = await put(db, "a", 1, priority=FIRST), await put(db, "b", 2, priority=FIRST)
    answer = await put(db, "c", 1)
    assert await waiting(db) == [first]
    assert await waiting(db, priority=FIRST) == [other]
    await claim(db, first)
    assert await waiting(db) == []
    await db.write(lambda tx: outbox.sent(tx, first, 77, NOW))
    assert await waiting(db) == [answer]


async def test_a_long_text_of_ours_that_is_half_sent_hurries_when_its_reader_is_answered(db):
    long = await put(db, "long", 1, priority=FIRST)
    await claim(db, long)
    await put(db, "answer", 1)
    await db.write(lambda tx: outbox.later(tx, long, NOW, "part"))
    assert await waiting(db) == [long]


async def test_what_we_say_first_after_an_answer_waits_for_its_own_turn(db):
    answer, first = await put(db, "a", 1), await put(db, "b", 1, priority=FIRST)
    assert await waiting(db) == [answer]
    await db.write(lambda tx: outbox.sent(tx, answer, 77, NOW))
    assert await waiting(db) == []
    assert await waiting(db, priority=FIRST) == [first]


async def test_many_that_are_put_together_lift_only_the_chats_that_are_answered(db):
    firsts = [await put(db, "a", chat, priority=FIRST) for chat in (1, 2, 3)]
    news = [New(KEY, 1, None, "b"), New(KEY, 2, None, "b", priority=FIRST)]
    await db.write(lambda tx: outbox.put_many(tx, news, NOW))
    assert await waiting(db) == firsts[:1]
    assert await waiting(db, priority=FIRST) == firsts[1:]


async def test_counting_what_we_say_first(db):
    for chat in range(5):
        await put(db, "a", chat, priority=FIRST)
    await put(db, "a", 9)
    async with db.read() as conn:
        assert [await outbox.ahead(conn, most) for most in (3, 100)] == [3, 5]
    await put(db, "b", 0)
    async with db.read() as conn:
        assert await outbox.ahead(conn, 100) == 4


@pytest.mark.parametrize("priority", [ANSWER, FIRST])
@pytest.mark.parametrize("busy", [set(), {1, 2}])
async def test_looking_for_waiting_rows_costs_what_it_finds(sqlite_databases, busy, priority):
    """However much waits as FIRST, an answer is found without reading past it."""
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        lines = await plan_of(conn, outbox.waiting(conn, NOW, 10, busy, priority))
    await db.close()
    assert lines[0] == "SEARCH outbox USING INDEX ix_outbox_order (priority=?)"
    assert lines[-1].startswith("SEARCH earlier USING INDEX ix_outbox_new (chat_id=? AND id<?)"), lines
    assert not any("TEMP" in line for line in lines), lines


async def test_looking_for_unsent_rows_reads_the_partial_index_alone(sqlite_databases):
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        for search in (
            outbox.unsent_about(conn, "alert", 1),
            outbox.counts(conn),
        ):
            lines = await plan_of(conn, search)
            tables = [line for line in lines if "outbox" in line or "earlier" in line]
            assert ["ix_outbox_new" in line for line in tables] == [True] * len(tables), lines
    await db.close()


async def test_counting_what_we_say_first_and_lifting_it_read_their_index_alone(sqlite_databases):
    db = await Database.open(sqlite_databases.url)
    async with db.read() as conn:
        counting = await plan_of(conn, outbox.ahead(conn, 10))
    lifting: list[str] = []

    async def lift(tx):
        lifting[:] = await plan_of(tx, outbox.lift(tx, 1))

    await db.write(lift)
    await db.close()
    assert [line for line in counting if "ix_outbox_order (priority=?)" in line], counting
    assert lifting == ["SEARCH outbox USING INDEX ix_outbox_new (chat_id=?)"]


async def test_what_is_taken_back_is_emptied_and_what_may_be_on_the_screen_is_named_once(db):
    view = {"about_kind": "view", "about": 5}
    shown, edited, flying = [await put(db, text, **view) for text in ("a", "a anders", "b")]
    waits, other, elsewhere = await put(db, "c", **view), await put(db, "d"), await put(db, "e", chat=2, **view)
    await claim(db, shown, edited, flying)
    for row in (shown, edited):  # the second is an edit of the first
        await db.write(lambda tx, row=row: outbox.sent(tx, row, 70, NOW))
    until = NOW + timedelta(seconds=1)
    found = await db.write(lambda tx: outbox.take_back(tx, 1, "view", 5, until))
    assert len(found) == 2
    assert flying in found
    assert {(await row_of(db, row)).payload for row in (shown, edited, flying, waits)} == {None}
    assert (await row_of(db, waits)).state == "failed"
    assert all([(await row_of(db, row)).payload for row in (other, elsewhere)])
    assert await db.write(lambda tx: outbox.take_back(tx, 1, "view", 5, until)) == []


async def test_what_was_made_from_then_on_is_not_taken_back(db):
    row = await put(db, "a", about_kind="view", about=5)
    assert await db.write(lambda tx: outbox.take_back(tx, 1, "view", 5, NOW)) == []
    assert (await row_of(db, row)).payload is not None
