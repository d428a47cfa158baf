"""The coach makes a handover in the chat, with the three at one table: by tapping and typing, in one go or in days."""

from __future__ import annotations

import shutil
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.caseload import care, contact
from bot.caseload.handovers import Agreed, Case
from bot.settings import Settings
from bot.storage import erase, people, placements
from bot.storage.alerts import open_one
from tests.stories.conftest import Pair, joins, make_pair
from tests.support.caring import agree, past, waiting
from tests.support.handovers import HOURS, case_of, everybody_says_yes, item, make_handover, offer
from tests.support.phones import Phone
from tests.support.stage import staged

WORK = "Is er werk voor Sam?"
CONTACT_PERSON = "Wie is op het werk de vaste contactpersoon?"


async def joined(pair: Pair) -> Pair:
    """The participant takes part, and the coach said that it is them."""
    await pair.sam.tap("Nederlands")
    await pair.sam.tap("Ja")
    await pair.ilse.tap("Ja, dat klopt")
    await pair.stage.settled()
    pair.ilse.reads_all()
    return pair


async def begun(pair: Pair) -> None:
    """A first placement; its first question is on the screen."""
    await pair.ilse.write("/overdracht")
    await pair.ilse.tap("Sam")
    await pair.ilse.tap("Begin de overdracht")
    await pair.ilse.sees(WORK)


async def fills_in_work(pair: Pair, start: str = "1-12-2026", ends: str = "30-6-2027") -> None:
    await pair.ilse.tap("Er is werk")
    await pair.ilse.sees("Hoe heet het bedrijf?")
    await pair.ilse.write("Bakkerij Smit")
    await pair.ilse.sees("Wat is de eerste werkdag?")
    await pair.ilse.write(start)
    await pair.ilse.sees("Wanneer loopt het contract af?")
    await pair.ilse.write(ends)
    await pair.ilse.sees("Hoeveel uur per week is het?")
    await pair.ilse.write("24")


async def fills_in(pair: Pair, words: str, *, who: str = "De werkgever") -> None:
    """An item of the usual kind, where there is no employer to see it yet."""
    await pair.ilse.write(words)
    await pair.ilse.sees("Klopt dat zo?")
    await pair.ilse.tap("Anders")
    await pair.ilse.sees("Wie doet dit?")
    await pair.ilse.tap(who)
    await pair.ilse.sees("Wanneer kijken jullie hier weer naar?")
    await pair.ilse.tap("Over 3 maanden")
    await pair.ilse.sees("Bewaard.")


async def opens(pair: Pair) -> None:
    """The overview of the only placement."""
    await pair.ilse.write("/overdracht")
    await pair.ilse.sees("Van wie is de overdracht?")
    await pair.ilse.tap("Sam")


async def chooses(pair: Pair, part: str, item: str) -> None:
    await opens(pair)
    await pair.ilse.tap("Kies een onderdeel")
    await pair.ilse.tap(part)
    await pair.ilse.tap(item)


async def settled_last(pair: Pair) -> str:
    await pair.stage.settled()
    return pair.ilse.last.text


async def placement_of(pair: Pair, number: int = 0) -> int:
    await pair.stage.settled()
    keyring = pair.stage.running.storage.keyring
    async with pair.stage.running.storage.db.read() as conn:
        found = await placements.of_participant(conn, await keyring.of(conn, pair.participant))
    return found[number].id


async def books(pair: Pair) -> Case:
    return await case_of(pair.stage, await placement_of(pair))


async def texts(pair: Pair) -> dict[str, str]:
    """What stands in the draft, by item."""
    making = (await books(pair)).in_making
    return {one.item: one.text for one in making.agreements} if making else {}


# ---- walking the list


async def test_each_item_follows_by_itself_and_stands_in_the_draft(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees("Bewaard.")
    await pair.ilse.sees(CONTACT_PERSON)
    await fills_in(pair, "Karin de Boer")
    await pair.ilse.sees("Wie geeft op een gewone dag leiding?")
    case = await books(pair)
    assert (case.placement.company, case.placement.hours, case.placement.track) == ("Bakkerij Smit", "24", "work")
    assert (case.placement.started_on, case.placement.contract_end) == (date(2026, 12, 1), date(2027, 6, 30))
    assert case.in_making is not None
    assert case.in_making.handover.state == "draft"
    person = case.in_making.item("contact_person")
    assert person is not None
    assert (person.text, person.who, person.review_on) == ("Karin de Boer", "employer", date(2027, 3, 1))
    assert "Bakkerij Smit" in (await texts(pair))["work"]


async def test_what_is_skipped_stays_empty_and_the_next_one_comes(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.ilse.tap("Overslaan")
    await pair.ilse.sees("Wie geeft op een gewone dag leiding?")
    assert set(await texts(pair)) == {"work"}


async def test_a_coachs_answers_are_kept_nowhere_else(pair: Pair) -> None:
    """They would outlive the participant: answers belong to who answers, and this is about somebody else."""
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    storage = pair.stage.running.storage
    async with storage.db.read() as conn:
        count = (await conn.exec_driver_sql(f"SELECT count(*) FROM answer WHERE person_id = {pair.coach}")).scalar()
        assert count == 0
        assert await open_one(conn, pair.participant) is None
    assert pair.sam.unread == []


async def test_words_that_fit_no_question_get_a_hint_and_go_nowhere(pair: Pair) -> None:
    await begun(pair)
    await pair.ilse.write("dat weet ik nog niet precies")
    await pair.ilse.sees("Dat past niet bij deze vraag.")
    await pair.ilse.write("dat weet ik nog niet precies")
    await pair.stage.settled()
    assert not [one for one in pair.ilse.unread if "melding" in one.text or "Vraag" in one.text]
    assert (await pair.shows())["messages"] == []
    assert pair.sam.unread == []


async def test_stop_leaves_off_and_days_later_it_goes_on_at_the_same_item(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.ilse.tap("Overslaan")
    await pair.ilse.sees("Wie geeft op een gewone dag leiding?")
    await pair.ilse.write("/stop")
    await pair.ilse.sees("Verder gaan kan altijd. Typ dan: /overdracht")
    await pair.stage.later(days=6)
    await opens(pair)
    await pair.ilse.sees("Dit is een concept.")
    pair.ilse.reads_all()
    await pair.ilse.tap("Verder")
    await pair.ilse.sees("Wie geeft op een gewone dag leiding?")
    await pair.ilse.tap("Overslaan", on=pair.ilse.find("Wie geeft op een gewone dag leiding?"))
    await pair.ilse.sees("Wie helpt op de werkvloer als iets niet lukt?")


async def test_a_question_left_alone_for_long_ends_in_silence_and_is_the_first_to_come_back(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.stage.settled()
    pair.ilse.reads_all()
    await pair.stage.later(days=8)
    await pair.stage.settled()
    assert pair.ilse.unread == []
    await opens(pair)
    pair.ilse.reads_all()
    await pair.ilse.tap("Verder")
    await pair.ilse.sees(CONTACT_PERSON)


async def test_an_open_question_waits_for_days(pair: Pair) -> None:
    await begun(pair)
    await pair.stage.later(days=3)
    await opens(pair)
    pair.ilse.reads_all()
    await pair.ilse.tap("Verder")
    await pair.ilse.sees(WORK)
    await pair.ilse.tap("Nog op weg naar werk")
    await pair.ilse.sees("Bewaard.")
    assert (await books(pair)).placement.track == "search"


async def test_words_long_after_the_question_are_asked_about(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.stage.later(days=1)
    await pair.ilse.write("Karin de Boer")
    await pair.ilse.sees("Voor wie is dit bericht?")
    assert pair.sam.unread == []
    await pair.ilse.tap("Antwoord voor de overdracht")
    usual = await pair.ilse.sees("Klopt dat zo?")
    assert usual.text == "Wie dit doet: de werkgever.\nKlopt dat zo?"
    await pair.ilse.tap("Ja")
    await pair.ilse.sees("Bewaard.")
    assert (await texts(pair))["contact_person"] == "Karin de Boer"
    await pair.ilse.tap("Antwoord voor de overdracht")
    await pair.ilse.sees("Die vraag is al klaar.")


async def test_on_the_way_to_a_job_no_work_place_is_asked_about(pair: Pair) -> None:
    await begun(pair)
    await pair.ilse.tap("Nog op weg naar werk")
    await pair.ilse.sees("Bewaard.")
    await pair.ilse.sees("Wie regelt wat?")  # not who is the supervisor or the buddy
    assert (await texts(pair))["work"] == "Nog op weg naar werk."


async def test_the_contact_is_agreed_with_its_words_and_its_terms(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await chooses(pair, "Contact met de deelnemer", "Het contactritme")
    await pair.ilse.sees("Welk ritme past bij Sam?")
    await pair.ilse.tap("Elke maand")
    await pair.ilse.tap("Maandag")
    await pair.ilse.tap("12:30")
    await pair.ilse.tap("Bellen")
    await pair.ilse.sees("Hoelang duurt de nazorg?")
    await pair.ilse.tap("Een jaar")
    await pair.ilse.sees("Na de nazorg kan Sam nog schrijven")
    await pair.ilse.tap("Een half jaar")
    await pair.ilse.sees("Bewaard.")
    making = (await books(pair)).in_making
    assert making is not None
    agreed = making.agreed
    assert (agreed.rhythm, agreed.weekday, agreed.at, agreed.form) == ("monthly", 0, time(12, 30), "call")
    assert (agreed.until, agreed.backup_months) == (date(2027, 12, 1), 6)
    assert (await texts(pair))["contact"].startswith("Elke maand, op maandag, om 12:30 uur")


async def test_the_way_in_is_in_the_overview_too_and_two_taps_begin_one_handover(pair: Pair) -> None:
    await pair.ilse.write("/meldingen")
    await pair.ilse.tap("Overdracht")
    await pair.ilse.tap("Sam")
    begin = await pair.ilse.sees("Voor Sam is er nog geen overdracht.")
    await pair.ilse.tap("Begin de overdracht")
    await pair.ilse.tap("Begin de overdracht", on=begin)
    await pair.ilse.sees("Er is nog niets afgesproken.")
    await placement_of(pair)
    with pytest.raises(IndexError):
        await placement_of(pair, 1)


async def test_a_button_of_an_earlier_question_leads_back_to_the_open_one(pair: Pair) -> None:
    await begun(pair)
    await pair.ilse.tap("Er is werk")
    old = await pair.ilse.sees("Hoe heet het bedrijf?")
    await pair.ilse.write("Bakkerij Smit")
    await pair.ilse.sees("Wat is de eerste werkdag?")
    await pair.ilse.tap("Stop", on=old)
    await pair.ilse.sees("Je bent weer bij de overdracht van Sam.")
    assert "Wat is de eerste werkdag?" in (await settled_last(pair))


async def test_a_reply_to_the_question_answers_it_however_late(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.stage.later(days=1)
    await pair.ilse.reply(CONTACT_PERSON, "Karin de Boer")
    await pair.ilse.sees("Klopt dat zo?")


async def test_only_typed_words_can_be_kept(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.ilse.send("voice")
    await pair.ilse.sees("alleen getypte tekst")
    await pair.ilse.forward("Karin de Boer")
    await pair.ilse.sees("alleen getypte tekst")
    assert set(await texts(pair)) == {"work"}


# ---- one item


async def test_one_item_is_changed_and_another_is_taken_out(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    await chooses(pair, "Afspraken", "✓ Uren en werktijden")
    await pair.ilse.sees("24 uur in de week")
    await pair.ilse.tap("Veranderen")
    await pair.ilse.sees("Hoeveel uren zijn het, en op welke dagen en tijden?")
    await fills_in(pair, "32 uur in de week")
    await chooses(pair, "Afspraken", "✓ Ziek melden")
    await pair.ilse.sees("Telefoonnummer: 050-1234")
    await pair.ilse.tap("Weghalen")
    await pair.stage.settled()
    assert "Ziek melden" in pair.ilse.find("Sam: kies een onderdeel.").labels  # without its tick
    case = await case_of(pair.stage, made.placement)
    assert case.in_making is not None
    assert {one.item: one.text for one in case.in_making.agreements} == {
        "hours": "32 uur in de week",
        "money": "Sam vraagt zorgtoeslag aan.",
    }


async def test_a_change_later_is_a_draft_and_what_was_agreed_keeps_counting(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant, state="in_force")
    await chooses(pair, "Afspraken", "✓ Uren en werktijden")
    await pair.ilse.tap("Veranderen")
    await pair.ilse.sees("Hoeveel uren zijn het")
    await fills_in(pair, "32 uur in de week")
    case = await case_of(pair.stage, made.placement)
    assert case.in_force is not None
    assert case.in_making is not None
    assert (case.in_force.item("hours").text, case.in_making.item("hours").text) == (  # type: ignore[union-attr]
        "24 uur in de week, van 9 tot 15 uur.",
        "32 uur in de week",
    )
    assert len(case.in_making.agreements) == len(case.in_force.agreements)
    await opens(pair)
    await pair.ilse.sees("Er is een concept met wijzigingen.")


@pytest.mark.parametrize("words", ["overslaan", HOURS.text])
async def test_an_item_that_says_the_same_as_before_makes_no_new_version(pair: Pair, words: str) -> None:
    made = await make_handover(pair.stage, pair.participant, state="in_force")
    await chooses(pair, "Afspraken", "✓ Uren en werktijden")
    await pair.ilse.tap("Veranderen")
    await pair.ilse.sees("Hoeveel uren zijn het")
    if words == HOURS.text:
        await fills_in(pair, words)
    else:
        await pair.ilse.write(words)
    await pair.ilse.sees("De afspraken gelden sinds dinsdag 1 december 2026.")
    assert (await case_of(pair.stage, made.placement)).in_making is None


# ---- what cannot be


@pytest.mark.parametrize(
    ("start", "ends", "why"),
    [
        ("1-12-2030", "1-12-2031", "Die eerste werkdag ligt erg ver weg."),
        ("1-12-2020", "1-12-2027", "Die eerste werkdag ligt erg ver weg."),
    ],
)
async def test_days_that_cannot_be_are_asked_again(pair: Pair, start: str, ends: str, why: str) -> None:
    await begun(pair)
    await fills_in_work(pair, start, ends)
    await pair.ilse.sees(why)
    await pair.ilse.sees(WORK)
    assert await texts(pair) == {}
    assert (await books(pair)).placement.company == ""
    await fills_in_work(pair)
    await pair.ilse.sees("Bewaard.")
    assert "Bakkerij Smit" in (await texts(pair))["work"]


async def test_a_contract_that_ends_before_the_work_begins_is_asked_again(pair: Pair) -> None:
    await begun(pair)
    await pair.ilse.tap("Er is werk")
    await pair.ilse.write("Bakkerij Smit")
    await pair.ilse.sees("Wat is de eerste werkdag?")
    await pair.ilse.write("1-3-2027")
    await pair.ilse.sees("Wanneer loopt het contract af?")
    await pair.ilse.write("1-2-2027")
    await pair.ilse.sees("Die dag ligt niet na de eerste werkdag.")
    await pair.ilse.sees("Wanneer loopt het contract af?")
    await pair.ilse.write("1-9-2027")
    await pair.ilse.write("24")
    await pair.ilse.sees("Bewaard.")
    assert (await books(pair)).placement.contract_end == date(2027, 9, 1)


async def test_the_name_of_a_company_can_be_mended_after_something_was_shared(pair: Pair) -> None:
    """P9: what was shared was for the contact person; the new words about the work nobody shared yet."""
    employer, _ = await pair.stage.add("employer", "Karin")
    made = await make_handover(pair.stage, pair.participant, employer=employer, state="in_force")
    await chooses(pair, "Het werk en de mensen", "Het werk")
    await pair.ilse.sees(WORK)
    await fills_in_work(pair)
    await pair.ilse.sees("Bewaard.")
    case = await case_of(pair.stage, made.placement)
    assert (case.placement.company, case.proposed.company) == ("Bakkerij Vos", "Bakkerij Smit")
    assert case.in_making is not None
    assert case.in_making.item("work") is not None
    assert {one.item for one in case.in_making.employer_sees()} == {"hours", "sick"}


async def test_a_time_in_quiet_hours_is_asked_again(tmp_path: Path, database_url: str | None) -> None:
    """An admin may let the coach type any time."""
    scripts = tmp_path / "own" / "scripts"
    shutil.copytree(Settings().scripts, scripts)
    script = scripts / "coach" / "handover-contact.yaml"
    choice = "{choice: {morning: 9:30, noon: 12:30, afternoon: 16:30, evening: 19:00}}"
    assert choice in script.read_text()
    script.write_text(script.read_text().replace(choice, "time"))
    (scripts / "coach" / "handover-contact.talks.yaml").unlink()
    async with staged(tmp_path / "data", database_url=database_url, flows=scripts) as stage:
        pair = await joined(await make_pair(stage))
        made = await make_handover(stage, pair.participant)
        await chooses(pair, "Contact met de deelnemer", "Het contactritme")
        for at, what in (("7:00", "Op dat uur stuur ik geen berichten."), ("9:15", "Bewaard.")):
            await pair.ilse.sees("Welk ritme past bij Sam?")
            await pair.ilse.tap("Elke maand", on="Welk ritme past bij Sam?")
            await pair.ilse.sees("Op welke dag")
            await pair.ilse.write("maandag")
            await pair.ilse.sees("En hoe laat?")
            await pair.ilse.write(at)
            for _ in range(3):
                await pair.ilse.write("overslaan")
            await pair.ilse.sees(what)
        making = (await case_of(stage, made.placement)).in_making
        assert making is not None
        assert making.agreed.at == time(9, 15)


# ---- once something counts


async def test_new_days_of_the_work_steer_nothing_before_everybody_said_yes(pair: Pair) -> None:
    """P6: the contact after a week was there; with the start corrected it is the same one, and comes no second time."""
    made = await agree(pair, Agreed("first-weeks"), started_on=date(2026, 12, 1))
    for _ in range(8):
        await pair.stage.later(days=1)
    assert [(one.slot[:10], one.outcome) for one in await past(pair) if one.kind == "first_weeks"] == [
        ("2026-12-08", "fired")
    ]
    before = [one.slot for one in await waiting(pair)]
    await chooses(pair, "Het werk en de mensen", "Het werk")
    await fills_in_work(pair, "4-12-2026", "overslaan")
    await pair.ilse.sees("Bewaard.")
    case = await case_of(pair.stage, made.placement)
    assert (case.placement.started_on, case.proposed.started_on) == (date(2026, 12, 1), date(2026, 12, 4))
    assert [one.slot for one in await waiting(pair)] == before
    await offer(pair.stage, made.placement)
    await agreed_by_all(pair, made.placement)
    assert (await case_of(pair.stage, made.placement)).placement.started_on == date(2026, 12, 4)
    ahead = [one.slot[:10] for one in await waiting(pair) if one.kind == "first_weeks"]
    assert ahead == ["2026-12-18", "2027-01-01"]


async def agreed_by_all(pair: Pair, placement: int) -> None:
    """The last yes is said: what follows is planned."""
    stage = pair.stage
    await stage.write(lambda tx: everybody_says_yes(tx, stage, placement))
    means, now = stage.running.services, stage.setting.now()
    await stage.write(lambda tx: contact.replan(tx, means, pair.participant, now, "new agreement"))


async def walks_again(pair: Pair, part: str, item: str, *words: str) -> Case:
    """The whole of an item that is there already, once more."""
    await chooses(pair, part, f"✓ {item}")
    await pair.stage.settled()
    await pair.ilse.tap("Veranderen")
    await pair.stage.settled()
    for one in words:
        await pair.ilse.write(one)
    await pair.stage.settled()
    return await books(pair)


async def test_what_does_not_matter_any_more_is_unset_by_skipping_it(pair: Pair) -> None:
    agreed = Agreed("monthly", weekday=0, backup_months=6)
    items = (HOURS, item("contact", "Elke maand, op maandag."), item("work", "Werk bij Bakkerij Vos."))
    await make_handover(pair.stage, pair.participant, items=items, agreed=agreed, contract_end=date(2027, 6, 30))
    rhythm = ("Elke maand", "overslaan", "9:30", "Bellen", "Een jaar", "overslaan")
    case = await walks_again(pair, "Contact met de deelnemer", "Het contactritme", *rhythm)
    assert case.in_making is not None
    assert (case.in_making.agreed.weekday, case.in_making.agreed.backup_months) == (None, 6)
    for hours, kept in (("24", "24"), ("overslaan", "")):
        work = ("Er is werk", "overslaan", "1-12-2026", "overslaan", hours)
        case = await walks_again(pair, "Het werk en de mensen", "Het werk", *work)
        found = case.placement
        assert (found.company, found.hours, found.contract_end) == ("Bakkerij Vos", kept, None)


async def test_a_job_that_is_agreed_on_ends_the_search_and_the_next_one_begins_anew(pair: Pair) -> None:
    stage = pair.stage
    first = await agree(pair, Agreed("monthly"))
    await job_ends(pair, first.placement)
    assert "return_talk" in {one.kind for one in await waiting(pair)}
    stage.setting.at += timedelta(days=14)
    second = await agree(pair, Agreed("monthly"), company="Slagerij Prins", started_on=date(2026, 12, 15))
    assert {one.placement_id for one in await waiting(pair)} == {second.placement}
    stage.setting.at += timedelta(days=60)
    await job_ends(pair, second.placement)
    (talk,) = [one for one in await waiting(pair) if one.kind == "return_talk"]
    assert talk.due_at > stage.setting.at + timedelta(days=20)


async def job_ends(pair: Pair, placement: int) -> None:
    means, now = pair.stage.running.services, pair.stage.setting.now()

    async def work(tx: Any) -> None:
        who = await people.by_id(tx, means.keyring, pair.participant)
        job = await placements.by_id(tx, means.keyring, placement)
        assert who is not None
        await care.end_job(tx, means, who, job, now)

    await pair.stage.write(work)


@pytest.mark.parametrize("how", ["the job ends", "nothing else knows"])
async def test_a_question_about_a_place_that_is_over_is_over_too(pair: Pair, how: str) -> None:
    made = await make_handover(pair.stage, pair.participant)
    await opens(pair)
    await pair.ilse.tap("Verder")
    await pair.ilse.sees(WORK)
    if how == "the job ends":
        await job_ends(pair, made.placement)
    else:
        key = await pair.stage.write(lambda tx: pair.stage.running.storage.keyring.of(tx, pair.participant))
        await pair.stage.write(lambda tx: placements.change(tx, key, made.placement, state="ended"))
    pair.ilse.reads_all()
    await pair.ilse.write("Er is werk")
    over = "Voor wie is dit bericht?" if how == "the job ends" else "Deze plek is al afgerond."
    await pair.ilse.sees(over)
    await pair.ilse.write("/stop")
    await pair.stage.settled()
    assert not [one for one in pair.ilse.messages if "Dat kan niet." in one.text]


# ---- the employer


async def brings_karin(pair: Pair) -> str:
    """The contact person is named; the code in the link that the coach gets."""
    await opens(pair)
    await pair.ilse.tap("Werkgever erbij")
    await pair.ilse.sees("Hoe heet de contactpersoon bij Bakkerij Vos?")
    await pair.ilse.write("Karin de Boer")
    shown = await pair.ilse.sees("Uitnodiging voor Karin de Boer.")
    return shown.text.partition("?start=")[2].split()[0]


async def test_the_employer_joins_by_the_code_and_the_coach_says_that_it_is_them(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    karin = pair.stage.phone("Karin")
    await karin.start(await brings_karin(pair))
    await pair.ilse.sees("Karin de Boer doet mee, de werkgever van Sam. Op Telegram heet deze persoon: Karin.")
    await pair.ilse.tap("Ja, dat klopt")
    await pair.ilse.sees("Dan weet ik dat het Karin de Boer is.")
    case = await case_of(pair.stage, made.placement)
    assert case.employer is not None
    assert (case.employer.name, case.employer.chat_id) == ("Karin de Boer", karin.id)


async def test_somebody_else_who_used_the_code_is_out_and_a_new_code_lets_the_right_person_in(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    code = await brings_karin(pair)
    wrong, karin = pair.stage.phone("Piet"), pair.stage.phone("Karin")
    await wrong.start(code)
    await pair.ilse.sees("Op Telegram heet deze persoon: Piet.")
    await pair.ilse.tap("Dat is niet Karin de Boer")
    await wrong.sees("Deze uitnodiging was voor iemand anders.")
    fresh = await pair.ilse.sees("Uitnodiging voor Karin de Boer.")
    await karin.start(fresh.text.partition("?start=")[2].split()[0])
    await pair.ilse.sees("Op Telegram heet deze persoon: Karin.")
    await pair.ilse.tap("Dat is niet Karin de Boer", on="heet deze persoon: Piet")
    await pair.ilse.sees("Die persoon is al afgemeld.")
    case = await case_of(pair.stage, made.placement)
    assert case.employer is not None
    assert case.employer.chat_id == karin.id
    await pair.stage.later(hours=2)
    await wrong.write("/afspraken")
    await wrong.sees("We kennen elkaar nog niet.")


async def test_without_the_employer_the_agreements_are_between_two(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    karin = pair.stage.phone("Karin")
    await karin.start(await brings_karin(pair))
    await pair.ilse.sees("Karin de Boer doet mee")
    await opens(pair)
    await pair.ilse.tap("Zonder werkgever")
    await pair.ilse.sees("Karin de Boer kan de afspraken dan niet meer lezen.")
    await pair.ilse.tap("Ja, zonder werkgever")
    await pair.ilse.sees("Contactpersoon: nog niemand")
    assert (await case_of(pair.stage, made.placement)).employer is None
    await karin.write("hallo")
    await karin.sees("We kennen elkaar nog niet.")


async def test_a_contact_person_who_is_known_is_chosen_and_joins_only_once(pair: Pair) -> None:
    employer, _ = await pair.stage.add("employer", "Karin")
    await make_handover(pair.stage, pair.participant, employer=employer)
    second = await make_handover(pair.stage, pair.participant, company="Slagerij Prins")
    await opens(pair)
    await pair.ilse.tap("Slagerij Prins")
    await pair.ilse.tap("Werkgever erbij")
    await pair.ilse.sees("Wie is de contactpersoon?")
    await pair.ilse.tap("Karin")
    await pair.ilse.sees("Contactpersoon: Karin")
    assert (await case_of(pair.stage, second.placement)).placement.employer_id == employer


# ---- letting it be read


async def test_what_is_missing_is_named_before_the_parties_read(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    await opens(pair)
    await pair.ilse.tap("Laat lezen")
    missing = await pair.ilse.sees("Dit is nog niet ingevuld.")
    assert missing.labels == ["Het contactritme", "Laat toch lezen"]
    await pair.ilse.tap("Laat toch lezen")
    await pair.ilse.sees("Sam krijgt de afspraken nu om te lezen.")
    await pair.sam.sees("Ilse heeft afspraken voor je klaargezet.")
    case = await case_of(pair.stage, made.placement)
    assert case.in_making is not None
    assert case.in_making.handover.state == "offered"
    await pair.ilse.tap("Laat toch lezen")
    await pair.ilse.sees("De afspraken worden gelezen. Nu is Sam aan de beurt.")


async def test_nobody_can_read_before_the_participant_is_in(invited: Pair) -> None:
    other, _ = await invited.stage.add("participant", "Kim", invited.coach)
    made = await make_handover(invited.stage, other)
    await invited.ilse.write("/overdracht")
    await invited.ilse.tap("Kim")
    await invited.ilse.tap("Laat lezen")
    await invited.ilse.sees("Kim is nog niet aangemeld, en leest als eerste.")
    await invited.ilse.tap("Nodig Kim uit", on="leest als eerste")
    await invited.ilse.sees("Uitnodiging voor Kim.")
    case = await case_of(invited.stage, made.placement)
    assert case.in_making is not None
    assert case.in_making.handover.state == "draft"


async def test_a_change_takes_back_what_is_being_read(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant, state="offered")
    await chooses(pair, "Afspraken", "✓ Uren en werktijden")
    await pair.ilse.tap("Veranderen")
    await pair.ilse.sees("Verander je iets? Laat ze daarna opnieuw lezen.")
    await fills_in(pair, "32 uur in de week")
    case = await case_of(pair.stage, made.placement)
    assert case.in_making is not None
    assert case.in_making.handover.state == "draft"


# ---- what may happen meanwhile


async def test_after_an_outage_the_open_question_comes_once_more_behind_a_neutral_line(pair: Pair) -> None:
    await begun(pair)
    await pair.stage.heard()
    await pair.stage.close()
    pair.stage.setting.at += timedelta(minutes=30)
    await pair.stage.open()
    for _ in range(4):
        await pair.stage.later(seconds=10)
    await pair.ilse.sees("Ik was even weg.")
    neutral = await pair.ilse.sees("Dan zie je de vraag waar we waren gebleven.")
    assert "Sam" not in neutral.text
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees(WORK)
    await pair.ilse.tap("Nog op weg naar werk")
    await pair.ilse.sees("Bewaard.")


async def test_a_participant_who_is_erased_takes_the_open_question_along(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.stage.settled()
    keyring = pair.stage.running.storage.keyring
    await pair.stage.write(lambda tx: erase.participant(tx, keyring, pair.participant))
    await pair.ilse.write("Karin de Boer")
    await pair.ilse.sees("Er is nog geen deelnemer die dit kan lezen.")
    async with pair.stage.running.storage.db.read() as conn:
        query = "SELECT count(*) FROM outbox WHERE about_kind IN ('run', 'placement') AND payload IS NOT NULL"
        assert (await conn.exec_driver_sql(query)).scalar() == 0
        assert (await conn.exec_driver_sql("SELECT count(*) FROM run")).scalar() == 0


# ---- two places


async def test_a_second_place_stands_beside_the_first(pair: Pair) -> None:
    first = await make_handover(pair.stage, pair.participant)
    await opens(pair)
    await pair.ilse.tap("Tweede plek")
    await pair.ilse.sees(WORK)
    await fills_in_work(pair)
    await pair.ilse.sees("Bewaard.")
    await opens(pair)
    await pair.ilse.sees("Sam: kies een plek.")
    assert pair.ilse.last.labels == ["Bakkerij Vos", "Bakkerij Smit"]
    second = await case_of(pair.stage, await placement_of(pair, 1))
    assert second.in_making is not None
    assert [one.item for one in second.in_making.agreements] == ["work"]
    assert (await case_of(pair.stage, first.placement)).placement.company == "Bakkerij Vos"


# ---- an alert in the middle


async def test_an_alert_in_the_middle_is_answered_and_the_handover_goes_on(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.sam.write("kun je me bellen?")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("kun je me bellen?")
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.sees("Typ je bericht voor Sam.")
    await pair.ilse.sees("De overdracht wacht zolang.")
    await pair.ilse.write("Ik bel je om vier uur")
    await pair.sam.sees("Ilse: Ik bel je om vier uur")
    pair.ilse.reads_all()
    await pair.ilse.tap("Verder met de overdracht")
    await pair.ilse.sees("Je bent weer bij de overdracht van Sam.")
    await fills_in(pair, "Karin de Boer")
    assert (await texts(pair))["contact_person"] == "Karin de Boer"
    assert "Karin" not in "".join(one.text for one in pair.sam.messages)


async def test_a_tap_on_the_open_question_is_enough_to_be_back_at_the_handover(pair: Pair) -> None:
    await begun(pair)
    await pair.sam.write("kun je me bellen?")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Antwoorden")
    await pair.ilse.sees("Typ je bericht voor Sam.")
    await pair.ilse.tap("Er is werk")
    await pair.ilse.sees("Hoe heet het bedrijf?")
    await pair.ilse.write("Bakkerij Smit")
    await pair.ilse.sees("Wat is de eerste werkdag?")
    assert not [one for one in pair.sam.messages if "Smit" in one.text]


async def test_closing_the_talk_brings_the_open_question_back(pair: Pair) -> None:
    await begun(pair)
    await fills_in_work(pair)
    await pair.ilse.sees(CONTACT_PERSON)
    await pair.sam.write("kun je me bellen?")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.reply("Er is een nieuwe melding.", "Om vier uur")
    await pair.sam.sees("Ilse: Om vier uur")
    await pair.ilse.sees("De overdracht wacht zolang.")
    pair.ilse.reads_all()
    await pair.ilse.tap("Gesprek sluiten")
    await pair.ilse.sees("Je bent weer bij de overdracht van Sam.")
    await fills_in(pair, "Karin de Boer")


# ---- not theirs


async def foreign(pair: Pair) -> Phone:
    _, bert = await joins(pair.stage, "coach", "Bert")
    return bert


async def test_another_coach_sees_nothing_of_it(pair: Pair) -> None:
    await make_handover(pair.stage, pair.participant)
    bert = await foreign(pair)
    await bert.write("/overdracht")
    await bert.sees("Je hebt nog geen deelnemers.")
    assert not [one for one in bert.messages if "Sam" in one.text or "Vos" in one.text]


async def test_who_is_no_longer_the_coach_cannot_answer_the_open_question(pair: Pair) -> None:
    await begun(pair)
    bert, _ = await pair.stage.add("coach", "Bert")
    await pair.stage.write(lambda tx: move(tx, pair.participant, bert))
    await pair.ilse.tap("Er is werk")
    await pair.ilse.sees("Dat kan niet.")
    await pair.ilse.write("Er is werk")
    await pair.ilse.sees("Dat kan niet.")


async def move(tx: object, participant: int, coach: int) -> None:
    await tx.exec_driver_sql(f"UPDATE bond SET coach_id = {coach} WHERE participant_id = {participant}")  # type: ignore[attr-defined]
