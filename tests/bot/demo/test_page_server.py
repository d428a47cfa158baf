"""What the page's server says, without a browser."""

from __future__ import annotations

from collections.abc import AsyncIterator

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


@pytest.mark.parametrize("body", ["", "[]", "{", '{"minutes": 0}', '{"minutes": -5}', '{"minutes": 10000000}'])
async def test_a_leap_that_makes_no_sense_leaves_the_clock_alone(demo: Demo, body: str) -> None:
    async with ClientSession() as http, http.post(demo.url + "panel/clock", data=body) as answer:
        assert answer.status == 400
    assert demo.panel.now == FIRST_DAY


async def test_a_word_without_a_dutch_label_is_shown_as_it_is() -> None:
    inbox = {"new": 0, "done": 0, "apart": 0}
    sent = {"id": 1, "to": "Sam", "text": "Hoi", "media": "", "made_at": FIRST_DAY, "reason": None}
    rows = [sent | {"state": "sent"}, sent | {"state": "melted", "reason": "blocked"}]
    shown = labelled({"now": FIRST_DAY, "alerts": [], "moments": [], "outbox": rows, "inbox": inbox})
    assert [row["state_label"] for row in shown["outbox"]] == ["verstuurd", "melted"]
    assert [row["reason_label"] for row in shown["outbox"]] == ["", "heeft de bot geblokkeerd"]
    assert shown["outbox"][0]["made_at"] == "2026-12-01T09:00:00+00:00"
