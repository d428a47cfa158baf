"""P19, P11, P9: a whole story full of canaries, words that nobody else says, and where they turn up.

The story is lived once; each test looks at what it left behind.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.demo.standin.record import Request
from bot.demo.standin.state import TOKEN
from bot.storage.people import Person
from bot.storage.tables import inbox
from bot.turns import participant
from bot.turns.inbound import Inbound
from bot.turns.turn import PRESENT_FOR, Turn
from tests.support import oracle
from tests.support.log_lines import log_lines
from tests.support.phones import Phone
from tests.support.stage import Stage, staged

ILSE, SAM, BERT, KIM = "Ilsebillex", "Samsonix", "Bertholdix", "Kimonix"
ON_TELEGRAM = {SAM: "Zebrazoon", KIM: "Okapizoon"}
"""Their last names on Telegram, for the coach who must recognise them."""

LOCK_SCREEN = {
    SAM: [
        rf"Hoi {SAM}! Hoe gaat het op je werk\?",
        r"Er staat nog een vraag open\. Antwoorden kan nog, als je wilt\.",
        r"Tik op de knop\. Dan zie je de vraag waar we waren gebleven\.",
        rf"Je hebt een bericht van {ILSE}\.",
        rf"{ILSE} heeft je bericht gezien\.",
        rf"{ILSE} heeft het gesprek afgerond\. Je kunt altijd weer schrijven\.",
        rf"Er ging iets mis\. Dat ligt aan mij\. {ILSE} krijgt je bericht toch\.",
    ],
    ILSE: [
        r"Er is nieuws over een deelnemer\.",
        r"Er is een nieuwe melding\.",
        r"Er wacht nog een melding op je\.",
        r"Er is iets nieuws bij een melding\.",
        r"Er wachten nog \d+ meldingen op je\.",
        r"Er wachten nog \d+ meldingen op je\. Er is haast bij\.",
        r"Er is een melding met haast\.",
        r"Er wacht nog een melding met haast op je\.",
        r"Er is iets nieuws bij een melding met haast\.",
        r"Er staan nog \d+ taken voor je open\.",
        r"Er staat nog een gesprek open\. Zolang stuurt de assistent niets\. Kan het dicht\?",
        r"Een melding die je oppakte staat nog open\. Is het klaar\?",
        r"Een dringend bericht\. Lees dit nu\.",
        r"Er is iets nieuws bij een dringend bericht\. Lees dit nu\.",
        r"Niemand heeft een dringend bericht opgepakt\. Lees dit nu\.",
        r"Een dringend bericht staat nog open\. Zolang stuurt de assistent niets\. Kan het dicht\?",
    ],
}
"""All that may be shown to somebody who was not looking. A new sentence must be weighed before it is added."""


@dataclass
class Evidence:
    """What the story left: everything the bot asked of Telegram, when people did something, and all it wrote."""

    said: dict[str, list[str]] = field(default_factory=dict)
    chats: dict[str, int] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    acts: list[tuple[int, datetime]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    log: str = ""
    pages: str = ""
    codes: list[str] = field(default_factory=list)
    books: dict[str, dict[str, Any]] = field(default_factory=dict)

    def word(self, who: str) -> str:
        """Something that nobody ever said before."""
        mine = self.said.setdefault(who, [])
        mine.append(f"kanarie{len(mine)}van{who.lower()}")
        return mine[-1]

    def words(self, *people: str) -> list[str]:
        return [one for who in people for one in self.said[who]]

    def away(self, request: Request) -> bool:
        """Whether the reader did nothing in the ten minutes before this was sent."""
        return not any(chat == request.chat and timedelta() <= request.at - at <= PRESENT_FOR for chat, at in self.acts)


def sent(request: Request) -> str:
    """All that this request carries."""
    return json.dumps([dict(request.parameters), [file.name for file in request.files.values()]], ensure_ascii=False)


def shown(request: Request) -> str:
    return str(request.parameters.get("text", request.parameters.get("caption", "")))


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    evidence = Evidence()
    with log_lines(TOKEN) as log:
        asyncio.run(live(evidence, tmp_path_factory.mktemp("privacy")))
    evidence.log = log.getvalue()
    return evidence


async def live(evidence: Evidence, folder: Path) -> None:
    async with staged(folder / "data") as stage:
        coach, ilse = await comes(evidence, stage, ILSE, None)
        other, bert = await comes(evidence, stage, BERT, None)
        await stage.later(hours=1)
        number, sam = await comes(evidence, stage, SAM, coach)
        second, kim = await comes(evidence, stage, KIM, other)
        await joins(stage, ilse, sam)
        await joins(stage, bert, kim)
        await a_bad_month(evidence, stage, number, ilse, sam)
        await a_talk(evidence, stage, ilse, sam)
        await whatever_people_send(evidence, stage, ilse, sam)
        await the_others(evidence, stage, second, bert, kim)
        await silence_and_failure(evidence, stage, number, sam)
        evidence.books = {SAM: await stage.shows(number), KIM: await stage.shows(second)}
        await look(evidence, stage, folder)


async def comes(evidence: Evidence, stage: Stage, name: str, coach: int | None) -> tuple[int, Phone]:
    number, code = await stage.add("coach" if coach is None else "participant", name, coach)
    phone = stage.phone(name, last_name=ON_TELEGRAM.get(name, ""))
    evidence.chats[name] = phone.id
    evidence.codes.append(code)
    await phone.start(code)
    await phone.sees(name)
    return number, phone


async def joins(stage: Stage, coach: Phone, participant: Phone) -> None:
    await participant.tap("Nederlands")
    await participant.tap("Ja")
    await participant.sees("Fijn dat je meedoet")
    await stage.settled()
    await coach.tap("Bekijken")
    await coach.sees("doet mee")
    await coach.tap("Bekijken")
    await coach.sees("Op Telegram heet deze persoon")
    await coach.tap("Ja, dat klopt")
    await coach.sees("Dan weet ik dat het")


async def a_bad_month(evidence: Evidence, stage: Stage, number: int, ilse: Phone, sam: Phone) -> None:
    await stage.later(days=1)
    await stage.plan_now(number)
    await sam.sees("Hoe gaat het op je werk?")
    await sam.tap("Slecht")
    await sam.tap("Het werk zelf")
    await sam.sees("Wat heb je zelf al geprobeerd?")
    await stage.later(days=5, hours=1)  # the reminder keeps to working days
    await sam.sees("Tik op de knop.")
    await sam.tap("Bekijken")
    await sam.sees("Wat heb je zelf al geprobeerd?")
    await sam.write(evidence.word(SAM))
    await sam.write(evidence.word(SAM))
    await sam.tap("Weinig")
    await sam.sees("Elke keer vraag ik ook naar iets anders.")
    await stage.settled()
    await sam.tap("Overslaan")
    await sam.tap("Ja graag")
    await sam.sees("nog vertellen")
    await sam.send("voice", evidence.word(SAM), b"voice")
    await sam.sees("hoor je mij weer")
    await stage.settled()
    await ilse.tap("Bekijken")
    await ilse.sees("Wil gebeld worden.")


async def a_talk(evidence: Evidence, stage: Stage, ilse: Phone, sam: Phone) -> None:
    await stage.later(hours=1)
    await ilse.tap("Ik pak het op")
    await ilse.tap("Antwoorden")
    await ilse.sees("Typ je bericht")
    await ilse.write(evidence.word(ILSE))
    await sam.tap("Lezen")
    await sam.sees(evidence.said[ILSE][-1])
    await sam.write(evidence.word(SAM))
    await ilse.sees(f"{SAM}: {evidence.said[SAM][-1]}")
    await stage.later(hours=1)
    await sam.write(evidence.word(SAM))
    await ilse.sees("Er is iets nieuws bij een melding.")
    await stage.later(hours=1)
    await ilse.tap("Bekijken", on="Er is iets nieuws bij een melding.")
    await ilse.sees(evidence.said[SAM][-1])
    await ilse.tap("Gesprek sluiten")
    await sam.sees("heeft het gesprek afgerond")


async def whatever_people_send(evidence: Evidence, stage: Stage, ilse: Phone, sam: Phone) -> None:
    await stage.later(hours=1)
    mine = await sam.write(evidence.word(SAM))
    await sam.edit(mine, evidence.word(SAM))
    await sam.forward(evidence.word(SAM), evidence.word(SAM))
    for kind in ("photo", "document", "contact", "something_new"):
        await sam.send(kind, evidence.word(SAM))
    await sam.sees("krijgt dit bericht")
    await stage.later(hours=3)
    await ilse.tap("Bekijken")
    await ilse.sees(evidence.said[SAM][-4])
    await ilse.write(evidence.word(ILSE))
    await ilse.tap(SAM)
    await sam.sees("Je hebt een bericht van")
    await stage.later(days=3)


async def the_others(evidence: Evidence, stage: Stage, number: int, bert: Phone, kim: Phone) -> None:
    await kim.write(evidence.word(KIM))
    await kim.sees("krijgt dit bericht")
    await stage.later(hours=1)
    await bert.tap("Bekijken")
    await bert.sees(evidence.said[KIM][-1])
    await bert.tap("Antwoorden")
    await bert.sees("Typ je bericht")
    await bert.write(evidence.word(BERT))
    await kim.tap("Lezen")
    await kim.sees(evidence.said[BERT][-1])


async def silence_and_failure(evidence: Evidence, stage: Stage, number: int, sam: Phone) -> None:
    """A question that nobody answers, a turn that fails for good, and somebody who leaves."""
    await stage.settled()
    stage.telegram.tap(evidence.chats[ILSE], "Gesprek sluiten")
    await stage.later(hours=1)
    await stage.plan_now(number)
    await sam.sees("Hoe gaat het op je werk?")
    await stage.later(days=11)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(participant, "handle", fail)
        await sam.write(evidence.word(SAM))
        for tries in (1, 2):
            await stage.tried(tries)
            await stage.waits(10)
        await sam.sees("Er ging iets mis.")
    await stage.later(hours=1)
    await sam.block()
    await stage.later(hours=1)


async def fail(turn: Turn, who: Person, inbound: Inbound) -> str:
    """As a mistake of ours would, with the very words in its mouth."""
    raise ValueError(f"{who.name} wrote {inbound.text}", inbound, who)


async def look(evidence: Evidence, stage: Stage, folder: Path) -> None:
    await stage.settled()
    evidence.requests = stage.telegram.requests()
    async with stage.running.storage.db.read() as conn:
        rows = (await conn.execute(select(inbox.c.chat_id, inbox.c.received_at))).all()
    evidence.acts = [(row.chat_id, row.received_at) for row in rows]
    async with aiohttp.ClientSession() as web:
        for page in ("healthz", "metrics"):
            async with web.get(f"{stage.running.url}/{page}") as answer:
                evidence.pages += await answer.text()
    evidence.files = {one.name: one.read_bytes() for one in folder.rglob("*") if one.is_file()}


# ---- what it left behind


def test_the_story_is_worth_looking_at(story: Evidence) -> None:
    """Otherwise the other tests prove nothing: the canaries arrived where they belong, and people were away."""
    seen = "".join(sent(one) for one in story.requests if one.chat == story.chats[ILSE])
    arrived = [word for word in story.said[SAM] if word in seen]
    assert len(arrived) >= 8
    away = [one for one in story.requests if one.method.startswith("send") and story.away(one)]
    assert {shown(one) for one in away if one.chat == story.chats[SAM]} >= {f"Je hebt een bericht van {ILSE}."}
    assert len(away) > 10
    assert "is set apart" in story.log


def test_every_request_is_as_the_bot_api_and_our_rules_want_it(story: Evidence) -> None:
    assert oracle.check(story.requests) == []


def test_nothing_goes_to_a_group_or_to_nobody_and_nothing_can_be_forwarded(story: Evidence) -> None:
    for one in story.requests:
        assert "chat_id" not in one.parameters or int(one.parameters["chat_id"]) in story.chats.values()
        assert "parse_mode" not in one.parameters
        if one.method.startswith("send") and not oracle.is_calendar(one):
            assert one.parameters["protect_content"] in (True, "true")


@pytest.mark.parametrize("reader", [SAM, ILSE])
def test_a_lock_screen_shows_known_neutral_lines_only(story: Evidence, reader: str) -> None:
    allowed = re.compile("|".join(f"(?:{line})" for line in LOCK_SCREEN[reader]))
    for one in story.requests:
        if one.chat == story.chats[reader] and one.method.startswith("send") and story.away(one):
            assert allowed.fullmatch(shown(one)), shown(one)


def test_nothing_unasked_names_anybody_else_or_repeats_what_was_said(story: Evidence) -> None:
    """A participant may read the own name and the coach's, a coach nobody's; not even on a button."""
    names = {SAM: {KIM, BERT}, KIM: {SAM, ILSE}, ILSE: {SAM, KIM, BERT}, BERT: {SAM, KIM, ILSE}}
    secrets = [*story.words(SAM, ILSE, KIM, BERT), *ON_TELEGRAM.values()]
    for who, others in names.items():
        for one in story.requests:
            if one.chat == story.chats[who] and one.method.startswith("send") and story.away(one):
                assert [word for word in (*secrets, *others) if word in sent(one)] == []


@pytest.mark.parametrize(("mine", "theirs"), [((SAM, ILSE), (KIM, BERT)), ((KIM, BERT), (SAM, ILSE))])
def test_nobody_gets_anything_of_another_pair(story: Evidence, mine: tuple[str, str], theirs: tuple[str, str]) -> None:
    """P9 too: there is nobody yet who reads along, so whoever is not of the pair is sent nothing of it."""
    chats = {story.chats[who] for who in mine}
    secrets = [*story.words(*mine), *mine, ON_TELEGRAM[mine[0]]]
    elsewhere = "".join(sent(one) for one in story.requests if one.chat not in chats)
    assert [word for word in secrets if word in elsewhere] == []
    assert not any(word in json.dumps(story.books[theirs[0]]) for word in story.words(*mine))


def test_what_a_participant_says_is_repeated_to_the_own_coach_only(story: Evidence) -> None:
    back = "".join(sent(one) for one in story.requests if one.chat == story.chats[SAM])
    assert [word for word in story.said[SAM] if word in back] == []


def test_the_log_has_no_word_name_code_or_token(story: Evidence) -> None:
    everybody = (SAM, ILSE, KIM, BERT)
    secrets = [*story.words(*everybody), *everybody, *ON_TELEGRAM.values(), *story.codes, TOKEN]
    assert [word for word in secrets if word in story.log] == []


def test_the_files_hold_nothing_readable(story: Evidence) -> None:
    kept = story.files["achterdehand.db"] + story.files["achterdehand.db-wal"]
    assert b"monthly-checkin" in kept  # what is not sealed can be found this way
    everybody = (SAM, ILSE, KIM, BERT)
    secrets = [*story.words(*everybody), *everybody, *ON_TELEGRAM.values(), *story.codes, TOKEN]
    for name, content in story.files.items():
        assert [word for word in secrets if word.encode() in content] == [], name


def test_health_and_metrics_are_about_the_machine_alone(story: Evidence) -> None:
    everybody = (SAM, ILSE, KIM, BERT)
    secrets = [*story.words(*everybody), *everybody, *ON_TELEGRAM.values(), *story.codes, TOKEN]
    assert '"status": "well"' in story.pages
    assert "achterdehand_rows" in story.pages
    assert [word for word in secrets if word in story.pages] == []
