from __future__ import annotations

import asyncio

from bot.chat.acknowledge import Acknowledger
from bot.turns.menu import Menu
from tests.support.chat_rig import Rig


async def test_taps_are_answered_and_refusals_are_counted_and_swallowed(rig: Rig) -> None:
    rig.telegram.fault("answerCallbackQuery", code=400, description="Bad Request: query is too old")
    rig.telegram.fault("answerCallbackQuery", how="close")
    acknowledger = Acknowledger(rig.api)
    acknowledger.start()
    for number in range(3):
        acknowledger.acknowledge(f"{number}")
    while acknowledger.lost < 3:  # the third is refused by the stand-in itself: nobody tapped
        await asyncio.sleep(0.001)
    await acknowledger.stop()
    assert len(rig.telegram.requests("answerCallbackQuery")) == 3


async def test_a_menu_is_set_for_all_or_for_one_chat_and_a_refusal_is_swallowed(rig: Rig) -> None:
    rig.telegram.fault("setMyCommands", code=429, retry_after=3600)
    acknowledger = Acknowledger(rig.api)
    acknowledger.start()
    acknowledger.acknowledge(Menu((("taken", "wat je nog te doen hebt"),)))
    while acknowledger.lost < 1:
        await asyncio.sleep(0.001)
    acknowledger.acknowledge(Menu((("taken", "wat je nog te doen hebt"),), chat=7))
    while len(rig.telegram.requests("setMyCommands")) < 2:
        await asyncio.sleep(0.001)
    await acknowledger.stop()
    said = [one.parameters["scope"] for one in rig.telegram.requests("setMyCommands")]
    assert said == [{"type": "default"}, {"type": "chat", "chat_id": 7}]


async def test_more_taps_than_fit_are_dropped_without_waiting(rig: Rig) -> None:
    acknowledger = Acknowledger(rig.api, most_waiting=2)
    for number in range(5):
        acknowledger.acknowledge(f"{number}")
    assert acknowledger.lost == 3
    await acknowledger.stop()
