"""What the page's server says, without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from aiohttp import ClientSession

from bot.demo.page.labels import labelled
from tests.support.demo_page import FIRST_DAY, Demo, running_demo


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    async with running_demo() as demo:
        yield demo


@pytest.mark.parametrize("path", ["", "panel", "static/app.js"])
async def test_nothing_may_come_from_elsewhere_or_run_inline(demo: Demo, path: str) -> None:
    async with ClientSession() as http, http.get(demo.url + path) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert "unsafe" not in answer.headers["Content-Security-Policy"]


async def test_the_page_of_somebody_else_cannot_press_our_buttons(demo: Demo) -> None:
    theirs = {"Sec-Fetch-Site": "cross-site"}
    async with ClientSession() as http, http.post(f"{demo.url}panel/restart", headers=theirs) as answer:
        assert answer.status == 403
    assert demo.panel.pressed == []


async def test_what_cannot_be_done_now_is_told_in_one_sentence(demo: Demo) -> None:
    async with ClientSession() as http, http.post(demo.url + "panel/clock", json={"to": "next moment"}) as answer:
        assert answer.status == 409
        assert await answer.json() == {"error": "Er is nog geen volgend contactmoment."}


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"to": "year"}', '{"minutes": 0}', '{"minutes": -5}', '{"minutes": 10000000}']
)
async def test_a_leap_that_makes_no_sense_leaves_the_clock_alone(demo: Demo, body: str) -> None:
    async with ClientSession() as http, http.post(demo.url + "panel/clock", data=body) as answer:
        assert answer.status == 400
    assert demo.panel.now == FIRST_DAY


@pytest.mark.parametrize(
    ("now", "to", "there"),
    [
        ("2026-12-01T09:00:00+00:00", "day", "2026-12-02T09:00:00+00:00"),
        ("2026-12-01T09:00:30.5+00:00", "week", "2026-12-08T09:00:30.5+00:00"),
        ("2026-12-01T09:00:00+00:00", "month", "2027-01-01T09:00:00+00:00"),
        ("2027-01-31T09:00:00+00:00", "month", "2027-02-28T09:00:00+00:00"),
        ("2027-03-01T09:00:00+00:00", "month", "2027-04-01T08:00:00+00:00"),
        ("2027-10-30T08:00:00+00:00", "day", "2027-10-31T09:00:00+00:00"),
        ("2026-12-31T23:30:00+00:00", "month", "2027-01-31T23:30:00+00:00"),
    ],
)
async def test_a_leap_over_days_ends_at_the_same_hour_in_dutch_time(demo: Demo, now: str, to: str, there: str) -> None:
    demo.panel.now = datetime.fromisoformat(now)
    async with ClientSession() as http, http.post(demo.url + "panel/clock", json={"to": to}) as answer:
        assert datetime.fromisoformat((await answer.json())["now"]) == datetime.fromisoformat(there)


async def test_a_word_without_a_dutch_label_is_shown_as_it_is() -> None:
    inbox = {"new": 0, "done": 0, "apart": 0}
    sent = {"id": 1, "to": "Sam", "text": "Hoi", "media": "", "made_at": FIRST_DAY, "reason": None}
    rows = [sent | {"state": "sent"}, sent | {"state": "melted", "reason": "blocked"}]
    none = {"alerts": [], "placements": [], "moments": [], "tasks": []}
    shown = labelled({"now": FIRST_DAY, **none, "outbox": rows, "inbox": inbox})
    assert [row["state_label"] for row in shown["outbox"]] == ["verstuurd", "melted"]
    assert [row["reason_label"] for row in shown["outbox"]] == ["", "heeft de bot geblokkeerd"]
    assert shown["outbox"][0]["made_at"] == "2026-12-01T09:00:00+00:00"
