"""Who waits is answered before we begin with others; and what we begin with waits until it can be sent (P3, P6)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.caseload import contact
from bot.storage import outbox, people
from bot.storage.alerts import Item
from bot.storage.connection import Connection
from bot.storage.outbox import ANSWER, FIRST
from bot.storage.tables import moment
from bot.storage.tables import outbox as rows
from bot.turns import alerting
from bot.turns.turn import Turn
from tests.stories.conftest import Pair
from tests.support.stage import TUESDAY, Stage, staged


async def priorities(stage: Stage, after: int = 0) -> list[int]:
    """Of all messages after this one, in the order in which they were written."""
    await stage.settled()
    async with stage.running.storage.db.read() as conn:
        query = select(rows.c.priority).where(rows.c.id > after, rows.c.state != "veiled").order_by(rows.c.id)
        return list((await conn.execute(query)).scalars().all())


async def newest(stage: Stage) -> int:
    await stage.settled()
    async with stage.running.storage.db.read() as conn:
        return max(one.id for one in await outbox.newest(conn, 1))


async def test_a_planned_contact_and_its_reminder_come_after_answers_and_what_follows_a_tap_is_one(pair: Pair) -> None:
    begin = await newest(pair.stage)
    await pair.stage.plan_now(pair.participant)
    assert await priorities(pair.stage, begin) == [FIRST]
    await pair.stage.later(days=3, hours=1)
    reminded = await priorities(pair.stage, begin)
    assert len(reminded) > 1
    assert set(reminded) == {FIRST}
    begin = await newest(pair.stage)
    await pair.sam.write("wat kun jij?")
    answered = await priorities(pair.stage, begin)
    assert answered
    assert set(answered) == {ANSWER}


async def test_the_announcement_of_somebodys_words_is_an_answer_and_its_repeat_is_not(pair: Pair) -> None:
    begin = await newest(pair.stage)
    await pair.sam.write("kun je me bellen?")
    await pair.ilse.sees("Er is een nieuwe melding.")
    assert await priorities(pair.stage, begin) == [ANSWER, ANSWER]
    begin = await newest(pair.stage)
    await pair.stage.later(hours=2, minutes=1)
    await pair.ilse.sees("Er wacht nog een melding op je.")
    assert await priorities(pair.stage, begin) == [FIRST]


async def raise_alert(pair: Pair, level: str) -> None:
    """As by the clock: nobody wrote anything."""
    running = pair.stage.running

    async def work(tx: Connection) -> None:
        turn = Turn(tx, pair.stage.setting.now(), running.services, first=True)
        sam, ilse = [await people.by_id(tx, running.storage.keyring, one) for one in (pair.participant, pair.coach)]
        assert sam
        assert ilse
        await alerting.add(turn, sam, ilse, Item("flag", level, "work", "Reden", None, turn.now))

    await pair.stage.write(work)


@pytest.mark.parametrize(("level", "priority"), [("soon", FIRST), ("today", FIRST), ("urgent", ANSWER)])
async def test_an_urgent_announcement_is_never_behind_what_we_say_first(pair: Pair, level: str, priority: int) -> None:
    begin = await newest(pair.stage)
    await raise_alert(pair, level)
    assert (await priorities(pair.stage, begin))[-1:] == [priority]


async def test_an_announcement_that_still_waits_goes_at_once_when_the_alert_becomes_urgent(pair: Pair) -> None:
    begin = await newest(pair.stage)
    await pair.stage.running.sender.stop()
    await raise_alert(pair, "soon")
    await raise_alert(pair, "today")
    assert await unsent(pair.stage) == [FIRST]
    await raise_alert(pair, "urgent")
    assert await unsent(pair.stage) == [ANSWER]
    assert await newest_unsettled(pair.stage) == begin + 1


async def test_a_repeated_announcement_is_loud_and_early_when_what_came_later_is_urgent(pair: Pair) -> None:
    pair.stage.setting.at += timedelta(hours=12)
    await raise_alert(pair, "soon")
    begin = await newest(pair.stage)
    await raise_alert(pair, "urgent")
    assert await priorities(pair.stage, begin) == [ANSWER]
    asked = [one for one in pair.stage.telegram.requests("sendMessage") if one.parameters["chat_id"] == pair.ilse.id]
    assert "disable_notification" in asked[-2].parameters
    assert "disable_notification" not in asked[-1].parameters


async def unsent(stage: Stage) -> list[int]:
    async with stage.running.storage.db.read() as conn:
        found = await conn.execute(select(rows.c.priority).where(rows.c.state == "new"))
        return list(found.scalars().all())


async def newest_unsettled(stage: Stage) -> int:
    async with stage.running.storage.db.read() as conn:
        return (await outbox.newest(conn, 1))[0].id


async def test_what_cannot_be_sent_soon_stays_due_and_alerts_are_announced_all_the_same(tmp_path: Path) -> None:
    async with staged(tmp_path / "data", sends_per_second=1) as stage:
        running = stage.running
        coach, _ = await stage.add("coach", "Ilse")
        await running.sender.stop()

        async def work(tx: Connection) -> None:
            await people.change(tx, coach, state="active", chat_id=900)
            for number in range(30):
                await _in_care(tx, stage, coach, number)

        await stage.write(work)
        await running.sweep()
        assert await unsent(stage) == [FIRST] * 10
        await running.sweep()
        assert len(await unsent(stage)) == 10
        await _nothing_waits(stage)
        await running.sweep()
        assert len(await unsent(stage)) == 10
        stage.setting.at = TUESDAY + contact.ASKED_KEEPS
        await running.sweep()
        states = await _outcomes(stage)
        assert (states.count("fired"), states.count("missed")) == (20, 10)


async def _in_care(tx: Connection, stage: Stage, coach: int, number: int) -> None:
    now, keyring = stage.setting.now(), stage.running.storage.keyring
    made = await people.add(tx, keyring, "participant", f"Deelnemer {number}", "nl", now)
    await people.change(tx, made, state="active", chat_id=1000 + number, care_from=now)
    await people.tie(tx, made, coach, now)
    await contact.ask_once(tx, made, contact.CHECKIN, None, f"token-{number}", now)


async def _nothing_waits(stage: Stage) -> None:
    await stage.write(lambda tx: tx.execute(rows.update().where(rows.c.state == "new").values(state="sent")))


async def _outcomes(stage: Stage) -> list[Any]:
    async with stage.running.storage.db.read() as conn:
        return list((await conn.execute(select(moment.c.outcome).where(moment.c.kind == "asked"))).scalars().all())
