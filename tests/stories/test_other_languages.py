"""Stories in a language that runs from right to left and that nobody speaks: every sentence comes from a catalogue."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.storage import people
from tests.stories.conftest import Pair
from tests.support import pseudo
from tests.support.phones import Phone
from tests.support.pseudo import LANGUAGE, said
from tests.support.stage import Stage, staged

NAMES = frozenset({"Sam", "Ilse", "Karin", "Nederlands"})
APART, END = "\u2068", "\u2069"
LONGEST_LABEL = 40
"""Characters: a button of a script has at most 30; one of the bot may have a name in it."""


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pseudo.make(tmp_path_factory.mktemp("locales"))


@pytest.fixture
async def stage(tmp_path: Path, locales: Path, database_url: str | None) -> AsyncIterator[Stage]:
    async with staged(tmp_path / "data", database_url=database_url, locales=locales) as it:
        yield it


async def speaks(stage: Stage, person: int, language: str = LANGUAGE) -> None:
    await stage.write(lambda tx: people.change(tx, person, language=language))


async def make_pair(stage: Stage) -> Pair:
    """A Dutch coach, and a participant who was brought in with the other language."""
    coach, coach_code = await stage.add("coach", "Ilse")
    participant, code = await stage.add("participant", "Sam", coach)
    await speaks(stage, participant)
    ilse, sam = stage.phone("Ilse"), stage.phone("Sam", language=LANGUAGE)
    await ilse.start(coach_code)
    await ilse.sees("Welkom, Ilse")
    await sam.start(code)
    return Pair(stage, ilse, sam, coach, participant)


@pytest.fixture
async def pair(stage: Stage) -> Pair:
    pair = await make_pair(stage)
    await pair.sam.tap("العربية")
    await pair.sam.tap(said("Ja"))
    await pair.sam.sees(said("Fijn dat je meedoet, {name}.").replace("{name}", f"{APART}Sam{END}"))
    await pair.ilse.tap("Ja, dat klopt")
    await pair.ilse.sees("Dan weet ik dat het Sam is")
    await stage.settled()
    pair.ilse.reads_all()
    return pair


def outgoing(phone: Phone, since: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Everything that was ever sent to this phone after that request, also what was changed since: text and labels."""
    for request in phone.telegram.requests():
        values = request.parameters
        if request.number > since and str(values.get("chat_id")) == str(phone.id):
            markup = values.get("reply_markup") or {}
            rows = (json.loads(markup) if isinstance(markup, str) else markup).get("inline_keyboard", [])
            yield str(values.get("text") or values.get("caption") or ""), [one["text"] for row in rows for one in row]


def leaks(phone: Phone, names: frozenset[str] = NAMES, since: int = 0) -> list[str]:
    """What the bot said in Latin letters that is no name and no command, in texts and on buttons."""
    shown = [one for text, labels in outgoing(phone, since) for one in (text, *labels)]
    assert shown
    return [f"{word!r} in {text!r}" for text in shown for word in pseudo.latin(text, names)]


async def test_the_welcome_and_a_check_in_are_wholly_in_the_language(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.tap(said("Slecht"))
    await pair.stage.settled()
    for _ in range(20):  # whatever the check-in asks: the first button that is there, or skip
        row = await pair.shows()
        last = pair.sam.last
        if not last.labels or said("Stop") not in last.labels:
            break
        await pair.sam.tap(last.labels[0], on=last)
        await pair.stage.settled()
        assert row["name"] == "Sam"
    assert leaks(pair.sam) == []
    assert max(len(label) for _, labels in outgoing(pair.sam) for label in labels) <= LONGEST_LABEL


async def test_every_command_answers_in_the_language(pair: Pair) -> None:
    for command in ("/help", "/overzicht", "/afspraken", "/wanneer", "/pauze", "/stop", "/sos"):
        await pair.sam.write(command)
        await pair.stage.settled()
    await pair.sam.write(said("pauze"))  # start words of one's own language
    await pair.stage.settled()
    assert leaks(pair.sam) == []


async def test_an_alert_and_the_coachs_answer(pair: Pair) -> None:
    await pair.sam.write("مرحبا 3, أنا هنا 🙂")
    await pair.sam.sees(said("Dank je wel.")[:6])
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("مرحبا 3")
    assert f"Sam (dinsdag 1 december, 10:00): {APART}مرحبا 3, أنا هنا 🙂{END}" in shown.text
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.sees("Typ je bericht voor Sam.")
    await pair.ilse.write("Goed, tot 3 uur.")
    await pair.sam.sees("Goed, tot 3 uur.")
    await pair.stage.settled()
    words = "Goed, tot 3 uur."
    assert leaks(pair.sam, NAMES | {words}) == []
    assert f"{APART}Ilse{END}: {APART}{words}{END}" in [text for text, _ in outgoing(pair.sam)]


@dataclass(frozen=True)
class Wrote:
    how: str
    words: str


@pytest.mark.parametrize(
    "wrote",
    [
        Wrote("typed", "я захворіла, прийду в понеділок 🙏"),
        Wrote("typed", "مرحبا (Sam) 12:30؟\nشكرا 🙂"),
        Wrote("caption", "صورة 1/2"),
    ],
)
async def test_what_a_participant_wrote_reaches_the_coach_as_it_was_written(pair: Pair, wrote: Wrote) -> None:
    if wrote.how == "typed":
        await pair.sam.write(wrote.words)
    else:
        await pair.sam.send("photo", wrote.words)
    await pair.stage.settled()
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees(wrote.words.split("\n")[0])
    plain = shown.text.replace(APART, "").replace(END, "")
    assert wrote.words in plain
    messages = (await pair.shows())["messages"]
    assert [one["text"] for one in messages if one["author"] == "participant"] == [wrote.words]


async def test_words_typed_to_a_question_reach_the_coach_inside_a_dutch_sentence(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant)
    await pair.sam.tap(said("Slecht"))
    await pair.stage.settled()
    await pair.sam.tap(pair.sam.last.labels[0], on=pair.sam.last)
    await pair.sam.sees(said("Goed dat je het zegt. Wat heb je zelf al geprobeerd?"))
    await pair.sam.write("تكلمت مع Karin 3 مرات")
    await pair.stage.settled()
    await pair.ilse.tap("Bekijken")
    shown = await pair.ilse.sees("Op de vraag «")
    assert f"{APART}تكلمت مع Karin 3 مرات{END}" in shown.text


async def test_a_coach_reads_everything_but_the_signals_in_the_language(pair: Pair) -> None:
    await speaks(pair.stage, pair.coach)
    dutch = pair.stage.telegram.requests()[-1].number
    await pair.sam.write("سلام")
    await pair.stage.settled()
    await pair.ilse.tap(said("Bekijken"))
    for command in ("/help", "/meldingen", "/taken", "/overdracht"):
        await pair.ilse.write(command)
        await pair.stage.settled()
    assert leaks(pair.ilse, since=dutch) == []
    assert any(f"{APART}Sam{END}" in text for text, _ in outgoing(pair.ilse, dutch))
