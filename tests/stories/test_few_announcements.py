"""P8 for a coach with more than one participant: nothing that waits is forgotten, and it is said in few words.

What is open is counted in one line, however much falls due; what comes just after an announcement that nobody opened
is part of it; an urgent alert says that it is one, and none of it says more (P19).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.storage import people, timers
from bot.storage.alerts import Item
from bot.storage.connection import Connection
from bot.turns import alerting
from bot.turns.care import tasks
from bot.turns.turn import Turn
from tests.stories.conftest import Pair
from tests.support.phones import Phone

NEW = "Er is een nieuwe melding."
MORE = "Er is iets nieuws bij een melding."
AGAIN = "Er wacht nog een melding op je."
URGENT = "Er is een melding met haast."
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def add(pair: Pair, name: str) -> tuple[int, Phone]:
    """One more participant of the same coach."""
    who, code = await pair.stage.add("participant", name, pair.coach)
    phone = pair.stage.phone(name)
    await phone.start(code)
    await phone.tap("Nederlands")
    await phone.tap("Ja")
    await phone.sees("Fijn dat je meedoet")
    await pair.stage.settled()
    pair.ilse.reads_all()
    return who, phone


async def flag(pair: Pair, level: str, who: int | None = None, *, quietly: bool = False) -> None:
    """Something for the coach that nobody wrote."""
    running = pair.stage.running

    async def work(tx: Connection) -> None:
        turn = Turn(tx, pair.stage.setting.now(), running.services)
        found = [await people.by_id(tx, running.storage.keyring, one) for one in (who or pair.participant, pair.coach)]
        sam, ilse = found
        assert sam
        assert ilse
        await alerting.add(turn, sam, ilse, Item("flag", level, "work", "Reden", None, turn.now), quietly=quietly)

    await pair.stage.write(work)
    await pair.stage.settled()


async def told(pair: Pair) -> list[str]:
    """What the coach is told, beginning with what was not read yet."""
    await pair.stage.settled()
    return [message.text for message in pair.ilse.reads_all()]


async def announcements_due(pair: Pair) -> int:
    """Of how many alerts the coach will hear again, however long it takes."""
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        ahead = await timers.due(conn, pair.stage.setting.now() + timedelta(days=30), 100, of_alerts=True)
    return len(ahead)


# ---- what waits, in one line


async def test_three_alerts_that_nobody_took_are_one_line_and_from_then_on_fall_due_together(pair: Pair) -> None:
    _, kim = await add(pair, "Kim")
    _, bo = await add(pair, "Bo")
    for phone in (pair.sam, kim, bo):
        await phone.write("kun je me bellen?")
        await phone.sees("Ilse krijgt dit bericht")
        await pair.stage.later(minutes=30)
    assert await told(pair) == [NEW] * 3
    await pair.stage.later(minutes=31)
    assert await told(pair) == ["Er wachten nog 3 meldingen op je."]
    await pair.stage.later(hours=1, minutes=59)
    assert await told(pair) == []
    await pair.stage.later(minutes=1)
    assert await told(pair) == ["Er wachten nog 3 meldingen op je."]
    assert await announcements_due(pair) == 3


async def test_the_line_opens_the_overview_with_what_can_wait_least_first(pair: Pair) -> None:
    kim, _ = await add(pair, "Kim")
    bo, _ = await add(pair, "Bo")
    await flag(pair, "soon")
    await flag(pair, "today", kim)
    await flag(pair, "urgent", bo)
    await pair.stage.later(minutes=30)
    line = await pair.ilse.sees("Er wachten nog 3 meldingen op je. Er is haast bij.")
    await pair.ilse.tap("Bekijken", on=line)
    overview = await pair.ilse.sees("Open meldingen:")
    assert overview.labels[:3] == ["Met haast: Bo", "Kim", "Sam"]
    await pair.ilse.tap("Kim", on=overview)
    await pair.ilse.sees("Kim\n\n• Reden")
    await pair.ilse.tap("Ik pak het op")
    await pair.ilse.write("/meldingen")
    assert (await pair.ilse.sees("Open meldingen:")).labels[:3] == ["Met haast: Bo", "Kim (opgepakt)", "Sam"]


async def test_one_that_was_taken_is_not_counted_and_the_last_one_has_its_own_line_and_button(pair: Pair) -> None:
    _, kim = await add(pair, "Kim")
    await kim.write("hoi")
    await pair.ilse.tap("Bekijken", on=NEW)
    await pair.ilse.tap("Ik pak het op")
    await flag(pair, "today")
    await told(pair)
    await pair.stage.later(hours=2)
    line = await pair.ilse.sees(AGAIN)
    await pair.ilse.tap("Bekijken", on=line)
    await pair.ilse.sees("Sam\n\n• Reden")


async def test_danger_is_never_counted_nor_waits_for_the_others(pair: Pair) -> None:
    kim, _ = await add(pair, "Kim")
    bo, _ = await add(pair, "Bo")
    await flag(pair, "today")
    await flag(pair, "today", kim)
    await flag(pair, "danger", bo)
    await told(pair)
    for _ in range(11):
        await pair.stage.later(minutes=10)
        assert await told(pair) == ["Niemand heeft een dringend bericht opgepakt. Lees dit nu."]
    await pair.stage.later(minutes=10)
    assert sorted(await told(pair)) == [
        "Er wachten nog 2 meldingen op je.",
        "Niemand heeft een dringend bericht opgepakt. Lees dit nu.",
    ]


async def test_good_news_is_not_counted(pair: Pair) -> None:
    kim, _ = await add(pair, "Kim")
    await flag(pair, "today")
    await flag(pair, "good", kim)
    await told(pair)
    await pair.stage.later(hours=2)
    assert await told(pair) == [AGAIN]


async def test_while_telegram_takes_nothing_the_lines_do_not_pile_up(pair: Pair) -> None:
    kim, _ = await add(pair, "Kim")
    await flag(pair, "today")
    await flag(pair, "today", kim)
    await told(pair)
    await pair.stage.running.sender.stop()
    for _ in range(3):
        pair.stage.setting.at += timedelta(hours=2)
        await pair.stage.running.sweep()
    await pair.stage.close()
    await pair.stage.open()
    assert await told(pair) == ["Er wachten nog 2 meldingen op je."]


async def test_tasks_that_wait_are_one_line_that_opens_the_list(pair: Pair) -> None:
    kim, _ = await add(pair, "Kim")
    bo, _ = await add(pair, "Bo")
    await give(pair, pair.participant)
    await give(pair, kim)
    await pair.stage.later(days=1)
    await give(pair, bo)
    await told(pair)
    await pair.stage.later(days=1)
    assert await told(pair) == ["Er staan nog 3 taken voor je open."]
    await pair.stage.later(days=6)
    assert await told(pair) == []
    await pair.stage.later(days=1)
    line = await pair.ilse.sees("Er staan nog 3 taken voor je open.")
    await pair.ilse.tap("Bekijken", on=line)
    listed = await pair.ilse.sees("Dit staat open:")
    assert len(listed.labels) == 3


async def test_a_task_that_was_put_off_is_not_in_the_line(pair: Pair) -> None:
    kim, _ = await add(pair, "Kim")
    await give(pair, pair.participant)
    await pair.ilse.tap("Later: volgende week")
    await pair.ilse.sees("Ik vraag het weer op")
    await pair.stage.later(hours=1)
    await give(pair, kim)
    await told(pair)
    await pair.stage.later(days=2)
    assert await told(pair) == ["Er staat iets voor je klaar."]


async def give(pair: Pair, who: int) -> None:
    running = pair.stage.running

    async def work(tx: Connection) -> None:
        turn = Turn(tx, pair.stage.setting.now(), running.services)
        sam, ilse = [await people.by_id(tx, running.storage.keyring, one) for one in (who, pair.coach)]
        assert sam
        assert ilse
        await tasks.give(turn, ilse, sam, "call")

    await pair.stage.write(work)


# ---- what comes just after an announcement


async def test_ten_messages_in_a_row_are_announced_once_and_the_announcement_opens_them_all(pair: Pair) -> None:
    for number in range(10):
        await pair.sam.write(f"bericht {number}")
        await pair.stage.later(seconds=50)
    assert await told(pair) == [NEW]
    assert await announcements_due(pair) == 1
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("bericht 9")
    assert all(f"bericht {number}" in shown.text for number in range(10))


async def test_after_ten_minutes_it_is_announced_and_the_repeat_comes_as_ever(pair: Pair) -> None:
    await pair.sam.write("een")
    await pair.stage.later(minutes=9)
    await pair.sam.write("twee")
    assert await told(pair) == [NEW]
    await pair.stage.later(minutes=1)
    await pair.sam.write("drie")
    assert await told(pair) == [MORE]
    await pair.stage.later(hours=2)
    assert await told(pair) == [AGAIN]


@pytest.mark.parametrize("did", ["looked", "took", "answered"])
async def test_who_looked_in_between_hears_of_the_next_message(pair: Pair, did: str) -> None:
    await pair.sam.write("een")
    await pair.ilse.tap("Bekijken", on=NEW)
    await pair.ilse.sees("een")
    if did == "took":
        await pair.ilse.tap("Ik pak het op")
    elif did == "answered":
        await pair.ilse.tap("Ik bel vandaag")
        await pair.ilse.sees("Verstuurd aan Sam.")
    await told(pair)
    await pair.sam.write("twee")
    assert await told(pair) == [MORE]
    await pair.sam.write("drie")
    assert await told(pair) == []
    await pair.ilse.tap("Bekijken", on=MORE)
    await pair.ilse.sees("drie")
    await pair.sam.write("vier")
    assert await told(pair) == [MORE]


async def test_what_is_worse_is_announced_at_once_and_in_its_own_words(pair: Pair) -> None:
    await flag(pair, "soon")
    await flag(pair, "soon")
    assert await told(pair) == [NEW]
    await flag(pair, "today")
    await flag(pair, "soon")
    assert await told(pair) == [MORE]
    await flag(pair, "urgent")
    await flag(pair, "today")
    assert await told(pair) == ["Er is iets nieuws bij een melding met haast."]
    await flag(pair, "danger")
    assert await told(pair) == ["Een dringend bericht. Lees dit nu."]
    await flag(pair, "danger")
    assert await told(pair) == ["Een dringend bericht. Lees dit nu."]


async def test_an_announcement_without_a_sound_stands_for_nothing_that_deserves_one(pair: Pair) -> None:
    await flag(pair, "today", quietly=True)
    assert await told(pair) == [NEW]
    await pair.sam.write("kun je me bellen?")
    assert await told(pair) == [MORE]
    pair.stage.setting.at = datetime(2026, 12, 2, 8, 55, tzinfo=AMSTERDAM)
    await pair.sam.write("slaap je nog?")
    await pair.sam.write("ik wel bijna")
    assert await told(pair) == [MORE]
    pair.stage.setting.at += timedelta(minutes=6)
    await pair.sam.write("nu ben je er")
    assert await told(pair) == [MORE]
    asked = [one for one in pair.stage.telegram.requests("sendMessage") if one.parameters["chat_id"] == pair.ilse.id]
    assert ["disable_notification" in one.parameters for one in asked[-4:]] == [True, False, True, False]


async def test_a_line_that_counts_several_stands_for_no_message_that_comes_next(pair: Pair) -> None:
    """The coach looked at the list, and the message that came after it was silent."""
    _, kim = await add(pair, "Kim")
    for phone in (pair.sam, kim):
        await phone.write("kun je me bellen?")
        await phone.sees("Ilse krijgt dit bericht")
    await pair.stage.later(hours=2)
    line = await pair.ilse.sees("Er wachten nog 2 meldingen op je.")
    await pair.ilse.tap("Bekijken", on=line)
    await pair.ilse.sees("Open meldingen:")
    await pair.sam.write("nu kan ik praten")
    await pair.ilse.sees(MORE)


async def test_new_words_on_one_that_was_taken_are_counted_with_the_others(pair: Pair) -> None:
    _, kim = await add(pair, "Kim")
    await kim.write("hoi")
    await pair.ilse.tap("Bekijken", on=NEW)
    await pair.ilse.tap("Ik pak het op")
    await kim.write("ik heb nog een vraag")
    await flag(pair, "today")
    await told(pair)
    await pair.stage.later(hours=2)
    line = await pair.ilse.sees("Er wachten nog 2 meldingen op je.")
    await pair.ilse.tap("Bekijken", on=line)
    assert (await pair.ilse.sees("Open meldingen:")).labels[:2] == ["Kim", "Sam"]


# ---- urgent


async def test_an_urgent_alert_says_so_and_nothing_of_what_it_is(pair: Pair) -> None:
    await flag(pair, "urgent")
    assert await told(pair) == [URGENT]
    await pair.stage.later(minutes=30)
    assert await told(pair) == ["Er wacht nog een melding met haast op je."]
    await pair.stage.later(minutes=10)
    await pair.sam.write("nog iets")
    assert await told(pair) == ["Er is iets nieuws bij een melding met haast."]
