"""Replies that do not fit: nothing is lost or filed under the wrong question, and the way on is told (P4, P16)."""

from __future__ import annotations

import pytest

from tests.stories.conftest import Pair

CHECK_IN = "Hoe gaat het op je werk?"
ENERGY = "Hoeveel energie"


async def asked(pair: Pair) -> None:
    """The check-in's first question is open."""
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees(CHECK_IN)


async def until_when(pair: Pair) -> None:
    """A question for a day is open."""
    await pair.sam.write("/pauze")
    await pair.sam.tap("Tot een andere dag")
    await pair.sam.sees("Vanaf welke dag")


async def with_the_coach(pair: Pair) -> list[str]:
    return [one["text"] for one in (await pair.shows())["messages"]]


async def answers(pair: Pair) -> list[tuple[str, object]]:
    shown = await pair.shows()
    return [(one["step"], one["value"]) for one in shown["answers"] if one["flow"] != "welcome"]


@pytest.mark.parametrize("words", ["24,5", "veertig", "als mijn zus terug is"])
async def test_what_is_no_day_is_told_what_a_day_looks_like(pair: Pair, words: str) -> None:
    await until_when(pair)
    await pair.sam.write(words)
    await pair.sam.sees("Hier past een dag, zoals maandag of 8-12.")
    await pair.sam.sees("Vanaf welke dag")
    assert await with_the_coach(pair) == [words]
    assert await answers(pair) == [("how_long", "other")]


async def test_a_day_that_is_over_is_told_that_it_must_still_come(pair: Pair) -> None:
    await until_when(pair)
    await pair.sam.write("1 februari 2020")
    await pair.sam.sees("Die dag is al voorbij. Hier past een dag die nog komt, zoals 8-12.")
    await pair.sam.sees("Vanaf welke dag")
    assert await with_the_coach(pair) == ["1 februari 2020"]


async def test_pictures_alone_go_to_the_coach_and_the_buttons_are_pointed_at(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("😀😀")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.sees("Kies een van de knoppen.")
    await pair.sam.sees(CHECK_IN)
    assert await with_the_coach(pair) == ["😀😀"]


async def test_a_voice_message_at_a_day_goes_to_the_coach(pair: Pair) -> None:
    await until_when(pair)
    await pair.sam.send("voice", content=b"bytes of it")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.sees("Hier past een dag")
    await pair.sam.sees("Vanaf welke dag")
    assert await answers(pair) == [("how_long", "other")]


async def test_words_of_somebody_else_are_no_answer(pair: Pair) -> None:
    await until_when(pair)
    await pair.sam.forward("maandag", "Een vriend")
    await pair.sam.sees("Ilse krijgt dit bericht")
    assert await with_the_coach(pair) == ["(doorgestuurd bericht van iemand anders) maandag"]
    assert await answers(pair) == [("how_long", "other")]


async def test_ten_messages_at_once_answer_one_question_and_the_rest_is_for_the_coach(pair: Pair) -> None:
    """Nobody answers a question that they have not seen."""
    await asked(pair)
    said = ["4", "4", "3", "ja", "nee", "maandag", "het ging goed", "echt waar", "5", "dag"]
    pair.stage.telegram.hold()
    for words in said:
        await pair.sam.write(words)
    pair.stage.telegram.deliver()
    await pair.sam.sees(ENERGY)
    await pair.stage.settled()
    assert await answers(pair) == [("work", 4)]
    assert await with_the_coach(pair) == said[1:]
    pair.sam.reads_all()
    await pair.sam.write("2")
    await pair.stage.settled()
    assert (await answers(pair))[1] == ("energy", 2)


async def test_stop_typed_three_times_at_once_stops(pair: Pair) -> None:
    pair.stage.telegram.hold()
    for _ in range(3):
        await pair.sam.write("stop")
    pair.stage.telegram.deliver()
    await pair.sam.sees("Je krijgt geen vragen meer.")
    assert await with_the_coach(pair) == []


async def test_an_earlier_answer_that_is_edited_goes_to_the_coach_and_changes_nothing(pair: Pair) -> None:
    await asked(pair)
    mine = await pair.sam.write("4")
    await pair.sam.sees(ENERGY)
    await pair.sam.edit(mine, "2")
    await pair.sam.sees("Wil je een antwoord veranderen? Typ: terug.")
    assert await answers(pair) == [("work", 4)]
    assert await with_the_coach(pair) == ["(aangepast bericht) 2"]


async def test_a_button_of_an_older_question_of_this_talk_says_how_to_go_back(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("4")
    await pair.sam.sees(ENERGY)
    await pair.sam.tap("Slecht", on=CHECK_IN)
    await pair.sam.sees("Die knop is van een eerdere vraag. Wil je een antwoord veranderen? Typ: terug.")
    await pair.sam.sees(ENERGY)
    assert await answers(pair) == [("work", 4)]
    await pair.sam.write("terug")
    await pair.sam.sees(CHECK_IN)


async def test_a_button_of_last_month_says_what_is_possible_now(pair: Pair) -> None:
    await asked(pair)
    await pair.sam.write("stop")
    await pair.sam.sees("Goed, we stoppen voor nu.")
    await pair.stage.later(days=28)
    await pair.sam.tap("Slecht", on=CHECK_IN)
    await pair.sam.sees("Die knop is van een eerdere vraag. Je kunt altijd een bericht typen. Ilse leest het.")


async def test_skipping_what_cannot_be_skipped_is_told_what_fits(pair: Pair) -> None:
    await until_when(pair)
    await pair.sam.write("overslaan")
    await pair.sam.sees("Hier past een dag")
    await pair.sam.sees("Vanaf welke dag")
    assert await with_the_coach(pair) == []
