"""From sick to back at work: helped to call, left in peace, asked after, and helped back. Days alone are kept."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.caseload import care, sickness
from bot.caseload.handovers import Agreed
from bot.storage import people
from bot.storage.placements import Placement
from bot.storage.sickness import Spell
from bot.storage.tables import moment, timer
from bot.storage.tables import sickness as rows
from tests.stories.conftest import Pair
from tests.support.caring import agree, past, person, read, waiting

NEWS = "Er is nieuws over een deelnemer."


async def newest(pair: Pair) -> Spell:
    services = pair.stage.running.services
    found: Any = await read(pair, lambda conn: sickness.of(conn, services, pair.participant))
    assert found
    spell: Spell = found[-1]
    return spell


async def kinds(pair: Pair) -> set[str]:
    return {one.kind for one in await waiting(pair)}


async def news(pair: Pair, text: str) -> None:
    """The coach hears it without a sound, and with no name on a lock screen."""
    await pair.stage.settled()
    told = await pair.ilse.sees(NEWS)
    sent = [one for one in pair.stage.telegram.requests(chat=pair.ilse.id) if one.parameters.get("text") == NEWS]
    assert sent[-1].parameters.get("disable_notification") is True
    await pair.ilse.tap("Bekijken", on=told)
    await pair.ilse.sees(text)


async def reports(pair: Pair, *, since: str = "Vandaag", called: str = "Nog niet") -> None:
    await pair.sam.write("ik ben ziek")
    await pair.sam.tap(since, on="Sinds welke dag is dat?")
    await pair.sam.tap(called, on="Heb je je werk al gebeld?")


async def rests(pair: Pair) -> None:
    """A handover counts, and Sam is ill today; the work knows, and nobody knows for how long."""
    await agree(pair, Agreed("monthly"))
    await reports(pair, called="Ja")
    await pair.sam.tap("Overslaan")
    await pair.sam.sees("Sterkte, Sam.")


async def does_not_go_back(pair: Pair) -> None:
    """Sam was ill, would begin again tomorrow, and did not."""
    await rests(pair)
    await is_better(pair, "morgen")
    await goes_to(pair, "return_day")
    await pair.sam.tap("Ik ben niet gegaan", on="Hoe was je eerste dag?")


async def is_better(pair: Pair, day: str, *, known: str = "Ja") -> None:
    await pair.sam.write("/beter")  # with a slash it is done at once, also while another question is open
    await pair.sam.tap("Nog niet", on="Ben je al weer aan het werk?")
    await pair.sam.sees("Op welke dag ga je weer werken?")
    await pair.sam.write(day)
    await pair.sam.tap(known, on="Weet je werk al dat je weer komt?")
    if known == "Nog niet":
        await pair.sam.tap("Ik bel zelf", on="Wat wil je nu doen?")
    await pair.sam.tap("Dat hoeft niet", on="rustig beginnen")
    await pair.sam.tap("Mijn baas", on="Naar wie loop je")
    await pair.sam.sees("hoor je mij weer")


async def job_ends(pair: Pair) -> None:
    """Their newest job, or none that was written down, is over."""
    services, now = pair.stage.running.services, pair.stage.setting.now()
    who = await person(pair.stage, pair.participant)
    assert who is not None
    jobs: list[Placement] = await read(pair, lambda conn: care.jobs(conn, services, pair.participant))
    job = jobs[-1] if jobs else None
    await pair.stage.write(lambda tx: care.end_job(tx, services, who, job, now))


async def goes_to(pair: Pair, kind: str) -> None:
    """The next contact of this kind happens."""
    due = next(one for one in await waiting(pair) if one.kind == kind)
    pair.stage.setting.at = due.due_at - timedelta(minutes=1)
    await pair.stage.later(minutes=2)
    await pair.stage.settled()


async def test_sick_to_back_at_work(pair: Pair) -> None:
    """Tuesday ill and afraid to call, a week of rest, back on the Thursday after, and asked how it was."""
    stage, sam = pair.stage, pair.sam
    await agree(pair, Agreed("monthly"))
    usual = {one.id for one in await waiting(pair) if one.kind == "checkin"}
    await stage.later(hours=1)

    await reports(pair)
    await sam.sees("Ik meld je niet ziek. Dat doe je zelf")
    await sam.sees("Bel de planning, voor 08:30.")
    await sam.sees("Je hoeft niet te zeggen wat je hebt.")
    await sam.tap("Eerst oefenen")
    await sam.sees("Wat zeg je?")
    await sam.write("Met Sam. Ik heb zeldzaamkwaal en kom niet")
    await sam.sees("Dat hoef je niet te zeggen.")
    await sam.write("ik ben ziek")
    await sam.sees("Goed geoefend, Sam.")
    await sam.tap("Ik bel nu")
    await sam.sees("Later vraag ik of het gelukt is.")
    await news(pair, "Het werk weet het nog niet.")
    assert "Sam is ziek sinds dinsdag 1 december 2026." in pair.ilse.screen()
    assert not {one.id for one in await waiting(pair)} & usual, "the usual questions rest"
    assert "zeldzaamkwaal" not in str((await stage.shows(pair.participant))["answers"]), "it was for practice"

    await stage.later(hours=2, minutes=1)
    await sam.tap("Ja", on="Is het bellen gelukt?")
    await sam.sees("Hoeveel dagen denk je dat het duurt?")
    await sam.write("8")
    await sam.sees("Ben je weer beter, typ dan: beter.")
    spell = await newest(pair)
    assert (spell.first, spell.reported, spell.expected) == (date(2026, 12, 1), True, 8)

    await goes_to(pair, "sick_checkin")
    await sam.tap("Gaat wel", on="Hoe gaat het met je?")
    await sam.tap("Goed", on="Hoe gaat het contact met je werk?")
    await sam.tap("Nee hoor", on="Zal Ilse je bellen?")
    await sam.tap("Ik ben weer beter", on="Wanneer denk je dat je weer beter bent?")
    await sam.tap("Nog niet", on="Ben je al weer aan het werk?")
    await sam.sees("Op welke dag ga je weer werken?")
    await sam.write("donderdag")
    await sam.tap("Nog niet", on="Weet je werk al dat je weer komt?")
    await sam.sees("Ik kan op donderdag 10 december 2026 weer komen.")
    await sam.tap("Ik bel zelf", on="Wat wil je nu doen?")
    await sam.tap("Dat hoeft niet", on="rustig beginnen")
    await sam.tap("Een fijne collega", on="Naar wie loop je")
    await sam.sees("hoor je mij weer")
    eve = next(one for one in await waiting(pair) if one.kind == "return_eve")
    assert stage.running.calendar.local(eve.due_at).date() == date(2026, 12, 9)

    await goes_to(pair, "return_eve")
    await sam.tap("Ik vind het spannend", on="Hoe is het nu met je?")
    await sam.tap("Een zin om te zeggen", on="Wat helpt jou nu?")
    await sam.sees("Na je eerste dag vraag ik hoe het was.")
    await goes_to(pair, "return_day")
    assert stage.running.calendar.local(stage.setting.at).date() == date(2026, 12, 11)
    await sam.tap("Goed", on="Hoe was je eerste dag?")
    await sam.sees("De gewone vragen komen weer terug.")
    found = await kinds(pair)
    assert "checkin" in found
    assert not found & {"sick_checkin", "return_eve", "return_day"}
    assert not {one for one in found if one.startswith("law_")}
    assert all(one.reason for one in await past(pair) if one.outcome in ("missed", "cancelled"))


async def test_without_an_agreement_it_says_so_and_helps_to_find_out(pair: Pair) -> None:
    await reports(pair)
    await pair.sam.sees("Ik weet niet wie jij moet bellen.")
    await pair.sam.tap("Help me eraan denken")
    await pair.sam.sees("Hoe laat zal ik je een bericht sturen?")
    await pair.sam.write("7:30")
    await pair.sam.sees("Je krijgt een bericht, op tijd om te bellen.")
    reminder = next(one for one in await waiting(pair) if one.flow == "sick-call")
    local = pair.stage.running.calendar.local(reminder.due_at)
    assert (local.hour, local.minute, local.date()) == (7, 30, date(2026, 12, 2))
    assert reminder.any_hour


async def test_the_reminder_comes_before_the_agreed_time_in_quiet_hours_and_beside_an_open_question(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.stage.later(hours=9)  # the evening before
    await reports(pair)
    await pair.sam.tap("Help me eraan denken")
    await pair.sam.sees("Ik stuur je morgen om 08:00 een bericht.")
    await pair.sam.tap("Ja graag")
    await pair.sam.sees("Later vraag ik of het gelukt is.")
    await pair.stage.plan_now(pair.participant)
    await pair.sam.sees("Hoe gaat het op je werk?")
    calendar = pair.stage.running.calendar
    reminder = next(one for one in await waiting(pair) if one.flow == "sick-call")
    assert f"{calendar.local(reminder.due_at):%d %H:%M}" == "02 08:00"
    assert f"{calendar.local(reminder.best_before):%d %H:%M}" == "02 08:30"
    asked = next(one for one in await waiting(pair) if one.flow == "sick-called")
    assert f"{calendar.local(asked.due_at):%d %H:%M}" == "02 09:30"
    pair.stage.setting.at = reminder.due_at
    await pair.stage.later(minutes=1)
    said = await pair.sam.sees("Je vroeg om dit bericht. Het is tijd om te bellen.")
    assert "ziek" not in said.text


async def test_a_reminder_that_comes_too_late_is_not_said(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.stage.later(hours=9)
    await reports(pair)
    await pair.sam.tap("Help me eraan denken")
    await pair.sam.tap("Ja graag")
    await pair.sam.sees("Later vraag ik of het gelukt is.")
    await pair.stage.later(hours=14)
    await pair.stage.settled()
    assert "Je vroeg om dit bericht" not in pair.sam.screen()


async def test_who_does_not_dare_is_taken_seriously_and_the_coach_hears_today(pair: Pair) -> None:
    await reports(pair, called="Ik durf niet")
    await pair.sam.sees("Bellen kan heel spannend zijn. Goed dat je het zegt.")
    await pair.sam.tap("Mijn coach belt mee")
    await pair.sam.sees("Ik vraag Ilse nu om mee te bellen.")
    alert = (await pair.shows())["alerts"][0]
    assert (alert["level"], {one["topic"] for one in alert["items"]}) == ("today", {"sick"})
    assert [one["text"] for one in alert["items"]] == [
        "Durft het werk niet te bellen bij ziekte.",
        "Wil dat jij helpt om het werk te bellen.",
    ]


async def test_not_called_after_the_deadline_is_for_the_coach_today(pair: Pair) -> None:
    await reports(pair)
    await pair.sam.tap("Ik bel nu")
    await pair.stage.later(hours=2, minutes=1)
    await pair.sam.tap("Nog niet", on="Is het bellen gelukt?")
    await pair.sam.sees("Dat kan gebeuren.")
    await pair.sam.tap("Ik bel nu", on="Wat wil je nu doen?")
    await pair.sam.sees("Daarna typ je hier gewoon hoe het ging.")
    shown = await pair.shows()
    assert [one["text"] for one in shown["alerts"][0]["items"]] == ["Heeft het werk nog niet gebeld bij ziekte."]
    assert shown["alerts"][0]["level"] == "today"


async def test_longer_than_a_week_and_again_within_six_weeks_reach_the_coach(pair: Pair) -> None:
    await reports(pair, called="Ja")
    await pair.sam.tap("Overslaan")
    await pair.stage.later(days=9)
    shown = await pair.shows()
    assert "Is langer dan een week ziek." in [one["text"] for one in shown["alerts"][0]["items"]]
    await is_better(pair, "morgen")
    await pair.stage.later(days=20)
    await reports(pair, called="Ja")
    shown = await pair.shows()
    assert "Is opnieuw ziek, binnen zes weken." in [one["text"] for one in shown["alerts"][0]["items"]]
    assert len(shown["sick"]) == 2


async def test_being_ill_ends_the_backing_off(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.stage.write(lambda tx: people.change(tx, pair.participant, stretch=2, good_streak=2))
    await reports(pair, called="Ja")
    await pair.stage.settled()
    found = await person(pair.stage, pair.participant)
    assert found is not None
    assert (found.stretch, found.good_streak) == (1, 0)


async def test_the_return_moves_and_so_does_what_is_asked_around_it(pair: Pair) -> None:
    await rests(pair)
    await is_better(pair, "7 december")
    calendar = pair.stage.running.calendar

    async def around() -> list[str]:
        found = [one for one in await waiting(pair) if one.kind in ("return_eve", "return_day")]
        return [f"{one.kind} {calendar.local(one.due_at):%d}" for one in found]

    assert await around() == ["return_eve 04", "return_day 08"]
    await is_better(pair, "10 december")
    assert await around() == ["return_eve 09", "return_day 11"]
    await reports(pair, called="Ja")
    assert await around() == []
    assert "sick_checkin" in await kinds(pair)


async def test_not_gone_is_no_blame_and_another_day_or_still_ill(pair: Pair) -> None:
    await does_not_go_back(pair)
    await pair.sam.sees("Dat geeft niet, Sam.")
    alert = (await pair.shows())["alerts"][0]
    assert alert["level"] == "today"
    assert "Is niet teruggegaan naar het werk." in [one["text"] for one in alert["items"]]
    await pair.sam.tap("Ik ben nog ziek")
    await pair.sam.sees("Dan rust je nog uit.")
    spell = await newest(pair)
    assert sickness.is_sick(spell)
    assert spell.first == date(2026, 12, 1)
    assert "sick_checkin" in await kinds(pair)


async def test_another_day_is_asked_after_again(pair: Pair) -> None:
    await does_not_go_back(pair)
    await pair.sam.tap("Ik ga op een andere dag", on="Wat past nu bij jou?")
    await pair.sam.sees("Op welke dag ga je weer werken?")
    await pair.sam.write("10 december")
    await pair.sam.sees("Na je eerste dag vraag ik hoe het was.")
    await goes_to(pair, "return_day")
    assert pair.stage.running.calendar.local(pair.stage.setting.at).date() == date(2026, 12, 11)


async def test_who_is_afraid_and_wants_to_practise_practises_at_once(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await reports(pair, called="Ik durf niet")
    await pair.sam.tap("Eerst oefenen", on="Wat helpt jou nu?")
    await pair.sam.sees("Wat zeg je?")
    await pair.sam.write("ik ben ziek")
    await pair.sam.sees("Dat hoef je niet te zeggen.")
    await pair.sam.write("dat zeg ik liever niet")
    await pair.sam.sees("Bel dan de planning, op 050-1234.")
    await pair.sam.sees("Later vraag ik of het gelukt is.")


async def test_who_looks_for_work_is_better_and_the_coach_hears_it_only_of_who_was_ill(pair: Pair) -> None:
    await job_ends(pair)
    await pair.sam.write("beter")
    await pair.sam.sees("Had je het gemeld voor je uitkering")
    await pair.sam.sees("Gaat het toch niet, typ dan: ziek.")
    assert "Ilse hoort dat het weer gaat." not in pair.sam.screen()
    await pair.sam.write("ziek")
    await pair.sam.tap("Vandaag")
    await pair.sam.tap("Nee hoor", on="Zal Ilse je bellen?")
    await pair.stage.settled()
    await pair.sam.write("beter")
    await pair.sam.sees("Ilse hoort dat het weer gaat.")
    await pair.ilse.sees("Sam is beter.")


async def test_who_looks_for_work_calls_no_boss(pair: Pair) -> None:
    await job_ends(pair)
    await pair.sam.write("ziek melden")
    await pair.sam.tap("Vandaag")
    await pair.sam.sees("Je hoeft geen baas te bellen.")
    await pair.sam.sees("Vraag Ilse hoe.")
    await pair.sam.tap("Nee hoor", on="Zal Ilse je bellen?")
    await pair.sam.sees("Sterkte, Sam.")
    assert "sick_checkin" in await kinds(pair)
    assert not [one for one in await kinds(pair) if one.startswith("law_")]


async def test_with_the_job_or_the_contact_the_spell_ends(pair: Pair) -> None:
    await rests(pair)
    assert {"sick_checkin", "law_doctor"} <= await kinds(pair)
    await job_ends(pair)
    assert (await newest(pair)).ended == date(2026, 12, 1)
    assert not await kinds(pair) & {"sick_checkin", "law_doctor"}
    await pair.sam.write("ziek")
    await pair.sam.tap("Vandaag")
    await pair.sam.tap("Nee hoor")
    await pair.sam.sees("Sterkte, Sam.")
    assert "sick_checkin" in await kinds(pair)
    await pair.sam.write("stop")
    await pair.sam.tap("Stop", on="Je kunt kiezen")
    await pair.sam.tap("Stop", on="Weet je het zeker")
    await pair.sam.sees("Je krijgt geen vragen meer.")
    assert await waiting(pair) == []
    assert (await newest(pair)).ended is not None


async def test_the_coach_sees_since_when_and_gets_the_law_as_a_task(pair: Pair) -> None:
    await rests(pair)
    await goes_to(pair, "law_doctor")
    await pair.ilse.sees("Er staat iets voor je klaar.")
    shown = await pair.shows()
    assert [one["kind"] for one in shown["tasks"]] == ["law_doctor"]
    assert shown["sick"][0]["since"] == "2026-12-01"
    assert {"law_benefit"} == {one for one in await kinds(pair) if one.startswith("law_")}, "one at a time"
    await is_better(pair, "morgen")
    shown = await pair.shows()
    assert [one["state"] for one in shown["tasks"]] == ["dropped"]
    assert not [one for one in await kinds(pair) if one.startswith("law_")]


@pytest.mark.parametrize("again", ["the next day", "not gone back"])
async def test_who_is_ill_again_soon_is_for_the_law_still_ill_and_the_duty_stands_again(pair: Pair, again: str) -> None:
    """It was dropped with the recovery, its day was over, and nobody was told."""
    await rests(pair)
    await goes_to(pair, "law_doctor")
    await is_better(pair, "morgen")
    assert [one["state"] for one in (await pair.shows())["tasks"]] == ["dropped"]
    await goes_to(pair, "return_day")
    pair.ilse.reads_all()
    if again == "not gone back":
        await pair.sam.tap("Ik ben niet gegaan", on="Hoe was je eerste dag?")
        await pair.sam.tap("Ik ben nog ziek")
    else:
        await pair.sam.tap("Goed", on="Hoe was je eerste dag?")
        await reports(pair, called="Ja")
    await pair.stage.later(minutes=2)
    await pair.ilse.sees("Er staat iets voor je klaar.")
    shown = await pair.shows()
    assert [(one["kind"], one["state"]) for one in shown["tasks"]] == [
        ("law_doctor", "dropped"),
        ("law_doctor", "open"),
    ]
    assert {one for one in await kinds(pair) if one.startswith("law_")} == {"law_benefit"}


async def test_a_duty_that_the_coach_did_does_not_come_back_with_the_illness(pair: Pair) -> None:
    await rests(pair)
    await goes_to(pair, "law_doctor")
    await pair.ilse.tap("Bekijken", on="Er staat iets voor je klaar.")
    await pair.ilse.tap("Gedaan")
    await is_better(pair, "morgen")
    await pair.stage.later(days=1)
    await reports(pair, called="Ja")
    await pair.stage.later(minutes=2)
    assert [one["state"] for one in (await pair.shows())["tasks"]] == ["done"]


async def test_a_cause_that_somebody_types_goes_to_the_coach_and_is_not_asked_on(pair: Pair) -> None:
    await pair.sam.write("ik ben ziek")
    await pair.sam.write("zeldzaamkwaal")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.tap("Vandaag", on=await pair.sam.sees("Sinds welke dag is dat?"))
    shown = await pair.shows()
    assert "zeldzaamkwaal" in [one["text"] for one in shown["messages"]]
    assert "zeldzaamkwaal" not in str(shown["answers"])


async def test_the_coach_sees_at_a_glance_since_when_and_what_comes(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await reports(pair)
    await pair.sam.tap("Ik bel nu")
    await pair.sam.sees("Later vraag ik of het gelukt is.")
    await pair.stage.settled()
    pair.ilse.reads_all()
    await pair.ilse.write("/overdracht")
    await pair.ilse.tap("Sam")
    await pair.ilse.tap("Hoe staat het ervoor")
    shown = (await pair.ilse.sees("Sam, Bakkerij Vos")).text
    assert "• Ziek sinds dinsdag 1 december 2026." in shown
    assert "• Het werk weet het nog niet." in shown
    assert "Hoe het gaat als je ziek bent (de assistent)" in shown
    await pair.sam.write("wanneer")
    await pair.sam.sees("Je bent ziek. Zolang komen de gewone vragen niet.")


async def test_who_only_says_to_be_better_is_helped_back_too(pair: Pair) -> None:
    """Nobody told us of the illness; going back is no smaller a step for that."""
    await agree(pair, Agreed("monthly"))
    await pair.stage.later(hours=1)
    await is_better(pair, "7 december")
    assert {"return_eve", "return_day"} <= await kinds(pair)
    await news(pair, "Sam is beter. De eerste dag weer aan het werk: maandag 7 december 2026.")


async def test_forgotten_while_ill_leaves_nothing(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await reports(pair)
    await pair.sam.tap("Help me eraan denken")
    await pair.stage.settled()
    await pair.sam.write("/vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist.")
    await pair.stage.settled()
    async with pair.stage.running.storage.db.read() as conn:
        for table in (rows, timer, moment):
            assert (await conn.execute(select(table))).all() == [], table.name


async def test_in_english_too(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.stage.write(lambda tx: people.change(tx, pair.participant, language="en"))
    await pair.sam.write("sick")
    await pair.sam.tap("Yesterday", on="Since which day is that?")
    await pair.sam.tap("I don't dare", on="Have you called work already?")
    await pair.sam.tap("A message to send")
    await pair.sam.sees("I am ill and cannot work today.")
    assert (await newest(pair)).first == date(2026, 11, 30)
