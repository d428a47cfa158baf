"""The demo as somebody uses it who has just installed it: a real process, and three phones in a real browser."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

from tests.support.browser import CHROMIUM, FLAGS

SCREENSHOTS = os.environ.get("ACHTERDEHAND_TEST_SCREENSHOTS")
"""A folder for pictures to look at; without it none are made."""
PATIENCE = 15_000
"""Milliseconds that something may take to show."""
A_LEAP = 120_000
"""Milliseconds for the clock to go on by a month, on a busy machine."""


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


@dataclass(frozen=True)
class Screen:
    """The page with its three phones, and what the browser had to say of it."""

    page: Page
    url: str
    sam: Locator
    ilse: Locator
    karin: Locator
    said: list[str]

    async def picture(self, name: str) -> None:
        if SCREENSHOTS:
            await self.page.screenshot(path=f"{SCREENSHOTS}/{name}.png", full_page=True)

    async def leap(self, key: str) -> None:
        """Press a key of the clock and wait until the clock is there."""
        notice = self.page.get_by_test_id("notice")
        await self.page.get_by_test_id(f"clock-{key}").click()
        await expect(notice).not_to_have_text("Een ogenblik.", timeout=A_LEAP)


@asynccontextmanager
async def demo_screen(folder: Path) -> AsyncIterator[Screen]:
    """A demo that has just begun, with its page open; whatever the browser complains of fails the test."""
    said: list[str] = []
    async with demo_process(folder) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        await page.goto(url)
        phones = [page.get_by_test_id(f"phone-{role}") for role in ("participant", "coach", "employer")]
        yield Screen(page, url, phones[0], phones[1], phones[2], said)
        await browser.close()
    assert said == []


async def shows(phone: Locator, text: str | re.Pattern[str]) -> None:
    """The chat on this phone has a message with that text."""
    await expect(phone.get_by_test_id("message").filter(has_text=text).last).to_be_visible(timeout=PATIENCE)


async def tap(phone: Locator, label: str) -> None:
    await phone.get_by_role("button", name=label, exact=True).last.click()


async def write(phone: Locator, text: str) -> None:
    await phone.get_by_test_id("composer").fill(text)
    await phone.get_by_test_id("send").click()
