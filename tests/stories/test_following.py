"""What coach and participant keep an eye on together: good news, other help, the ladder, a talk that is prepared."""

from __future__ import annotations

from datetime import timedelta

from bot.caseload.handovers import Agreed
from tests.stories.conftest import Pair, make_pair
from tests.support.caring import agree, past, waiting

NEWS = "Er is nieuws over een deelnemer."


async def referred(pair: Pair, to: str = "Schuldhulp", when: str = "Over 2 weken") -> None:
    """The coach notes a referral in the chat."""
    await pair.ilse.write("/verwijzing")
    await pair.ilse.sees("Voor wie is de verwijzing?")
    await pair.ilse.tap("Sam")
    await pair.ilse.sees("Naar wie verwijs je Sam?")
    await pair.ilse.tap(to)
    if to == "Iets anders":
        await pair.ilse.sees("Typ een paar woorden.")
        await pair.ilse.write("Wijkteam Zuid")
    await pair.ilse.sees("Wanneer vraag ik Sam of het gelukt is?")
    await pair.ilse.tap(when)
    await pair.ilse.sees("Genoteerd. Daarna hoor jij wat Sam zei.")
    await pair.stage.settled()


async def comes(pair: Pair, kind: str) -> None:
    """Time passes until a contact of this kind is there; who is asked something else before stops that talk."""
    while True:
        due = min(await waiting(pair), key=lambda one: one.due_at)
        pair.stage.setting.at = max(pair.stage.setting.at, due.due_at)
        await pair.stage.later(seconds=1)
        if due.kind == kind:
            return
        if due.done_by == "bot":
            await pair.stage.settled()
            await pair.sam.write("stop")
            await pair.sam.sees("Goed, we stoppen voor nu.")
            pair.sam.reads_all()


async def asked_about(pair: Pair, what: str) -> None:
    """The day has come: nothing on the lock screen, and then the question."""
    await comes(pair, "referral_after")
    first = await pair.sam.sees("Ik heb een korte vraag.")
    assert what not in first.text
    await pair.sam.tap("Ja, vraag maar")
    await pair.sam.sees(f"Ilse en jij spraken over andere hulp: {what}. Is dat gelukt?")


async def test_good_news_reaches_the_coach_once_and_is_closed_by_reading_it(pair: Pair) -> None:
    await pair.stage.later(hours=1)
    await pair.sam.write("goed nieuws")
    await pair.sam.sees("Wat fijn, Sam! Mag Ilse het ook lezen?")
    await pair.sam.tap("Ja, natuurlijk")
    await pair.sam.sees("Vertel maar. Wat ging er goed?")
    await pair.sam.write("Ik heb mijn rijbewijs gehaald")
    await pair.sam.sees("Dat heb je zelf gedaan, Sam. Daar mag je trots op zijn.")
    await pair.stage.settled()
    assert (await pair.shows())["alerts"][0]["level"] == "good"
    assert not any("rijbewijs" in one.text for one in pair.ilse.unread)
    await pair.ilse.tap("Bekijken")
    told = await pair.ilse.sees("Goed nieuws: Ik heb mijn rijbewijs gehaald")
    assert told.text.count("rijbewijs") == 1
    assert (await pair.shows())["alerts"] == []
    await pair.stage.later(days=2)
    await pair.stage.settled()
    assert not [one for one in pair.ilse.reads_all() if "melding" in one.text]


async def test_good_news_that_is_ones_own_stays_ones_own(pair: Pair) -> None:
    await pair.sam.write("ik heb een vraag voor Ilse")  # an alert is open, and she reads what comes with it
    await pair.sam.sees("Ilse krijgt dit bericht")
    await pair.sam.write("goed nieuws")
    await pair.sam.tap("Nee, dit is van mij")
    await pair.sam.sees("Ik bewaar dit niet.")
    await pair.sam.write("Ik heb soep gemaakt")
    await pair.sam.sees("Denk er straks nog eens aan.")
    shown = await pair.shows()
    assert "soep" not in str(shown)
    await pair.stage.later(hours=1)
    await pair.ilse.tap("Bekijken")
    await pair.stage.settled()
    assert "soep" not in pair.ilse.screen()


async def test_a_referral_is_asked_after_and_once_more_and_the_coach_hears_each_time(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await referred(pair)
    await pair.stage.later(hours=1)
    await asked_about(pair, "Schuldhulp")
    await pair.sam.tap("Nog niet")
    await pair.sam.sees("Ik vraag het over drie weken nog een keer.")
    await pair.ilse.sees(NEWS)
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("Sam over Schuldhulp: nog niet gelukt.")

    await asked_about(pair, "Schuldhulp")
    await pair.sam.tap("Ja, het is gelukt")
    await pair.sam.sees("Hulp vragen is een sterke stap.")
    await pair.stage.settled()
    assert [one for one in await waiting(pair) if one.kind == "referral_after"] == []
    shown = await pair.shows()
    assert shown["alerts"][0]["level"] == "good"
    assert [one["outcome"] for one in shown["referrals"]] == ["worked"]
    await pair.ilse.tap("Bekijken")
    await pair.ilse.sees("De andere hulp is gelukt: Schuldhulp.")


async def test_a_referral_that_fails_twice_is_for_a_human(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    await referred(pair, "Iets anders", "Over 6 weken")
    await asked_about(pair, "Wijkteam Zuid")
    await pair.sam.tap("Nog niet")
    await pair.sam.sees("nog een keer")
    await asked_about(pair, "Wijkteam Zuid")
    await pair.sam.tap("Nog niet")
    await pair.sam.sees("Samen vinden jullie vast een weg.")
    assert (await pair.shows())["alerts"][0]["items"][0]["text"] == (
        "De andere hulp is nog steeds niet gelukt: Wijkteam Zuid."
    )
    assert [one for one in await waiting(pair) if one.kind == "referral_after"] == []


async def test_who_wants_to_talk_about_it_is_not_asked_again_and_who_says_not_now_is_once(pair: Pair) -> None:
    await referred(pair)
    await comes(pair, "referral_after")
    await pair.sam.tap("Liever niet nu")
    await pair.sam.sees("Ik vraag het over drie weken nog een keer.")
    await asked_about(pair, "Schuldhulp")
    await pair.sam.tap("Ik praat liever met mijn coach")
    await pair.sam.sees("Ik geef het nu door aan Ilse.")
    shown = await pair.shows()
    assert [one["level"] for one in shown["alerts"]] == ["today"]
    assert [one for one in await waiting(pair) if one.kind == "referral_after"] == []


async def test_a_question_about_other_help_takes_no_check_ins_place(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    before = [(one.kind, one.due_at) for one in await waiting(pair) if one.kind == "checkin"]
    await referred(pair, when="Over 4 weken")  # some days before the first check-in
    assert [(one.kind, one.due_at) for one in await waiting(pair) if one.kind == "checkin"] == before
    await asked_about(pair, "Schuldhulp")
    await pair.sam.tap("Ja, het is gelukt")
    await pair.stage.settled()
    assert [(one.kind, one.due_at) for one in await waiting(pair) if one.kind == "checkin"] == before


async def test_a_coach_can_stop_a_referral_and_nothing_is_noted(pair: Pair) -> None:
    await pair.ilse.write("/verwijzing")
    await pair.ilse.tap("Sam")
    await pair.ilse.sees("Naar wie verwijs je Sam?")
    await pair.ilse.write("stop")
    await pair.ilse.sees("Er is niets genoteerd.")
    assert (await pair.shows())["referrals"] == []


async def test_who_gets_no_questions_is_for_the_coach_to_ask(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"), state="backup")
    await referred(pair)
    await pair.ilse.sees("Sam krijgt nu geen vragen van de assistent. Vraag het zelf.")
    assert [one for one in await waiting(pair) if one.kind == "referral_after"] == []


async def test_another_coachs_participant_is_not_offered(pair: Pair) -> None:
    other = await make_pair(pair.stage)
    await other.ilse.write("/ladder")
    await other.ilse.sees("Van wie wil je de ladder zien?")
    assert len(other.ilse.last.labels) == 1


async def test_both_see_the_ladder_side_by_side_and_earlier_steps_stay(pair: Pair) -> None:
    await pair.sam.write("ladder")
    await pair.sam.tap("Ja, vraag maar")
    await pair.sam.tap("Werk met hulp")
    await pair.sam.sees("jij, dinsdag 1 december 2026: stap 5, werk met hulp")
    await pair.ilse.write("/ladder")
    await pair.ilse.tap("Sam")
    await pair.ilse.sees("Op welke stap zie jij Sam nu?")
    await pair.ilse.tap("4 onbetaald werk")
    seen = await pair.ilse.sees("jij, dinsdag 1 december 2026: stap 4, onbetaald werk")
    assert "Sam, dinsdag 1 december 2026: stap 5, betaald werk met hulp" in seen.text
    assert "Jullie kijken anders. Dat is geen fout. Praat erover." in seen.text

    await pair.stage.later(days=180)
    await pair.sam.write("ladder")
    await pair.sam.tap("Ja, vraag maar", on="Twee keer per jaar")
    await pair.sam.tap("Werk met hulp")
    seen = await pair.sam.sees("jij, zondag 30 mei 2027: stap 5, werk met hulp")
    assert "Ilse, dinsdag 1 december 2026: stap 4, werk zonder loon" in seen.text
    assert "Eerder:\n• jij, dinsdag 1 december 2026: stap 5" in seen.text
    assert [one["step"] for one in (await pair.shows())["ladder"]] == [5, 4, 5]


async def test_the_ladder_comes_twice_a_year_to_both_and_scoring_is_the_coachs_task(pair: Pair) -> None:
    await agree(pair, Agreed("monthly"))
    asked = [one for one in await waiting(pair) if one.kind in ("ladder", "ladder_coach")]
    assert [one.kind for one in asked] == 2 * ["ladder_coach", "ladder"]
    assert timedelta(weeks=25) < asked[2].due_at - asked[0].due_at < timedelta(weeks=27)
    pair.stage.setting.at = next(one for one in asked if one.kind == "ladder_coach").due_at
    await pair.stage.later(seconds=1)
    await pair.ilse.write("/taken")
    await pair.ilse.sees("Dit staat open:")
    await pair.ilse.write("/ladder")
    await pair.ilse.tap("Sam")
    await pair.ilse.tap("6 betaald werk")
    await pair.ilse.sees("stap 6, betaald werk")
    await pair.stage.settled()
    shown = await pair.shows()
    assert {one["state"] for one in shown["tasks"] if one["kind"] == "ladder_coach"} == {"done"}


async def test_a_prepared_return_talk_lies_with_the_coachs_task(pair: Pair) -> None:
    await agree(pair, Agreed("search"))
    prepares = next(one for one in await waiting(pair) if one.kind == "return_prepare")
    talk = next(one for one in await waiting(pair) if one.kind == "return_talk")
    assert timedelta(days=1) < talk.due_at - prepares.due_at < timedelta(days=5)
    pair.stage.setting.at = prepares.due_at
    await pair.stage.later(seconds=1)
    await pair.sam.sees("Heb je even tijd voor drie vragen?")
    await pair.sam.tap("Ja, vraag maar")
    await pair.sam.tap("Nog niet")
    await pair.sam.sees("Wat heb je nodig om werk te krijgen?")
    await pair.sam.write("Hulp met een brief")
    await pair.sam.sees("Wat is jouw volgende stap?")
    await pair.sam.write("Bellen met het restaurant. " + "En dan nog iets. " * 40)
    await pair.sam.sees("Dit ligt nu klaar voor jullie gesprek.")
    pair.stage.setting.at = talk.due_at
    await pair.stage.later(seconds=1)
    await pair.ilse.tap("Bekijken", on="Er staat iets voor je klaar.")
    told = await pair.ilse.sees("Sam bereidde dit voor:")
    assert "Wat heb je nodig om werk te krijgen? Hulp met een brief" in told.text
    assert "even tijd" not in told.text, "that it suited then tells a coach nothing"
    assert "… (alles staat bij /taken)" in told.text
    await pair.ilse.write("/taken")
    await pair.ilse.tap("Sam: Terugkomgesprek")
    await pair.ilse.sees(("En dan nog iets. " * 40).strip())


async def test_a_prepared_closing_talk_lies_with_the_closing_task_and_who_did_not_prepare_is_not_named(
    pair: Pair,
) -> None:
    await agree(pair, Agreed("monthly"))
    closing = next(one for one in await waiting(pair) if one.kind == "closing")
    await comes(pair, "closing_prepare")
    await pair.sam.tap("Ja, vraag maar", on="vier vragen")
    await pair.sam.sees("Wat ging er goed, de laatste tijd?")
    await pair.sam.write("Elke dag gegaan")
    await pair.sam.tap("Overslaan", on="Wat kun je nu zelf")
    await pair.sam.tap("Familie of vrienden")
    await pair.sam.tap("Overslaan", on="Wat heb je nog nodig")
    await pair.sam.sees("Dit ligt nu klaar")
    pair.stage.setting.at = closing.due_at
    await pair.stage.later(seconds=1)
    await pair.ilse.write("/taken")
    await pair.ilse.tap("Sam: Eindgesprek")
    told = await pair.ilse.sees("Sam bereidde dit voor:")
    assert "Wat ging er goed, de laatste tijd? Elke dag gegaan" in told.text
    assert "Wat kun je nu zelf" not in told.text
    assert any(one.kind == "closing_prepare" and one.answered for one in await past(pair))


async def test_a_check_in_asks_about_another_part_of_life_each_time_and_leads_on_to_a_talk(pair: Pair) -> None:
    seen = []
    for _ in range(3):
        await pair.stage.plan_now(pair.participant)
        await pair.sam.tap("Goed", on="Hoe gaat het op je werk?")
        await pair.sam.tap("Veel", on="Hoeveel energie")
        await pair.sam.sees("Elke keer vraag ik ook naar iets anders.")
        await pair.stage.settled()
        question = pair.sam.last
        seen.append(question.text)
        await pair.sam.tap("Overslaan", on=question)
        await pair.sam.tap("Ja", on="Gaat dat zoals afgesproken?")
        await pair.sam.tap("Even niets")
        await pair.sam.tap("Nee hoor")
        await pair.sam.tap("Overslaan", on="Wat wil je Ilse nog vertellen?")
        await pair.sam.sees("Dank je wel, Sam.")
        await pair.stage.settled()
        pair.sam.reads_all()
    assert len(set(seen)) == 3
