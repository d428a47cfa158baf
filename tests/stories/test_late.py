"""P6: what comes too late is asked once more, left out or told, as the handbook says; and never two at a time."""

from __future__ import annotations

from datetime import date, timedelta

from bot.caseload import contact
from bot.caseload.handovers import Agreed
from bot.storage import moments
from bot.storage.moments import Moment
from tests.stories.conftest import Pair
from tests.support.caring import agree, past, waiting

FIRST = "Hoe gaat het op je werk?"


async def away_until(pair: Pair, due: Moment, **later: float) -> None:
    """The bot is down when this is due, and for so long after."""
    await pair.stage.close()
    pair.stage.setting.at = due.due_at + timedelta(**later)
    await pair.stage.open()
    await pair.stage.later(seconds=1)
    await pair.stage.settled()


async def kinds(pair: Pair, outcome: str) -> list[str]:
    return [one.kind for one in await past(pair) if one.outcome == outcome]


async def test_a_check_in_that_came_too_late_is_asked_the_next_working_morning_and_only_once(pair: Pair) -> None:
    (due,) = await waiting(pair)
    await away_until(pair, due, days=8)
    assert FIRST not in pair.sam.screen()
    again = (await waiting(pair))[0]
    assert again.slot.endswith(contact.AGAIN)
    assert timedelta() < again.due_at - pair.stage.setting.at < timedelta(days=4)

    await away_until(pair, again, days=8)
    assert FIRST not in pair.sam.screen()
    assert await kinds(pair, "missed") == ["checkin", "checkin"]
    assert [one.slot.endswith(contact.AGAIN) for one in await waiting(pair)] == [False]


async def test_a_question_about_the_first_weeks_that_came_too_late_is_left_out(pair: Pair) -> None:
    await agree(pair, Agreed("first-weeks"))
    due = next(one for one in await waiting(pair) if one.kind == "first_weeks")
    before = len([one for one in await waiting(pair) if one.kind == "first_weeks"])
    await away_until(pair, due, days=6)
    assert await kinds(pair, "missed") == ["first_weeks"]
    assert len([one for one in await waiting(pair) if one.kind == "first_weeks"]) == before - 1
    assert all("@" in one.slot for one in await waiting(pair))


async def test_after_an_outage_of_months_there_is_one_question_at_a_time(pair: Pair) -> None:
    await agree(pair, Agreed("first-weeks"))
    due = next(one for one in await waiting(pair) if one.kind == "first_weeks")
    await away_until(pair, due, days=100)
    await pair.stage.later(days=1)
    await pair.stage.later(hours=5)
    await pair.stage.settled()
    questions = [one for one in pair.sam.messages if one.from_bot and "Stop" in one.labels]
    assert len(questions) <= 1
    soon = [one for one in await waiting(pair) if one.done_by == "bot" and one.due_at < pair.stage.setting.at]
    assert len(soon) <= 1


async def test_a_talk_with_the_coach_that_goes_on_for_days_takes_the_place_of_the_question(pair: Pair) -> None:
    (due,) = await waiting(pair)
    pair.stage.setting.at = due.due_at - timedelta(hours=2)
    await pair.sam.write("Mag ik je iets vragen?")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.write("Natuurlijk")
    await pair.sam.sees("Ilse: Natuurlijk")
    for _ in range(8):
        await pair.stage.later(days=1)
    (missed,) = [one for one in await past(pair) if one.outcome == "missed"]
    assert missed.reason == f"{moments.IN_A_TALK} for too long"
    assert FIRST not in pair.sam.screen()
    assert [one.slot.endswith(contact.AGAIN) for one in await waiting(pair)] == [False]


async def test_a_question_that_an_open_one_of_their_own_held_too_long_is_asked_after_all(pair: Pair) -> None:
    (due,) = await waiting(pair)
    pair.stage.setting.at = due.due_at - timedelta(minutes=5)
    await pair.sam.write("pauze")
    await pair.sam.sees("Hoelang wil je pauze")
    for _ in range(10):
        await pair.stage.later(days=1)
    missed, again = await past(pair)
    assert (missed.outcome, missed.reason) == ("missed", f"{moments.IN_A_TALK} for too long")
    assert (again.outcome, again.slot.endswith(contact.AGAIN)) == ("fired", True)
    await pair.sam.sees(FIRST)


async def test_a_question_about_the_contract_that_came_too_late_is_asked_at_once(pair: Pair) -> None:
    await agree(pair, Agreed("monthly", form="call"), contract_end=date(2027, 3, 31))
    due = next(one for one in await waiting(pair) if one.kind == "contract_end")
    await away_until(pair, due, days=4)
    await pair.stage.later(minutes=1)
    await pair.sam.sees("Ik heb een korte vraag over je werk.")
    first, again = [one for one in await past(pair) if one.kind == "contract_end"]
    assert (first.outcome, again.outcome) == ("missed", "fired")
    calendar = pair.stage.running.calendar
    assert again.done_at is not None
    assert calendar.local(again.done_at).date() == calendar.local(pair.stage.setting.at).date()


async def test_a_question_about_the_contract_is_asked_though_another_one_comes_this_week(pair: Pair) -> None:
    await agree(pair, Agreed("monthly", weekday=4), contract_end=date(2027, 3, 31))
    due = next(one for one in await waiting(pair) if one.kind == "contract_end")
    await away_until(pair, due, days=8)
    missed = [one.kind for one in await past(pair) if one.outcome == "missed"]
    assert "contract_end" in missed
    again = [one for one in [*await past(pair), *await waiting(pair)] if one.slot.endswith(contact.AGAIN)]
    assert [one.kind for one in again if one.kind == "contract_end"] == ["contract_end"]


async def test_of_what_a_coach_was_to_do_half_a_year_ago_the_coach_is_told_and_it_is_no_task(pair: Pair) -> None:
    await agree(pair, Agreed("search"), state="backup")
    due = next(one for one in await waiting(pair) if one.kind == "return_talk")
    await away_until(pair, due, days=181)
    assert await kinds(pair, "missed") == ["return_talk"]
    news = await pair.ilse.sees("Er is nieuws over een deelnemer.")
    assert "Sam" not in news.text
    await pair.ilse.tap("Bekijken", on=news)
    await pair.ilse.sees("Dit contact met Sam kon niet op tijd: Terugkomgesprek.")
    await pair.ilse.write("/taken")
    await pair.stage.settled()
    assert "Sam: Terugkomgesprek" not in [label for one in pair.ilse.messages for label in one.labels]
