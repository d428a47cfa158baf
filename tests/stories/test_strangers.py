"""P11: no stranger learns anything: unknown people, used and forwarded invitations, groups, the wrong person."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete

from bot.demo.standin.chats import Message
from bot.storage import inbox
from bot.storage.tables import fact
from bot.turns.handover import inviting
from tests.stories.conftest import Pair, joins
from tests.support.phones import Phone
from tests.support.stage import Stage

UNKNOWN = "Hallo. We kennen elkaar nog niet. Een uitnodiging gekregen? Open die link dan."
NO_GOOD = "Deze uitnodiging werkt niet (meer). Vraag de coach om een nieuwe."
NOT_YOURS = "Deze uitnodiging was voor iemand anders. Hier komen geen berichten meer."


async def heard(stage: Stage, phone: Phone) -> list[str]:
    """Everything the bot has said to this phone so far."""
    await stage.settled()
    return [message.text for message in phone.messages if message.from_bot]


def everything_to(stage: Stage, phone: Phone) -> list[Any]:
    return stage.telegram.requests(chat=phone.id)


# ---- who nobody knows


async def test_an_unknown_person_gets_one_polite_sentence_and_no_second_within_the_hour(stage: Stage) -> None:
    eve = stage.phone("Eve")
    await eve.start()
    await eve.write("wie ben jij?")
    await eve.write("hallo?")
    assert await heard(stage, eve) == [UNKNOWN]
    await stage.later(minutes=61)
    await eve.write("en nu?")
    assert await heard(stage, eve) == [UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker", "contact", "location", "something_new"])
async def test_whatever_a_stranger_sends_the_answer_is_the_same(stage: Stage, kind: str) -> None:
    eve = stage.phone("Eve")
    await eve.send(kind, content=b"bytes")
    assert await heard(stage, eve) == [UNKNOWN]
    assert [one.method for one in everything_to(stage, eve)] == ["sendMessage"]


async def test_names_and_numbers_of_people_in_care_get_a_stranger_nothing(pair: Pair) -> None:
    eve = pair.stage.phone("Sam")
    for text in ("Sam", str(pair.participant), "/meldingen", "ik ben Ilse", "meedoen"):
        await eve.write(text)
        await pair.stage.later(hours=2)
    assert set(await heard(pair.stage, eve)) == {UNKNOWN}
    assert pair.ilse.unread == []


async def test_edits_blocks_and_taps_of_a_stranger_get_no_answer(pair: Pair) -> None:
    eve = pair.stage.phone("Eve")
    mine = await eve.write("hoi")
    await eve.sees(UNKNOWN)
    await pair.stage.later(hours=2)
    await eve.edit(mine, "hallo")
    await eve.block()
    await eve.unblock()
    tap(pair.stage, eve, "forged")
    tap(pair.stage, eve, token_on(pair.ilse.find("Sam heeft de uitnodiging geopend")))
    await pair.stage.settled()
    assert [one.method for one in everything_to(pair.stage, eve)] == ["sendMessage"]


async def test_a_strangers_language_is_the_language_of_the_sentence(stage: Stage) -> None:
    ann = stage.phone("Ann", language="en")
    await ann.start("no-such-code")
    await ann.sees("This invitation does not work")


async def test_what_nobody_can_be_told_is_set_apart_and_answered_to_nobody(pair: Pair) -> None:
    stage = pair.stage
    stage.telegram.push("message", {"message_id": 1, "date": 0, "text": "from nowhere"})
    stage.telegram.push("callback_query", {"id": "7", "data": "x"})
    stage.telegram.push("my_chat_member", {"chat": "no dict"})
    await pair.sam.write("hoor je mij nog?")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await stage.settled()
    assert stage.telegram.requests(chat=0) == []
    async with stage.running.storage.db.read() as conn:
        assert (await inbox.counts(conn)).apart == 3


# ---- invitations


async def invited_by(stage: Stage) -> tuple[Phone, str]:
    """A coach's phone, and the code of Sam, who has not joined."""
    coach, coach_code = await stage.add("coach", "Ilse")
    _, code = await stage.add("participant", "Sam", coach)
    ilse = stage.phone("Ilse")
    await ilse.start(coach_code)
    await ilse.sees("Welkom, Ilse")
    return ilse, code


async def test_a_code_that_is_unknown_used_expired_or_revoked_gets_the_same_words(stage: Stage) -> None:
    ilse, revoked = await invited_by(stage)
    await ilse.tap("Nodig Sam uit")
    used = code_in(await ilse.sees("Uitnodiging voor Sam."))
    await stage.phone("Sam").start(used)
    await ilse.sees("Sam heeft de uitnodiging geopend.")
    _, expired = await stage.add("participant", "Kim", 2)
    await stage.later(days=14)
    for name, code in (("A", "no-such-code"), ("B", used), ("C", revoked), ("D", expired), ("E", "x" * 64)):
        eve = stage.phone(name)
        await eve.start(code)
        assert await heard(stage, eve) == [NO_GOOD], name


async def test_without_the_bot_s_name_there_is_a_code_that_works_and_no_broken_link(stage: Stage) -> None:
    """The network was down at the first start; once it is there, so is the link."""
    ilse, _ = await invited_by(stage)
    await stage.write(lambda tx: tx.execute(delete(fact).where(fact.c.name == inviting.BOT_USERNAME)))
    await stage.close()
    stage.telegram.fault("getMe", code=502, times=10**6)
    await stage.open()
    await stage.running._look()
    await ilse.tap("Nodig Sam uit")
    shown = await ilse.sees("Uitnodiging voor Sam.")
    assert "t.me" not in shown.text
    assert "photo" not in shown.content
    stage.telegram.calm()
    await stage.running._look()
    asked = len(stage.telegram.requests("getMe"))
    await stage.running._look()
    assert len(stage.telegram.requests("getMe")) == asked
    sam = stage.phone("Sam")
    await sam.write(shown.text[shown.text.index("/start ") :])
    await ilse.sees("Sam heeft de uitnodiging geopend.")
    await ilse.tap("Dat is niet Sam")
    assert f"https://t.me/{stage.telegram.bot['username']}?start=" in (await ilse.sees("https://t.me")).text


async def test_an_invitation_is_good_until_two_weeks_are_over(stage: Stage) -> None:
    _, code = await invited_by(stage)
    await stage.later(days=13, hours=23)
    phone = stage.phone("Sam")
    await phone.start(code)
    await phone.sees("Hoi Sam.")


async def test_who_wrote_before_still_hears_that_the_link_does_not_work_but_only_once(stage: Stage) -> None:
    eve = stage.phone("Eve")
    await eve.write("hallo")
    for _ in range(3):
        await eve.start("old-link")
    await eve.write("doet dit het?")
    assert await heard(stage, eve) == [UNKNOWN, NO_GOOD]


async def test_a_second_person_with_the_same_link_gets_nothing_and_changes_nothing(invited: Pair) -> None:
    stage, link = invited.stage, invited.sam.messages[0].text
    await stage.settled()
    invited.ilse.reads_all()
    eve = stage.phone("Eve")
    await eve.start(link.split()[1])
    assert await heard(stage, eve) == [NO_GOOD]
    await invited.sam.tap("Nederlands")
    await invited.sam.sees("Wil je meedoen?")
    assert invited.ilse.unread == []


async def test_a_coach_who_was_away_five_weeks_can_still_say_that_the_wrong_person_joined(stage: Stage) -> None:
    ilse, code = await invited_by(stage)
    await stage.later(minutes=11)
    eve = stage.phone("Eve")
    await eve.start(code)
    await ilse.sees("Er is nieuws over een deelnemer.")
    for days in (29, 6):
        await stage.later(days=days)
        await stage.running.tidy()
    await ilse.tap("Bekijken", on="Er is nieuws over een deelnemer.")
    await ilse.sees("Sam heeft de uitnodiging geopend. Op Telegram heet deze persoon: Eve.")
    await ilse.tap("Dat is niet Sam")
    await eve.sees(NOT_YOURS)


async def test_two_people_at_once_with_one_link_make_one_participant(stage: Stage) -> None:
    _, code = await invited_by(stage)
    first, second = stage.phone("Sam"), stage.phone("Sam")
    stage.telegram.hold()
    await first.start(code)
    await second.start(code)
    stage.telegram.deliver()
    said = [await heard(stage, first), await heard(stage, second)]
    assert sorted(len(one) for one in said) == [1, 1]
    assert [NO_GOOD] in said


@pytest.mark.parametrize("who", ["sam", "ilse"])
async def test_a_link_for_somebody_else_does_nothing_for_who_is_in_and_stays_good(pair: Pair, who: str) -> None:
    stage, phone = pair.stage, getattr(pair, who)
    kim, code = await stage.add("participant", "Kim", pair.coach)
    await phone.start(code)
    await phone.sees("Dit kun je typen" if who == "sam" else "Er zijn geen open meldingen.")
    assert (await stage.shows(kim))["joined"] is False
    its_own = stage.phone("Kim")
    await its_own.start(code)
    await its_own.sees("Hoi Kim.")


async def test_a_link_pressed_in_the_middle_of_a_talk_is_not_shown_to_the_coach(pair: Pair) -> None:
    _, code = await pair.stage.add("participant", "Kim", pair.coach)
    await pair.sam.write("kun je me bellen?")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.reply("Er is een nieuwe melding.", "Ja")
    await pair.sam.sees("Ilse: Ja")
    await pair.sam.start(code)
    await pair.sam.sees("Je praat nu met Ilse.")
    await pair.stage.settled()
    assert code not in "".join(await heard(pair.stage, pair.ilse))


async def test_no_second_invitation_is_made_for_who_is_in(stage: Stage) -> None:
    ilse, code = await invited_by(stage)
    phone = stage.phone("Sam")
    await phone.start(code)
    await phone.sees("Hoi Sam.")
    await ilse.tap("Nodig Sam uit")
    await ilse.sees("Sam is al aangemeld.")
    assert stage.telegram.requests(method="sendPhoto") == []


# ---- «Dat is niet Sam»


@pytest.fixture
async def intruder(invited: Pair) -> Phone:
    """Somebody with Sam's link, who took part and wrote; Sam's own phone comes later."""
    eve = invited.sam
    await eve.tap("Nederlands")
    await eve.tap("Ja")
    await eve.sees("Fijn dat je meedoet")
    await invited.stage.plan_now(invited.participant)
    await eve.tap("Heel goed")
    await eve.sees("Hoeveel energie")
    await eve.write("geheim van Eve")
    await eve.sees("Ilse krijgt dit")
    await invited.stage.settled()
    eve.reads_all()
    return eve


async def put_out(pair: Pair) -> str:
    """The coach says so; the code of the new invitation."""
    await pair.ilse.tap("Dat is niet Sam")
    await pair.ilse.sees("Die persoon is afgemeld.")
    return code_in(await pair.ilse.sees("Uitnodiging voor Sam."))


async def test_the_wrong_person_is_out_at_once_and_hears_only_that(invited: Pair, intruder: Phone) -> None:
    await put_out(invited)
    await invited.stage.settled()
    assert [one.text for one in intruder.reads_all()] == [NOT_YOURS]
    await invited.stage.later(days=40)
    for _ in range(2):
        await intruder.write("hallo?")
    await invited.stage.settled()
    assert [one.text for one in intruder.reads_all()] == [UNKNOWN]
    shown = await invited.shows()
    assert (shown["state"], shown["joined"], shown["moments"]) == ("invited", False, [])


async def test_what_was_on_its_way_to_the_wrong_person_and_came_back_is_not_sent_again(
    invited: Pair, intruder: Phone
) -> None:
    telegram = invited.stage.telegram
    telegram.fault("sendMessage", how="hang", chat=intruder.id)
    await intruder.tap("Veel")
    await telegram.until(lambda: telegram.faults.hanging or None)
    intruder.reads_all()
    await put_out(invited)
    telegram.release()
    await intruder.sees(NOT_YOURS)
    await invited.stage.later(minutes=1)
    await invited.stage.settled()
    assert intruder.reads_all() == []


async def test_the_coach_gets_a_new_invitation_as_a_link_and_as_a_picture(invited: Pair, intruder: Phone) -> None:
    code = await put_out(invited)
    await invited.stage.settled()
    [picture] = invited.stage.telegram.requests(method="sendPhoto", chat=invited.ilse.id)
    assert picture.files["photo"].content.startswith(b"\x89PNG")
    assert f"?start={code}" in picture.parameters["caption"]
    again = invited.stage.phone("Eve 2")
    await again.start(invited.sam.messages[0].text.split()[1])
    assert await heard(invited.stage, again) == [NO_GOOD]


async def test_the_right_person_joins_and_finds_nothing_of_the_wrong_one(invited: Pair, intruder: Phone) -> None:
    sam = await sam_joins(invited, await put_out(invited))
    await sam.tap("Nederlands")
    await sam.tap("Ja")
    await sam.sees("Fijn dat je meedoet")
    await invited.ilse.tap("Ja, dat klopt")
    await invited.ilse.sees("Dan weet ik dat het Sam is.")
    await invited.stage.plan_now(invited.participant)
    await sam.tap("Gaat wel")
    await sam.sees("Hoeveel energie")  # no word on the last time: that was somebody else
    await invited.ilse.write("/meldingen")
    await invited.ilse.sees("Er zijn geen open meldingen.")
    shown = await invited.shows()
    assert [one["value"] for one in shown["answers"] if one["step"] == "work"] == [3]
    assert {one["outcome"] for one in shown["messages"] if "Eve" in one["text"]} == {"not theirs"}
    assert "Eve" not in "".join(await heard(invited.stage, sam))


async def test_a_talk_with_the_wrong_person_is_over_when_the_right_one_joins(invited: Pair, intruder: Phone) -> None:
    await invited.ilse.reply("Er is een nieuwe melding.", "Vertel eens")
    await intruder.sees("Ilse: Vertel eens")
    sam = await sam_joins(invited, await put_out(invited))
    await sam.tap("Nederlands")
    await sam.sees("Wil je meedoen?")
    await invited.ilse.write("Ben je daar?")
    await invited.ilse.sees("Voor wie is dit bericht?")


async def test_the_wrong_persons_old_buttons_do_nothing(invited: Pair, intruder: Phone) -> None:
    question = intruder.find("Hoeveel energie")
    sam = await sam_joins(invited, await put_out(invited))
    await invited.stage.settled()
    seen, before = len(everything_to(invited.stage, intruder)), await invited.shows()
    for row in question.rows:
        tap(invited.stage, intruder, row[0]["callback_data"])
    await invited.stage.settled()
    assert len(everything_to(invited.stage, intruder)) == seen
    assert await invited.shows() == before
    assert sam.last.text.startswith("Hoi Sam.")


async def test_the_coachs_old_button_does_not_put_the_right_person_out(invited: Pair, intruder: Phone) -> None:
    about_eve = invited.ilse.find("heeft de uitnodiging geopend")
    sam = await sam_joins(invited, await put_out(invited))
    await invited.ilse.tap("Dat is niet Sam", on=about_eve)
    await invited.ilse.sees("Die persoon is al afgemeld.")
    assert (await invited.shows())["joined"] is True
    await sam.tap("Nederlands")
    await sam.sees("Wil je meedoen?")


# ---- groups and channels


async def test_a_group_is_left_and_nothing_is_said_there(pair: Pair) -> None:
    stage, group = pair.stage, -1001
    stage.telegram.add_to_group(pair.sam.id, group, "Werk")
    await stage.settled()
    assert {one.method for one in stage.telegram.requests(chat=group)} == {"leaveChat"}
    assert pair.ilse.unread == []


async def test_what_a_participant_says_in_a_group_is_no_message_to_the_coach(pair: Pair) -> None:
    stage, group = pair.stage, -1002
    stage.telegram.add_to_group(pair.sam.id, group)
    stage.telegram.write(pair.sam.id, "dit zeg ik in een groep", group=group)
    await stage.settled()
    assert (await pair.shows())["messages"] == []
    assert pair.sam.unread == []
    assert pair.ilse.unread == []


@pytest.mark.parametrize("type_", ["channel", "supergroup"])
async def test_channels_and_big_groups_are_left_too(pair: Pair, type_: str) -> None:
    chat = {"id": -1003, "type": type_, "title": "Nieuws"}
    me = {"user": pair.stage.telegram.bot, "status": "administrator"}
    update = {"chat": chat, "from": {"id": pair.sam.id}, "date": 0, "new_chat_member": me}
    pair.stage.telegram.push("my_chat_member", update)
    await pair.stage.settled()
    assert [one.method for one in pair.stage.telegram.requests(chat=-1003)] == ["leaveChat"]
    assert (await pair.shows())["reachable"] is True


# ---- an admin is nobody's coach


async def test_an_admin_hears_how_the_assistant_is_and_nothing_about_people(pair: Pair) -> None:
    stage = pair.stage
    _, ad = await joins(stage, "admin", "Ad")
    await pair.sam.write("iets voor Ilse")
    await pair.sam.sees("Ilse krijgt dit bericht")
    for text in ("/meldingen", "Sam", "meedoen"):
        await ad.write(text)
        await ad.sees("Ik lees niets.")
    tap(stage, ad, token_on(pair.ilse.find("Er is een nieuwe melding.")))
    await stage.settled()
    assert not any("Sam" in text or "iets voor Ilse" in text for text in await heard(stage, ad))


# ---- helpers


async def sam_joins(pair: Pair, code: str) -> Phone:
    """The right Sam, on a phone of their own."""
    sam = pair.stage.phone("Sam")
    await sam.start(code)
    await sam.sees("Hoi Sam.")
    return sam


def code_in(message: Message) -> str:
    return message.text.partition("?start=")[2].split()[0]


def token_on(message: Message) -> str:
    return str(message.rows[0][0]["callback_data"])


def tap(stage: Stage, phone: Phone, token: str) -> None:
    """A tap with this token as only a made-up client can send it, from this phone."""
    raw = {"id": f"forged-{token}", "from": {"id": phone.id}, "chat_instance": "1", "data": token}
    stage.telegram.push("callback_query", raw)
