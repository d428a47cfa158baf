"""What one can do is found without knowing the words: the menu, /help, and words as people really type them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.turns.menu import COMMANDS
from tests.stories.conftest import Pair
from tests.support.stage import Stage

MENU = "setMyCommands"


async def menus(stage: Stage, most: int) -> list[dict[str, Any]]:
    """What was said about menus, as soon as there are so many."""

    def said() -> list[dict[str, Any]] | None:
        found = [dict(one.parameters) for one in stage.telegram.requests(method=MENU)]
        return found if len(found) == most else None

    found: list[dict[str, Any]] = await stage.telegram.until(said)
    return found


def words(said: dict[str, Any]) -> list[str]:
    return [one["command"] for one in said["commands"]]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("wanneer?", "Dit is er gepland:"),
        ("Pauze.", "Hoelang wil je pauze?"),
        ("/pauze", "Hoelang wil je pauze?"),
        ("  STOP!! ", "Je kunt kiezen, Sam."),
        ("/stop", "Je kunt kiezen, Sam."),
        ("Overzicht 🙂", "Wat wil je zien?"),
        ("/overzicht", "Wat wil je zien?"),
        ("Help!", "/menu: kies waar het over gaat"),
    ],
)
async def test_a_word_works_as_people_type_it(pair: Pair, typed: str, seen: str) -> None:
    await pair.sam.write(typed)
    await pair.sam.sees(seen)
    await pair.stage.settled()
    assert pair.ilse.reads_all() == []


@pytest.mark.parametrize("typed", ["wanneer kom je?", "?!"])
async def test_words_that_ask_for_no_talk_are_for_the_coach(pair: Pair, typed: str) -> None:
    await pair.sam.write(typed)
    await pair.sam.sees("Ilse krijgt dit bericht")


@pytest.mark.parametrize("typed", ["pauzes", "ik wil stoppen met roken"])
async def test_words_that_are_only_near_are_asked_about_and_else_for_the_coach(pair: Pair, typed: str) -> None:
    await pair.sam.write(typed)
    await pair.sam.tap("Nee", on="Bedoel je:")
    await pair.sam.sees("Ilse krijgt dit bericht")


async def test_every_word_of_the_menu_leads_somewhere_and_none_to_the_coach(pair: Pair) -> None:
    for word, _ in COMMANDS["participant"]:
        await pair.sam.write(f"/{word}")
        await pair.stage.settled()
        assert not any("krijgt dit" in one.text for one in pair.sam.reads_all()), word
    for word, _ in COMMANDS["coach"]:
        await pair.ilse.write(f"/{word}")
        await pair.stage.settled()
        assert not any("Voor wie is dit bericht" in one.text for one in pair.ilse.reads_all()), word


async def test_what_only_shows_is_shown_beside_an_open_question(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write("/wanneer")
    await pair.sam.sees("Dit is er gepland:")
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write("4")
    await pair.sam.sees("Hoeveel energie")
    assert pair.ilse.reads_all() == []


async def test_the_open_question_comes_back_after_what_was_tapped_meanwhile(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write("4")
    await pair.sam.sees("Hoeveel energie")
    await pair.sam.write("/taal")
    await pair.sam.tap("Nederlands", on="Kies je taal")
    await pair.sam.sees("Hoeveel energie")
    assert [one["step"] for one in (await pair.shows())["answers"] if one["flow"] == "monthly-checkin"] == ["work"]
    assert pair.ilse.reads_all() == []


async def test_everybody_has_the_participants_menu_in_each_language(stage: Stage) -> None:
    said = {one["language_code"]: one for one in await menus(stage, 2)}
    assert said.keys() == {"", "en"}
    for one in said.values():
        assert one["scope"] == {"type": "default"}
        assert words(one) == [word for word, _ in COMMANDS["participant"]]
    assert said[""]["commands"][1]["description"] == "alles wat je kunt bekijken"
    assert said["en"]["commands"][1]["description"] == "all that you can look at"


async def test_a_coach_and_an_employer_get_their_own_menu_when_they_join(pair: Pair) -> None:
    _, code = await pair.stage.add("employer", "Karin")
    karin = pair.stage.phone("Karin")
    await karin.start(code)
    await karin.sees("Welkom.")
    own = {one["scope"]["chat_id"]: words(one) for one in await menus(pair.stage, 4) if "chat_id" in one["scope"]}
    assert own == {
        chat: [word for word, _ in COMMANDS[role]] for chat, role in ((pair.ilse.id, "coach"), (karin.id, "employer"))
    }


async def test_a_coachs_help_names_every_word_of_the_menu(pair: Pair) -> None:
    await pair.ilse.write("/help")
    said = await pair.ilse.sees("Dit kun je typen, of tik erop:")
    assert all(f"/{word}: {what}" in said.text for word, what in COMMANDS["coach"])


async def test_a_menu_that_telegram_refuses_changes_nothing_else(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.telegram.fault(MENU, times=1, code=429, retry_after=3600)
    _, code = await stage.add("coach", "Ilse")
    ilse = stage.phone("Ilse")
    await ilse.start(code)
    await ilse.sees("Welkom, Ilse")
    await ilse.write("/meldingen")
    await ilse.sees("Er zijn geen open meldingen.")
    await stage.telegram.until(lambda: "a menu could not be set" in caplog.text or None)
