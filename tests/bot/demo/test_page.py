"""The demo page in a real browser, on a real stand-in; the bot behind it echoes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.support.browser import CHROMIUM, FLAGS, NEEDS_CHROMIUM
from tests.support.demo_page import CALENDAR, FIRST_DAY, ILSE, LABELS, QUESTION, SAM, Demo, running_demo

DESK = {"width": 1280, "height": 800}
MIDDLE = {"width": 1000, "height": 800}
NARROW = {"width": 390, "height": 844}
SCREENSHOTS = os.environ.get("ACHTERDEHAND_TEST_SCREENSHOTS")
"""A folder for pictures to look at; without it none are made."""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    NEEDS_CHROMIUM,
]

OpenPage = Callable[..., Coroutine[Any, Any, Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def demo() -> AsyncIterator[Demo]:
    async with running_demo() as demo:
        yield demo


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(demo: Demo, browser: Browser) -> AsyncIterator[OpenPage]:
    """Opens the page; at the end nothing may have been said on the console, and nothing refused by the CSP."""
    said: list[str] = []
    async with AsyncExitStack() as stack:

        async def opened(**options: Any) -> Page:
            context = await browser.new_context(reduced_motion="reduce", **({"viewport": DESK} | options))
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(10_000)
            page.on("console", lambda line: said.append(line.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            await page.goto(demo.url)
            await expect(page.get_by_test_id("phone-coach")).to_be_visible()
            return page

        yield opened
    assert said == []


def sam_of(page: Page) -> Locator:
    return page.get_by_test_id("phone-participant")


def ilse_of(page: Page) -> Locator:
    return page.get_by_test_id("phone-coach")


def karin_of(page: Page) -> Locator:
    return page.get_by_test_id("phone-employer")


async def write(phone: Locator, text: str) -> None:
    await phone.get_by_test_id("composer").fill(text)
    await phone.get_by_test_id("send").click()


def bubble(phone: Locator, text: str) -> Locator:
    return phone.get_by_test_id("message").filter(has_text=text)


async def test_the_invitation_is_pressed_on_the_phone_and_ticks_the_guide(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    ilse = ilse_of(page)
    await ilse.get_by_test_id("start").click()
    await expect(bubble(ilse, "Echo: /start ilse-1")).to_be_visible()
    await expect(ilse.get_by_test_id("invite")).to_be_hidden()
    await expect(page.get_by_test_id("guide-1")).to_contain_text("gedaan")
    await expect(page.get_by_test_id("guide-2")).to_have_attribute("aria-current", "step")


async def test_the_participant_uses_the_newest_invitation_that_the_coach_was_sent(
    open_page: OpenPage, demo: Demo
) -> None:
    page = await open_page()
    await write(ilse_of(page), "Sam: https://t.me/bot?start=newer_1")
    await write(ilse_of(page), "Karin: https://t.me/bot?start=karin_1")
    await expect(bubble(ilse_of(page), "Echo: Karin: https")).to_be_visible()
    await sam_of(page).get_by_test_id("start").click()
    await expect(bubble(sam_of(page), "Echo: /start newer_1")).to_be_visible()


async def test_the_employer_s_phone_waits_for_an_invitation_and_then_opens_it(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    karin, ilse = karin_of(page), ilse_of(page)
    await expect(karin.get_by_test_id("invite")).to_contain_text("Karin is nog niet uitgenodigd.")
    await expect(karin.get_by_test_id("start")).to_be_hidden()
    await write(ilse, "nodig Karin uit")
    await expect(karin.get_by_test_id("invite")).to_contain_text("Karin kreeg een link om mee te doen.")
    await karin.get_by_test_id("start").click()
    await expect(bubble(karin, "Echo: /start karin_2")).to_be_visible()
    await expect(karin.get_by_test_id("invite")).to_be_hidden()


async def test_a_code_is_scanned_with_any_phone_that_has_not_joined(open_page: OpenPage, demo: Demo) -> None:
    """Also with the wrong one, as in life: then the bot must say so."""
    demo.panel.joined.add(ILSE)
    page = await open_page()
    ilse, scans = ilse_of(page), ilse_of(page).get_by_test_id("scan")
    await write(ilse, "nodig Sam uit")
    await expect(scans).to_have_text(["Scan met telefoon van Sam", "Scan met telefoon van Karin"])
    await scans.first.click()
    await expect(bubble(sam_of(page), "Echo: /start sam_2")).to_be_visible()
    await expect(scans).to_have_text(["Scan met telefoon van Karin"])
    await scans.first.click()
    await expect(bubble(karin_of(page), "Echo: /start sam_2")).to_be_visible()
    await expect(scans).to_have_count(0)
    await expect(bubble(ilse, "Uitnodiging voor Sam").locator("img")).to_be_visible()


async def test_a_photo_without_an_invitation_cannot_be_scanned(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    await ilse_of(page).get_by_test_id("more").click()
    await ilse_of(page).get_by_test_id("send-photo").click()
    await expect(bubble(ilse_of(page), "Deze?")).to_be_visible()
    await expect(page.get_by_test_id("scan")).to_have_count(0)


async def test_a_calendar_is_a_file_that_can_be_saved(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    sam = sam_of(page)
    await write(sam, "kalender")
    async with page.expect_download() as saving:
        await bubble(sam, "Je afspraken.").get_by_test_id("file").click()
    saved = await saving.value
    assert saved.suggested_filename == "afspraken.ics"
    assert Path(await saved.path()).read_bytes() == CALENDAR


async def test_a_narrow_page_shows_one_phone_and_tells_of_news_on_another(open_page: OpenPage, demo: Demo) -> None:
    demo.panel.joined.update((SAM, ILSE))
    page = await open_page(viewport=NARROW)
    tabs = {role: page.get_by_test_id(f"tab-{role}") for role in ("participant", "coach", "employer")}
    await expect(tabs["coach"]).to_have_attribute("aria-pressed", "true")
    await expect(sam_of(page)).to_be_hidden()
    demo.telegram.write(SAM, "hallo")
    await expect(tabs["participant"].locator(".news")).to_be_visible()
    await expect(tabs["coach"].locator(".news")).to_be_hidden()
    await tabs["participant"].click()
    await expect(bubble(sam_of(page), "Echo: hallo")).to_be_visible()
    await expect(ilse_of(page)).to_be_hidden()
    await expect(tabs["participant"].locator(".news")).to_be_hidden()
    await page.get_by_test_id("guide-1").get_by_role("link").click()
    await expect(ilse_of(page)).to_be_visible()
    await write(ilse_of(page), "nodig Karin uit")
    await ilse_of(page).get_by_test_id("scan").press("Enter")
    await expect(bubble(karin_of(page), "Echo: /start karin_2")).to_be_visible()
    await expect(tabs["employer"]).to_be_focused()


@pytest.mark.parametrize(("width", "abreast"), [(1920, 3), (1280, 3), (1200, 3), (1199, 2), (800, 2)])
async def test_a_wider_page_shows_all_phones_and_no_tabs(
    open_page: OpenPage, demo: Demo, width: int, abreast: int
) -> None:
    page = await open_page(viewport={"width": width, "height": 800})
    await expect(page.get_by_test_id("tabs")).to_be_hidden()
    boxes = [await phone(page).bounding_box() for phone in (sam_of, ilse_of, karin_of)]
    sides = [box["x"] for box in boxes[:abreast]]
    assert len({box["y"] for box in boxes[:abreast]}) == 1
    assert all(right - left >= 262 for left, right in pairwise(sides))
    assert all(box["y"] > boxes[0]["y"] + boxes[0]["height"] for box in boxes[abreast:])
    assert await page.evaluate("document.documentElement.scrollWidth") == width


async def test_what_is_written_on_one_phone_is_answered_there_alone(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    await write(sam_of(page), "Hallo <b>daar</b>")
    await expect(bubble(sam_of(page), "Echo: Hallo <b>daar</b>")).to_be_visible()
    await expect(sam_of(page).get_by_test_id("composer")).to_have_value("")
    await expect(ilse_of(page).get_by_test_id("message")).to_have_count(0)


async def test_a_tap_edits_the_question_in_place_and_shows_the_notice(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    sam = sam_of(page)
    await write(sam, "vraag")
    await sam.get_by_role("button", name=LABELS[1], exact=True).click()
    await expect(sam.get_by_test_id("toast")).to_have_text("Genoteerd")
    await expect(bubble(sam, f"{QUESTION} {LABELS[1]}")).to_contain_text("bijgewerkt")
    await expect(sam.get_by_test_id("key")).to_have_count(0)
    await expect(sam.get_by_test_id("message")).to_have_count(2)


async def test_a_reply_goes_with_the_message_it_is_about(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    ilse = ilse_of(page)
    await write(ilse, "eerste")
    await bubble(ilse, "Echo: eerste").get_by_test_id("reply").click()
    await expect(ilse.get_by_test_id("quoting")).to_contain_text("Antwoord op: Echo: eerste")
    await write(ilse, "tweede")
    await expect(bubble(ilse, "Echo: tweede Echo: eerste")).to_be_visible()
    await expect(ilse.get_by_test_id("quoting")).to_be_hidden()
    assert demo.telegram.read(ILSE)[2].reply_to == 2


async def test_a_voice_message_and_a_photo_are_sent_and_the_photo_comes_back_as_it_was(
    open_page: OpenPage, demo: Demo
) -> None:
    page = await open_page()
    sam = sam_of(page)
    for verb in ("send-voice", "send-photo"):
        await sam.get_by_test_id("more").click()
        await sam.get_by_test_id(verb).click()
        await expect(sam.get_by_test_id("menu")).to_be_hidden()
    await expect(sam.get_by_test_id("play")).to_have_count(1)
    shown = bubble(sam, "Deze?").locator("img")
    await expect(shown).to_have_js_property("naturalWidth", 400)
    sound = next(message for message in demo.telegram.read(SAM) if "voice" in message.content)
    assert demo.telegram.file(sound.content["voice"]["file_id"]).content.startswith(b"RIFF")


async def test_a_blocked_phone_cannot_write_until_it_is_unblocked(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    sam = sam_of(page)
    await sam.get_by_test_id("more").click()
    await sam.get_by_test_id("block").click()
    await expect(sam.get_by_test_id("cut")).to_be_visible()
    await expect(sam.get_by_test_id("composer")).to_be_hidden()
    assert demo.telegram.people()[0]["blocked"]
    await sam.get_by_test_id("unblock").click()
    await expect(sam.get_by_test_id("composer")).to_be_focused()


async def test_the_books_show_alerts_moments_and_outbox_in_dutch(open_page: OpenPage, demo: Demo) -> None:
    fill_books(demo)
    page = await open_page()
    alerts, moments, outbox = (page.get_by_test_id(f"panel-{name}") for name in ("alerts", "moments", "outbox"))
    await expect(alerts).to_contain_text("nieuw")
    await expect(alerts).to_contain_text("Geeft het werk een 2 van 5.")
    await expect(moments).to_contain_text("verstuurd")
    await expect(moments).to_contain_text("vr 1 jan")
    await expect(moments).to_contain_text("check-in · Maandelijkse check-in")
    await expect(moments).to_contain_text("Waarom: wil niet meedoen")
    placement = page.get_by_test_id("panel-placements")
    await expect(placement).to_contain_text("aan het werk · Bakkerij De Korenaar · met Karin")
    await expect(placement).to_contain_text("24 uur per week · vanaf 1 december 2026 · contract tot 31 mei 2027")
    await expect(page.get_by_test_id("panel-tasks")).to_contain_text("Ilse met Sam · bezoek op het werk")
    await expect(outbox).to_contain_text("niet gelukt")
    await expect(page.get_by_test_id("panel-inbox")).to_contain_text("4 klaar")
    demo.panel.alerts[0]["state"] = "closed"
    await expect(alerts).to_contain_text("afgesloten")


async def test_the_clock_moves_in_dutch_time(open_page: OpenPage, demo: Demo) -> None:
    fill_books(demo)
    page = await open_page()
    clock = page.get_by_test_id("clock-now")
    await expect(clock).to_have_text("dinsdag 1 december 2026, 10:00")
    await page.get_by_test_id("clock-hour").click()
    await expect(clock).to_have_text("dinsdag 1 december 2026, 11:00")
    await page.get_by_test_id("clock-day").click()
    await expect(clock).to_have_text("woensdag 2 december 2026, 11:00")
    await page.get_by_test_id("clock-week").click()
    await expect(clock).to_have_text("woensdag 9 december 2026, 11:00")
    await page.get_by_test_id("clock-next").click()
    await expect(clock).to_have_text("vrijdag 1 januari 2027, 10:00")
    await page.get_by_test_id("clock-month").click()
    await expect(clock).to_have_text("maandag 1 februari 2027, 10:00")


async def test_there_is_no_next_moment_to_go_to_before_one_is_planned(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    await expect(page.get_by_test_id("clock-next")).to_be_disabled()
    await expect(page.get_by_test_id("panel-moments")).to_contain_text("Nog geen contactmomenten.")


async def test_a_checkin_now_and_a_fresh_start_are_asked_of_the_panel(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    await page.get_by_test_id("plan-now").click()
    await expect(page.get_by_test_id("notice")).to_have_text("De check-in is verstuurd.")
    await page.get_by_test_id("restart").click()
    await expect(page.get_by_test_id("notice")).to_have_text("De demo begint opnieuw.")
    assert demo.panel.pressed == ["plan", "restart"]


async def test_the_story_is_done_with_the_keyboard_alone(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    sam = sam_of(page)
    await tab_to(page, sam.get_by_test_id("start"))
    await page.keyboard.press("Enter")
    await expect(bubble(sam, "Echo: /start sam-1")).to_be_visible()
    await expect(sam.get_by_test_id("composer")).to_be_focused()
    await page.keyboard.type("vraag")
    await page.keyboard.press("Enter")
    await expect(sam.get_by_test_id("key")).to_have_count(3)
    await tab_to(page, sam.get_by_test_id("key").nth(1), "Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(bubble(sam, f"{QUESTION} {LABELS[1]}")).to_be_focused()
    await tab_to(page, ilse_of(page).get_by_test_id("more"))
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(ilse_of(page).get_by_test_id("more")).to_be_focused()
    await tab_to(page, page.get_by_role("region", name="Wat de bot bijhoudt"))


async def test_who_reads_back_stays_there_and_is_told_of_a_new_message(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    sam = sam_of(page)
    for number in range(10, 22):
        await write(sam, f"regel {number}")
        await expect(bubble(sam, f"Echo: regel {number}")).to_be_in_viewport()
    await sam.get_by_test_id("log").evaluate("node => { node.scrollTop = 0 }")
    demo.telegram.write(SAM, "van elders")
    await expect(sam.get_by_test_id("newer")).to_be_visible()
    assert await sam.get_by_test_id("log").evaluate("node => node.scrollTop") == 0
    await sam.get_by_test_id("newer").click()
    await expect(bubble(sam, "Echo: van elders")).to_be_in_viewport()


async def test_a_lost_connection_is_told_and_what_was_missed_is_caught_up(open_page: OpenPage, demo: Demo) -> None:
    page = await open_page()
    demo.telegram.bell.close()
    demo.telegram.write(SAM, "terwijl de lijn weg was")
    await expect(bubble(sam_of(page), "Echo: terwijl")).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, MIDDLE, NARROW], ids=["desk", "middle", "narrow"])
async def test_axe_finds_nothing(open_page: OpenPage, demo: Demo, viewport: dict[str, int], scheme: str) -> None:
    fill_books(demo)
    demo.panel.joined.add(ILSE)
    page = await open_page(viewport=viewport, color_scheme=scheme)
    sam, ilse = sam_of(page), ilse_of(page)
    await write(ilse, "nodig Karin uit")
    await expect(ilse.get_by_test_id("scan")).to_have_count(2)
    await ilse.get_by_test_id("more").click()
    await shows_only_well(page, f"coach-{viewport['width']}-{scheme}")
    if viewport is NARROW:
        await page.get_by_test_id("tab-participant").click()
    await sam.get_by_test_id("more").click()
    await sam.get_by_test_id("send-voice").click()
    await write(sam, "kalender")
    await expect(sam.get_by_test_id("file")).to_have_count(1)
    await write(sam, "vraag")
    await expect(sam.get_by_test_id("key")).to_have_count(3)
    await bubble(sam, QUESTION).get_by_test_id("reply").click()
    await shows_only_well(page, f"participant-{viewport['width']}-{scheme}")


async def shows_only_well(page: Page, name: str) -> None:
    """Nothing for axe to find, and nothing that sticks out at the side."""
    if SCREENSHOTS:
        await page.screenshot(path=f"{SCREENSHOTS}/page-{name}.png", full_page=True)
    results = await Axe().run(page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]] == []
    assert page.viewport_size is not None
    assert await page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"]


async def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Presses Tab until `target` has the focus, and says so when it never gets there."""
    await expect(target).to_be_visible()
    for _ in range(60):
        if await target.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press(key)
    pytest.fail(f"the keyboard never reaches {target}")


def fill_books(demo: Demo) -> None:
    """One of each kind of row."""
    next_month = FIRST_DAY + timedelta(days=31)
    demo.panel.alerts.append(
        {
            "id": 1,
            "participant": "Sam",
            "coach": "Ilse",
            "level": "soon",
            "topic": "work",
            "state": "raised",
            "reasons": ["Geeft het werk een 2 van 5."],
            "raised_at": FIRST_DAY,
            "answered_at": None,
        }
    )
    demo.panel.moments.extend(
        {
            "id": number,
            "person": "Sam",
            "kind": "checkin",
            "title": "Maandelijkse check-in",
            "due_at": due,
            "state": state,
            "outcome": outcome,
            "reason": reason,
        }
        for number, due, state, outcome, reason in [
            (1, FIRST_DAY, "done", "fired", ""),
            (2, FIRST_DAY, "done", "cancelled", "declined"),
            (3, next_month, "planned", None, None),
        ]
    )
    demo.panel.placements.append(
        {
            "id": 1,
            "person": "Sam",
            "track": "work",
            "company": "Bakkerij De Korenaar",
            "hours": "24",
            "employer": "Karin",
            "started_on": date(2026, 12, 1),
            "contract_end": date(2027, 5, 31),
            "handover": "in_force",
            "state": "open",
        }
    )
    demo.panel.tasks.append(
        {"id": 1, "person": "Sam", "coach": "Ilse", "kind": "visit", "due_at": next_month, "state": "open"}
    )
    demo.panel.outbox.extend(
        {"id": number, "to": "Sam", "text": "Hoi!", "media": "", "state": state, "made_at": FIRST_DAY, "reason": None}
        for number, state in enumerate(("new", "sending", "sent", "failed"))
    )
