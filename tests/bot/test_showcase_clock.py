"""The clock of the demo: what is due on the way happens at its own time, and the page is told the truth."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.demo.standin import serving
from bot.settings import Settings
from bot.showcase import COACH, EMPLOYER, PARTICIPANT, Showcase
from tests.support.phones import Phone

DAY = 24 * 3600
QUESTION = "Hoe gaat het op je werk?"


@pytest.fixture
async def showcase() -> AsyncIterator[Showcase]:
    made = Showcase(Settings(_env_file=None))
    async with serving(made.telegram) as url:
        await made.begin(url)
        yield made
        await made.end()


async def sam_takes_part(showcase: Showcase) -> Phone:
    codes = {one["chat"]: one["code"] for one in await showcase.people()}
    ilse, sam = (Phone(showcase.telegram, chat, name) for chat, name in ((COACH, "Ilse"), (PARTICIPANT, "Sam")))
    await ilse.start(codes[COACH])
    await ilse.sees("Welkom, Ilse.")
    await sam.start(codes[PARTICIPANT])
    await sam.tap("Nederlands")
    await sam.tap("Ja")
    await sam.sees("Fijn dat je meedoet")
    return sam


async def test_the_demo_begins_without_a_warning_that_nobody_can_do_anything_about(
    caplog: pytest.LogCaptureFixture, showcase: Showcase
) -> None:
    assert await showcase.people()
    warned = [one.getMessage() for when in ("setup", "call") for one in caplog.get_records(when)]
    assert warned == []


async def test_a_reminder_comes_at_its_own_time_on_the_way_to_the_next_moment(showcase: Showcase) -> None:
    sam = await sam_takes_part(showcase)
    first = await showcase.move_clock("next moment")
    second = await showcase.move_clock("next moment")
    assert second - first > timedelta(days=20)
    first_asked, reminded, asked_again = [one.date for one in sam.messages if QUESTION in one.text]
    assert reminded - first_asked > DAY
    assert asked_again - reminded > DAY


async def test_a_contact_comes_on_its_own_day_though_an_alert_that_nobody_takes_is_repeated_all_the_while(
    showcase: Showcase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.showcase.MOST_STEPS", 6)
    monkeypatch.setattr("bot.showcase.FOR_CONTACT", 4)
    sam = await sam_takes_part(showcase)
    await sam.write("Kan iemand mij bellen?")
    await sam.sees("Ilse krijgt")
    due_at = (await showcase.snapshot())["moments"][0]["due_at"]
    await showcase.move_clock(40 * 24 * 60)
    await sam.sees(QUESTION)
    asked = next(one.date for one in sam.messages if QUESTION in one.text)
    assert -1 <= asked - due_at.timestamp() < 300


async def test_asking_now_tells_what_became_of_it(showcase: Showcase) -> None:
    sam = await sam_takes_part(showcase)
    assert await showcase.plan_now() == "De check-in is verstuurd."
    await sam.sees(QUESTION)


async def test_a_check_in_for_who_has_not_joined_waits_and_that_is_told(showcase: Showcase) -> None:
    assert await showcase.plan_now() == "De check-in wacht nog: nog niet aangemeld."


async def test_karin_has_a_phone_and_is_a_stranger_until_somebody_invites_her(showcase: Showcase) -> None:
    await sam_takes_part(showcase)
    shown = {
        one["chat"]: (one["name"], one["role"], bool(one["code"]), one["joined"]) for one in await showcase.people()
    }
    assert shown == {
        PARTICIPANT: ("Sam", "participant", True, True),
        COACH: ("Ilse", "coach", True, True),
        EMPLOYER: ("Karin", "employer", False, False),
    }
    karin = Phone(showcase.telegram, EMPLOYER, "Karin")
    await karin.start()
    await karin.sees("uitnodiging")
    assert not (await showcase.people())[2]["joined"]
