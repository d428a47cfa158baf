from __future__ import annotations

import asyncio

from bot.chat.acknowledge import Acknowledger
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


async def test_more_taps_than_fit_are_dropped_without_waiting(rig: Rig) -> None:
    acknowledger = Acknowledger(rig.api, most_waiting=2)
    for number in range(5):
        acknowledger.acknowledge(f"{number}")
    assert acknowledger.lost == 3
    await acknowledger.stop()
