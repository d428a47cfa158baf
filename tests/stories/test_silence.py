"""Who does not answer is asked once more in other words, never scolded; of the second time the coach hears."""

from __future__ import annotations

from tests.stories.conftest import Pair
from tests.support.caring import past, person

FIRST = "Hoe gaat het op je werk?"


async def silent_month(pair: Pair) -> None:
    """The next check-in gets no answer, until its time is over."""
    await pair.stage.next_moment()
    await pair.sam.sees(FIRST)
    await pair.stage.later(days=3)
    await pair.sam.sees("Er staat nog een vraag open.")
    await pair.stage.later(days=8)
    await pair.stage.settled()
    assert [one.text for one in pair.sam.unread if FIRST not in one.text] == []
    pair.sam.reads_all()


async def silences(pair: Pair) -> int:
    await pair.stage.settled()
    found = await person(pair.stage, pair.participant)
    assert found is not None
    return found.silences


async def test_the_first_silence_is_counted_and_nothing_more(pair: Pair) -> None:
    await silent_month(pair)
    assert await silences(pair) == 1
    assert pair.ilse.reads_all() == []
    assert [(one.outcome, one.answered) for one in await past(pair)] == [("fired", False)]


async def test_the_second_in_a_row_is_a_quiet_alert(pair: Pair) -> None:
    await silent_month(pair)
    await silent_month(pair)
    alert = await pair.ilse.sees("Er is een nieuwe melding.")
    assert "Sam" not in alert.text
    sent = [one for one in pair.stage.telegram.requests() if one.parameters.get("text") == alert.text]
    assert [one.parameters.get("disable_notification") for one in sent] == [True]
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Heeft niet geantwoord op de vragen.")


async def test_any_word_between_begins_the_count_anew(pair: Pair) -> None:
    await silent_month(pair)
    await pair.sam.write("Sorry, het was druk")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Gelezen, dank je")
    assert await silences(pair) == 0
    await pair.ilse.sees("De melding is gesloten.")
    pair.ilse.reads_all()
    pair.sam.reads_all()
    await silent_month(pair)
    assert await silences(pair) == 1
    assert pair.ilse.reads_all() == []


async def test_who_answered_a_few_questions_and_then_no_more_was_not_silent(pair: Pair) -> None:
    await pair.stage.next_moment()
    await pair.sam.sees(FIRST)
    await pair.sam.tap("Goed")
    await pair.sam.sees("Hoeveel energie")
    await pair.stage.later(days=11)
    assert await silences(pair) == 0
    assert [(one.outcome, one.answered) for one in await past(pair)] == [("fired", True)]


async def test_an_answer_after_the_time_is_over_reaches_the_coach_once(pair: Pair) -> None:
    await silent_month(pair)
    asked = next(one for one in reversed(pair.sam.messages) if FIRST in one.text)
    bad = next(label for label in asked.labels if "Slecht" in label)
    await pair.sam.tap(bad, on=asked)
    await pair.sam.sees("Die vraag was al voorbij. Ilse leest wel wat je koos.")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("laat antwoord bij «Maandelijkse check-in»")
    assert "Slecht" in shown.text
    await pair.sam.tap(bad, on=asked)
    await pair.sam.sees("Die knop is van een eerdere vraag.")
