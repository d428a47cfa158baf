"""A handover made in the demo by tapping is enough: the right contacts come for a year, and the phone explains them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, expect

from bot.caseload import handbook
from bot.settings import Settings
from bot.turns import days
from scheduler import cadence
from scheduler.cadence import Known
from scheduler.calendar import Calendar
from scheduler.terms import Span, Terms
from tests.support.browser import NEEDS_CHROMIUM
from tests.support.demo_phones import Screen, demo_screen, shows, tap, write

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM, pytest.mark.timeout(400)]
"""It takes 50 seconds, and longer where other tests run beside it."""

CALENDAR = Calendar()
TUESDAY, AFTERNOON = 1, time(12, 30)


async def both_join(screen: Screen) -> None:
    await screen.ilse.get_by_test_id("start").click()
    await shows(screen.ilse, "Welkom, Ilse.")
    await screen.sam.get_by_test_id("start").click()
    await tap(screen.sam, "Nederlands")
    await tap(screen.sam, "Ja")
    await tap(screen.ilse, "Ja, dat klopt")
    await shows(screen.sam, "Fijn dat je meedoet, Sam.")
    await shows(screen.ilse, "Dan weet ik dat het Sam is.")


async def answers(phone: Locator, *pairs: tuple[str, str]) -> None:
    """Each question, once it is there, with what is typed to it."""
    for question, words in pairs:
        await shows(phone, question)
        await write(phone, words)


async def taps(phone: Locator, *pairs: tuple[str, str]) -> None:
    """Each question, once it is there, with the key that is pressed under it."""
    for question, label in pairs:
        await shows(phone, question)
        await tap(phone, label)


async def overview(screen: Screen) -> Locator:
    """The placement on Ilse's phone, by the words that the guide puts ready."""
    seen = await screen.ilse.get_by_test_id("message").count()
    await screen.page.get_by_test_id("guide-3").get_by_role("link").click()
    await expect(screen.ilse.get_by_test_id("composer")).to_have_value("/overdracht")
    await screen.ilse.get_by_test_id("send").click()
    await expect(screen.ilse.get_by_test_id("message")).to_have_count(seen + 2)
    await tap(screen.ilse, "Sam")
    await expect(screen.ilse.get_by_test_id("message")).to_have_count(seen + 3)
    return screen.ilse


async def item(screen: Screen, part: str, name: str) -> None:
    await tap(await overview(screen), "Kies een onderdeel")
    await tap(screen.ilse, part)
    await tap(screen.ilse, name)


async def work(screen: Screen, started: date, ends: date) -> None:
    await tap(await overview(screen), "Begin de overdracht")
    await tap(screen.ilse, "Er is werk")
    await answers(
        screen.ilse,
        ("Hoe heet het bedrijf?", "Bakkerij Smit"),
        ("Wat is de eerste werkdag?", f"{started:%-d-%-m-%Y}"),
        ("Wanneer loopt het contract af?", f"{ends:%-d-%-m-%Y}"),
        ("Hoeveel uur per week is het?", "24"),
    )
    await shows(screen.ilse, "Wie is op het werk de vaste contactpersoon?")


async def karin_scans(screen: Screen) -> None:
    await tap(await overview(screen), "Werkgever erbij")
    await answers(screen.ilse, ("Hoe heet de contactpersoon bij Bakkerij Smit?", "Karin"))
    await tap(screen.ilse, "Scan met telefoon van Karin")
    await shows(screen.karin, "Welkom.")
    await taps(screen.ilse, ("Karin doet mee", "Ja, dat klopt"))
    await shows(screen.ilse, "Dan weet ik dat het Karin is.")


async def rhythm(screen: Screen) -> None:
    await item(screen, "Contact met de deelnemer", "Het contactritme")
    await taps(
        screen.ilse,
        ("Welk ritme past bij Sam?", "Vaker in het begin"),
        ("Op welke dag", "Dinsdag"),
        ("En hoe laat?", "12:30"),
        ("Hoe houden jullie contact?", "Met berichten"),
        ("Hoelang duurt de nazorg?", "Een jaar"),
        ("nog schrijven", "Een half jaar"),
    )
    await shows(screen.ilse, "waaruit wordt de nazorg betaald")


async def agreements(screen: Screen) -> None:
    await item(screen, "Afspraken", "Ziek melden")
    await answers(
        screen.ilse,
        ("Met wie belt Sam op een ziektedag?", "Karin"),
        ("Voor hoe laat?", "8:30"),
        ("Op welk telefoonnummer?", "06 12 34 56 78"),
        ("Wanneer moet Sam die dag", "van 9 tot 12 uur"),
    )
    await taps(screen.ilse, ("Mag de werkgever deze afspraak zien?", "Ja"))
    await shows(screen.ilse, "wat moet er nog kloppen")
    await item(screen, "Afspraken", "Reiskosten")
    await answers(screen.ilse, ("Wie betaalt de reis", "Sam betaalt zelf"))
    await taps(screen.ilse, ("Klopt dat zo?", "Ja"))
    await shows(screen.ilse, "Is er een proefplaatsing")


async def sam_agrees(screen: Screen) -> None:
    """Sam keeps the travel costs from Karin."""
    await tap(await overview(screen), "Laat lezen")
    await taps(
        screen.sam,
        ("Ilse heeft afspraken voor je klaargezet.", "Lezen"),
        ("Wat wil je delen?", "Eén voor één"),
        ("Mag Karin dit zien? Het werk:", "Ja"),
        ("Mag Karin dit zien? Het contactritme:", "Ja"),
        ("Mag Karin dit zien? Ziek melden:", "Ja"),
        ("Mag Karin dit zien? Reiskosten:", "Nee"),
        ("Dit is jouw taak:", "Ja, klopt"),
        ("Dat was alles.", "Ja, dit klopt"),
    )


async def karin_agrees(screen: Screen) -> None:
    await taps(
        screen.karin,
        ("Ilse heeft afspraken voor u klaargezet.", "Lezen"),
        ("Mag Sam dit telefoonnummer zien", "Ja"),
        ("Dat was alles.", "Ja, dit klopt"),
    )
    await shows(screen.karin, "De afspraken met Sam gelden nu.")
    await expect(screen.karin).not_to_contain_text("Reiskosten")


async def books(screen: Screen) -> dict[str, Any]:
    answer = await screen.page.request.get(f"{screen.url}panel")
    found: dict[str, Any] = await answer.json()
    return found


async def a_year_passes(screen: Screen, until: datetime) -> None:
    """From contact to contact. Sam ends each talk in the shortest way there is, so that none holds up the next."""
    stop = screen.sam.get_by_role("button", name="Stop", exact=True)
    stopped = screen.sam.get_by_test_id("message").filter(has_text="Goed, we stoppen voor nu.")
    while local((await books(screen))["now"]) < until:
        await screen.leap("next")
        asked = await stop.count()
        if asked > await stopped.count():  # the keys stay under a question that was stopped
            await stop.last.click()
            await expect(stopped).to_have_count(asked)


def local(at: str) -> datetime:
    return CALENDAR.local(datetime.fromisoformat(at))


def agreed_contacts(terms: Terms, begin: datetime, end: datetime) -> list[tuple[date, str]]:
    """Day and kind of all that these terms ask for, if each comes when it is due."""
    now, came = begin, list[Known]()
    while ahead := [one for one in cadence.moments(terms, CALENDAR, now, came) if one.due_at > now]:
        now = ahead[0].due_at
        if now > end:
            break
        day = CALENDAR.local(now).date()
        came += [Known(one.slot, one.kind, one.by, day, "fired") for one in ahead if one.due_at == now]
    return sorted((one.day, one.kind) for one in came)


async def test_a_handover_made_by_tapping_makes_the_right_contacts_happen_for_a_year(tmp_path: Path) -> None:
    rhythms = handbook.beside(Settings(_env_file=None).scripts)
    usual, problems = handbook.read(rhythms)
    assert usual is not None, problems
    async with demo_screen(tmp_path) as screen:
        await both_join(screen)
        today = local((await books(screen))["now"]).date()
        started, ends = today + timedelta(days=9), Span(months=7).after(today)
        await work(screen, started, ends)
        await karin_scans(screen)
        await rhythm(screen)
        await agreements(screen)
        await sam_agrees(screen)
        await karin_agrees(screen)
        await shows(screen.sam, "Deze afspraken gelden nu.")
        agreed_at = local((await books(screen))["now"])
        until = Span(months=12).after(started)
        await screen.picture("handover-1-agreed")

        await expect(screen.page.get_by_test_id("panel-placements")).to_contain_text("de afspraken gelden")
        await screen.page.get_by_test_id("guide-8").get_by_role("link").click()
        await screen.sam.get_by_test_id("send").click()
        for line in ("Vaker in het begin", "• jij, op", "• Ilse, op", "• Karin, op", days.with_year(until, "nl")):
            await shows(screen.sam, line)
        await screen.picture("handover-2-explained")
        found = await Axe().run(screen.page)
        assert found.violations_count == 0, found.generate_report()

        await a_year_passes(screen, agreed_at + timedelta(days=365))
        await screen.picture("handover-3-a-year")
        kept = await books(screen)

        terms = Terms(
            plan="1.1",
            contacts=usual.rhythms.contacts("first-weeks"),
            start=started,
            since=agreed_at.date(),
            contract_end=ends,
            until=until,
            at=AFTERNOON,
            weekday=TUESDAY,
        )
        came = sorted(
            (local(one["due_at"]).date(), one["kind"]) for one in kept["moments"] if one["outcome"] == "fired"
        )
        should = agreed_contacts(terms, agreed_at, local(kept["now"]))
        assert came == should, (set(came) - set(should), set(should) - set(came))
        assert {kind for _, kind in came} >= {
            "first_weeks",
            "checkin",
            "visit",
            "contract_talk",
            "contract_end",
            "closing",
        }
        told = [one["kind"] for one in kept["tasks"]]
        asked = {one.kind for one in terms.contacts if one.by == "bot"}
        assert sorted(told) == sorted(kind for _, kind in came if kind not in asked)
        await expect(screen.page.get_by_test_id("guide-13")).to_contain_text("✓")
