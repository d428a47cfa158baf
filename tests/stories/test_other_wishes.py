"""Another wish in the middle, and wishes typed nearly right: one outcome at once, and nothing is lost (P4, P16)."""

from __future__ import annotations

import pytest

from bot.storage import runs
from bot.storage.runs import RunRow
from bot.turns.parking import MOST
from tests.stories.conftest import Pair

CHECK_IN = "Hoe gaat het op je werk?"
OWN_WORDS = "Waar ben je trots op?"
"""The first question of the goodbye: any words answer it."""
BACK = "We gaan verder waar we gebleven waren."


async def asked(pair: Pair) -> None:
    """The check-in's first question is open."""
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees(CHECK_IN)


async def parked(pair: Pair) -> list[RunRow]:
    storage = pair.stage.running.storage
    await pair.stage.settled()
    async with storage.db.read() as conn:
        return await runs.parked(conn, await storage.keyring.of(conn, pair.participant), pair.participant)


async def with_the_coach(pair: Pair) -> list[str]:
    return [one["text"] for one in (await pair.shows())["messages"]]


async def answers(pair: Pair, step: str) -> list[object]:
    return [one["value"] for one in (await pair.shows())["answers"] if one["step"] == step]


async def test_another_wish_is_offered_at_once_and_the_question_comes_back_after_it(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("ik wil pauze")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    await pair.sam.tap("Ja")
    await pair.sam.tap("Toch geen pauze")
    await pair.sam.sees("Goed, dan komt er geen pauze.")
    await pair.sam.sees(BACK)
    await pair.sam.sees(CHECK_IN)
    await pair.sam.tap("Goed")
    assert await answers(pair, "work") == [4]
    assert await with_the_coach(pair) == []


async def test_no_brings_the_question_back_and_the_words_to_the_coach(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("pauze")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    await pair.sam.write("nee hoor")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.sees(CHECK_IN)
    await pair.sam.tap("Goed")
    assert await answers(pair, "work") == [4]
    assert await with_the_coach(pair) == ["pauze"]


async def test_a_command_needs_no_offer(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/pauze")
    await pair.sam.sees("Hoelang wil je pauze?")
    await pair.sam.tap("Toch geen pauze")
    await pair.sam.sees(BACK)
    await pair.sam.sees(CHECK_IN)


async def test_what_only_shows_something_comes_beside_the_question(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("wanneer")
    await pair.sam.sees("Dit is er gepland:")
    await pair.sam.sees(CHECK_IN)
    assert await parked(pair) == []


async def test_words_that_answer_the_question_are_the_answer(pair: Pair) -> None:
    await pair.sam.write("stop")
    await pair.sam.sees("Je kunt kiezen, Sam.")
    await pair.sam.write("pauze")
    await pair.sam.sees("Hoelang wil je pauze?")
    assert await parked(pair) == []


async def test_at_a_question_for_own_words_only_start_words_exactly_are_a_wish(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant, "goodbye")
    await pair.sam.sees(OWN_WORDS)
    await pair.sam.write("dat ik geen pauze nam")
    await pair.sam.sees("Wat mooi, Sam.")
    assert await answers(pair, "proud") == ["dat ik geen pauze nam"]


async def test_refused_at_a_question_for_own_words_they_are_the_answer_as_they_were_typed(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant, "goodbye")
    await pair.sam.sees(OWN_WORDS)
    await pair.sam.write("Pauze!")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    assert await answers(pair, "proud") == []
    await pair.sam.tap("Nee")
    await pair.sam.sees("Wat mooi, Sam.")
    assert await answers(pair, "proud") == ["Pauze!"]
    assert await with_the_coach(pair) == []


async def test_without_an_answer_to_the_offer_the_words_are_what_they_would_have_been(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant, "goodbye")
    await pair.sam.sees(OWN_WORDS)
    await pair.sam.write("Pauze")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    await pair.stage.later(minutes=31)
    await pair.sam.sees("Wat mooi, Sam.")
    assert await answers(pair, "proud") == ["Pauze"]


async def test_what_is_said_instead_of_yes_or_no_reaches_the_coach(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("pauze")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    await pair.sam.write("mijn rooster klopt niet en dat vind ik stom")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    await pair.sam.tap("Nee")
    await pair.sam.sees(CHECK_IN)
    assert await with_the_coach(pair) == ["mijn rooster klopt niet en dat vind ik stom", "pauze"]


async def test_a_tap_on_the_question_answers_it_and_refuses_the_offer(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("pauze")
    await pair.sam.sees("Wil je het nu over «Pauze» hebben?")
    await pair.sam.tap("Goed", on=CHECK_IN)
    await pair.sam.sees("Hoeveel energie")
    assert await answers(pair, "work") == [4]
    assert await with_the_coach(pair) == ["pauze"]


async def test_a_tap_on_a_question_that_waits_hears_that_it_comes_back(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/pauze")
    await pair.sam.sees("Hoelang wil je pauze?")
    await pair.sam.tap("Goed", on=CHECK_IN)
    await pair.sam.sees("Die vraag komt straks terug. Eerst deze.")
    await pair.sam.sees("Hoelang wil je pauze?")
    assert await answers(pair, "work") == []


async def test_an_offer_does_not_come_back_after_another_wish_and_its_words_are_with_the_coach(pair: Pair) -> None:
    """«We gaan verder waar we gebleven waren. Bedoel je: Te laat?» came after each talk, about words long gone."""
    await pair.sam.write("bus gemist kom later")
    await pair.sam.sees("Bedoel je: «Te laat»?")
    await pair.sam.write("ruzie")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.sees("Wil je het nu over «Ruzie op het werk» hebben?")
    await pair.sam.tap("Nee", on="Ruzie op het werk")
    await pair.stage.settled()
    assert sum("Bedoel je" in one.text for one in pair.sam.messages) == 1
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("bus gemist kom later")


async def test_a_parked_talk_loses_no_time(pair: Pair) -> None:
    """The check-in ends after ten days without an answer; here it waits for the pause's question for nine."""
    await asked(pair)
    await pair.stage.later(days=2)
    await pair.sam.write("/pauze")
    await pair.sam.sees("Hoelang wil je pauze?")
    await pair.stage.later(days=9, hours=20)
    await pair.sam.write("toch geen pauze")
    await pair.sam.sees(BACK)
    await pair.stage.later(days=7)
    pair.sam.reads_all()
    await pair.sam.write("goed")
    await pair.sam.sees("Hoeveel energie")
    assert await answers(pair, "work") == [4]


async def test_a_parked_talk_comes_back_when_the_other_one_is_left_alone(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/taal")
    await pair.sam.sees("Kies je taal.")
    await pair.stage.later(days=1, minutes=1)
    await pair.sam.sees(BACK)
    await pair.sam.sees(CHECK_IN)


async def test_at_night_nothing_comes_back_by_itself(pair: Pair) -> None:
    await asked(pair)
    await pair.stage.later(hours=13)  # eleven in the evening
    await pair.sam.write("/taal")
    await pair.sam.sees("Kies je taal.")
    await pair.stage.later(days=1, minutes=1)
    await pair.stage.settled()
    assert pair.sam.unread == []
    await pair.stage.later(hours=11)
    await pair.sam.sees(BACK)


async def test_it_survives_a_new_start_of_the_program(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/taal")
    await pair.sam.sees("Kies je taal.")
    await pair.stage.settled()
    await pair.stage.close()
    await pair.stage.open()
    await pair.sam.write("overslaan")
    await pair.sam.sees(BACK)
    await pair.sam.sees(CHECK_IN)


async def test_who_wants_no_questions_any_more_gets_none_back(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/pauze")
    await pair.sam.tap("Een week")
    await pair.sam.sees("Schrijven mag altijd, ook in je pauze.")
    await pair.stage.settled()
    assert await parked(pair) == []
    assert BACK not in pair.sam.screen()


async def test_a_job_that_ended_is_asked_about_no_more(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("ontslagen")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Hoe is je werk gestopt?")
    await pair.sam.write("overslaan")
    await pair.sam.tap("Ja, het is gestopt")
    await pair.stage.settled()
    assert await parked(pair) == []


async def test_forgotten_while_a_talk_is_parked(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist.")
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        assert await runs.standing_on(conn) == set()


async def test_so_many_talks_may_wait_and_of_the_oldest_the_coach_hears(pair: Pair) -> None:
    await asked(pair)
    for command, question in (
        ("/taal", "Kies je taal."),
        ("/overzicht", "Wat wil je zien?"),
        ("/bel me", "Zal Ilse je bellen?"),
        ("/pauze", "Hoelang wil je pauze?"),
    ):
        await pair.sam.write(command)
        await pair.sam.sees(question)
    assert [one.flow for one in await parked(pair)] == ["call-me", "overview", "language"][:MOST]
    await pair.ilse.sees("Sam begon over iets anders.")
    for _ in range(4):
        await pair.sam.write("overslaan")
    await pair.stage.settled()
    assert await parked(pair) == []


async def test_a_wish_for_a_talk_that_waits_goes_on_in_it(pair: Pair) -> None:
    await pair.sam.write("/pauze")
    await pair.sam.tap("Tot een andere dag")
    await pair.sam.sees("Vanaf welke dag")
    await pair.sam.write("/taal")
    await pair.sam.sees("Kies je taal.")
    await pair.sam.write("/pauze")
    await pair.sam.sees("Vanaf welke dag")
    assert [one.flow for one in await parked(pair)] == ["language"]


async def test_while_the_coach_talks_both_wait(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("/taal")
    await pair.sam.sees("Kies je taal.")
    await pair.stage.settled()
    await pair.ilse.write("Hoi Sam, hoe is het?")
    await pair.ilse.tap("Sam")
    await pair.sam.sees("Hoi Sam, hoe is het?")
    await pair.sam.write("/pauze")
    await pair.ilse.sees("/pauze")
    await pair.ilse.tap("Gesprek sluiten")
    await pair.sam.sees("Kies je taal.")
    await pair.sam.write("overslaan")
    await pair.sam.sees(CHECK_IN)


# ---- no question is open


@pytest.mark.parametrize("words", ["pauze", "ik wil graag even pauze", "Pauze vandaag!", "/pauze"])
async def test_start_words_with_words_around_them_begin(pair: Pair, words: str) -> None:
    await pair.sam.write(words)
    await pair.sam.sees("Hoelang wil je pauze?")
    assert await with_the_coach(pair) == []


@pytest.mark.parametrize("words", ["pauzee", "ik wil pouze"])
async def test_words_that_are_nearly_it_are_asked_about(pair: Pair, words: str) -> None:
    await pair.sam.write(words)
    await pair.sam.sees("Bedoel je: «Pauze»?")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Hoelang wil je pauze?")
    assert await with_the_coach(pair) == []


async def test_after_no_the_words_go_to_the_coach_as_they_were(pair: Pair) -> None:
    await pair.sam.write("Ik wil pouze")
    await pair.sam.sees("Bedoel je: «Pauze»?")
    await pair.sam.tap("Nee")
    await pair.sam.sees("Ilse krijgt dit bericht")
    assert await with_the_coach(pair) == ["Ik wil pouze"]


async def test_without_yes_or_no_the_words_go_to_the_coach_after_half_an_hour(pair: Pair) -> None:
    await pair.sam.write("pouze")
    await pair.sam.sees("Bedoel je: «Pauze»?")
    await pair.stage.later(minutes=31)
    await pair.sam.sees("Ilse krijgt dit bericht")
    assert await with_the_coach(pair) == ["pouze"]


async def test_a_long_message_goes_to_the_coach_and_the_offer_comes_after(pair: Pair) -> None:
    words = "Mijn collega zegt dat ik morgen moet komen, maar ik wil stoppen want het is me te gek"
    await pair.sam.write(words)
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.sees("Wil je het nu over «Stoppen met de vragen» hebben?")
    assert await with_the_coach(pair) == [words]
    await pair.sam.tap("Nee")
    await pair.sam.sees("Goed. Je kunt altijd een bericht typen.")
    assert await with_the_coach(pair) == [words]


async def test_a_no_in_it_turns_it_round(pair: Pair) -> None:
    await pair.sam.write("ik ben niet van plan dat ik wil stoppen")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.stage.settled()
    assert "Wil je het nu over" not in pair.sam.screen()
