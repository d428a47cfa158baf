"""What people bring about their work: a quarrel, a lost job, being late, a day off. Each ends with a next step."""

from __future__ import annotations

from datetime import date

import pytest

from bot.caseload.handovers import Agreed
from bot.turns import days
from tests.stories.conftest import Pair
from tests.support.caring import agree, waiting
from tests.support.phones import Phone

NEWS = "Er is een nieuwe melding."


@pytest.fixture
async def karin(pair: Pair) -> Phone:
    """The employer, who joined, with a handover in force."""
    stage = pair.stage
    employer, code = await stage.add("employer", "Karin")
    await agree(pair, Agreed("monthly"), employer=employer)
    phone = stage.phone("Karin")
    await phone.start(code)
    await pair.ilse.tap("Ja, dat klopt", on="Karin doet mee")
    await pair.ilse.sees("Dan weet ik dat het Karin is")
    await stage.later(minutes=11)
    pair.ilse.reads_all()
    phone.reads_all()
    return phone


async def test_a_quarrel_becomes_a_talk_of_three_when_sam_wants_it_and_the_employer_hears_nothing(
    pair: Pair, karin: Phone
) -> None:
    sam, ilse = pair.sam, pair.ilse
    await sam.write("Ruzie met mijn baas")
    await sam.tap("Ruzie of boze woorden")
    await sam.sees("Neem eerst even afstand.")
    await sam.sees("Praat dan eerst met Ilse.")
    await sam.tap("Zelf erover praten")
    await sam.sees("Praat over jezelf, niet over de ander.")
    await sam.write("Wat er gebeurde vond ik moeilijk.")
    await sam.tap("Ja graag", on="gesprek met zijn drieën")
    await sam.sees("Ilse praat eerst met jou.")

    announced = await ilse.sees(NEWS)
    assert "ruzie" not in announced.text
    await ilse.tap("Bekijken")
    await ilse.sees("Wil een gesprek met zijn drieën.")
    await ilse.tap("Ik bel vandaag")
    await sam.sees("Ilse: Ik bel je vandaag.")

    await pair.stage.later(days=2)
    await pair.stage.settled()
    assert karin.reads_all() == []


async def test_without_a_yes_nobody_is_asked_to_mediate(pair: Pair, karin: Phone) -> None:
    sam, ilse = pair.sam, pair.ilse
    await sam.write("mijn collega is boos")
    await sam.tap("Ruzie of boze woorden")
    await sam.tap("Een nacht wachten")
    await sam.tap("Nee, nu niet")
    await sam.sees("Schrijf hier gerust hoe het gaat")
    await ilse.sees(NEWS)
    await ilse.tap("Bekijken")
    read = await ilse.sees("Schrijft over ruzie op het werk.")
    assert "drieën" not in read.text
    assert karin.reads_all() == []


async def test_who_is_not_safe_reads_112_first_and_the_coach_hears_it_as_urgent(pair: Pair) -> None:
    await pair.sam.write("ruzie")
    await pair.sam.tap("Ik ben nu niet veilig")
    await pair.sam.sees("Is er gevaar, bel dan 112.")
    await pair.sam.tap("Nee", on="Ben je nu veilig")
    await pair.sam.sees("Bel nu 112.")
    await pair.sam.sees("Wat is er?")
    (alert,) = (await pair.shows())["alerts"]
    assert alert["level"] == "urgent"
    await pair.sam.tap("Ik ben in gevaar")
    (alert,) = (await pair.shows())["alerts"]
    assert alert["level"] == "danger"


async def test_a_lost_job_reaches_the_coach_the_same_day_and_the_care_goes_on_as_a_search(pair: Pair) -> None:
    stage, sam, ilse = pair.stage, pair.sam, pair.ilse
    await agree(pair, Agreed("monthly"), contract_end=date(2027, 6, 30))
    await stage.later(minutes=11)
    await sam.write("ontslagen")
    await sam.sees("Wat naar, Sam.")
    await ilse.sees(NEWS)
    await sam.tap("Ik ben ontslagen")
    await sam.tap("Ja, het is gestopt")
    await sam.tap("Ja, dat vragen ze", on="tekenen")
    await sam.sees("Teken vandaag niets.")
    await sam.tap("Iemand thuis", on="vandaag vertellen")
    await sam.tap("Ja graag", on="Zal Ilse je bellen")
    ends = await sam.sees("De vragen over dit werk stoppen nu.")

    (alert,) = (await pair.shows())["alerts"]
    assert alert["level"] == "urgent"
    kinds = {one.kind for one in await waiting(pair)}
    assert {"return_talk", "search_checkin"} <= kinds
    assert not kinds & {"checkin", "contract_end", "contract_talk"}

    planned = sorted((one for one in await waiting(pair) if one.done_by == "bot"), key=lambda one: one.due_at)
    assert [one.kind for one in planned[:2]] == ["return_prepare", "search_checkin"]
    assert days.day(stage.running.calendar, planned[0].due_at, "nl") in ends.text
    while stage.setting.now() < planned[0].due_at:
        await stage.next_moment()
    await sam.tap("Liever niet nu", on="Je hebt binnenkort een gesprek.")
    while stage.setting.now() < planned[1].due_at:
        await stage.next_moment()
    await sam.tap("Gaat wel", on="Hoe gaat het met je?")
    await sam.tap("Ik heb een stap gezet", on="op weg naar werk")
    await sam.sees("Goed dat je die stap zette.")


async def test_after_a_lost_job_an_employers_words_still_reach_the_coach_and_the_answer_comes_back(
    pair: Pair, karin: Phone
) -> None:
    """They were kept with «Er is nu geen coach gekoppeld», and nobody read them."""
    sam, ilse = pair.sam, pair.ilse
    await sam.write("baan kwijt")
    await sam.tap("Ik ben ontslagen")
    await sam.tap("Ja, het is gestopt")
    await ilse.tap("Bekijken", on="Er is nieuws over een deelnemer.")
    await ilse.sees("Het werk van Sam is gestopt.")
    await karin.write("Sam is niet gekomen")
    await karin.sees("Ilse krijgt uw bericht.")
    said = await ilse.sees("Karin, de werkgever van Sam, schrijft:")
    await ilse.reply(said, "Ik bel u")
    await karin.sees("Ilse: Ik bel u")


async def test_who_is_not_sure_ends_nothing_and_the_coach_hears_it(pair: Pair, karin: Phone) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.sam.write("baan kwijt")
    await pair.sam.tap("Ik ben ontslagen")
    await pair.sam.tap("Weet ik niet", on="Klopt het dat je werk nu echt gestopt is?")
    await pair.sam.sees("Ik stop nog niets.")
    await pair.stage.settled()
    (alert,) = (await pair.shows())["alerts"]
    assert alert["level"] == "today"
    assert "checkin" in {one.kind for one in await waiting(pair)}
    assert "Het werk van Sam is gestopt." not in pair.ilse.screen()


async def test_a_job_that_has_not_ended_yet_is_still_asked_about(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.sam.write("ik ben ontslagen")
    await pair.sam.tap("Het is nog niet gestopt")
    await pair.sam.tap("Nee", on="tekenen")
    await pair.sam.tap("Vriend of familie")
    await pair.sam.tap("Nee hoor")
    await pair.sam.sees("Stopt het werk echt, typ dan: baan kwijt.")
    assert "checkin" in {one.kind for one in await waiting(pair)}


async def late(pair: Pair) -> None:
    await pair.sam.write("ik kom te laat")
    await pair.sam.sees("Dit overkomt veel mensen.")
    await pair.sam.tap("Ze weten het al")
    await pair.sam.tap("De reis")
    await pair.sam.tap("Eerder van huis")
    await pair.sam.sees("Dat is een goede stap.")
    await pair.stage.settled()


async def test_twice_late_in_a_month_the_coach_hears_of_it_and_later_it_is_once_again(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"), state="backup")  # no questions of ours in between
    await pair.sam.write("te laat")
    await pair.sam.sees("Dit overkomt veel mensen.")
    await pair.sam.tap("Stop")  # a slip: it does not count
    await pair.sam.sees("Goed, we stoppen voor nu.")
    await late(pair)
    assert (await pair.shows())["alerts"] == []
    await pair.stage.later(days=60)
    pair.sam.reads_all()
    await late(pair)
    assert (await pair.shows())["alerts"] == []

    await pair.stage.later(days=20)
    pair.sam.reads_all()
    await late(pair)
    await pair.sam.sees("Daarom leest Ilse mee")
    await pair.sam.tap("Nee hoor", on="meedenken")
    (alert,) = (await pair.shows())["alerts"]
    assert (alert["level"], alert["topic"]) == ("soon", "late")


async def test_who_went_to_ask_for_a_day_off_is_asked_a_day_later_what_they_said(pair: Pair) -> None:
    sam, stage = pair.sam, pair.stage
    await sam.write("vrij vragen")
    await sam.tap("Ik wil een dag vrij")
    await sam.tap("Dat weet ik niet")
    await sam.sees("Er is nog niets afgesproken.")
    await sam.tap("Overslaan", on="Oefen het hier")
    await sam.sees("Wat zeiden ze op je werk?")
    await stage.later(days=1, hours=2)
    await sam.tap("Het mag niet")
    await sam.tap("Nee hoor", on="meedenken")
    (alert,) = (await pair.shows())["alerts"]
    assert (alert["level"], alert["topic"]) == ("soon", "leave")


async def test_asking_about_a_day_off_goes_on_in_the_talk_that_is_made_for_it(pair: Pair) -> None:
    await pair.sam.write("hoe vraag ik iets")
    await pair.sam.tap("Vrij vragen")
    await pair.sam.tap("Dokter of andere afspraak")
    await pair.sam.sees("Je hoeft niet te zeggen waarvoor je gaat.")
