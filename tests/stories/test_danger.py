"""P12: words that mean danger are answered at once with 112 and 113, and reach a human, whatever else is going on.

P7: the coach and the coach's deputy, and nobody else. P8: until one of them takes it. P19: nothing on a lock screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import commands
from bot.settings import Settings
from bot.storage import people
from flows import safety
from tests.stories.conftest import Pair, Trio, joins
from tests.support.caring import past
from tests.support.handovers import make_handover
from tests.support.phones import Phone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NIGHT = datetime(2026, 12, 4, 23, 0, tzinfo=AMSTERDAM)
"""A Friday."""
RED, VIOLENCE, DOUBT, ORANGE = (
    "ik wil dood",
    "mijn man slaat me",
    "soms denk ik dat iedereen beter af is zonder mij",
    "ik trek het niet meer",
)
GUESS = "ik kan 's nachts niet slapen"
"""Perhaps a worry: orange, and not for certain."""
ASKED = "Ben je in gevaar, of denk je aan zelfdoding?"
GOOD_OF_YOU, SAFE = "Wat goed dat je dit zegt.", "Ben je nu veilig?"
NOW, STILL = "Een dringend bericht. Lees dit nu.", "Niemand heeft een dringend bericht opgepakt. Lees dit nu."
NEWS = "Er is iets nieuws bij een dringend bericht. Lees dit nu."
SHORT = "Bij gevaar: bel 112. Bij gedachten aan zelfdoding: bel 113."


@dataclass
class Three(Trio):
    """Ilse with Sam, and Bo, who stands in for Ilse."""

    bo: Phone
    deputy: int


async def deputy_of(pair: Pair, name: str = "Bo") -> Three:
    number, phone = await joins(pair.stage, "coach", name)
    await pair.stage.write(lambda tx: people.change(tx, pair.coach, deputy_id=number))
    return Three(pair, phone, number)


@pytest.fixture
async def three(pair: Pair) -> Three:
    return await deputy_of(pair)


async def employer_of(pair: Pair) -> Phone:
    """Karin, who agreed to a handover and has joined."""
    number, code = await pair.stage.add("employer", "Karin")
    await make_handover(pair.stage, pair.participant, employer=number, state="in_force")
    karin = pair.stage.phone("Karin")
    await karin.start(code)
    await karin.sees("Welkom.")
    await pair.stage.write(lambda tx: people.change(tx, number, state="active"))
    return karin


async def doubts(pair: Pair) -> None:
    """Sam writes what only may be danger, and is asked whether it is."""
    await pair.sam.write(DOUBT)
    await pair.sam.sees(ASKED)


async def alert(pair: Pair) -> dict[str, Any]:
    (found,) = (await pair.shows())["alerts"]
    return found


def loud(pair: Pair, phone: Phone) -> bool:
    """Whether the last message to this phone made a sound."""
    sent = pair.stage.telegram.requests(method="sendMessage", chat=phone.id)
    return "disable_notification" not in sent[-1].parameters


# ---- danger, for certain


async def test_the_numbers_come_at_once_with_who_was_told_and_one_question(three: Three) -> None:
    await three.sam.write(RED)
    said = await three.sam.sees(GOOD_OF_YOU)
    for words in ("112", "113", "Ilse krijgt dit bericht nu. Bo krijgt het ook, als vervanger.", "bel 112 of 113"):
        assert words in said.text
    assert "automatische assistent" in said.text
    assert "!" not in said.text
    asked = await three.sam.sees(SAFE)
    assert asked.labels == ["Ja", "Nee"]
    for phone in (three.ilse, three.bo):
        neutral = await phone.sees(NOW)
        assert "Sam" not in neutral.text
        assert loud(three.pair, phone)
        await phone.tap("Nu lezen")
        assert RED in (await phone.sees("Dit kan over gevaar gaan.")).text
    found = await alert(three.pair)
    assert (found["level"], found["state"]) == ("danger", "raised")
    assert [one["text"] for one in (await three.pair.shows())["messages"]] == [RED]


async def test_violence_has_its_own_number(pair: Pair) -> None:
    await pair.sam.write(VIOLENCE)
    said = await pair.sam.sees(GOOD_OF_YOU)
    assert "0800-2000" in said.text
    assert "112" in said.text
    await pair.ilse.sees(NOW)


async def test_an_open_question_is_asked_no_more_and_comes_back_when_a_human_closed_it(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    question = await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write(RED)
    await pair.sam.sees(SAFE)
    await pair.sam.tap("Goed", on=question)
    await pair.sam.sees("Dat kan nu even niet. Eerst kijkt Ilse of het goed met je gaat.")
    await pair.stage.later(days=5)
    assert not [one for one in pair.sam.unread if "vraag open" in one.text or "Hoe gaat het" in one.text]
    await pair.ilse.tap("Nu lezen")
    assert "Sluiten" not in pair.ilse.last.labels
    await pair.ilse.tap("Ik pak het op")
    await pair.sam.sees("Ilse heeft je bericht gezien.")
    await pair.ilse.tap("Sluiten")
    await pair.sam.sees("Ilse heeft je bericht gelezen.")
    await pair.sam.sees("Hoe gaat het op je werk?")
    assert [one for one in (await pair.shows())["answers"] if one["step"] == "work"] == []


async def test_no_planned_contact_comes_until_a_human_closed_it(pair: Pair) -> None:
    await pair.sam.write(RED)
    await pair.sam.sees(SAFE)
    await pair.stage.plan_now(pair.participant)
    held = [one for one in (await pair.shows())["moments"] if one["kind"] == "asked"]
    assert [one["state"] for one in held] == ["held"]
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.tap("Ik pak het op")
    await pair.ilse.tap("Sluiten")
    await pair.ilse.sees("De melding van Sam is gesloten.")
    await pair.stage.later(seconds=1)
    await pair.sam.sees("Hoe gaat het op je werk?")
    assert await past(pair)


@pytest.mark.parametrize("way", ["tap", "type"])
async def test_safe_is_believed_and_shown_to_the_coach(pair: Pair, way: str) -> None:
    await pair.sam.write(RED)
    await pair.sam.sees(SAFE)
    await (pair.sam.tap("Ja") if way == "tap" else pair.sam.write("ja"))
    await pair.sam.sees("Fijn dat je nu veilig bent. Wat je schreef is bij Ilse.")
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.sees("Op de vraag «Ben je nu veilig?»: ja.")


@pytest.mark.parametrize("way", ["tap", "type"])
async def test_not_safe_is_112_in_big_words_and_rings_again(three: Three, way: str) -> None:
    await three.sam.write(RED)
    await three.sam.sees(SAFE)
    await three.ilse.sees(NOW)
    await (three.sam.tap("Nee") if way == "tap" else three.sam.write("nee"))
    assert (await three.sam.sees("BEL NU 112.")).text.startswith("BEL NU 112.")
    await three.pair.stage.settled()
    assert len([one for one in three.ilse.messages if one.text == NOW]) == 2
    await three.bo.tap("Nu lezen")
    await three.bo.sees("NIET VEILIG.")


@pytest.mark.parametrize("words", ["nee ik ben niet veilig", "ik ben echt niet veilig hier"])
async def test_not_safe_with_more_words_is_112_and_the_words_are_with_the_coach(pair: Pair, words: str) -> None:
    await pair.sam.write(RED)
    await pair.sam.sees(SAFE)
    await pair.sam.write(words)
    await pair.sam.sees("BEL NU 112.")
    await pair.ilse.tap("Nu lezen")
    shown = await pair.ilse.sees("NIET VEILIG.")
    assert words in shown.text


async def test_a_no_that_says_somebody_is_safe_is_for_a_human_to_read(pair: Pair) -> None:
    await pair.sam.write(RED)
    await pair.sam.sees(SAFE)
    await pair.sam.write("nee hoor ik ben veilig")
    await pair.sam.sees("Ilse krijgt dit ook.")
    assert not any("BEL NU 112." in one.text for one in pair.sam.messages)


async def test_who_writes_on_is_heard_by_both_and_reads_the_numbers_in_short(three: Three) -> None:
    await three.sam.write(RED)
    await three.sam.sees(SAFE)
    await three.sam.write("ik weet het niet meer")
    assert SHORT in (await three.sam.sees("Ilse en Bo krijgen dit ook.")).text
    await three.sam.write(RED + " echt")
    await three.pair.stage.settled()
    assert sum(GOOD_OF_YOU in one.text for one in three.sam.messages) == 1
    for phone in (three.ilse, three.bo):
        await phone.tap("Nu lezen")
        assert "ik weet het niet meer" in (await phone.sees("Dit kan over gevaar gaan.")).text
    await three.pair.stage.later(minutes=11)
    await three.sam.write(RED)
    await three.sam.sees(GOOD_OF_YOU)


async def test_commands_wait_and_sos_and_the_numbers_stay(pair: Pair) -> None:
    await pair.sam.write(RED)
    await pair.sam.sees(SAFE)
    await pair.sam.write("/overzicht")
    assert SHORT in (await pair.sam.sees("Dat kan nu even niet.")).text
    await pair.sam.write("pauze")
    await pair.sam.sees("Ilse krijgt dit ook.")
    await pair.sam.write("/sos")
    await pair.sam.sees("Wat is er?")


# ---- who hears, and when


async def test_it_rings_every_ten_minutes_at_night_until_the_deputy_takes_it(three: Three) -> None:
    stage = three.pair.stage
    stage.setting.at = NIGHT
    await three.sam.write(RED)
    said = await three.sam.sees(GOOD_OF_YOU)
    assert "Ilse werkt weer maandag 7 december, vanaf 9 uur." in said.text
    assert "Wacht niet op antwoord: bel 112 of 113." in said.text
    for phone in (three.ilse, three.bo):
        await phone.sees(NOW)
    for _ in range(3):
        await stage.later(minutes=10, seconds=1)
        for phone in (three.ilse, three.bo):
            await phone.sees(STILL)
            assert loud(three.pair, phone)
    await three.bo.tap("Nu lezen")
    await three.bo.tap("Ik pak het op")
    await three.sam.sees("Bo (vervanger van Ilse) heeft je bericht gezien.")
    await three.ilse.sees("Er is nieuws over een deelnemer.")
    await three.ilse.tap("Bekijken")
    await three.ilse.sees("Bo heeft het dringende bericht van Sam opgepakt.")
    await stage.later(hours=3)
    assert not [one for one in (*three.ilse.unread, *three.bo.unread) if one.text == STILL]
    await three.bo.tap("Antwoorden")
    await three.bo.sees("Typ je bericht voor Sam.")
    await three.bo.write("Ik bel je over vijf minuten")
    await three.sam.sees("Je hebt een bericht van Bo (vervanger van Ilse).")
    await three.sam.tap("Lezen")
    await three.sam.sees("Bo (vervanger van Ilse): Ik bel je over vijf minuten")
    await three.sam.write("dank je")
    await three.bo.sees("Sam: dank je")
    await three.bo.tap("Gesprek sluiten")
    await three.sam.sees("Bo (vervanger van Ilse) heeft het gesprek afgerond.")
    await three.bo.write("/meldingen")
    await three.bo.sees("Er zijn geen open meldingen.")


async def test_late_at_night_it_rings_less_often_but_does_not_stop(pair: Pair) -> None:
    pair.stage.setting.at = NIGHT
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    rings = []
    for _ in range(16):
        await pair.stage.later(minutes=10)
        await pair.stage.settled()
        rings.append(bool([one for one in pair.ilse.reads_all() if one.text == STILL]))
    assert rings[:6] == [True] * 6
    assert sum(rings[6:]) == 3


async def test_the_deputy_alone_hears_it_where_the_coach_cannot_be_reached(three: Three) -> None:
    await three.ilse.block()
    await three.pair.stage.settled()
    await three.sam.write(RED)
    said = await three.sam.sees(GOOD_OF_YOU)
    assert "Ik kan Ilse nu niet bereiken. Bo krijgt dit bericht nu, als vervanger." in said.text
    await three.bo.sees(NOW)


async def test_where_nobody_can_be_reached_the_participant_reads_so_and_the_admins_hear_it_waits(pair: Pair) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    await pair.ilse.block()
    await ada.sees("Ilse is niet bereikbaar op Telegram")
    await pair.sam.write(RED)
    said = await pair.sam.sees(GOOD_OF_YOU)
    assert "Er is nu geen coach die dit kan lezen." in said.text
    waits = await ada.sees(f"Er wacht een dringend bericht van deelnemer {pair.participant}, en niemand krijgt het")
    assert RED not in waits.text
    assert "Sam" not in waits.text


async def test_a_coach_who_goes_while_it_waits_is_told_to_the_admins(pair: Pair) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    await pair.ilse.block()
    await ada.sees("Er wacht een dringend bericht van deelnemer")


async def test_who_talks_with_a_coach_who_goes_hears_that_nobody_reads_it_and_so_do_the_admins(pair: Pair) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    await pair.ilse.reply(NOW, "Waar ben je?")
    await pair.sam.sees("Ilse: Waar ben je?")
    await pair.ilse.block()
    await ada.sees("Ilse is niet bereikbaar op Telegram")
    await pair.sam.write("thuis")
    await pair.sam.sees("Er is nu geen coach die dit kan lezen.")
    await ada.sees("Er wacht een dringend bericht van deelnemer")


async def test_the_admins_hear_that_nobody_took_it_for_half_an_hour(pair: Pair) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    for _ in range(3):
        await pair.stage.later(minutes=10)
    await ada.sees(f"Een dringend bericht van deelnemer {pair.participant} wacht al 30 minuten. Bel Ilse.")


async def test_a_deputy_sees_danger_and_nothing_that_came_before_it(three: Three) -> None:
    await three.sam.write("ik vergat gisteren mijn sleutels bij jou op tafel")
    await three.sam.sees("Ilse krijgt dit bericht")
    await three.pair.stage.settled()
    assert three.bo.unread == []
    await three.bo.write("/meldingen")
    await three.bo.sees("Er zijn geen open meldingen.")
    await three.pair.stage.later(minutes=1)
    await three.sam.write(RED)
    await three.sam.sees(SAFE)
    await three.bo.write("/meldingen")
    await three.bo.tap("Dringend: Sam (Ilse)")
    shown = await three.bo.sees("Dit kan over gevaar gaan.")
    assert RED in shown.text
    assert "sleutels" not in shown.text
    await three.ilse.tap("Nu lezen")
    assert "sleutels" in (await three.ilse.sees("Dit kan over gevaar gaan.")).text


async def test_the_coach_reads_the_danger_first_and_below_it_what_came_before(pair: Pair) -> None:
    """«Ik wil dood» stood below what was weeks old, where nobody looks first."""
    await pair.sam.write("ik vergat gisteren mijn sleutels bij jou op tafel")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.stage.later(hours=2)
    await pair.sam.write(RED)
    await pair.ilse.tap("Nu lezen")
    shown = (await pair.ilse.sees("Dit kan over gevaar gaan.")).text
    assert shown.index(RED) < shown.index("\n\nEerder:\n") < shown.index("sleutels")


async def test_nothing_came_before_the_danger_and_nothing_says_so(pair: Pair) -> None:
    await pair.sam.write(RED)
    await pair.ilse.tap("Nu lezen")
    assert "Eerder:" not in (await pair.ilse.sees("Dit kan over gevaar gaan.")).text


async def test_a_deputy_has_nothing_to_do_with_it_once_it_is_closed(three: Three) -> None:
    await three.sam.write(RED)
    await three.bo.tap("Nu lezen")
    await three.bo.sees("Dit kan over gevaar gaan.")
    await three.ilse.tap("Nu lezen")
    await three.ilse.tap("Ik bel nu")
    await three.sam.sees("Ilse: Ik bel je nu.")
    await three.ilse.tap("Sluiten")
    await three.bo.sees("Ilse heeft het dringende bericht van Sam gesloten.")
    await three.bo.tap("Antwoorden")
    await three.bo.sees("Deze melding is al gesloten.")
    await three.bo.reply("Dit kan over gevaar gaan.", "hoe gaat het nu?")
    await three.bo.sees("Dat kan niet.")


async def test_old_buttons_of_an_ordinary_alert_close_no_danger(pair: Pair) -> None:
    await pair.sam.write("hoi, hoe is het?")
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("hoi, hoe is het?")
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    for label in ("Gelezen, dank je", "Sluiten"):
        await pair.ilse.tap(label, on=shown)
        await pair.ilse.sees("Dit kan over gevaar gaan.")
        pair.ilse.reads_all()
    assert (await alert(pair))["state"] == "raised"


async def test_new_danger_after_it_was_taken_long_ago_rings_until_it_is_taken_anew(pair: Pair) -> None:
    await pair.sam.write(RED)
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.tap("Ik pak het op")
    await pair.stage.later(minutes=5)
    await pair.sam.write(RED)
    await pair.ilse.sees(NEWS)
    assert (await alert(pair))["state"] == "taken"
    await pair.stage.later(hours=2)
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    await pair.stage.later(minutes=11)
    await pair.ilse.sees(STILL)


async def test_new_words_after_it_was_taken_ring_until_somebody_looked_and_are_not_closed_unread(pair: Pair) -> None:
    """They rang once; an old «Sluiten» then closed what nobody had read."""
    await pair.sam.write(RED)
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.tap("Ik pak het op")
    await pair.sam.sees("Ilse heeft je bericht gezien.")
    await pair.stage.settled()
    shown = pair.ilse.find("Dit kan over gevaar gaan.")
    await pair.stage.later(minutes=5)
    await pair.sam.write("ik sta op het dak")
    await pair.ilse.sees(NEWS)
    for _ in range(2):
        await pair.stage.later(minutes=10)
        await pair.ilse.sees(NEWS)
        assert loud(pair, pair.ilse)
    await pair.ilse.tap("Sluiten", on=shown)
    await pair.ilse.sees("Er is iets nieuws bij. Lees het eerst.")
    await pair.ilse.sees("ik sta op het dak")
    assert (await alert(pair))["state"] == "taken"
    pair.ilse.reads_all()
    await pair.stage.later(minutes=30)
    await pair.stage.settled()
    assert pair.ilse.unread == []
    await pair.ilse.tap("Sluiten")
    await pair.ilse.sees("De melding van Sam is gesloten.")


async def test_the_admins_hear_how_long_new_words_wait_and_not_how_long_ago_it_began(pair: Pair) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    await pair.sam.write(RED)
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.tap("Ik pak het op")
    await pair.stage.later(hours=2)
    await pair.sam.write("ben je er nog?")
    await pair.ilse.sees(NEWS)
    for _ in range(2):
        await pair.stage.later(minutes=10)
        await pair.ilse.sees(NEWS)
    assert not any("wacht al" in one.text for one in ada.messages)
    await pair.stage.later(minutes=10)
    await ada.sees(f"Een dringend bericht van deelnemer {pair.participant} wacht al 30 minuten. Bel Ilse.")


async def test_a_taken_one_that_stays_open_is_asked_about(three: Three) -> None:
    await three.sam.write(RED)
    await three.ilse.tap("Nu lezen")
    await three.ilse.tap("Ik pak het op")
    await three.pair.stage.later(hours=5)
    for phone in (three.ilse, three.bo):
        await phone.sees("Een dringend bericht staat nog open. Zolang stuurt de assistent niets.")


# ---- every way in which words come


@pytest.mark.parametrize("way", ["caption", "edit", "forward", "in a flow", "first words", "in a talk"])
async def test_every_text_is_looked_at(pair: Pair, way: str) -> None:
    if way == "caption":
        await pair.sam.send("voice", RED)
    elif way == "edit":
        mine = await pair.sam.write("hallo")
        await pair.sam.edit(mine, RED)
    elif way == "forward":
        await pair.sam.forward(RED)
    elif way == "in a flow":
        await pair.stage.plan_now(pair.participant)
        await pair.sam.sees("Hoe gaat het op je werk?")
        await pair.sam.write(RED)
    elif way == "in a talk":
        await pair.sam.write("hallo")
        await pair.ilse.sees("Er is een nieuwe melding.")
        await pair.ilse.reply("Er is een nieuwe melding.", "hoi Sam")
        await pair.sam.write(RED)
    else:
        await pair.sam.write(RED)
    await pair.sam.sees(GOOD_OF_YOU)
    await pair.ilse.sees(NOW)
    assert (await alert(pair))["level"] == "danger"


async def test_somebody_who_did_not_yet_say_yes_is_heard_too(invited: Pair) -> None:
    await invited.sam.write(RED)
    await invited.sam.sees(GOOD_OF_YOU)
    await invited.ilse.sees(NOW)


# ---- words that may mean it


async def test_doubt_keeps_its_normal_way_and_one_calm_question_goes_along(pair: Pair) -> None:
    await pair.sam.write(DOUBT)
    await pair.sam.sees("Ilse krijgt dit bericht")
    asked = await pair.sam.sees(ASKED)
    assert "112" in asked.text
    assert asked.labels == ["Ja", "Nee"]
    await pair.sam.write(DOUBT)
    await pair.stage.settled()
    assert sum("denk je aan zelfdoding?" in one.text for one in pair.sam.messages) == 1
    assert (await alert(pair))["level"] == "today"


async def test_doubt_in_the_middle_of_a_flow_answers_the_question_too(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await doubts(pair)
    await pair.ilse.tap("Bekijken")
    assert DOUBT in (await pair.ilse.sees("Kan over gevaar gaan.")).text


@pytest.mark.parametrize("way", ["tap", "type"])
async def test_yes_is_the_road_of_danger(pair: Pair, way: str) -> None:
    await doubts(pair)
    await (pair.sam.tap("Ja") if way == "tap" else pair.sam.write("ja"))
    await pair.sam.sees(GOOD_OF_YOU)
    await pair.sam.sees(SAFE)
    await pair.ilse.sees(NOW)
    assert (await alert(pair))["level"] == "danger"


@pytest.mark.parametrize("words", ["ik ben niet veilig", "soms"])
async def test_what_means_yes_to_danger_is_the_road_of_danger(pair: Pair, words: str) -> None:
    """«Niet veilig» was read as at «Ben je nu veilig?»: as no, and somebody in danger was thanked."""
    await doubts(pair)
    await pair.sam.write(words)
    await pair.sam.sees(SAFE)
    assert (await alert(pair))["level"] == "danger"


@pytest.mark.parametrize("way", ["tap", "type"])
async def test_no_is_believed_and_stays_with_the_coach(pair: Pair, way: str) -> None:
    await doubts(pair)
    await (pair.sam.tap("Nee") if way == "tap" else pair.sam.write("nee"))
    await pair.sam.sees("Goed dat je het zegt. Ilse leest wat je schreef uiterlijk woensdag 2 december.")
    await pair.stage.later(minutes=31)
    assert (await alert(pair))["level"] == "today"
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Op de vraag of er gevaar is: nee.")


async def test_no_answer_for_half_an_hour_is_urgent(pair: Pair) -> None:
    await doubts(pair)
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.stage.later(minutes=29)
    assert (await alert(pair))["level"] == "today"
    await pair.stage.later(minutes=2)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Gaf geen antwoord op de vraag of er gevaar is.")
    assert (await alert(pair))["level"] == "urgent"


async def test_asked_again_the_half_hour_begins_anew_and_its_end_is_always_heard(pair: Pair) -> None:
    """The first question's half hour ended six minutes after the second one, and what was just announced hid it."""
    more = "Er is iets nieuws bij een melding met haast."
    pair.stage.setting.at = datetime(2026, 12, 1, 18, 30, tzinfo=AMSTERDAM)
    await doubts(pair)
    await pair.stage.later(minutes=31)
    await pair.ilse.tap("Bekijken", on=more)
    await pair.ilse.sees("Gaf geen antwoord op de vraag of er gevaar is.")
    await doubts(pair)
    await pair.stage.later(minutes=24)
    await doubts(pair)
    await pair.stage.settled()
    pair.ilse.reads_all()
    await pair.stage.later(minutes=7)
    assert not pair.ilse.unread, "the first question waits no more"
    await pair.stage.later(minutes=14)
    await pair.sam.write("ben je er nog?")
    await pair.ilse.sees(more)
    await pair.stage.later(minutes=9, seconds=30)
    await pair.ilse.sees(more)
    assert loud(pair, pair.ilse)
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("ben je er nog?")
    assert shown.text.count("Gaf geen antwoord op de vraag of er gevaar is.") == 2


@pytest.mark.parametrize(("days", "level"), [(6, "danger"), (8, "urgent")])
async def test_no_answer_of_somebody_who_was_in_danger_lately_is_danger(three: Three, days: int, level: str) -> None:
    pair = three.pair
    await pair.sam.write(RED)
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.tap("Ik bel nu")
    await pair.ilse.tap("Sluiten")
    await three.bo.sees("Ilse heeft het dringende bericht van Sam gesloten.")
    await pair.stage.later(days=days)
    for phone in (pair.sam, pair.ilse, three.bo):
        phone.reads_all()
    await doubts(pair)
    await pair.stage.later(minutes=31)
    assert (await alert(pair))["level"] == level
    rings = [NOW in "".join(one.text for one in phone.unread) for phone in (pair.ilse, three.bo)]
    assert rings == [level == "danger"] * 2
    if level == "danger":
        await pair.sam.write("hoi")
        await pair.sam.sees("Ilse en Bo krijgen dit ook.")


async def test_a_coach_who_closed_it_meanwhile_hears_no_more(pair: Pair) -> None:
    await pair.sam.write(DOUBT)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Sluiten")
    await pair.sam.sees("Ilse heeft je bericht gelezen.")
    await pair.stage.later(minutes=31)
    assert (await pair.shows())["alerts"] == []


# ---- worry


async def test_a_worry_in_a_flow_reaches_the_coach_the_same_day_and_the_writer_hears_that(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.tap("Slecht")
    await pair.sam.tap("Iets anders")
    await pair.stage.settled()
    pair.sam.reads_all()
    await pair.sam.write(ORANGE)
    await pair.sam.sees("Ilse krijgt dit bericht en leest het uiterlijk woensdag 2 december.")
    await pair.ilse.tap("Bekijken")
    assert ORANGE in (await pair.ilse.sees("Sam")).text
    assert (await alert(pair))["level"] in ("today", "urgent")


async def test_a_guess_of_worry_in_a_flow_reaches_the_coach_without_a_sound_or_a_word(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.tap("Slecht")
    await pair.sam.tap("Iets anders")
    await pair.stage.settled()
    asked = pair.sam.messages[-1].text
    for phone in (pair.sam, pair.ilse):
        phone.reads_all()
    found = safety.look(GUESS)
    assert (found.level, found.certain) == ("orange", False)
    await pair.sam.write(GUESS)
    await pair.stage.settled()
    assert not any("leest het uiterlijk" in one.text for one in pair.sam.unread)
    assert (await alert(pair))["level"] == "today"
    await pair.ilse.tap("Bekijken")
    assert f"{asked}»: «{GUESS}»" in (await pair.ilse.sees("Sam")).text


@pytest.mark.parametrize("words", [GUESS, ORANGE])
async def test_of_what_is_practised_only_a_certain_worry_reaches_the_coach(pair: Pair, words: str) -> None:
    await pair.sam.write("goed nieuws")
    await pair.sam.tap("Nee, dit is van mij")
    await pair.sam.sees("Ik bewaar dit niet. Wat ging er goed?")
    await pair.sam.write(words)
    await pair.sam.sees("Dat heb je zelf gedaan, Sam.")
    await pair.stage.settled()
    assert len((await pair.shows())["alerts"]) == (words == ORANGE)


async def test_a_worry_on_the_back_up_line_is_told_once(pair: Pair) -> None:
    await pair.sam.write(ORANGE)
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees(ORANGE)
    assert shown.text.count(ORANGE) == 1
    assert (await alert(pair))["level"] == "today"


# ---- SOS


@pytest.mark.parametrize("word", ["sos", "/sos", "SOS", "help nu"])
async def test_sos_works_at_any_moment(pair: Pair, word: str) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write(word)
    asked = await pair.sam.sees("Wat is er?")
    assert "112" in asked.text
    assert asked.labels == ["Ik ben in gevaar", "Ik denk aan zelfdoding", "Ik wil Ilse spreken"]


async def test_sos_danger_is_112_and_an_alarm(three: Three) -> None:
    await three.sam.write("sos")
    await three.sam.tap("Ik ben in gevaar")
    await three.sam.sees("BEL NU 112.")
    for phone in (three.ilse, three.bo):
        await phone.tap("Nu lezen")
        await phone.sees("Koos bij SOS: ik ben in gevaar.")


async def test_sos_suicide_is_the_road_of_danger(pair: Pair) -> None:
    await pair.sam.write("sos")
    await pair.sam.tap("Ik denk aan zelfdoding")
    assert "113" in (await pair.sam.sees(GOOD_OF_YOU)).text
    await pair.sam.sees(SAFE)
    await pair.ilse.sees(NOW)


async def test_sos_talk_is_for_the_coach_today(pair: Pair) -> None:
    await pair.sam.write("sos")
    await pair.sam.tap("Ik wil Ilse spreken")
    await pair.sam.sees("Ilse krijgt dit bericht")
    found = await alert(pair)
    assert (found["level"], found["topic"]) == ("today", "call")


# ---- everybody else


async def test_an_employers_words_are_answered_and_urgent_for_the_coach_and_the_wall_holds(pair: Pair) -> None:
    karin = await employer_of(pair)
    await karin.write("hij zegt dat hij zelfmoord wil plegen")
    await karin.sees("Ilse krijgt uw bericht.")
    said = await karin.sees("Is er nu gevaar? Bel 112.")
    assert "113" in said.text
    assert " je " not in said.text
    found = await alert(pair)
    assert found["level"] == "urgent"
    pair.sam.reads_all()
    await pair.ilse.tap("Ik pak het op", on=await opened(pair, "de werkgever, schreef iets"))
    await pair.stage.settled()
    assert pair.sam.unread == []


async def test_the_command_help_is_no_cry_for_help(pair: Pair) -> None:
    """Taken for one, it rang at the coach as urgent, without a word that the coach could read."""
    karin = await employer_of(pair)
    await pair.sam.write("/help")
    await pair.sam.sees("Dit kun je typen")
    await karin.write("/help")
    await karin.sees("Typ /afspraken")
    assert (await pair.shows())["alerts"] == []
    assert [one.text for one in karin.unread] == []


async def opened(pair: Pair, words: str) -> Any:
    await pair.ilse.tap("Bekijken", on="Er is een melding met haast.")
    return await pair.ilse.sees(words)


async def test_a_coachs_words_are_passed_on_and_once_a_day_the_coach_reads_the_numbers(pair: Pair) -> None:
    for words in ("denk je aan zelfmoord?", "zeg het me als je aan zelfmoord denkt"):
        await pair.ilse.write(words)
        await pair.ilse.tap("Sam") if words.startswith("denk") else None
        await pair.sam.sees(words)
    await pair.stage.settled()
    assert sum("Overleg met een collega" in one.text for one in pair.ilse.messages) == 1


async def test_a_stranger_reads_the_numbers_and_learns_nothing(pair: Pair) -> None:
    eve = pair.stage.phone("Eve")
    await eve.write(RED)
    assert "113" in (await eve.sees("Is er nu gevaar? Bel 112.")).text
    await eve.sees("Hallo. We kennen elkaar nog niet.")
    assert pair.ilse.unread == []


# ---- deputies


async def test_a_deputy_is_named_by_an_admin_beside_the_running_bot_and_both_hear_it(pair: Pair) -> None:
    number, code = await pair.stage.add("coach", "Bo")
    bo = pair.stage.phone("Bo")
    settings = Settings(data=pair.stage.folder, **({} if not pair.stage.overrides else pair.stage.overrides))
    with pytest.raises(commands.Refused, match="Bo has not joined yet"):
        await commands.deputy(settings, pair.coach, number)
    await bo.start(code)
    await bo.sees("Welkom, Bo.")
    assert await commands.deputy(settings, pair.coach, number) == {"coach": pair.coach, "deputy": number}
    pair.stage.running.sender.wake()
    await pair.ilse.sees("Bo is nu je vervanger bij gevaar.")
    await bo.sees("Je bent nu de vervanger van Ilse bij gevaar.")
    await pair.ilse.write("/meldingen")
    await pair.ilse.sees("Je vervanger bij gevaar is Bo.")
    with pytest.raises(commands.Refused):
        await commands.deputy(settings, pair.coach, pair.participant)
    with pytest.raises(commands.Refused):
        await commands.deputy(settings, pair.coach, pair.coach)
    await commands.deputy(settings, pair.coach, None)
    pair.stage.running.sender.wake()
    await pair.ilse.sees("Je hebt geen vervanger meer.")
    await bo.sees("Je bent niet meer de vervanger van Ilse bij gevaar.")
