"""The demo as somebody who has just installed it sees it: a real process, a real browser, the whole story by clicks."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.support.browser import CHROMIUM, FLAGS, NEEDS_CHROMIUM

pytestmark = [pytest.mark.browser, NEEDS_CHROMIUM]

SCREENSHOTS = os.environ.get("ACHTERDEHAND_TEST_SCREENSHOTS")
"""A folder for pictures to look at; without it none are made."""


@asynccontextmanager
async def demo_process(folder: Path) -> AsyncIterator[str]:
    """`achterdehand demo` on any free port; its page's address, as it prints it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "demo",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            line = (await process.stdout.readline()).decode()
        yield line.split()[-1]
    finally:
        process.terminate()
        assert await process.wait() == 0
    assert list(folder.iterdir()) == []


async def picture(page: Page, name: str) -> None:
    if SCREENSHOTS:
        await page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=True)


async def shows(phone: Locator, text: str) -> None:
    """The chat on this phone has a message with that text."""
    await expect(phone.get_by_test_id("message").filter(has_text=text).last).to_be_visible(timeout=15_000)


async def tap(phone: Locator, label: str) -> None:
    await phone.get_by_role("button", name=label, exact=True).last.click()


async def write(phone: Locator, text: str) -> None:
    await phone.get_by_test_id("composer").fill(text)
    await phone.get_by_test_id("send").click()


async def test_the_whole_story_by_clicks(tmp_path: Path) -> None:
    said: list[str] = []
    async with demo_process(tmp_path) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(15_000)
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(url)
        sam, ilse = page.get_by_test_id("phone-participant"), page.get_by_test_id("phone-coach")
        await picture(page, "1-begin")

        await ilse.get_by_test_id("start").click()
        await shows(ilse, "Welkom, Ilse.")
        await sam.get_by_test_id("start").click()
        await tap(sam, "Nederlands")
        await shows(sam, "Wil je meedoen?")
        await picture(page, "2-welkom")
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
        await tap(sam, "Iemand om hulp vragen")
        await shows(ilse, "Er is een nieuwe melding.")
        await tap(ilse, "Bekijken")
        await shows(ilse, "Geeft het werk een 2 van 5.")
        await picture(page, "3-melding")
        await tap(ilse, "Ik bel vandaag")
        await shows(sam, "Ilse: Ik bel je vandaag.")
        await tap(sam, "Gaat wel")
        await tap(sam, "Ja")
        await tap(sam, "Nee hoor")
        await write(sam, "Dank je wel Ilse")
        await shows(sam, "hoor je mij weer")
        await picture(page, "4-antwoord")
        await tap(ilse, "Antwoorden")
        await write(ilse, "Tot vanmiddag")
        await shows(sam, "Ilse: Tot vanmiddag")
        await write(sam, "Tot straks")
        await shows(ilse, "Sam: Tot straks")
        await tap(ilse, "Gesprek sluiten")
        await shows(sam, "Ilse heeft het gesprek afgerond.")

        for step in range(1, 7):
            await expect(page.get_by_test_id(f"guide-{step}")).to_contain_text("✓")
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.get_by_test_id("restart").click()
        await expect(ilse.get_by_test_id("start")).to_be_visible()
        await picture(page, "5-opnieuw")
        await browser.close()
    assert said == []
