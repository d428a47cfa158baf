"""The rhythm follows how it goes: less often when it is offered and wanted, as agreed again after a worry."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.caseload.handovers import Agreed
from bot.turns import days
from tests.stories.conftest import Pair
from tests.support.caring import agree, person, waiting

NEWS = "Er is nieuws over een deelnemer."


async def check_in(pair: Pair, *, work: str = "Goed") -> None:
    """The next check-in, answered to its end."""
    await pair.stage.next_moment()
    await pair.sam.tap(work, on="Hoe gaat het op je werk?")
    if work == "Slecht":
        await pair.sam.tap("Iets thuis")
        await pair.sam.tap("Nu niet", on="Thuis kan veel van je vragen.")
    await pair.sam.tap("Gaat wel", on="Hoeveel energie")
    await pair.sam.sees("Elke keer vraag ik ook naar iets anders.")
    await pair.stage.settled()
    await pair.sam.tap("Overslaan")
    if work != "Slecht":
        await pair.sam.tap("Ja", on="zoals afgesproken")
        await pair.sam.tap("Even niets")
    await pair.sam.tap("Nee hoor", on="Zal Ilse je bellen")
    await pair.sam.tap("Overslaan", on="nog vertellen")
    await pair.sam.sees("hoor je mij weer")
    await pair.stage.settled()
    pair.sam.find("hoor je mij weer")


async def stretch(pair: Pair) -> int:
    await pair.stage.settled()
    found = await person(pair.stage, pair.participant)
    assert found is not None
    return found.stretch


async def offered(pair: Pair) -> None:
    for _ in range(3):
        assert "Het gaat al een tijd goed" not in pair.sam.screen()
        await check_in(pair)
    await pair.sam.sees("Het gaat al een tijd goed")


async def test_after_three_good_ones_less_is_offered_and_taken(pair: Pair) -> None:
    await offered(pair)
    last = pair.stage.setting.at
    await pair.sam.tap("Minder vaak")
    said = await pair.sam.sees("Ik vraag het voortaan minder vaak.")
    assert await stretch(pair) == 2
    (only,) = await waiting(pair)
    assert days.day(pair.stage.running.calendar, only.due_at, "nl") in said.text
    assert timedelta(days=52) < only.due_at - last < timedelta(days=70)
    await pair.ilse.sees(NEWS)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Sam krijgt minder vaak vragen, omdat het goed gaat.")


async def test_who_keeps_it_as_it_is_is_not_asked_again_at_once(pair: Pair) -> None:
    await offered(pair)
    await pair.sam.tap("Zoals nu")
    await pair.sam.sees("Prima, dan blijft het zoals het is.")
    await check_in(pair)
    assert await stretch(pair) == 1
    assert pair.sam.screen().count("Het gaat al een tijd goed") == 1


async def test_a_worry_brings_the_agreed_interval_back(pair: Pair) -> None:
    await offered(pair)
    await pair.sam.tap("Minder vaak")
    await pair.stage.settled()
    pair.ilse.reads_all()
    await check_in(pair, work="Slecht")
    assert await stretch(pair) == 1
    (only,) = await waiting(pair)
    assert only.due_at - pair.stage.setting.at < timedelta(days=40)


async def test_the_agreed_weekday_and_time_count(pair: Pair) -> None:
    await agree(pair, Agreed("monthly", weekday=3, at=time(16, 30)))
    first = min((one for one in await waiting(pair) if one.done_by == "bot"), key=lambda one: one.due_at)
    local = pair.stage.running.calendar.local(first.due_at)
    assert local.weekday() == 3
    assert time(16, 30) <= local.time() < time(17)


async def test_who_agreed_on_calls_is_called_and_not_asked(pair: Pair) -> None:
    await agree(pair, Agreed("monthly", form="call"))
    planned = await waiting(pair)
    assert {one.done_by for one in planned} == {"coach"}
    assert "call" in {one.kind for one in planned}
    assert "employer_call" not in {one.kind for one in planned}, "nobody at the work place was agreed"


async def test_a_contract_that_ends_is_asked_about_and_talked_about_in_time(pair: Pair) -> None:
    await agree(pair, Agreed("three-months"), contract_end=date(2027, 3, 31))
    planned = await waiting(pair)
    talks = [one.due_at.date() for one in planned if one.kind == "contract_talk"]
    assert talks == [date(2026, 12, 31), date(2027, 2, 1), date(2027, 3, 1)]
    asked = [one for one in planned if one.kind == "contract_end"]
    assert len(asked) == 2
    pair.stage.setting.at = asked[0].due_at - timedelta(minutes=1)
    await pair.stage.later(minutes=2)
    question = await pair.sam.sees("Ik heb een korte vraag over je werk.")
    assert "contract" not in question.text
    await pair.sam.tap("Ja, vraag maar")
    await pair.sam.sees("Je contract loopt tot woensdag 31 maart 2027.")


async def test_a_script_for_a_coach_is_never_begun_with_a_participant(pair: Pair) -> None:
    await pair.stage.plan_now(pair.participant, "handover-work")
    missed = [(one["outcome"], one["reason"]) for one in (await pair.shows())["past_moments"] if one["kind"] == "asked"]
    assert missed == [("missed", "not for this person")]
    assert pair.sam.unread == []
