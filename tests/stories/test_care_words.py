"""What a participant can say about their own care: stop, pause, less, gone, forget me. Each in a few taps (P14)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bot.caseload import handovers
from bot.caseload.handovers import Agreed
from bot.storage import placements
from tests.stories.conftest import Pair
from tests.support.caring import agree, past, person, read, waiting

NEWS = "Er is nieuws over een deelnemer."


async def news(pair: Pair, text: str) -> None:
    """The coach hears it, with no name on a lock screen."""
    await pair.stage.settled()
    assert not any("Sam" in one.text for one in pair.ilse.unread)
    await pair.ilse.sees(NEWS)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees(text)


async def state_of(pair: Pair) -> str:
    await pair.stage.settled()
    found = await person(pair.stage, pair.participant)
    assert found is not None
    return found.state


async def say_no_more(pair: Pair) -> None:
    """The talk about a lost job to its end, with as little as can be told."""
    await pair.sam.tap("Overslaan", on="Hoe is je werk gestopt")
    await pair.sam.tap("Ja, het is gestopt")
    await pair.sam.tap("Nee", on="tekenen")
    await pair.sam.tap("Iemand thuis")
    await pair.sam.tap("Nee hoor", on="Zal Ilse je bellen")


async def test_who_stops_gets_nothing_more_and_may_come_back(pair: Pair) -> None:
    await agree(pair, Agreed("weekly"))
    await pair.stage.later(hours=1)
    await pair.sam.write("stop")
    await pair.sam.tap("Stop", on="Je kunt kiezen")
    await pair.sam.tap("Stop", on="Weet je het zeker")
    await pair.sam.sees("Je krijgt geen vragen meer.")
    assert await state_of(pair) == "stopped"
    assert await waiting(pair) == []
    await news(pair, "Sam wil geen contact meer dat gepland is.")

    await pair.stage.later(days=40)
    await pair.sam.write("Kun je mij bellen?")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.ilse.sees("Er is een nieuwe melding.")

    await pair.sam.write("meedoen")
    await pair.sam.tap("Nederlands")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Fijn dat je meedoet")
    assert await state_of(pair) == "active"
    assert {one.done_by for one in await waiting(pair)} == {"bot", "coach"}
    assert [one for one in await past(pair) if one.outcome == "missed"] == []


async def test_only_the_back_up_line_leaves_what_the_coach_does(pair: Pair) -> None:
    await agree(pair, Agreed("weekly"))
    await pair.stage.later(hours=1)
    await pair.sam.write("achter de hand")
    await pair.sam.tap("Ja")
    await pair.sam.sees("Ik stuur je geen vragen meer.")
    assert await state_of(pair) == "backup"
    assert {one.done_by for one in await waiting(pair)} == {"coach"}
    await news(pair, "Jouw eigen afspraken gaan door.")


async def test_a_pause_keeps_the_questions_away_until_the_day_that_was_said(pair: Pair) -> None:
    await pair.sam.write("pauze")
    await pair.sam.tap("Tot een andere dag")
    await pair.sam.sees("Vanaf welke dag mag ik weer vragen sturen?")
    await pair.sam.write("1-3-2029")
    await pair.sam.sees("Een pauze duurt hooguit een jaar.")
    await pair.sam.sees("Vanaf welke dag mag ik weer vragen sturen?")
    await pair.sam.write("1 maart")
    await pair.sam.sees("Schrijven mag altijd")
    (only,) = await waiting(pair)
    assert only.due_at.date().isoformat() >= "2027-03-01"
    assert only.kind == "checkin"

    await pair.sam.write("verder")
    await pair.sam.sees("Er is nu geen pauze meer.")
    (only,) = await waiting(pair)
    assert only.due_at.date().isoformat() == "2027-01-04"


async def test_forgotten_means_every_row_and_the_words_in_the_file(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await pair.sam.write("zeldzaamgeheim vertel ik hier")
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.stage.later(hours=1)
    await pair.sam.write("vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist. In reservekopieën is het na 30 dagen weg.")
    await pair.stage.settled()
    assert await person(pair.stage, pair.participant) is None
    await pair.ilse.sees(NEWS)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Sam vroeg om vergeten te worden. Alles is gewist.")
    await pair.stage.later(hours=2)
    await pair.sam.write("Ken je mij nog?")
    await pair.sam.sees("Hallo. We kennen elkaar nog niet.")
    for file in Path(pair.stage.folder).glob("achterdehand.db*"):
        assert b"zeldzaamgeheim" not in file.read_bytes()


async def test_news_about_somebody_forgotten_cannot_be_read_any_more(pair: Pair) -> None:
    await pair.stage.later(hours=1)
    await pair.sam.write("pauze")
    await pair.sam.tap("Een week")
    paused = await pair.ilse.sees(NEWS)
    await pair.stage.settled()
    await pair.sam.write("vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist.")
    await pair.stage.settled()
    await pair.ilse.tap("Bekijken", on=paused)
    await pair.ilse.sees("Die knop werkt niet meer.")
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Sam vroeg om vergeten te worden.")


async def test_who_was_forgotten_and_writes_at_once_is_greeted_as_a_stranger_and_only_once(pair: Pair) -> None:
    await pair.sam.write("vergeet mij")
    await pair.sam.tap("Ja, wis alles")
    await pair.sam.sees("Alles over jou is gewist.")
    await pair.sam.write("Ken je mij nog?")
    await pair.sam.sees("Hallo. We kennen elkaar nog niet.")
    pair.sam.reads_all()
    await pair.sam.write("Echt niet?")
    await pair.stage.settled()
    assert pair.sam.reads_all() == []


async def test_the_end_of_a_job_empties_the_employers_view_and_the_care_goes_on(pair: Pair) -> None:
    made = await agree(pair, Agreed("monthly"))
    await pair.sam.write("ontslagen")
    await pair.sam.sees("Wat naar, Sam.")
    await say_no_more(pair)
    await pair.sam.sees("Je nazorg gaat gewoon door.")
    keyring = pair.stage.running.storage.keyring
    found = await read(pair, lambda conn: handovers.case(conn, keyring, made.placement))
    assert found.placement.state == "ended"
    assert found.in_force.employer_sees() == ()
    assert {one.kind for one in await waiting(pair)} >= {"return_talk"}
    assert "checkin" not in {one.kind for one in await waiting(pair)}
    assert all(one.outcome == "cancelled" for one in await past(pair))


async def test_a_question_that_the_talk_held_is_not_asked_about_a_job_that_ended_in_it(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"), contract_end=date(2027, 2, 10))
    due = next(one for one in await waiting(pair) if one.kind == "contract_end")
    pair.stage.setting.at = due.due_at - timedelta(minutes=5)
    await pair.sam.write("ontslagen")
    await pair.sam.sees("Wat naar, Sam.")
    await pair.stage.later(minutes=40)
    assert [one.state for one in await waiting(pair) if one.id == due.id] == ["held"]
    await say_no_more(pair)
    assert [one.kind for one in await waiting(pair) if one.kind == "contract_end"] == []
    await pair.stage.later(minutes=2)
    await pair.stage.settled()
    assert "Ik heb een korte vraag over je werk." not in pair.sam.screen()


async def test_which_of_two_jobs_ended_is_for_the_coach_to_say(pair: Pair) -> None:
    first = await agree(pair, Agreed("monthly"), company="Bakkerij Vos")
    second = await agree(pair, Agreed("monthly"), company="Fietsenmaker Bos")
    await pair.stage.later(hours=1)
    await pair.sam.write("ontslagen")
    await say_no_more(pair)
    await pair.stage.settled()
    while "Welke plek is het?" not in pair.ilse.screen():
        on = next(one for one in pair.ilse.messages if one.text == NEWS and "Bekijken" in one.labels)
        await pair.ilse.tap("Bekijken", on=on)
        await pair.stage.settled()
    await pair.ilse.tap("Fietsenmaker Bos")
    await pair.ilse.sees("Het werk van Sam is gestopt.")
    keyring = pair.stage.running.storage.keyring

    async def states(conn: object) -> dict[int, str]:
        theirs = await placements.of_participant(conn, await keyring.of(conn, pair.participant))  # type: ignore[arg-type]
        return {one.id: one.state for one in theirs}

    assert await read(pair, states) == {first.placement: "open", second.placement: "ended"}
    assert {one.placement_id for one in await waiting(pair)} == {first.placement}
