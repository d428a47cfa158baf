"""P4, P5: every night we look for who would be forgotten, what has no outcome, and who writes ever more."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import update

from bot.caseload import contact
from bot.caseload.handovers import Agreed
from bot.storage import moments
from bot.storage.tables import bond, moment, person
from tests.stories.conftest import Pair, joins, make_pair
from tests.support.caring import agree, night, waiting

NEWS = "Er is nieuws over een deelnemer."
_OF = update(person)


async def forget(pair: Pair) -> None:
    now = pair.stage.setting.now()
    await pair.stage.write(lambda tx: moments.cancel_for(tx, pair.participant, "by a mistake", now))


async def test_who_has_nothing_ahead_gets_it_planned(pair: Pair) -> None:
    await forget(pair)
    assert await waiting(pair) == []
    await night(pair)
    assert [one.kind for one in await waiting(pair)] == ["checkin"]
    assert pair.ilse.reads_all() == []


async def test_one_night_is_one_check(pair: Pair) -> None:
    await night(pair)
    await forget(pair)
    await pair.stage.running.night()
    assert await waiting(pair) == []
    await night(pair)
    assert len(await waiting(pair)) == 1


async def test_when_the_rhythm_is_over_the_coach_plans_the_closing_talk_once(pair: Pair) -> None:
    await agree(pair, Agreed("monthly", until=(pair.stage.setting.at + timedelta(days=20)).date()))
    assert await waiting(pair) == []
    await night(pair)
    await pair.ilse.sees("Er staat iets voor je klaar.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Te doen voor Sam: Eindgesprek.")
    pair.ilse.reads_all()
    await night(pair)
    assert pair.ilse.reads_all() == []


async def rhythm_over(pair: Pair, *, state: str = "active") -> None:
    until = (pair.stage.setting.at + timedelta(days=20)).date()
    await agree(pair, Agreed("monthly", until=until), state=state)
    await night(pair)
    await pair.ilse.sees("Er staat iets voor je klaar.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Te doen voor Sam: Eindgesprek.")


async def test_the_rhythm_of_who_wants_no_questions_is_over_and_the_coach_hears(pair: Pair) -> None:
    await rhythm_over(pair, state="backup")


async def test_a_closing_talk_that_is_called_off_is_asked_about_in_a_month_and_not_every_night(pair: Pair) -> None:
    await rhythm_over(pair)
    await pair.ilse.tap("Gaat niet door")
    await pair.ilse.sees("Goed. Ik vraag het weer op")
    await quiet_for_a_month(pair)


async def test_a_closing_talk_without_an_answer_after_it_is_asked_about_in_a_month(pair: Pair) -> None:
    await rhythm_over(pair)
    await pair.ilse.tap("Gedaan")
    await pair.ilse.sees("Wil je de nazorg van Sam nu afsluiten?")
    await quiet_for_a_month(pair)
    await pair.ilse.tap("Nog niet: over een maand")
    await pair.ilse.sees("Ik vraag het weer op")
    await pair.ilse.write("/taken")
    said = await pair.ilse.sees("Dit staat open:")
    assert said.labels == ["Sam: Eindgesprek"]


async def quiet_for_a_month(pair: Pair) -> None:
    """The coach hears nothing, night after night, and then of the closing talk once more."""
    for _ in range(27):
        await night(pair)
    assert pair.ilse.reads_all() == []
    for _ in range(7):
        await night(pair)
        await pair.stage.later(minutes=1)
    assert [one.text for one in pair.ilse.reads_all()].count("Er staat iets voor je klaar.") == 1


async def test_without_a_coach_the_admins_hear_of_it_in_numbers(pair: Pair) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    now = pair.stage.setting.now()
    await agree(pair, Agreed("monthly", until=(now + timedelta(days=20)).date()))
    await pair.stage.write(lambda tx: tx.execute(update(bond).values(until=now)))
    await night(pair)
    said = await bo.sees("Deelnemers zonder volgend contact en zonder coach: 1.")
    assert "Sam" not in said.text
    await pair.sam.write("Is daar iemand?")
    await pair.sam.sees("Er is nu geen coach die het kan lezen.")
    await bo.sees("Een deelnemer schreef, en er is niemand die het leest (geen coach).")


async def test_what_nobody_is_there_to_do_the_admins_hear_of(pair: Pair) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    now = pair.stage.setting.now()
    await agree(pair, Agreed("search"), state="backup")
    await pair.stage.write(lambda tx: tx.execute(update(bond).values(until=now)))
    await pair.stage.next_moment()
    said = await bo.sees("Een contact met een deelnemer ging niet door.")
    assert "Sam" not in said.text


async def test_whose_words_nobody_gets_the_admins_hear_by_number_once_a_week(pair: Pair) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    away, _ = await pair.stage.add("coach", "Noor")
    kim, code = await pair.stage.add("participant", "Kim", away)
    await pair.stage.phone("Kim").start(code)
    await pair.stage.add("participant", "Lot", away)  # nobody yet, who could write
    await night(pair)
    said = await bo.sees("Deelnemers zonder coach die op Telegram te bereiken is:")
    assert f"te bereiken is: {kim}. " in said.text
    assert "Kim" not in said.text
    await pair.stage.write(lambda tx: tx.execute(update(bond).values(until=pair.stage.setting.now())))
    for _ in range(6):
        await night(pair)
        assert not any("te bereiken" in one.text for one in bo.reads_all())
    await night(pair)
    await night(pair)
    await bo.sees(f"te bereiken is: {pair.participant} en {kim}. ")


async def test_what_the_night_found_stands_in_the_metrics(pair: Pair) -> None:
    async def page() -> str:
        url = f"{pair.stage.running.url}/metrics"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return await answer.text()

    assert "achterdehand_nightly{" not in await page()
    await forget(pair)
    await night(pair)
    text = await page()
    assert 'achterdehand_nightly{what="planned"} 1.0' in text
    for what in ("without", "late", "much", "unread", "failed", "stuck", "unsent"):
        assert f'achterdehand_nightly{{what="{what}"}} 0.0' in text


async def test_one_who_cannot_be_looked_at_stops_the_look_at_nobody_else_and_is_told_of(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    other = await make_pair(pair.stage)
    await other.sam.tap("Nederlands")
    await other.sam.tap("Ja")
    await other.sam.sees("Fijn dat je meedoet")
    _, bo = await joins(pair.stage, "admin", "Bo")
    for one in (pair, other):
        await forget(one)
    await pair.stage.write(lambda tx: tx.execute(_OF.where(person.c.id == pair.participant).values(name=b"torn")))
    await night(pair)
    said = await bo.sees("Deelnemers die ik vannacht niet kon nakijken: 1.")
    assert "Sam" not in said.text
    assert [one.kind for one in await waiting(other)] == ["checkin"]
    assert f"person {pair.participant} failed: SealBroken" in caplog.text
    bo.reads_all()
    await pair.stage.running.night()
    await pair.stage.settled()
    assert bo.reads_all() == [], "one night is one check"


async def test_that_there_is_no_admin_stands_in_the_log_at_the_start_and_each_night(
    pair: Pair, caplog: pytest.LogCaptureFixture
) -> None:
    """All that goes wrong is told to admins; who was added and did not press Start hears nothing either."""

    async def start_and_night() -> int:
        caplog.clear()
        await pair.stage.close()
        await pair.stage.open()
        await pair.stage.later(minutes=1)  # it hears before it looks
        await night(pair)
        return [record.levelname for record in caplog.records if "no admin" in record.getMessage()].count("WARNING")

    _, code = await pair.stage.add("admin", "Bo")
    assert await start_and_night() == 2
    bo = pair.stage.phone("Bo")
    await bo.start(code)
    await bo.sees("Welkom, Bo.")
    assert await start_and_night() == 0


async def test_what_stays_without_an_outcome_the_admins_hear_of(pair: Pair) -> None:
    _, bo = await joins(pair.stage, "admin", "Bo")
    long_ago = pair.stage.setting.now() - timedelta(days=2)
    await pair.stage.write(lambda tx: tx.execute(update(moment).values(due_at=long_ago)))
    await night(pair)
    await bo.sees("Contactmomenten die zijn blijven liggen: 1.")


async def test_who_writes_ever_more_is_shown_to_the_coach_once_and_in_numbers(pair: Pair) -> None:
    for number in range(13):
        await pair.sam.write(f"bericht {number}")
    await pair.stage.settled()
    await pair.stage.later(hours=1)
    pair.ilse.reads_all()
    await night(pair)
    await pair.ilse.sees(NEWS)
    await pair.ilse.tap("Bekijken", on=NEWS)
    said = await pair.ilse.sees("Sam schreef in 4 weken 13 berichten.")
    assert "bericht 1" not in said.text
    await night(pair)
    assert [one.text for one in pair.ilse.reads_all() if "berichten. Past" in one.text or one.text == NEWS] == []


async def test_a_year_of_one_life_every_month_is_asked_or_has_its_reason(pair: Pair) -> None:
    """Nights, an outage, a pause and quiet weeks: at any time there is a next moment."""
    for month in range(12):
        await pair.stage.later(days=30, hours=1)
        await night(pair)
        if month == 4:
            await pair.stage.later(days=12)  # until no question is open
            await pair.sam.write("pauze")
            await pair.sam.tap("Twee weken")
        assert await waiting(pair), "nothing is ahead"
    await pair.stage.later(hours=2)
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        rows = await moments.for_person(conn, pair.participant)
    assert all(one.outcome for one in rows if one.due_at < pair.stage.setting.now() and one.state != "held")
    assert contact.CHECKIN in {one.flow for one in rows}
