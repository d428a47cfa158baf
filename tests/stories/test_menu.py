"""The menu, a language chosen later, and good news: what a tap leads to."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Pair

CHECK_IN = "Hoe gaat het op je werk?"


@pytest.mark.parametrize(
    ("taps", "question"),
    [
        (("Iets anders", "Een pauze van de vragen"), "Hoelang wil je pauze?"),
        (("Iets anders", "Een andere taal"), "Kies je taal."),
        (("Iets anders", "Gebeld worden"), "Zal Ilse je bellen?"),
        (("Iets anders", "Stoppen met de vragen"), "Je kunt kiezen, Sam."),
        (("Werk", "Mijn contract of mijn baan", "Mijn contract loopt af"), "Heb je even tijd?"),
    ],
)
async def test_a_button_of_the_menu_begins_that_talk(pair: Pair, taps: tuple[str, ...], question: str) -> None:
    await pair.sam.write("menu")
    await pair.sam.sees("Waar gaat het over?")
    for label in taps:
        await pair.sam.tap(label)
    await pair.sam.sees(question)


async def test_help_from_the_menu_names_the_numbers_and_asks_what_is_the_matter(pair: Pair) -> None:
    await pair.sam.write("/menu")
    await pair.sam.tap("Nu hulp nodig")
    sos = await pair.sam.sees("Wat is er?")
    assert "112" in sos.text
    assert "113" in sos.text


async def test_what_waited_does_not_come_between_a_cry_for_help_and_its_answer(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees(CHECK_IN)
    await pair.sam.write("/menu")
    await pair.sam.tap("Nu hulp nodig")
    await pair.sam.sees("Wat is er?")
    await pair.stage.settled()
    assert [one.text for one in pair.sam.unread if CHECK_IN in one.text] == []
    await pair.sam.write("het gaat wel weer")
    await pair.sam.sees("We gaan verder waar we gebleven waren.")
    await pair.sam.sees(CHECK_IN)


async def test_an_open_question_comes_back_after_what_the_menu_led_to(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees(CHECK_IN)
    await pair.sam.write("/menu")
    await pair.sam.tap("Iets anders")
    await pair.sam.tap("Een pauze van de vragen")
    await pair.sam.tap("Toch geen pauze")
    await pair.sam.sees("We gaan verder waar we gebleven waren.")
    await pair.sam.sees(CHECK_IN)


async def test_the_language_can_change_at_any_time(pair: Pair) -> None:
    await pair.sam.write("/language")
    await pair.sam.tap("English")
    await pair.sam.sees("From now on we talk in this language.")
    await pair.sam.write("help")
    await pair.sam.sees("You can type this, or tap it:")


async def test_who_gets_no_questions_reads_nothing_untrue_about_more_of_them(pair: Pair) -> None:
    await pair.sam.write("stop")
    await pair.sam.tap("Stop", on="Je kunt kiezen")
    await pair.sam.tap("Stop", on="Weet je het zeker?")
    await pair.sam.sees("Je krijgt geen vragen meer.")
    for words in ("verder", "vaker"):
        await pair.sam.write(words)
        await pair.sam.sees("Je krijgt nu geen vragen van mij.")
        pair.sam.reads_all()
    await pair.stage.settled()
    assert "wil weer vragen" not in pair.ilse.screen()


# ---- good news


async def good_news(pair: Pair) -> None:
    """Sam tells something good, and lets Ilse read it."""
    await pair.stage.later(hours=1)
    await pair.sam.write("goed nieuws")
    await pair.sam.tap("Ja, natuurlijk")
    await pair.sam.sees("Wat ging er goed?")
    await pair.sam.write("Ik mag blijven op mijn werk")
    await pair.sam.sees("Daar mag je trots op zijn.")


async def test_good_news_is_told_once_without_a_sound_and_closed_by_reading(pair: Pair) -> None:
    await good_news(pair)
    told = await pair.ilse.sees("Er is goed nieuws van een deelnemer.")
    sent = pair.stage.telegram.requests(method="sendMessage", chat=pair.ilse.id)[-1]
    assert sent.parameters.get("disable_notification")
    await pair.stage.later(days=1)
    await pair.stage.later(days=3)
    await pair.stage.settled()
    assert pair.ilse.unread == []
    await pair.ilse.tap("Bekijken", on=told)
    await pair.ilse.sees("Goed nieuws van Sam")
    assert (await pair.shows())["alerts"] == []
    await pair.ilse.tap("Gelezen, dank je")
    await pair.sam.tap("Lezen")
    await pair.sam.sees("Ik heb het gelezen. Fijn dat je het zegt.")


async def test_a_later_worry_on_it_is_announced_as_ever(pair: Pair) -> None:
    await good_news(pair)
    await pair.ilse.sees("Er is goed nieuws van een deelnemer.")
    await pair.sam.write("Mijn rooster is veranderd en ik snap het")
    await pair.ilse.sees("Er is een nieuwe melding.")
    assert [one["level"] for one in (await pair.shows())["alerts"]] == ["today"]
    await pair.stage.later(hours=3)
    await pair.ilse.sees("Er wacht nog een melding op je.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Mijn rooster is veranderd")
    assert [one["state"] for one in (await pair.shows())["alerts"]] == ["raised"]
