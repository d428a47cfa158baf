from __future__ import annotations

import pytest

from bot.chat import acknowledge
from bot.chat.acknowledge import AT_ONCE, Acknowledger
from bot.turns.menu import Menu
from tests.support.chat_rig import Rig


async def test_taps_are_answered_and_refusals_are_counted_and_swallowed(rig: Rig) -> None:
    rig.telegram.fault("answerCallbackQuery", code=400, description="Bad Request: query is too old")
    rig.telegram.fault("answerCallbackQuery", how="close")
    acknowledger = Acknowledger(rig.api)
    acknowledger.start()
    for number in range(3):
        acknowledger.acknowledge(f"{number}")
    await rig.asked("answerCallbackQuery", 3)
    await acknowledger.stop()
    assert len(rig.telegram.requests("answerCallbackQuery")) == 3
    assert acknowledger.lost == 3  # the third is refused by the stand-in itself: nobody tapped


async def test_a_menu_is_set_for_all_or_for_one_chat_and_a_refusal_is_swallowed(rig: Rig) -> None:
    rig.telegram.fault("setMyCommands", code=429, retry_after=3600)
    acknowledger = Acknowledger(rig.api)
    acknowledger.start()
    acknowledger.acknowledge(Menu((("taken", "wat je nog te doen hebt"),)))
    await rig.asked("setMyCommands", 1)
    acknowledger.acknowledge(Menu((("taken", "wat je nog te doen hebt"),), chat=7))
    await rig.asked("setMyCommands", 2)
    await acknowledger.stop()
    assert acknowledger.lost == 1
    said = [one.parameters["scope"] for one in rig.telegram.requests("setMyCommands")]
    assert said == [{"type": "default"}, {"type": "chat", "chat_id": 7}]


async def test_more_taps_than_fit_are_dropped_without_waiting(rig: Rig) -> None:
    acknowledger = Acknowledger(rig.api, most_waiting=2)
    for number in range(5):
        acknowledger.acknowledge(f"{number}")
    assert acknowledger.lost == 3
    await acknowledger.stop()


async def test_a_stop_waits_for_what_is_on_its_way_and_drops_what_waits(rig: Rig) -> None:
    rig.telegram.fault("answerCallbackQuery", how="delay", seconds=0.1, times=AT_ONCE)
    acknowledger = Acknowledger(rig.api)
    acknowledger.start()
    for number in range(AT_ONCE + 1):
        acknowledger.acknowledge(f"{number}")
    await rig.asked("answerCallbackQuery", AT_ONCE)
    await acknowledger.stop()
    assert len(rig.telegram.requests("answerCallbackQuery")) == AT_ONCE
    assert acknowledger.lost == AT_ONCE  # nobody tapped, so each was answered with a refusal


async def test_a_stop_does_not_wait_for_ever(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledge, "STOP_WITHIN", 0.05)
    rig.telegram.fault("answerCallbackQuery", how="hang")
    acknowledger = Acknowledger(rig.api)
    acknowledger.start()
    acknowledger.acknowledge("0")
    await rig.asked("answerCallbackQuery", 1)
    await acknowledger.stop()
    assert acknowledger.lost == 0
