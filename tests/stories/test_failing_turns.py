"""P16: a turn is whole or not there, in each person's order, and nobody waits for another. P4, P12: a person knows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.storage import messages, outbox
from bot.storage.tables import answer, inbox, message, run
from bot.storage.tables import outbox as sent
from bot.turns import alerting, door, effects, failing, participant
from bot.turns.danger import entrance
from flows.engine import events, runner
from tests.stories.conftest import Pair, joins, make_pair
from tests.support.caring import night
from tests.support.phones import Phone
from tests.support.stage import Stage

SORRY = "Er ging iets mis. Dat ligt aan mij. Ilse krijgt het toch."
FIRST, SECOND = "Hoe gaat het op je werk?", "Hoeveel energie"


class Fault:
    """In the place of a function: raises until it is mended. (A work that raises may be run more than once.)"""

    def __init__(self, does: Callable[..., Any]) -> None:
        self._does = does
        self.mended = False

    def __call__(self, *given: Any, **named: Any) -> Any:
        if not self.mended:
            raise RuntimeError("planted")
        return self._does(*given, **named)


Plant = Callable[[pytest.MonkeyPatch, Stage], Fault]


def _in_an_effect(patch: pytest.MonkeyPatch, stage: Stage) -> Fault:
    """The last thing of the turn: everything else is written by then."""
    fault = Fault(effects.WRITERS[events.QuestionAsked])
    patch.setitem(effects.WRITERS, events.QuestionAsked, fault)
    return fault


def _in_the_engine(patch: pytest.MonkeyPatch, stage: Stage) -> Fault:
    fault = Fault(runner.resume)
    patch.setattr(runner, "resume", fault)
    return fault


def _in_reading(patch: pytest.MonkeyPatch, stage: Stage) -> Fault:
    fault = Fault(stage.running.dispatcher._translate)
    patch.setattr(stage.running.dispatcher, "_translate", fault)
    return fault


EVERYWHERE = pytest.mark.parametrize("plant", [_in_an_effect, _in_the_engine, _in_reading])


async def rows(stage: Stage) -> tuple[Any, ...]:
    """Everything that a turn may write, at a glance."""
    counted = [select(func.count()).select_from(table) for table in (answer, message, sent)]
    async with stage.running.storage.db.read() as conn:
        counts = [(await conn.execute(query)).scalar_one() for query in counted]
        walked = (await conn.execute(select(run.c.id, run.c.turn, run.c.state, run.c.status))).all()
    return *counts, tuple(walked)


async def all_tries(stage: Stage) -> None:
    """Through the back-off of one second and of ten."""
    await stage.tried(1)
    await stage.waits(1)
    await stage.tried(2)
    await stage.waits(10)


@EVERYWHERE
async def test_a_turn_that_raises_leaves_nothing_and_is_tried_again_with_a_pause(
    asked: Pair, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    stage = asked.stage
    before = await rows(stage)
    plant(monkeypatch, stage)
    await asked.sam.tap("Goed")
    assert await stage.tried(1) == stage.setting.at + timedelta(seconds=1)
    assert await rows(stage) == before
    await stage.waits(1)
    assert await stage.tried(2) == stage.setting.at + timedelta(seconds=10)
    assert await rows(stage) == before


@EVERYWHERE
async def test_a_fault_that_goes_away_leaves_exactly_one_effect(
    asked: Pair, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    stage = asked.stage
    fault = plant(monkeypatch, stage)
    await asked.sam.tap("Goed")
    await stage.tried(1)
    fault.mended = True
    await stage.waits(1)
    await asked.sam.sees(SECOND)
    work = [one["value"] for one in (await asked.shows())["answers"] if one["step"] == "work"]
    assert work == [4]
    assert sum(SECOND in one.text for one in asked.sam.messages) == 1
    assert not any(SORRY in one.text for one in asked.sam.messages)


async def test_after_three_tries_the_person_reads_one_calm_sentence_and_the_coach_gets_the_words(
    asked: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    _in_the_engine(monkeypatch, asked.stage)
    await asked.sam.write("de kluis van de kantine klemt")
    await all_tries(asked.stage)
    await asked.stage.settled()
    (calm,) = asked.sam.reads_all()
    assert SORRY in calm.text
    assert "112" in calm.text
    await asked.ilse.tap("Bekijken")
    alert = await asked.ilse.sees("de kluis van de kantine klemt")
    assert "ging iets mis" in alert.text
    assert await set_apart(asked.stage) == ["failed"]
    shown = await asked.shows()
    assert [one["outcome"] for one in shown["messages"]] == ["with coach"]
    assert [one for one in shown["answers"] if one["step"] == "work"] == []


async def test_an_input_that_cannot_even_be_read_is_set_apart_and_the_coach_knows(
    asked: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = _in_reading(monkeypatch, asked.stage)
    await asked.sam.write("dit leest niemand")
    await all_tries(asked.stage)
    await asked.sam.sees(SORRY)
    fault.mended = True
    await asked.ilse.tap("Bekijken")
    await asked.ilse.sees("ging iets mis in de assistent")


async def test_when_even_that_fails_the_next_words_still_get_through(
    asked: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = [_in_the_engine(monkeypatch, asked.stage), Fault(alerting.add)]
    monkeypatch.setattr(alerting, "add", faults[1])
    await asked.sam.write("hallo")
    await all_tries(asked.stage)
    await asked.stage.settled()
    assert await set_apart(asked.stage) == ["failed unsaid"]
    for fault in faults:
        fault.mended = True
    await asked.sam.tap("Goed")
    await asked.sam.sees(SECOND)


async def test_a_coach_whose_answer_gets_stuck_reads_that_it_did_not_arrive(
    asked: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked.sam.write("de kluis van de kantine klemt")
    await asked.ilse.tap("Bekijken")
    shown = await asked.ilse.sees("de kluis van de kantine klemt")
    await asked.stage.settled()
    asked.sam.reads_all()
    fault = Fault(participant.hand_over)
    monkeypatch.setattr(participant, "hand_over", fault)
    await asked.ilse.reply(shown, "Ik kijk ernaar")
    await all_tries(asked.stage)
    await asked.ilse.sees("Je bericht aan Sam is niet verstuurd. Stuur het nog een keer, of bel.")
    await asked.stage.settled()
    assert asked.sam.reads_all() == []
    assert not any("bewaard" in one.text for one in asked.ilse.messages)
    fault.mended = True
    await asked.ilse.reply(shown, "Ik kijk ernaar")
    await asked.sam.sees("Ik kijk ernaar")


@pytest.mark.parametrize("role", ["coach", "admin"])
async def test_staff_whose_tap_or_words_get_stuck_are_asked_to_do_it_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    _, ilse = await joins(stage, role, "Ilse")
    monkeypatch.setattr(entrance, "meet", Fault(entrance.meet))
    await ilse.write("Hallo?")
    await all_tries(stage)
    await ilse.sees("Er ging iets mis. Dat ligt aan mij. Wat je net deed, is niet gelukt.")


async def nights(pair: Pair, bo: Phone) -> list[str]:
    """What an admin reads of the next two nights' checks."""
    said = []
    for _ in range(2):
        await night(pair)
        said += [one.text for one in bo.reads_all()]
    return said


async def test_at_night_the_admins_hear_once_what_got_stuck(asked: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """P4: in numbers, and nothing of what was said."""
    _, bo = await joins(asked.stage, "admin", "Bo")
    fault = _in_the_engine(monkeypatch, asked.stage)
    await asked.sam.write("de kluis van de kantine klemt")
    await all_tries(asked.stage)
    await asked.sam.sees(SORRY)
    fault.mended = True
    assert await nights(asked, bo) == ["Berichten waarbij de assistent vastliep: 1. Kijk in het logboek."]


async def test_at_night_the_admins_hear_once_what_nobody_got_and_from_whom(
    asked: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P4: and from a stranger, whom nobody can be named by, too."""
    stage = asked.stage
    _, bo = await joins(stage, "admin", "Bo")
    monkeypatch.setattr(door, "come_in", Fault(door.come_in))
    monkeypatch.setattr(failing, "set_apart", Fault(failing.set_apart))
    for phone in (asked.sam, stage.phone("Eve")):
        await phone.write("de kluis van de kantine klemt")
        await all_tries(stage)
        await stage.settled()
    monkeypatch.undo()
    (said,) = await nights(asked, bo)
    assert said == (
        f"Berichten die niemand kreeg: 2 (van nummer {asked.participant} en ?). "
        "Laat iemand vragen wat er was. Kijk in het logboek."
    )


async def test_at_night_the_admins_hear_once_what_telegram_refused_and_why(asked: Pair) -> None:
    """P4, P3: a message that cannot go is tried no more, so somebody must know."""
    stage = asked.stage
    _, bo = await joins(stage, "admin", "Bo")
    stage.telegram.fault("sendMessage", chat=asked.sam.id, code=400, description='Bad Request: wrong URL "kluis"')
    await asked.sam.tap("Goed")
    await stage.settled()
    (said,) = await nights(asked, bo)
    assert said == (
        f"Berichten die niet weg konden: 1 (aan nummer {asked.participant}). "
        "Reden: Wrong url … (1). Kijk in het logboek."
    )


async def test_who_blocked_us_is_with_the_coach_and_no_matter_for_the_admins(asked: Pair) -> None:
    _, bo = await joins(asked.stage, "admin", "Bo")
    asked.stage.telegram.fault("sendMessage", chat=asked.sam.id, code=403)
    await asked.sam.tap("Goed")
    await asked.stage.settled()
    assert await nights(asked, bo) == []


async def test_what_got_stuck_is_kept_for_the_first_admin(asked: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = _in_the_engine(monkeypatch, asked.stage)
    await asked.sam.write("de kluis van de kantine klemt")
    await all_tries(asked.stage)
    await asked.sam.sees(SORRY)
    fault.mended = True
    await night(asked)
    _, bo = await joins(asked.stage, "admin", "Bo")
    assert len(await nights(asked, bo)) == 1


async def set_apart(stage: Stage) -> list[str]:
    """The outcomes of what was set apart."""
    async with stage.running.storage.db.read() as conn:
        query = select(inbox.c.outcome).where(inbox.c.state == "apart").order_by(inbox.c.id)
        return list((await conn.execute(query)).scalars())


async def test_what_the_same_person_says_next_waits_behind_it_and_everybody_else_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = [await welcomed(stage) for _ in range(2)]
    does, fault = door.come_in, Fault(door.come_in)

    async def come_in(turn: Any, inbound: Any) -> Any:
        return await (fault if inbound.text == "een" else does)(turn, inbound)

    monkeypatch.setattr(door, "come_in", come_in)
    for words in ("een", "twee", "drie"):
        await first.sam.write(words)
        await second.sam.write(words if words != "een" else "uno")
    for _ in range(2):
        await second.sam.sees("krijgt dit ook")
    await stage.tried(1)
    assert (await stage.shows(first.participant))["messages"] == []
    fault.mended = True
    await stage.waits(1)
    await stage.settled()
    for pair, expected in ((first, "een"), (second, "uno")):
        said = [one["text"] for one in (await stage.shows(pair.participant))["messages"]]
        assert said == [expected, "twee", "drie"]


async def welcomed(stage: Stage) -> Pair:
    """A participant who said no: whatever they write goes to their coach."""
    pair = await make_pair(stage)
    await pair.sam.tap("Nederlands")
    await pair.sam.tap("Nee")
    await pair.sam.sees("Ik stuur je geen vragen.")
    return pair


async def test_a_message_that_hangs_on_its_way_to_one_person_holds_up_nobody_else(stage: Stage) -> None:
    slow, quick = [await welcomed(stage) for _ in range(2)]
    await stage.settled()
    stage.telegram.fault("sendMessage", "delay", chat=slow.sam.id)
    await slow.sam.write("een")
    await stage.telegram.until(lambda: stage.telegram.faults.hanging or None)
    for words in ("een", "twee", "drie"):
        await slow.sam.write(words)
        await quick.sam.write(words)
        await quick.sam.sees("Ilse")
    before = [one.text for one in slow.sam.messages if one.from_bot]
    stage.telegram.release()
    await stage.settled()
    after = [one.text for one in slow.sam.messages if one.from_bot][len(before) :]
    assert ["krijgt dit ook" in text for text in after] == [False, True, True, True]


async def test_while_the_database_is_held_by_another_everybody_waits_and_nothing_is_lost(stage: Stage) -> None:
    pairs = [await welcomed(stage) for _ in range(3)]
    await stage.settled()
    with closing(sqlite3.connect(stage.folder / "achterdehand.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for pair in pairs:
            for words in ("een", "twee", "drie"):
                await pair.sam.write(words)
        await stage.telegram.until(lambda: stage.telegram.requests("getUpdates")[-1].answer.get("result"))
        assert len(stage.telegram.updates.waiting()) == 9
        other.execute("ROLLBACK")
    await stage.settled()
    for pair in pairs:
        said = [one["text"] for one in (await stage.shows(pair.participant))["messages"]]
        assert said == ["een", "twee", "drie"]


async def test_a_hundred_people_with_ten_messages_each_are_all_heard_in_their_own_order(stage: Stage) -> None:
    coach, code = await stage.add("coach", "Ilse")
    ilse = stage.phone("Ilse")
    await ilse.start(code)
    crowd: list[tuple[int, Phone]] = []
    for number in range(100):
        participant, code = await stage.add("participant", f"Sam {number}", coach)
        phone = stage.phone(f"Sam {number}")
        await phone.start(code)
        crowd.append((participant, phone))
    await stage.settled(within=60)
    for _, phone in crowd:
        await phone.tap("Nederlands")
    await stage.settled(within=60)
    for _, phone in crowd:
        await phone.tap("Nee")
    await stage.settled(within=60)
    for number in range(10):
        for _, phone in crowd:
            await phone.write(f"bericht {number}")
    await stage.settled(within=60)
    storage = stage.running.storage
    async with storage.db.read() as conn:
        for participant, phone in crowd:
            line = await messages.on_line(conn, await storage.keyring.of(conn, participant))
            assert [one.body for one in line] == [f"bericht {number}" for number in range(10)]
            assert [one.text.split()[0] for one in phone.messages if one.from_bot][-10:] == ["Dank"] + ["Ilse"] * 9
        assert (await outbox.counts(conn)).unsent == 0
