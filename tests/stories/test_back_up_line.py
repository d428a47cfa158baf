"""P4: no message of a participant is without an outcome. P8: a second one on an open alert is announced."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.storage.tables import inbox
from tests.stories.conftest import Pair, joins
from tests.support.phones import Phone
from tests.support.stage import Stage


async def test_words_outside_a_flow_reach_the_coach_and_the_participant_hears_by_when(pair: Pair) -> None:
    await pair.sam.write("Mijn rooster is veranderd en nu snap ik het niet meer")
    promise = await pair.sam.sees("Ilse krijgt dit bericht")
    assert "uiterlijk woensdag 2 december" in promise.text
    assert "112" in promise.text
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Mijn rooster is veranderd en nu snap ik het niet meer")
    assert [one["outcome"] for one in (await pair.shows())["messages"]] == ["with coach"]


async def test_a_second_message_is_announced_and_stands_in_the_same_alert(pair: Pair) -> None:
    await pair.sam.write("eerste bericht")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.stage.later(minutes=10)
    await pair.sam.write("tweede bericht")
    await pair.sam.sees("Ilse krijgt dit ook.")
    await pair.ilse.sees("Er is iets nieuws bij een melding.")
    await pair.ilse.tap("Bekijken")
    alert = await pair.ilse.sees("tweede bericht")
    assert "eerste bericht" in alert.text
    assert len((await pair.shows())["alerts"]) == 1


async def before_the_coach(stage: Stage) -> tuple[Phone, str]:
    """Sam, who takes part, and the code of Ilse, the coach, who has not joined."""
    coach, coach_code = await stage.add("coach", "Ilse")
    _, code = await stage.add("participant", "Sam", coach)
    sam = stage.phone("Sam")
    await sam.start(code)
    await sam.tap("Nederlands")
    await sam.tap("Ja")
    await sam.sees("Fijn dat je meedoet")
    await stage.settled()
    sam.reads_all()
    return sam, coach_code


async def test_no_day_is_promised_for_a_coach_who_has_not_joined_and_who_hears_of_it_at_the_start(stage: Stage) -> None:
    _, bo = await joins(stage, "admin", "Bo")
    sam, coach_code = await before_the_coach(stage)
    await sam.write("mijn rooster klopt niet")
    said = await sam.sees("Er is nu geen coach die het kan lezen.")
    assert "uiterlijk" not in said.text
    await bo.sees("Een deelnemer schreef, en er is niemand die het leest (Ilse).")
    ilse = stage.phone("Ilse")
    await ilse.start(coach_code)
    await ilse.sees("Welkom, Ilse.")
    await ilse.sees("Er wacht nog een melding op je.")
    await ilse.tap("Bekijken")
    await ilse.sees("mijn rooster klopt niet")
    await sam.write("en nu wel")
    await sam.sees("Ilse krijgt dit ook.")


async def test_a_coach_who_joins_last_hears_of_danger_at_once_and_says_who_came_before(stage: Stage) -> None:
    sam, coach_code = await before_the_coach(stage)
    await sam.write("ik wil dood")
    await sam.sees("Er is nu geen coach die dit kan lezen.")
    ilse = stage.phone("Ilse")
    await ilse.start(coach_code)
    await ilse.sees("Niemand heeft een dringend bericht opgepakt. Lees dit nu.")
    await ilse.sees("Sam heeft de uitnodiging al geopend. Vraag of Sam dat zelf was.")
    await ilse.tap("Ja, dat klopt")
    await ilse.sees("Dan weet ik dat het Sam is")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("voice", "[Spraakbericht]"), ("photo", "[Foto]"), ("document", "[Bestand]"), ("sticker", "[Sticker]")],
)
async def test_media_are_passed_on_to_the_coach(pair: Pair, kind: str, shown: str) -> None:
    await pair.sam.send(kind, content=b"bytes of it")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees(shown)
    await pair.stage.settled()
    assert pair.ilse.messages[-1].content.get(kind)
    assert (await pair.shows())["messages"][-1]["outcome"] == "with coach"


@pytest.mark.parametrize("kind", ["contact", "location", "dice", "something_new"])
async def test_what_cannot_be_passed_on_is_still_told_to_the_coach(pair: Pair, kind: str) -> None:
    await pair.sam.send(kind)
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("(iets dat ik niet kan doorsturen:")


@pytest.mark.parametrize("kind", ["contact", "location", "poll"])
async def test_what_cannot_be_passed_on_is_named_to_the_coach_in_a_talk_too(asked: Pair, kind: str) -> None:
    await asked.sam.send(kind)
    await asked.sam.sees("Ilse krijgt dit bericht")
    await asked.ilse.tap("Bekijken")
    shown = await asked.ilse.sees(f"(iets dat ik niet kan doorsturen: {kind})")
    assert "[Bestand]" not in shown.text


@pytest.mark.parametrize("where", ["outside a talk", "in a talk", "in danger"])
async def test_a_place_that_moves_is_told_once_and_says_nothing_after_that(pair: Pair, where: str) -> None:
    if where == "in a talk":
        await pair.stage.plan_now(pair.participant)
    elif where == "in danger":
        await pair.sam.write("ik wil dood")
    sent = await pair.sam.send("location")
    await pair.stage.settled()
    pair.sam.reads_all()
    pair.ilse.reads_all()
    for seconds in range(1, 4):
        await pair.stage.later(minutes=11)  # nothing that was announced before stands for it
        await pair.stage.settled()
        pair.ilse.reads_all()
        pair.sam.reads_all()
        raw = pair.stage.telegram.chats.raw(sent) | {"edit_date": sent.date + seconds}
        pair.stage.telegram.push("edited_message", raw)
        await pair.stage.settled()
        assert (pair.sam.reads_all(), pair.ilse.reads_all()) == ([], [])
    async with pair.stage.running.storage.db.read() as conn:
        outcomes = (await conn.execute(select(inbox.c.outcome).order_by(inbox.c.id))).scalars().all()
    assert outcomes[-3:] == ["no words"] * 3


async def test_forwarded_words_are_no_answer_but_reach_the_coach(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.forward("Niet zo goed", "Een vriend")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("(doorgestuurd bericht van iemand anders) Niet zo goed")
    shown = await pair.shows()
    assert [one for one in shown["answers"] if one["step"] == "work"] == []


async def test_an_edited_answer_changes_nothing_in_silence(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    mine = await pair.sam.write("4")
    await pair.sam.sees("Hoeveel energie")
    await pair.sam.edit(mine, "1, eigenlijk gaat het slecht")
    await pair.sam.sees("Je hebt een bericht aangepast.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("(aangepast bericht) 1, eigenlijk gaat het slecht")
    work = [one["value"] for one in (await pair.shows())["answers"] if one["step"] == "work"]
    assert work == [4]


async def test_words_that_fit_no_button_are_kept_and_at_the_second_miss_the_coach_is_offered(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write("tja, dat is een lang verhaal")
    await pair.sam.sees("Ilse krijgt dit bericht en leest het uiterlijk")
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write("het is ingewikkeld zeg")
    await pair.sam.sees("Kom je er niet uit?")
    await pair.sam.tap("Vraag Ilse")
    await pair.stage.settled()
    await pair.ilse.tap("Bekijken")
    alert = await pair.ilse.sees("Komt er niet uit en vraagt om hulp.")
    assert "tja, dat is een lang verhaal" in alert.text
    assert "het is ingewikkeld zeg" in alert.text


async def test_somebody_who_said_no_can_still_write(invited: Pair) -> None:
    await invited.sam.tap("Nederlands")
    await invited.sam.tap("Nee")
    await invited.sam.sees("Ik stuur je geen vragen.")
    await invited.ilse.sees("Sam doet niet mee.")
    assert (await invited.shows())["moments"] == []
    await invited.sam.write("Er kwam een brief van de gemeente")
    await invited.sam.sees("Ilse krijgt dit bericht")
    await invited.sam.write("meedoen")
    await invited.sam.sees("Kies je taal")


async def test_english_all_the_way(invited: Pair) -> None:
    await invited.sam.tap("English")
    await invited.sam.sees("I am an automatic assistant")
    await invited.sam.tap("Yes")
    await invited.stage.settled()
    await invited.sam.write("my shift changed")
    await invited.sam.sees("Ilse gets this message")


async def test_stop_typed_again_and_again_ends_all_planned_contact_and_the_way_back_is_told(pair: Pair) -> None:
    await pair.sam.write("stop")
    await pair.sam.sees("Je kunt kiezen, Sam.")
    assert list(pair.sam.last.labels) == ["Pauze", "Alleen achter de hand", "Stop", "Ga door"]
    await pair.sam.write("stop")
    await pair.sam.sees("Weet je het zeker?")
    await pair.sam.write("stop")
    await pair.sam.sees("Je krijgt geen vragen meer.")
    await pair.sam.sees("Wil je later weer vragen, typ dan: meedoen.")
    await pair.ilse.sees("Sam wil geen contact meer dat gepland is.")
    assert (await pair.shows())["moments"] == []
    await pair.sam.write("meedoen")
    await pair.sam.sees("Kies je taal")


async def test_stopping_in_the_middle_stops_this_talk_and_says_how_to_stop_for_good(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.write("stop")
    await pair.sam.sees("Wil je helemaal geen vragen meer? Typ dan: stop.")
    assert "monthly-checkin" in [one["flow"] for one in (await pair.shows())["moments"]]


async def test_who_stops_before_choosing_hears_the_way_back_and_the_coach_hears_it_too(invited: Pair) -> None:
    await invited.sam.tap("Nederlands")
    await invited.sam.sees("Wil je meedoen?")
    await invited.sam.tap("Stop")
    await invited.sam.sees("Wil je later meedoen? Typ dan: meedoen.")
    await invited.ilse.sees("Sam heeft nog niet gekozen.")


async def test_the_first_real_message_after_a_flag_is_told_by_when_it_is_read(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.tap("Slecht")
    await pair.sam.sees("Waar gaat het om?")
    await pair.sam.write("er is weer gedoe geweest")
    told = await pair.sam.sees("Ilse krijgt dit bericht en leest het uiterlijk")
    assert "113" in told.text


async def test_a_voice_message_as_an_answer_reaches_the_coach_as_voice(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.tap("Slecht")
    await pair.sam.tap("Uren of tijden")
    await pair.sam.sees("Wat heb je zelf al geprobeerd?")
    await pair.sam.send("voice", content=b"spoken")
    await pair.sam.sees("Een kleine stap kan al helpen.")
    await pair.stage.settled()
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("[Spraakbericht]")
    await pair.stage.settled()
    assert pair.ilse.messages[-1].content.get("voice")
