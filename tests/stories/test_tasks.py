"""What a coach agreed to do is told on the day, said again until it is done, and never names anybody unasked (P19)."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.caseload.handovers import Agreed
from bot.storage import people
from scheduler.calendar import Calendar
from tests.stories.conftest import Pair, make_pair
from tests.support.caring import agree, past, person, waiting

SEARCH = Agreed("search", backup_months=6)
"""Of the coach: a return talk after four weeks, a closing talk after six months."""
NEUTRAL = "Er staat iets voor je klaar."


async def told(pair: Pair) -> None:
    """The first thing that the coach is to do is due: told, and looked at."""
    await agree(pair, SEARCH, state="backup")
    await pair.stage.next_moment()
    said = await pair.ilse.sees(NEUTRAL)
    assert "Sam" not in said.text
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Te doen voor Sam: Terugkomgesprek.\nBespreek of er werk is")


async def test_a_task_is_told_on_its_day_and_done_with_one_tap(pair: Pair) -> None:
    await told(pair)
    await pair.ilse.tap("Gedaan")
    await pair.ilse.sees("Gedaan. Het is genoteerd bij Sam.")
    await pair.stage.later(days=20)
    await pair.stage.settled()
    assert pair.ilse.reads_all() == []
    assert pair.sam.reads_all() == []
    assert [(one.kind, one.outcome, one.answered) for one in await past(pair) if one.done_by == "coach"] == [
        ("return_talk", "fired", True)
    ]


async def test_what_is_not_done_is_said_again_after_two_working_days_and_then_every_week(pair: Pair) -> None:
    await told(pair)
    await pair.stage.later(days=2)
    await pair.ilse.sees(NEUTRAL)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Dit staat nog open.\nTe doen voor Sam")
    await pair.stage.later(days=6)
    await pair.stage.settled()
    assert pair.ilse.reads_all() == []
    await pair.stage.later(days=1)
    await pair.ilse.sees(NEUTRAL)


async def test_a_task_can_be_put_off_or_called_off_and_then_nobody_asks_meanwhile(pair: Pair) -> None:
    await told(pair)
    await pair.ilse.tap("Later: volgende week")
    await pair.ilse.sees("Goed. Ik vraag het weer op maandag 4 januari. Het gaat om Sam.")
    await pair.stage.later(days=6)
    await pair.stage.settled()
    assert pair.ilse.reads_all() == []
    await pair.stage.later(days=1)
    await pair.ilse.sees(NEUTRAL)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Gaat niet door")
    await pair.ilse.sees("Goed, dit gaat niet door. Het is genoteerd bij Sam.")
    await pair.stage.later(days=14)
    await pair.stage.settled()
    assert pair.ilse.reads_all() == []


async def test_the_list_of_tasks_shows_what_is_open_and_a_second_tap_changes_nothing(pair: Pair) -> None:
    await told(pair)
    await pair.ilse.write("/taken")
    await pair.ilse.sees("Dit staat open:")
    await pair.ilse.tap("Sam: Terugkomgesprek")
    await pair.ilse.sees("Te doen voor Sam")
    first, second = [one for one in pair.ilse.messages if "Gedaan" in one.labels]
    await pair.ilse.tap("Gedaan", on=second)
    await pair.ilse.sees("Het is genoteerd bij Sam.")
    await pair.ilse.tap("Gaat niet door", on=first)
    await pair.ilse.sees("Dat was al afgerond.")
    await pair.ilse.write("/taken")
    await pair.ilse.sees("Er staat niets open.")


async def test_another_coach_sees_none_of_it(pair: Pair) -> None:
    await told(pair)
    other = await make_pair(pair.stage)
    await other.ilse.write("/taken")
    await other.ilse.sees("Er staat niets open.")


async def closing_talk(pair: Pair) -> None:
    """The return talk was held long ago, and now the closing talk was held too."""
    await told(pair)
    await pair.ilse.tap("Gedaan")
    await pair.stage.next_moment()
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Te doen voor Sam: De participatieladder.")
    await pair.ilse.tap("Gedaan")
    await pair.stage.next_moment()
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Te doen voor Sam: Eindgesprek.")
    await pair.ilse.tap("Gedaan")
    await pair.ilse.sees("Wil je de nazorg van Sam nu afsluiten?")


async def test_the_goodbye_ends_the_questions_and_leaves_the_line_open(pair: Pair) -> None:
    await closing_talk(pair)
    await pair.ilse.tap("Ja, sluit af")
    await pair.ilse.sees("Achter de hand blijf je tot dinsdag 30 november 2027.")
    await pair.stage.later(hours=1)
    await pair.sam.sees("We kijken samen even terug.")
    await pair.sam.tap("Overslaan")
    await pair.sam.sees("Achter de hand blijft er iemand tot dinsdag 30 november 2027.")
    assert await waiting(pair) == []
    pair.sam.reads_all()

    await pair.stage.later(days=30)
    await pair.sam.write("Mag ik nog iets vragen?")
    await pair.sam.sees("Dank je wel. Ilse krijgt dit bericht en leest het uiterlijk")
    await pair.ilse.sees("Er is een nieuwe melding.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.tap("Gelezen, dank je")
    await pair.ilse.sees("De melding is gesloten.")
    await pair.stage.later(days=400)
    await pair.sam.write("Hallo, ben je er nog?")
    await pair.sam.sees("De tijd die we afspraken is voorbij. Ilse krijgt je bericht toch.")
    await pair.ilse.sees("Er is een nieuwe melding.")


async def test_who_comes_back_at_once_gets_no_goodbye(pair: Pair) -> None:
    await closing_talk(pair)
    calendar = Calendar()
    friday = calendar.local(pair.stage.setting.at).date()
    while friday.weekday() != 4:
        friday += timedelta(days=1)
    pair.stage.setting.at = calendar.to_utc(friday, time(22, 30))
    await pair.ilse.tap("Ja, sluit af")
    await pair.ilse.sees("Achter de hand blijf je tot")
    await pair.sam.write("meedoen")
    await pair.sam.tap("Nederlands")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Fijn dat je meedoet")
    assert "goodbye" not in {one.kind for one in await waiting(pair)}
    await pair.stage.later(hours=60)
    await pair.stage.settled()
    assert "We kijken samen even terug." not in pair.sam.screen()


async def test_a_goodbye_that_waits_is_not_said_to_who_takes_part_again(pair: Pair) -> None:
    await closing_talk(pair)
    await pair.ilse.tap("Ja, sluit af")
    await pair.ilse.sees("Achter de hand blijf je tot")
    await pair.stage.write(lambda tx: people.change(tx, pair.participant, state="active"))
    await pair.stage.later(days=3)
    await pair.stage.settled()
    assert "We kijken samen even terug." not in pair.sam.screen()
    assert [(one.outcome, one.reason) for one in await past(pair) if one.kind == "goodbye"] == [
        ("missed", "the aftercare goes on")
    ]


@pytest.mark.parametrize("answer", ["Ja, sluit af", "Nog niet: over een maand"])
async def test_who_stopped_meanwhile_is_not_closed_and_not_a_task_again(pair: Pair, answer: str) -> None:
    await closing_talk(pair)
    await pair.sam.write("stop")
    await pair.sam.tap("Stop", on="Je kunt kiezen")
    await pair.sam.tap("Stop", on="Weet je het zeker")
    await pair.sam.sees("Je krijgt geen vragen meer.")
    await pair.ilse.tap(answer)
    await pair.ilse.sees("Dat was al afgerond.")
    found = await person(pair.stage, pair.participant)
    assert found is not None
    assert found.state == "stopped"
    assert await waiting(pair) == []
    await pair.ilse.write("/taken")
    await pair.ilse.sees("Er staat niets open.")


async def test_a_coach_who_does_not_want_to_close_yet_is_asked_in_a_month(pair: Pair) -> None:
    await closing_talk(pair)
    await pair.ilse.tap("Nog niet: over een maand")
    await pair.ilse.sees("Ik vraag het weer op")
    found = await person(pair.stage, pair.participant)
    assert found is not None
    assert found.state == "backup"
    await pair.stage.later(days=30)
    await pair.ilse.sees(NEUTRAL)


async def test_nothing_of_a_task_is_left_when_its_participant_is_forgotten(pair: Pair) -> None:
    await agree(pair, SEARCH, state="backup")
    await pair.stage.next_moment()
    await pair.ilse.sees(NEUTRAL)
    await pair.sam.write("vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist.")
    await pair.ilse.tap("Bekijken", on=NEUTRAL)
    await pair.ilse.sees("Die knop werkt niet meer.")
    await pair.ilse.write("/taken")
    await pair.ilse.sees("Er staat niets open.")


async def test_after_an_outage_that_ends_at_night_a_coach_hears_of_what_is_open_in_the_morning(pair: Pair) -> None:
    await told(pair)
    await pair.stage.settled()
    await pair.stage.close()
    calendar = Calendar()
    night = calendar.local(pair.stage.setting.at + timedelta(days=3)).date()
    pair.stage.setting.at = calendar.to_utc(night, time(23))
    await pair.stage.open()
    await pair.stage.later(seconds=1)
    await pair.stage.settled()
    assert pair.ilse.reads_all() == []
    pair.stage.setting.at = calendar.next_office_time(pair.stage.setting.at)
    await pair.stage.later(seconds=1)
    await pair.ilse.sees(NEUTRAL)
