"""What a participant can look up at any time, and what a coach sees of a placement at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from icalendar import Calendar as File
from sqlalchemy import update

from bot.caseload import contact
from bot.caseload.handovers import Agreed
from bot.storage import people, placements
from bot.storage.tables import bond
from tests.stories.conftest import Pair
from tests.support.handovers import HOURS, MONEY, SICK, Made, item, make_handover, offer
from tests.support.phones import Phone

CONTACT = item("contact", "Elke maand, op dinsdag, om 10:00 uur.", "coach")
PEOPLE = (
    item("supervisor", "Ahmed, van de bakkerij.", "employer"),
    item("buddy", "Lotte helpt op de vloer.", "buddy"),
)
AGREED = Agreed("monthly", until=date(2027, 11, 30))


@dataclass
class Work:
    """A pair with an employer who joined, and a handover in force."""

    pair: Pair
    karin: Phone
    employer: int
    made: Made


@pytest.fixture
async def work(pair: Pair) -> Work:
    stage = pair.stage
    employer, code = await stage.add("employer", "Karin")
    karin = stage.phone("Karin")
    made = await make_handover(
        stage,
        pair.participant,
        employer=employer,
        items=(HOURS, SICK, MONEY, CONTACT, *PEOPLE),
        agreed=AGREED,
        state="in_force",
    )
    await karin.start(code)
    await karin.sees("Welkom.")
    await pair.ilse.sees("Karin doet mee, de werkgever van Sam.")
    await pair.ilse.tap("Ja, dat klopt", on="Karin doet mee")
    await pair.ilse.sees("Dan weet ik dat het Karin is")
    await stage.settled()
    pair.ilse.reads_all()
    return Work(pair, karin, employer, made)


# ---- what was agreed


async def test_agreements_show_each_item_with_who_does_it_and_when_it_is_looked_at_again(work: Work) -> None:
    await work.pair.sam.write("afspraken")
    shown = await work.pair.sam.sees("Je afspraken over het werk bij Bakkerij Vos:")
    assert "Uren en werktijden: 24 uur in de week, van 9 tot 15 uur." in shown.text
    assert "Wie: Karin" in shown.text
    assert "Opnieuw bekijken: maandag 1 maart 2027" in shown.text
    assert "Sam vraagt zorgtoeslag aan." in shown.text


async def test_the_number_for_sick_leave_is_shown_with_the_employers_yes_only(work: Work) -> None:
    await work.pair.sam.write("afspraken")
    shown = await work.pair.sam.sees("Ziek melden: Bel bij ziekte de planning.")
    assert "Vóór: 08:30" in shown.text
    assert "Telefoonnummer: 050-1234" in shown.text
    await work.karin.write("/afspraken")
    await work.karin.tap("Nummer niet meer delen")
    await work.karin.sees("De deelnemer ziet dit telefoonnummer niet meer.")
    await work.pair.stage.settled()
    assert not [one for one in work.pair.sam.messages if "050-1234" in one.text]
    await work.pair.sam.write("afspraken")
    shown = await work.pair.sam.sees("Ziek melden: Bel bij ziekte de planning.")
    assert "050-1234" not in shown.text


async def test_without_a_handover_it_says_so_and_who_makes_it(pair: Pair) -> None:
    await pair.sam.write("afspraken")
    await pair.sam.sees("Er is nog niets afgesproken. Ilse maakt de afspraken samen met jou.")


async def test_what_the_coach_still_writes_is_not_shown(pair: Pair) -> None:
    await make_handover(pair.stage, pair.participant)
    await pair.sam.write("afspraken")
    await pair.sam.sees("Er is nog niets afgesproken.")
    await pair.stage.settled()
    assert not [one for one in pair.sam.messages if "24 uur" in one.text]


async def test_what_lies_ready_to_be_read_can_be_read_from_there(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    await offer(pair.stage, made.placement)
    await pair.sam.sees("Ilse heeft afspraken voor je klaargezet.")
    await pair.sam.write("afspraken")
    await pair.stage.settled()
    assert len([one for one in pair.sam.messages if "afspraken voor je klaargezet" in one.text]) == 2


async def test_all_of_it_is_found_from_one_menu(work: Work) -> None:
    for button, shown in (
        ("Mijn afspraken", "Je afspraken over het werk bij Bakkerij Vos:"),
        ("Wanneer en waarom", "Dit is er gepland:"),
        ("Wie doet wat", "Karin is de contactpersoon bij Bakkerij Vos."),
        ("Wat mijn werkgever ziet", "Karin mag dit zien:"),
        ("Mijn kalender", "Tik op het bestand."),
    ):
        await work.pair.sam.write("overzicht")
        await work.pair.sam.tap(button)
        await work.pair.sam.sees(shown)


# ---- when, why, until when


async def test_planning_tells_who_agreed_and_until_when(work: Work) -> None:
    await work.pair.sam.write("wanneer")
    shown = await work.pair.sam.sees("Dit is er gepland:")
    assert "Over het contact rond Bakkerij Vos." in shown.text
    assert "Het ritme: Elke maand." in shown.text
    assert "• jij, op dinsdag 1 december\n• Ilse, op dinsdag 1 december\n• Karin, op dinsdag 1 december" in shown.text
    assert "Het duurt tot en met dinsdag 30 november 2027." in shown.text
    assert "Daarna kun je Ilse nog schrijven" in shown.text


async def test_an_employer_who_never_read_the_rhythm_did_not_agree_to_it(pair: Pair) -> None:
    employer, _ = await pair.stage.add("employer", "Karin")
    hidden = item("contact", "Elke maand.", "coach", for_employer=False)
    await make_handover(pair.stage, pair.participant, employer=employer, items=(HOURS, hidden), state="in_force")
    await pair.sam.write("waarom")
    shown = await pair.sam.sees("Dit is afgesproken door:")
    assert "• Ilse, op" in shown.text
    assert "Karin, op" not in shown.text


async def test_a_handover_that_says_nothing_about_contact_agreed_on_no_rhythm(pair: Pair) -> None:
    await make_handover(pair.stage, pair.participant, items=(HOURS, SICK), state="in_force")
    await pair.sam.write("waarom")
    shown = await pair.sam.sees("Over het contact rond Bakkerij Vos.")
    assert "Dit is het gewone ritme. Het is nog niet samen afgesproken." in shown.text
    assert "afgesproken door" not in shown.text


async def test_planning_names_the_day_the_kind_and_who_does_it(pair: Pair) -> None:
    await pair.sam.write("planning")
    shown = await pair.sam.sees("Dit is er gepland:")
    assert "Hoe het gaat (de assistent)" in shown.text
    assert "Dit is het gewone ritme. Het is nog niet samen afgesproken." in shown.text


async def test_planning_tells_of_a_pause_and_of_a_longer_interval(pair: Pair) -> None:
    until = date(2027, 1, 15)
    await pair.stage.write(lambda tx: people.change(tx, pair.participant, paused_until=until, stretch=2))
    await pair.sam.write("wanneer")
    shown = await pair.sam.sees("Je hebt pauze tot en met vrijdag 15 januari 2027.")
    assert "De tijd tussen de vragen is nu 2 keer zo lang." in shown.text


async def test_who_stopped_reads_that_nothing_is_planned_and_that_writing_can_always(pair: Pair) -> None:
    await pair.stage.write(lambda tx: people.change(tx, pair.participant, state="stopped", care_from=None))
    await pair.stage.settled()
    await pair.sam.write("wanneer")
    shown = await pair.sam.sees("Je wilt geen contact dat gepland is. Ilse schrijven kan altijd.")
    assert "gewone ritme" not in shown.text


# ---- who is who


async def test_people_are_named_with_what_they_do(work: Work) -> None:
    await work.pair.sam.write("wie doet wat")
    await work.pair.sam.sees("Ilse is je coach.")
    shown = await work.pair.sam.sees("Karin is de contactpersoon bij Bakkerij Vos.")
    assert "Direct leidinggevende: Ahmed, van de bakkerij." in shown.text
    assert "Praktijkbegeleider: Lotte helpt op de vloer." in shown.text
    assert "Karin:\n• Uren en werktijden" in shown.text
    assert "jij:\n• Ziek melden" in shown.text


async def test_people_shows_no_placement_that_is_over(work: Work) -> None:
    keyring = work.pair.stage.running.storage.keyring

    async def end(tx: object) -> None:
        key = await keyring.of(tx, work.pair.participant)  # type: ignore[arg-type]
        await placements.change(tx, key, work.made.placement, state="ended")  # type: ignore[arg-type]

    await work.pair.stage.write(end)
    await work.pair.sam.write("wie doet wat")
    await work.pair.sam.sees("Ilse is je coach.")
    await work.pair.stage.settled()
    assert not [one for one in work.pair.sam.messages if "Bakkerij" in one.text]


# ---- the calendar file


async def test_the_calendar_says_when_and_nothing_about_whom_or_what(work: Work) -> None:
    await work.pair.sam.write("kalender")
    await work.pair.sam.sees("Tik op het bestand.")
    [sent] = work.pair.stage.telegram.requests(method="sendDocument")
    content = sent.files["document"].content
    events = File.from_ical(content).walk("VEVENT")
    assert events
    assert {str(one["SUMMARY"]) for one in events} == {"Contact"}
    for word in (b"Ilse", b"Karin", b"Sam", b"Bakkerij", b"chterdehand"):
        assert word not in content
    assert len({str(one["UID"]) for one in events}) == len(events)
    days = [one["DTSTART"].dt for one in events]
    assert all(not hasattr(day, "hour") or day.tzinfo is not None for day in days)


async def test_without_anything_planned_there_is_no_file(pair: Pair) -> None:
    now = pair.stage.setting.now()
    await pair.stage.write(lambda tx: contact.cancel(tx, pair.participant, "stopped", now))
    await pair.sam.write("kalender")
    await pair.sam.sees("Er is nu geen contact gepland.")
    assert pair.stage.telegram.requests(method="sendDocument") == []


# ---- the coach, at a glance


async def glances(pair: Pair) -> str:
    await pair.ilse.write("/overdracht")
    await pair.ilse.tap("Sam")
    await pair.ilse.tap("Hoe staat het ervoor")
    return (await pair.ilse.sees("Sam, Bakkerij Vos")).text


async def test_the_coach_sees_what_comes_and_who_agreed(work: Work) -> None:
    shown = await glances(work.pair)
    assert "Er is nu niets dat een besluit vraagt." in shown
    assert "Gepland:\n• " in shown
    assert "Hoe het gaat (de assistent)" in shown
    assert "• Geldt sinds dinsdag 1 december." in shown
    assert "• Karin zei ja op dinsdag 1 december." in shown


async def test_what_needs_a_decision_stands_first(work: Work) -> None:
    stage, participant = work.pair.stage, work.pair.participant
    await stage.write(lambda tx: people.change(tx, participant, reachable=False, silences=2, stretch=3))
    shown = await glances(work.pair)
    first = shown.split("\n\n")[1]
    assert first.startswith("Dit vraagt iets van jou:")
    assert "• Sam is niet bereikbaar op Telegram." in first
    assert "• Op de laatste 2 vragen kwam geen antwoord." in first
    assert "• De tijd tussen de vragen is 3 keer zo lang, omdat het goed gaat." in shown


async def test_unread_agreements_are_named_with_who_has_them(pair: Pair) -> None:
    made = await make_handover(pair.stage, pair.participant)
    await offer(pair.stage, made.placement)
    shown = await glances(pair)
    assert "De afspraken van dinsdag 1 december liggen bij Sam om te lezen." in shown


async def test_a_contact_that_was_missed_is_shown_with_its_reason_in_plain_words(work: Work) -> None:
    stage, participant = work.pair.stage, work.pair.participant
    await stage.write(lambda tx: people.change(tx, participant, reachable=False))
    await stage.next_moment()
    shown = await glances(work.pair)
    assert "niet bereikbaar op Telegram)" in shown
    assert "not reachable" not in shown


async def test_a_coach_sees_no_placement_of_a_colleagues_participant(work: Work) -> None:
    """P11: the button stays with who got it; the placement goes with its participant."""
    await work.pair.ilse.write("/overdracht")
    await work.pair.ilse.tap("Sam")
    await work.pair.ilse.sees("Werk: Bakkerij Vos")
    other, _ = await work.pair.stage.add("coach", "Noor")
    await work.pair.stage.write(
        lambda tx: tx.execute(update(bond).where(bond.c.participant_id == work.pair.participant).values(coach_id=other))
    )
    before = len(work.pair.ilse.messages)
    await work.pair.ilse.tap("Hoe staat het ervoor")
    await work.pair.stage.settled()
    assert not [one for one in work.pair.ilse.messages[before:] if "Gepland:" in one.text]
    assert "Gepland:" not in work.pair.ilse.last.text
