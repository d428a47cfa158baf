"""P17: after an outage open questions are asked again, once, with a word of explanation. P6: what is late is missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.storage import people
from bot.turns import door
from tests.crash.process import free_port
from tests.stories.conftest import Pair, joins, make_pair
from tests.stories.test_danger import RED
from tests.support.stage import Stage, staged

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SORRY = "Ik was even weg. Misschien heb ik je antwoord gemist."
FIRST, SECOND = "Hoe gaat het op je werk?", "Hoeveel energie"

MONDAY_EVENING = datetime(2026, 12, 7, 22, 30, tzinfo=AMSTERDAM)

Meanwhile = Callable[[], Awaitable[object]]


@pytest.fixture(params=["polling", "webhook"])
async def stage(tmp_path: Path, database_url: str | None, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    port = free_port()
    webhook = {"http": f"127.0.0.1:{port}", "webhook": f"http://127.0.0.1:{port}"}
    mode = webhook if request.param == "webhook" else {}
    async with staged(tmp_path / "data", database_url=database_url, **mode) as it:
        yield it


@pytest.fixture
async def asked(pair: Pair) -> Pair:
    """The first question of the check-in is open and read."""
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees(FIRST)
    await pair.stage.heard()
    return pair


async def outage(stage: Stage, meanwhile: Meanwhile | None = None, **span: float) -> None:
    """The bot is down for so long; what people do meanwhile, they do at its beginning."""
    await stage.heard()
    await stage.close()
    if meanwhile:
        await meanwhile()
    stage.setting.at += timedelta(**span)
    await stage.open()


async def after(stage: Stage) -> None:
    """Long enough after the outage for everything that belongs to it."""
    await stage.settled()
    for _ in range(4):
        await stage.later(seconds=10)
    await stage.settled()


class Fault:
    """Fails until it is mended, then does what it stands for."""

    def __init__(self, does: Callable[..., Awaitable[str]]) -> None:
        self._does = does
        self.mended = False

    async def __call__(self, *given: object) -> str:
        if not self.mended:
            raise RuntimeError
        return await self._does(*given)


def times(pair: Pair, words: str) -> int:
    """How often the participant read this since the last look."""
    return said(pair, words)[0]


def said(pair: Pair, *words: str) -> list[int]:
    read = [message.text for message in pair.sam.reads_all()]
    return [sum(one in text for text in read) for one in words]


async def test_a_lost_tap_is_asked_for_again_once_with_a_word_of_explanation(asked: Pair) -> None:
    await outage(asked.stage, lambda: asked.sam.tap("Goed"), minutes=3)
    await after(asked.stage)
    explained, repeated = [message.text for message in asked.sam.reads_all()]
    assert explained.startswith(SORRY)
    assert FIRST in repeated
    await asked.sam.tap("Goed")
    await asked.sam.sees(SECOND)
    work = [one["value"] for one in (await asked.shows())["answers"] if one["step"] == "work"]
    assert work == [4]


@pytest.mark.parametrize("stage", ["webhook"], indirect=True)
async def test_the_webhook_is_where_another_process_expects_it_too(stage: Stage) -> None:
    """One that stands by behind the same address may be brought what the other asked for."""
    telegram = stage.telegram
    await telegram.until(lambda: telegram.requests("setWebhook") or None)
    await stage.close()
    await stage.open()
    one, other = await telegram.until(lambda: (len(asked := telegram.requests("setWebhook")) == 2 and asked) or None)
    assert one.parameters == other.parameters


async def test_after_a_minute_nothing_was_lost_and_nobody_is_asked_again(asked: Pair) -> None:
    await outage(asked.stage, lambda: asked.sam.tap("Goed"), minutes=1)
    await asked.sam.sees(SECOND)
    await after(asked.stage)
    assert times(asked, SORRY) == 0


async def test_who_answered_in_words_is_not_asked_again(asked: Pair) -> None:
    """Texts live for a day: the answer is there when we are back, and the next question is new."""
    await outage(asked.stage, lambda: asked.sam.write("goed"), minutes=3)
    await asked.sam.sees(SECOND)
    await after(asked.stage)
    assert times(asked, SORRY) == 0


async def test_who_answered_before_the_outage_is_asked_the_open_question_only(asked: Pair) -> None:
    await asked.sam.tap("Goed")
    await asked.sam.sees(SECOND)
    await asked.stage.settled()
    asked.sam.reads_all()
    await outage(asked.stage, minutes=3)
    await after(asked.stage)
    explained, repeated = [message.text for message in asked.sam.reads_all()]
    assert explained.startswith(SORRY)
    assert SECOND in repeated


async def test_what_arrived_is_dealt_with_before_anything_is_asked_again(
    asked: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long that takes: this answer needs three tries and eleven seconds."""
    stage = asked.stage
    fault = Fault(door.come_in)
    monkeypatch.setattr(door, "come_in", fault)
    await outage(stage, lambda: asked.sam.write("goed"), minutes=3)
    await stage.tried(1)
    for seconds, tries in ((1, 2), (9, 2)):
        await stage.waits(seconds)
        await stage.tried(tries)
    fault.mended = True
    await stage.waits(1)
    await asked.sam.sees(SECOND)
    await after(stage)
    assert times(asked, SORRY) == 0


async def test_everybody_with_an_open_question_is_asked_and_nobody_else(stage: Stage) -> None:
    pairs = [await make_pair(stage) for _ in range(3)]
    for pair in pairs:
        await pair.sam.tap("Nederlands")
        await pair.sam.sees("Wil je meedoen?")
    await pairs[2].sam.tap("Ja")
    await pairs[2].sam.sees("Fijn dat je meedoet")
    await outage(stage, minutes=3)
    await after(stage)
    assert [times(pair, SORRY) for pair in pairs] == [1, 1, 0]


@pytest.mark.parametrize("stage", ["polling"], indirect=True)
async def test_a_question_of_the_day_before_yesterday_is_asked_again_too_but_once(asked: Pair) -> None:
    """Whoever taps on Wednesday must not be lost either; who is in no hurry hears of one outage, and of no more."""
    await asked.stage.later(hours=25)
    await outage(asked.stage, lambda: asked.sam.tap("Slecht"), minutes=3)
    await after(asked.stage)
    assert times(asked, SORRY) == 1
    await asked.stage.later(hours=25)
    await outage(asked.stage, minutes=3)
    await after(asked.stage)
    assert times(asked, SORRY) == 0


@pytest.mark.parametrize("stage", ["polling"], indirect=True)
async def test_an_old_question_that_never_expires_is_left_alone(invited: Pair) -> None:
    """It stays open as long as anybody likes: most who have it did not just answer."""
    await invited.sam.tap("Nederlands")
    await invited.sam.sees("Wil je meedoen?")
    await invited.stage.later(days=30)
    invited.sam.reads_all()
    await outage(invited.stage, minutes=3)
    await after(invited.stage)
    assert times(invited, SORRY) == 0


async def test_nobody_is_asked_again_at_night_but_in_the_morning(asked: Pair) -> None:
    stage = asked.stage
    stage.setting.at = datetime(2026, 12, 1, 19, 58, tzinfo=AMSTERDAM)
    await outage(stage, minutes=3)
    await after(stage)
    assert asked.sam.reads_all() == []
    stage.setting.at = datetime(2026, 12, 2, 8, 59, tzinfo=AMSTERDAM)
    await after(stage)
    assert asked.sam.reads_all() == []
    await stage.later(minutes=1)
    await asked.sam.sees(SORRY)


async def test_after_a_day_and_an_hour_texts_are_lost_too_and_the_question_comes_back(asked: Pair) -> None:
    await asked.sam.tap("Niet zo goed")
    await asked.sam.sees("Waar gaat het om?")
    await asked.sam.tap("Het werk zelf")
    await asked.sam.sees("Wat heb je zelf al geprobeerd?")
    await asked.stage.settled()
    asked.sam.reads_all()
    await outage(asked.stage, lambda: asked.sam.write("ik heb het gezegd"), hours=25)
    await after(asked.stage)
    await asked.sam.sees(SORRY)
    assert [one for one in (await asked.shows())["answers"] if one["step"] == "tried"] == []
    await asked.sam.tap("Bekijken")
    await asked.sam.sees("Wat heb je zelf al geprobeerd?")


async def test_a_second_outage_asks_again(asked: Pair) -> None:
    for _ in range(2):
        await outage(asked.stage, minutes=3)
        await after(asked.stage)
        assert times(asked, SORRY) == 1


async def test_a_restart_right_after_an_outage_does_not_ask_twice(asked: Pair) -> None:
    stage = asked.stage
    await outage(stage, minutes=3)
    await stage.heard()
    await outage(stage, seconds=1)
    await after(stage)
    await outage(stage, minutes=1)
    await after(stage)
    assert times(asked, SORRY) == 1


async def test_a_bot_that_came_back_and_died_before_it_heard_anything_still_knows_of_the_outage(asked: Pair) -> None:
    stage, telegram = asked.stage, asked.stage.telegram
    await stage.close()
    stage.setting.at += timedelta(minutes=2)
    for method in ("getUpdates", "deleteWebhook", "setWebhook"):
        telegram.fault(method, times=1000)
    before = len(telegram.requests())
    await stage.open()
    await telegram.until(lambda: len(telegram.requests()) > before + 1 or None)
    await stage.close()
    telegram.calm()
    stage.setting.at += timedelta(minutes=1)
    await stage.open()
    await after(stage)
    assert times(asked, SORRY) == 1


async def test_a_moment_that_came_due_meanwhile_is_still_sent_while_it_makes_sense(pair: Pair) -> None:
    due = await planned(pair)
    await pair.stage.close()
    pair.stage.setting.at = due + timedelta(hours=3)
    await pair.stage.open()
    await after(pair.stage)
    assert said(pair, FIRST, SORRY) == [1, 0]
    shown = await pair.shows()
    assert [one["outcome"] for one in shown["past_moments"]] == ["fired"]
    assert len(shown["moments"]) == 1


async def test_a_moment_that_came_too_late_is_recorded_as_missed_and_asked_the_next_morning(pair: Pair) -> None:
    due = await planned(pair)
    await pair.stage.close()
    pair.stage.setting.at = due + timedelta(days=8)
    await pair.stage.open()
    await after(pair.stage)
    assert pair.sam.reads_all() == []
    shown = await pair.shows()
    assert [(one["outcome"], one["reason"]) for one in shown["past_moments"]] == [("missed", "past its best-before")]
    again, regular = (datetime.fromisoformat(one["due"]) for one in shown["moments"])
    assert timedelta() < again - pair.stage.setting.at < timedelta(days=4)
    assert regular > due + timedelta(days=20)


async def planned(pair: Pair) -> datetime:
    """When the next check-in is due."""
    (moment,) = (await pair.shows())["moments"]
    return datetime.fromisoformat(moment["due"])


# ---- what was said in an outage was said then


async def test_the_day_that_somebody_means_is_the_day_on_which_they_wrote_it(pair: Pair) -> None:
    pair.stage.setting.at = MONDAY_EVENING
    await pair.sam.write("ik ben ziek")
    await pair.sam.sees("Sinds welke dag is dat?")
    await outage(pair.stage, lambda: pair.sam.write("vandaag"), hours=9)
    await pair.sam.tap("Ja", on="Heb je je werk al gebeld?")
    await pair.stage.settled()
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Sam is ziek sinds maandag 7 december 2026.")


async def test_a_coach_and_a_deputy_read_when_words_that_mean_danger_were_written(pair: Pair) -> None:
    number, bo = await joins(pair.stage, "coach", "Bo")
    await pair.stage.write(lambda tx: people.change(tx, pair.coach, deputy_id=number))
    pair.stage.setting.at = MONDAY_EVENING
    await outage(pair.stage, lambda: pair.sam.write(RED), hours=9)
    for phone in (pair.ilse, bo):
        await phone.tap("Nu lezen")
        assert f"Sam (maandag 7 december, 22:30): {RED}" in (await phone.sees(RED)).text


async def test_what_the_wrong_person_wrote_in_an_outage_is_not_the_participants(stage: Stage) -> None:
    coach, coach_code = await stage.add("coach", "Ilse")
    who, code = await stage.add("participant", "Sam", coach)
    ilse, eve = stage.phone("Ilse"), stage.phone("Eve")
    await ilse.start(coach_code)
    await ilse.sees("Welkom, Ilse")

    async def comes_in() -> None:
        await eve.start(code)
        await eve.write("geheim van Eve")

    await outage(stage, comes_in, hours=9)
    await ilse.tap("Bekijken", on="Er is nieuws over een deelnemer.")
    await ilse.tap("Dat is niet Sam")
    await ilse.sees("Die persoon is afgemeld.")
    await stage.settled()
    assert [(one["text"], one["outcome"]) for one in (await stage.shows(who))["messages"]] == [
        ("geheim van Eve", "not theirs")
    ]


# ---- the bot is up, and Telegram is away or the clock is moved: seen by polling alone


@pytest.mark.parametrize("stage", ["polling"], indirect=True)
async def test_a_clock_that_is_moved_is_no_outage(asked: Pair) -> None:
    await asked.stage.later(hours=3)
    await asked.stage.heard()
    await after(asked.stage)
    assert times(asked, SORRY) == 0


@pytest.mark.parametrize("stage", ["polling"], indirect=True)
async def test_telegram_out_of_reach_for_three_minutes_is_an_outage_too(asked: Pair) -> None:
    await unreachable(asked.stage, minutes=3)
    await after(asked.stage)
    assert times(asked, SORRY) == 1


@pytest.mark.parametrize("stage", ["polling"], indirect=True)
async def test_what_comes_due_while_telegram_is_out_of_reach_waits_and_is_asked_once(pair: Pair) -> None:
    due = await planned(pair)
    pair.stage.setting.at = due - timedelta(minutes=1)
    await pair.stage.heard()
    await unreachable(pair.stage, minutes=30)
    await after(pair.stage)
    assert said(pair, FIRST, SORRY) == [1, 0]


@pytest.mark.parametrize("stage", ["polling"], indirect=True)
async def test_a_question_that_only_got_out_after_the_outage_is_not_asked_twice(pair: Pair) -> None:
    telegram = pair.stage.telegram
    telegram.fault("sendMessage", code=502, times=10**6)
    await pair.stage.plan_now(pair.participant)
    await telegram.until(lambda: any(one.status == 502 for one in telegram.requests("sendMessage")) or None)
    await unreachable(pair.stage, minutes=3)
    await after(pair.stage)
    assert said(pair, FIRST, SORRY) == [1, 0]


async def unreachable(stage: Stage, **span: float) -> None:
    """Nothing gets through to Telegram for so long, while the bot runs on."""
    telegram = stage.telegram
    telegram.fault("*", code=502, times=10**6)
    telegram.updates.close()
    while stage.running.hearing.caught_up:
        await asyncio.sleep(0.001)
    stage.setting.at += timedelta(**span)
    await stage.running.sweep()
    telegram.calm()
