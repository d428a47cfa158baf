"""P7: the same person. P8: repeated until a person takes it. While they talk the bot is silent."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.demo.standin.chats import Message
from tests.stories.conftest import Pair, joins

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


async def raised(pair: Pair, words: str = "kun je me bellen?") -> None:
    await pair.sam.write(words)
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.sees("Er is een nieuwe melding.")


async def test_an_alert_nobody_takes_is_announced_again_in_office_time(pair: Pair) -> None:
    await raised(pair)
    await pair.stage.later(hours=1, minutes=59)
    assert pair.ilse.unread == []
    await pair.stage.later(minutes=2)
    await pair.ilse.sees("Er wacht nog een melding op je.")
    await pair.stage.later(hours=2, minutes=1)
    await pair.ilse.sees("Er wacht nog een melding op je.")


async def test_a_message_in_the_night_is_announced_without_a_sound_and_repeated_on_the_next_working_day(
    pair: Pair,
) -> None:
    pair.stage.setting.at = datetime(2026, 12, 4, 23, 0, tzinfo=AMSTERDAM)  # Friday
    await raised(pair)
    silent = [
        one for one in pair.stage.telegram.requests(method="sendMessage") if "disable_notification" in one.parameters
    ]
    assert silent[-1].parameters["chat_id"] == pair.ilse.id
    await pair.stage.later(days=2)
    assert pair.ilse.unread == []
    pair.stage.setting.at = datetime(2026, 12, 7, 11, 1, tzinfo=AMSTERDAM)  # Monday, two hours of office time
    await pair.stage.running.sweep()
    await pair.ilse.sees("Er wacht nog een melding op je.")


async def test_taken_is_told_to_the_participant_and_stops_the_repeating(pair: Pair) -> None:
    await raised(pair)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Ik pak het op")
    await pair.sam.sees("Ilse heeft je bericht gezien.")
    assert (await pair.shows())["alerts"][0]["state"] == "taken"
    await pair.stage.later(hours=5)
    assert not [one for one in pair.ilse.unread if "wacht nog een melding" in one.text]


async def test_the_coach_answers_by_replying_and_the_participant_reads_it_with_the_name(pair: Pair) -> None:
    await raised(pair)
    await pair.ilse.reply("Er is een nieuwe melding.", "Ik bel je om vier uur")
    await pair.sam.sees("Ilse: Ik bel je om vier uur")
    await pair.ilse.sees("Verstuurd aan Sam")
    outcomes = [(one["author"], one["outcome"]) for one in (await pair.shows())["messages"]]
    assert outcomes == [("participant", "with coach"), ("coach", "delivered")]


async def test_somebody_who_is_not_looking_sees_a_neutral_line_first(pair: Pair) -> None:
    await raised(pair)
    await pair.stage.later(minutes=30)
    await pair.ilse.reply("Er is een nieuwe melding.", "Zullen we het over je baas hebben?")
    neutral = await pair.sam.sees("Je hebt een bericht van Ilse.")
    assert "baas" not in neutral.text
    await pair.sam.tap("Lezen")
    await pair.sam.sees("Ilse: Zullen we het over je baas hebben?")
    assert (await pair.shows())["messages"][-1]["outcome"] == "read"


async def test_an_alert_of_several_messages_comes_whole_though_its_first_part_was_there_already(pair: Pair) -> None:
    """P3: the connection breaks after Telegram showed the first part, and the buttons are below the last."""
    await raised(pair, "eerst dit. " + "woord " * 600)
    await pair.sam.write("en dan dit. " + "nog een woord " * 280)
    await pair.stage.settled()
    pair.stage.telegram.fault("editMessageText", how="act_then_close", chat=pair.ilse.id)
    await pair.ilse.tap("Bekijken")
    sender = pair.stage.running.sender
    while not sender.counts["again"]:
        await asyncio.sleep(0.001)
    pair.stage.setting.at += timedelta(minutes=1)
    sender.wake()
    await pair.ilse.sees("eerst dit.")
    await pair.ilse.tap("Ik pak het op")
    await pair.sam.sees("Ilse heeft je bericht gezien.")


async def test_who_cleared_the_chat_reads_the_alert_in_a_new_message(pair: Pair) -> None:
    await raised(pair)
    pair.stage.telegram.fault("editMessageText", code=400, description="Bad Request: message to edit not found")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("kun je me bellen?")
    await pair.ilse.tap("Ik pak het op")
    await pair.sam.sees("Ilse heeft je bericht gezien.")


async def test_who_cleared_the_chat_does_not_get_their_own_answer_back(asked: Pair) -> None:
    asked.stage.telegram.fault("editMessageText", code=400, description="Bad Request: message to edit not found")
    await asked.sam.tap("Goed")
    await asked.sam.sees("Hoeveel energie")
    assert not [one for one in asked.sam.unread if "✓" in one.text]


async def test_while_they_talk_the_bot_is_silent_and_closing_brings_the_question_back(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.tap("Slecht")
    await pair.sam.sees("Waar gaat het om?")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.sees("Typ je bericht voor Sam.")
    await pair.ilse.write("Wat is er gebeurd?")
    await pair.sam.sees("Ilse: Wat is er gebeurd?")
    await pair.sam.write("Iets thuis")
    await pair.ilse.sees("Sam: Iets thuis")
    await pair.sam.tap("Iets thuis")
    await pair.sam.sees("Je praat nu met Ilse.")
    assert [one for one in (await pair.shows())["answers"] if one["step"] == "trouble"] == []
    await pair.ilse.tap("Gesprek sluiten")
    await pair.sam.sees("Ilse heeft het gesprek afgerond.")
    await pair.sam.sees("Waar gaat het om?")
    await pair.sam.tap("Iets thuis")
    await pair.sam.sees("Thuis kan veel van je vragen.")


async def test_a_planned_contact_waits_for_the_talk_to_close(pair: Pair) -> None:
    await raised(pair)
    await pair.ilse.reply("Er is een nieuwe melding.", "Vertel")
    await pair.sam.sees("Ilse: Vertel")
    await pair.stage.plan_now(pair.participant)
    held = [one for one in (await pair.shows())["moments"] if one["kind"] == "asked"]
    assert [(one["state"], one["reason"]) for one in held] == [("held", "in a talk")]
    await pair.ilse.tap("Gesprek sluiten")
    await pair.sam.sees("Ilse heeft het gesprek afgerond.")
    await pair.stage.later(seconds=1)
    await pair.sam.sees("Hoe gaat het op je werk?")


async def test_a_talk_left_open_is_asked_about(pair: Pair) -> None:
    await raised(pair)
    await pair.ilse.reply("Er is een nieuwe melding.", "Vertel")
    await pair.sam.sees("Ilse: Vertel")
    await pair.stage.later(days=3)
    await pair.ilse.sees("Er staat nog een gesprek open.")
    await pair.ilse.tap("Sluiten")
    await pair.sam.sees("Ilse heeft het gesprek afgerond.")


async def test_words_of_a_coach_without_a_name_are_asked_about_and_not_lost(pair: Pair) -> None:
    await pair.ilse.write("Hoe was je eerste week?")
    await pair.ilse.sees("Voor wie is dit bericht?")
    await pair.ilse.tap("Sam")
    await pair.sam.sees("Ilse: Hoe was je eerste week?")
    await pair.ilse.tap("Sam")
    await pair.ilse.sees("Dat bericht is al verstuurd.")


async def test_a_participant_who_blocks_the_bot_is_told_to_the_coach(pair: Pair) -> None:
    await pair.sam.block()
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Is niet meer bereikbaar op Telegram.")
    assert (await pair.shows())["reachable"] is False
    await pair.sam.unblock()
    await pair.sam.write("ik ben er weer")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.sees("Sam is weer bereikbaar op Telegram.")
    assert (await pair.shows())["reachable"] is True


async def test_who_writes_in_a_talk_that_the_coach_cannot_read_any_more_hears_that_and_so_do_the_admins(
    pair: Pair,
) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    await raised(pair)
    await pair.ilse.reply("Er is een nieuwe melding.", "Vertel")
    await pair.sam.sees("Ilse: Vertel")
    await pair.ilse.block()
    await bo.sees("Ilse is niet bereikbaar op Telegram")
    mine = await pair.sam.write("mijn baas is boos")
    await pair.sam.sees("Er is nu geen coach die het kan lezen.")
    await bo.sees("Een deelnemer schreef, en er is niemand die het leest (Ilse).")
    await pair.sam.edit(mine, "mijn baas was boos")
    await pair.sam.sees("Er is nu geen coach die het kan lezen.")
    await pair.ilse.unblock()
    await pair.ilse.sees("Er wacht nog een melding op je.")
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("mijn baas is boos")
    assert "(aangepast bericht) mijn baas was boos" in shown.text


async def test_an_old_button_gets_a_kind_answer_and_the_open_question(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    first = await pair.sam.sees("Hoe gaat het op je werk?")
    old = first.rows[0][0]["callback_data"]
    await pair.sam.write("4")
    await pair.sam.sees("Hoeveel energie")
    pair.stage.telegram.tap(pair.sam.id, data=old, message=first.id)
    await pair.sam.sees("Die knop is van een eerdere vraag.")
    await pair.sam.sees("Hoeveel energie")
    answers = [(one["step"], one["value"]) for one in (await pair.shows())["answers"] if one["flow"] != "welcome"]
    assert answers == [("work", 4)]


async def test_an_answer_in_two_taps_begins_no_talk_and_the_questions_go_on(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.tap("Slecht")
    await pair.sam.sees("Waar gaat het om?")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Ik bel volgende werkdag")
    await pair.sam.sees("Ilse: Ik bel je op de volgende werkdag.")
    await pair.sam.tap("Iets thuis")
    await pair.sam.sees("Thuis kan veel van je vragen.")
    assert (await pair.shows())["alerts"][0]["state"] == "taken"
    await pair.stage.later(days=4)
    await pair.ilse.sees("Een melding die je oppakte staat nog open.")


async def test_read_and_thanked_closes_the_alert(pair: Pair) -> None:
    await raised(pair, "het gaat juist heel goed")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Gelezen, dank je")
    await pair.sam.sees("Ilse: Ik heb het gelezen.")
    assert (await pair.shows())["alerts"] == []


async def test_read_and_thanked_after_a_talk_brings_the_question_back(pair: Pair) -> None:
    """The alert was closed, and the question went on resting: every tap read «Je praat nu met Ilse.»"""
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    await pair.sam.tap("Slecht")
    await pair.sam.sees("Waar gaat het om?")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.reply("Er is een nieuwe melding.", "Ik lees mee")
    await pair.sam.sees("Ilse: Ik lees mee")
    await pair.ilse.tap("Gelezen, dank je")
    await pair.sam.sees("Ilse: Ik heb het gelezen.")
    await pair.sam.sees("Waar gaat het om?")
    await pair.sam.tap("Iets thuis")
    await pair.sam.sees("Thuis kan veel van je vragen.")


async def test_closing_without_an_answer_tells_the_participant_that_it_was_read(pair: Pair) -> None:
    await raised(pair)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Sluiten")
    await pair.ilse.sees("De melding van Sam is gesloten.")
    await pair.sam.sees("Ilse heeft je bericht gelezen.")


# ---- what came after the coach's last look


async def looked_before_the_news(pair: Pair) -> Message:
    """The alert as the coach saw it; after that Sam wrote more, which was announced."""
    await raised(pair)
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("kun je me bellen?")
    await pair.sam.write("en mijn rooster klopt niet")
    await pair.ilse.sees("Er is iets nieuws bij een melding.")
    return shown


@pytest.mark.parametrize("label", ["Sluiten", "Gelezen, dank je"])
async def test_an_old_button_closes_nothing_that_the_coach_did_not_read(pair: Pair, label: str) -> None:
    """The new words were closed unread, and the participant read that Ilse had read them."""
    shown = await looked_before_the_news(pair)
    await pair.ilse.tap(label, on=shown)
    await pair.ilse.sees("Er is iets nieuws bij. Lees het eerst.")
    await pair.ilse.sees("en mijn rooster klopt niet")
    assert [one["state"] for one in (await pair.shows())["alerts"]] == ["raised"]
    assert not any("gelezen" in one.text for one in pair.sam.messages[-2:])
    await pair.ilse.tap(label, on=shown)  # it was not used up
    await pair.sam.sees("gelezen")
    assert (await pair.shows())["alerts"] == []


async def test_the_question_whether_it_can_be_closed_closes_nothing_unread(pair: Pair) -> None:
    await raised(pair)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Ik pak het op")
    await pair.stage.later(days=3)
    asked = await pair.ilse.sees("Een melding die je oppakte staat nog open.")
    await pair.sam.write("en mijn rooster klopt niet")
    await pair.ilse.tap("Sluiten", on=asked)
    await pair.ilse.sees("Lees het eerst.")
    await pair.ilse.sees("en mijn rooster klopt niet")
    assert [one["state"] for one in (await pair.shows())["alerts"]] == ["taken"]


@pytest.mark.parametrize("did", ["took", "talks"])
async def test_new_words_on_what_a_coach_has_are_repeated_until_seen_and_only_then_is_closing_asked(
    pair: Pair, did: str
) -> None:
    """They were announced once, and then nothing for two working days."""
    await raised(pair)
    await pair.ilse.tap("Bekijken")
    if did == "took":
        await pair.ilse.tap("Ik pak het op")
    else:
        await pair.ilse.tap("Antwoorden")
        await pair.ilse.write("Dag Sam")
        await pair.ilse.sees("Verstuurd aan Sam.")
    await pair.stage.later(hours=1)
    await pair.sam.write("en mijn rooster klopt niet")
    await pair.ilse.sees("Er is iets nieuws bij een melding.")
    for _ in range(2):
        await pair.stage.later(hours=2)
        line = await pair.ilse.sees("Er wacht nog een melding op je.")
    await pair.ilse.tap("Bekijken", on=line)
    await pair.ilse.sees("en mijn rooster klopt niet")
    await pair.stage.settled()
    pair.ilse.reads_all()
    await pair.stage.later(hours=5)
    await pair.stage.settled()
    assert pair.ilse.unread == []
    await pair.stage.later(days=3)
    await pair.ilse.sees("staat nog")
    await pair.stage.settled()
    assert not any("Er wacht nog" in one.text for one in pair.ilse.unread)


@pytest.mark.parametrize("way", ["typed", "two taps"])
async def test_who_answers_without_having_looked_is_shown_what_came(pair: Pair, way: str) -> None:
    shown = await looked_before_the_news(pair)
    if way == "typed":
        await pair.ilse.reply(shown, "Ik kijk ernaar")
    else:
        await pair.ilse.tap("Ik bel vandaag", on=shown)
    await pair.ilse.sees("en mijn rooster klopt niet")
    await pair.ilse.tap("Sluiten")
    await pair.ilse.sees("esloten")
