"""P3 and P8: a message that Telegram refuses for good is told to who must know, without its words, and only once."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from bot.storage.tables import bond
from tests.stories.conftest import Pair, joins
from tests.support.phones import Phone

REFUSED = {"code": 400, "description": "Bad Request: message is refused"}
TOLD = "Telegram nam het niet aan."


async def answered(pair: Pair, words: str) -> None:
    await pair.sam.write("kun je me bellen?")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("kun je me bellen?")
    await pair.stage.settled()
    pair.stage.telegram.fault("sendMessage", chat=pair.sam.id, **REFUSED)
    await pair.ilse.reply("kun je me bellen?", words)


def sent_to(pair: Pair, phone: Phone) -> int:
    return len(pair.stage.telegram.requests("sendMessage", phone.id))


async def test_a_coach_hears_that_an_answer_did_not_arrive_though_it_was_sent(pair: Pair) -> None:
    await answered(pair, "Ik bel je om vier uur")
    await pair.ilse.sees("Verstuurd aan Sam")
    announced = await pair.ilse.sees("Er is iets nieuws bij een melding.")
    await pair.ilse.tap("Bekijken", on=announced)
    shown = await pair.ilse.sees(TOLD)
    assert "1 december" in shown.text
    await pair.stage.settled()
    assert not [one for one in pair.sam.messages if "vier uur" in one.text]
    items = [(one["kind"], one["topic"]) for one in (await pair.shows())["alerts"][0]["items"]]
    assert items.count(("failure", "refused")) == 1


async def test_what_comes_after_a_refused_message_arrives(pair: Pair) -> None:
    await answered(pair, "Ik bel je om vier uur")
    await pair.ilse.sees("Verstuurd aan Sam")
    await pair.ilse.reply("kun je me bellen?", "Of om vijf uur?")
    await pair.sam.sees("Ilse: Of om vijf uur?")


async def test_admins_hear_once_a_day_that_a_coach_does_not_get_everything(pair: Pair) -> None:
    """A coach may have set Telegram so that nobody can send a voice message."""
    _, bo = await joins(pair.stage, "admin", "Bo")
    pair.stage.telegram.fault("sendVoice", times=100, **REFUSED)
    for _ in range(2):
        await pair.sam.send("voice")
        await pair.ilse.tap("Bekijken")
        await pair.stage.settled()
    told = [one.text for one in bo.reads_all()]
    assert told == [f"Een bericht aan Ilse kwam niet aan. {TOLD} De reden staat in het logboek."]
    await pair.stage.later(days=1, hours=1)
    await pair.sam.send("voice")
    await pair.ilse.tap("Bekijken")
    await bo.sees("Een bericht aan Ilse kwam niet aan.")


async def test_of_a_refused_word_about_a_refused_message_nobody_hears(pair: Pair) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    _, kim = await joins(pair.stage, "admin", "Kim")
    await pair.stage.settled()
    telegram = pair.stage.telegram
    telegram.fault("sendVoice", **REFUSED)
    telegram.fault("sendMessage", chat=bo.id, times=10, **REFUSED)
    before = sent_to(pair, bo), sent_to(pair, kim)
    await pair.sam.send("voice")
    await pair.ilse.tap("Bekijken")
    await kim.sees("Een bericht aan Ilse kwam niet aan.")
    await pair.stage.settled()
    assert (sent_to(pair, bo), sent_to(pair, kim)) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize("known", [True, False])
async def test_without_a_coach_the_admins_hear_a_number_and_of_a_stranger_nobody(pair: Pair, known: bool) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    if known:
        now = pair.stage.setting.now()
        await pair.stage.write(lambda tx: tx.execute(update(bond).values(until=now)))
    somebody = pair.sam if known else pair.stage.phone("Iemand")
    await pair.stage.settled()
    pair.stage.telegram.fault("sendMessage", chat=somebody.id, **REFUSED)
    await somebody.write("hallo")
    await pair.stage.settled()
    said = [one.text for one in bo.reads_all() if TOLD in one.text]
    assert len(said) == (1 if known else 0)
    assert not [one for one in said if "Sam" in one or f"deelnemer {pair.participant}" not in one]
