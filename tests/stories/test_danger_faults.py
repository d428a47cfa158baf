"""P12, with faults planted: whatever breaks, words that mean danger are answered and reach a human."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.storage import alerts, outbox, people
from bot.storage.tables import run
from bot.turns import alerting, participant, walk
from bot.turns.danger import looking
from flows import safety
from flows.engine import runner
from flows.engine.book import Book
from flows.engine.errors import FlowUnknown
from flows.safety import classifier
from flows.safety import looking as reading
from tests.stories.conftest import Pair, joins
from tests.stories.test_danger import ASKED, DOUBT, GOOD_OF_YOU, NOW, RED, SAFE, STILL
from tests.stories.test_failing_turns import all_tries, set_apart

FIRST = "Hoe gaat het op je werk?"


def broken(*given: Any, **named: Any) -> Any:
    raise RuntimeError("planted")


async def _the_engine(pair: Pair, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(runner, "resume", broken)
    patch.setattr(runner, "start", broken)


async def _the_script(pair: Pair, patch: pytest.MonkeyPatch) -> None:
    def gone(*given: Any) -> Any:
        raise FlowUnknown("planted")

    patch.setattr(Book, "get", gone)
    patch.setattr(Book, "latest", gone)


async def _the_walk(pair: Pair, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(walk, "go_on", broken)
    patch.setattr(walk, "begin", broken)


async def _the_run(pair: Pair, patch: pytest.MonkeyPatch) -> None:
    await pair.stage.write(lambda tx: tx.execute(update(run).values(state=b"nobody can read this")))


async def _the_participants_side(pair: Pair, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(participant, "handle", broken)


Plant = Callable[[Pair, pytest.MonkeyPatch], Any]
EVERYWHERE = pytest.mark.parametrize(
    "plant", [_the_engine, _the_script, _the_walk, _the_run, _the_participants_side], ids=lambda plant: plant.__name__
)


@EVERYWHERE
async def test_danger_needs_nothing_of_what_is_broken(
    asked: Pair, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    await plant(asked, monkeypatch)
    await asked.sam.write(RED)
    said = await asked.sam.sees(GOOD_OF_YOU)
    assert "112" in said.text
    assert "113" in said.text
    await asked.sam.sees(SAFE)
    await asked.ilse.tap("Nu lezen")
    await asked.ilse.sees(RED)
    await asked.sam.tap("Nee")
    await asked.sam.sees("BEL NU 112.")
    await asked.ilse.sees(NOW)


@EVERYWHERE
async def test_doubt_is_asked_about_at_once_though_its_normal_way_is_broken(
    asked: Pair, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    await plant(asked, monkeypatch)
    await asked.sam.write(DOUBT)
    await asked.sam.sees("Dat ligt aan mij.")  # a talk without its script ends; whatever else breaks is set apart
    await asked.sam.sees(ASKED)
    await asked.ilse.tap("Bekijken")
    assert DOUBT in (await asked.ilse.sees("Kan over gevaar gaan.")).text
    assert [one["text"] for one in (await asked.shows())["messages"]] == [DOUBT]


async def test_without_the_detector_a_handful_of_words_are_asked_about_and_the_admins_hear_once(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    monkeypatch.setattr(safety, "look", broken)
    await pair.sam.write("ik denk aan zelfmoord")
    assert "113" in (await pair.sam.sees(ASKED)).text
    await pair.sam.write("hallo")
    await pair.stage.settled()
    assert sum("herkennen van gevaar werkt niet goed" in one.text for one in ada.messages) == 1
    await pair.sam.tap("Ja")
    await pair.sam.sees(SAFE)
    await pair.ilse.sees(NOW)


@pytest.mark.parametrize(("missing", "answer"), [("model.json.gz", GOOD_OF_YOU), ("nl.yaml", ASKED)])
async def test_a_detector_that_misses_a_part_is_told_once_at_the_start(
    missing: str,
    answer: str,
    pair: Pair,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    folder = Path(shutil.copytree(reading.FOLDER, tmp_path / "safety"))
    (folder / missing).unlink()
    monkeypatch.setattr(reading, "FOLDER", folder)
    monkeypatch.setattr(classifier, "FILE", folder / classifier.FILE.name)
    reading.forget()
    try:
        for _ in range(2):
            await pair.stage.close()
            await pair.stage.open()
        await ada.sees("Het herkennen van gevaar werkt niet goed.")
        await pair.stage.settled()
        await pair.sam.write("ik wil dood")
        await pair.sam.sees(answer)
    finally:
        reading.forget()
    assert sum("herkennen van gevaar werkt niet goed" in one.text for one in ada.messages) == 1
    assert f"does without {missing}" in caplog.text


async def test_nobody_to_tell_that_the_detector_broke_swallows_no_words(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety, "look", broken)
    monkeypatch.setattr(looking, "tell_admins", broken)
    await pair.sam.write("ik denk aan zelfmoord")
    await pair.sam.sees(ASKED)


async def test_an_outbox_that_fails_once_delays_it_by_a_second_and_doubles_nothing(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    does, failed = outbox.put, []

    async def once(*given: Any, **named: Any) -> int:
        if not failed:
            failed.append(True)
            raise RuntimeError("planted")
        return await does(*given, **named)

    monkeypatch.setattr(outbox, "put", once)
    await pair.sam.write(RED)
    await pair.stage.tried(1)
    await pair.stage.waits(1)
    await pair.sam.sees(GOOD_OF_YOU)
    await pair.ilse.sees(NOW)
    await pair.stage.settled()
    assert sum(GOOD_OF_YOU in one.text for one in pair.sam.messages) == 1
    assert [one["text"] for one in (await pair.shows())["messages"]] == [RED]


async def test_when_the_coach_cannot_be_told_the_numbers_are_said_and_the_admins_hear_it(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    monkeypatch.setattr(alerting, "add", broken)
    await pair.sam.write(RED)
    await all_tries(pair.stage)
    assert "113" in (await pair.sam.sees("Bij gevaar: bel nu 112.")).text
    await ada.sees("Er wacht een dringend bericht van deelnemer")
    assert await set_apart(pair.stage) == ["failed"]


async def test_when_only_the_long_answer_breaks_the_coach_gets_the_words(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.turns.danger import hearing

    monkeypatch.setattr(hearing, "told", broken)
    await pair.sam.write(RED)
    await all_tries(pair.stage)
    await pair.sam.sees("Bij gevaar: bel nu 112.")
    await pair.ilse.tap("Nu lezen")
    await pair.ilse.sees(RED)


async def test_when_not_even_the_writer_can_be_looked_up_the_numbers_are_said(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ada = await joins(pair.stage, "admin", "Ada")
    monkeypatch.setattr(people, "by_chat", broken)
    await pair.sam.write(RED)
    await all_tries(pair.stage)
    await pair.sam.sees("Is er nu gevaar? Bel 112.")
    await ada.sees("Een dringend bericht kon niet bij een coach komen.")
    assert await set_apart(pair.stage) == ["failed unsaid"]


async def test_a_restart_in_the_middle_loses_and_doubles_nothing_and_the_ringing_goes_on(pair: Pair) -> None:
    await pair.stage.settled()
    await pair.stage.close()
    await pair.sam.write(RED)
    await pair.stage.open()
    await pair.sam.sees(GOOD_OF_YOU)
    await pair.ilse.sees(NOW)
    await pair.stage.settled()
    await pair.stage.close()
    await pair.stage.open()
    await pair.stage.later(minutes=10, seconds=1)
    await pair.ilse.sees(STILL)
    await pair.sam.tap("Ja")
    await pair.sam.sees("Fijn dat je nu veilig bent.")
    await pair.stage.settled()
    assert sum(GOOD_OF_YOU in one.text for one in pair.sam.messages) == 1
    async with pair.stage.running.storage.db.read() as conn:
        (found,) = await alerts.of_participant(conn, pair.participant)
    assert found.level == "danger"
