"""The demo as somebody who has just installed it sees it: a real process, a real browser, the whole story by clicks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.support.browser import NEEDS_CHROMIUM
from tests.support.demo_phones import demo_screen, shows, tap, write

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM]

IN_TURN = re.compile("tussen jou en je collega's|slaap je|met je geld|met wonen|drank, drugs|mensen om je heen")
"""The part of life that this check-in asks about."""


async def test_the_whole_story_by_clicks(tmp_path: Path) -> None:
    async with demo_screen(tmp_path) as screen:
        page, sam, ilse = screen.page, screen.sam, screen.ilse
        await screen.picture("1-begin")

        await ilse.get_by_test_id("start").click()
        await shows(ilse, "Welkom, Ilse.")
        await sam.get_by_test_id("start").click()
        await tap(sam, "Nederlands")
        await shows(sam, "Wil je meedoen?")
        await screen.picture("2-welkom")
        await tap(sam, "Ja")
        await tap(ilse, "Ja, dat klopt")
        await shows(sam, "Fijn dat je meedoet, Sam.")
        await expect(page.get_by_test_id("clock-next")).to_be_enabled()

        await page.get_by_test_id("clock-next").click()
        await shows(sam, "Hoe gaat het op je werk?")
        await tap(sam, "Niet zo goed")
        await tap(sam, "Collega's of mijn baas")
        await shows(sam, "Wat heb je zelf al geprobeerd?")
        await write(sam, "Ik heb het gezegd, maar hij werd boos")
        await shows(ilse, "Er is een nieuwe melding.")
        await tap(ilse, "Bekijken")
        await shows(ilse, "Geeft het werk een 2 van 5.")
        await screen.picture("3-melding")
        await tap(ilse, "Ik bel vandaag")
        await shows(sam, "Ilse: Ik bel je vandaag.")
        await tap(sam, "Gaat wel")
        await shows(sam, IN_TURN)
        await tap(sam, "Overslaan")
        await shows(sam, "Zal Ilse je bellen?")
        await tap(sam, "Nee hoor")
        await shows(sam, "nog vertellen?")
        await write(sam, "Dank je wel Ilse")
        await shows(sam, "hoor je mij weer")
        await screen.picture("4-antwoord")
        await tap(ilse, "Antwoorden")
        await write(ilse, "Tot vanmiddag")
        await shows(sam, "Ilse: Tot vanmiddag")
        await write(sam, "Tot straks")
        await shows(ilse, "Sam: Tot straks")
        await tap(ilse, "Gesprek sluiten")
        await shows(sam, "Ilse heeft het gesprek afgerond.")

        for part, steps in ((1, (1, 2)), (2, (9, 10, 11, 12))):
            await page.get_by_test_id(f"guide-part-{part}").click()
            for step in steps:
                await expect(page.get_by_test_id(f"guide-{step}")).to_contain_text("✓")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.get_by_test_id("restart").click()
        await expect(ilse.get_by_test_id("start")).to_be_visible()
        await screen.picture("5-opnieuw")
