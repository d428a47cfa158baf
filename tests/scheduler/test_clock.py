"""The ticker goes on after a failure, never runs a tick beside itself, and knows its last good tick (P18)."""

from __future__ import annotations

import asyncio
import time

import pytest

from scheduler.clock import Clock

SOON = 0.01


async def test_a_tick_that_raises_goes_on_and_logs_its_name_alone(caplog: pytest.LogCaptureFixture) -> None:
    calls = 0
    again = asyncio.Event()

    async def tick() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("secret words")
        again.set()

    clock = Clock({"sweep": (SOON, tick)})
    clock.start()
    await again.wait()
    await clock.stop()
    assert "sweep" in caplog.text
    assert "secret" not in caplog.text


async def test_a_slow_tick_is_not_started_beside_itself_and_the_others_go_on() -> None:
    slow_calls = fast_calls = 0
    enough = asyncio.Event()

    async def slow() -> None:
        nonlocal slow_calls
        slow_calls += 1
        await asyncio.Event().wait()

    async def fast() -> None:
        nonlocal fast_calls
        fast_calls += 1
        if fast_calls == 5:
            enough.set()

    clock = Clock({"slow": (SOON, slow), "fast": (SOON, fast)})
    clock.start()
    await enough.wait()
    ages = clock.ages()
    await clock.stop()
    assert slow_calls == 1
    assert ages["slow"] > ages["fast"] >= 0


async def test_a_tick_handed_out_in_the_moment_of_stopping_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async def tick() -> None:
        await asyncio.Event().wait()

    clock = Clock({"sweep": (0.001, tick)})
    clock.start()
    time.sleep(0.002)  # without giving way: it is due, and the scheduler has not looked yet
    clock._scheduler.wakeup()
    await clock.stop()
    await asyncio.sleep(SOON)
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == []


async def test_stop_ends_a_tick_that_is_under_way_and_waits_for_it() -> None:
    begun, ended = asyncio.Event(), False

    async def tick() -> None:
        nonlocal ended
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended = True

    clock = Clock({"sweep": (SOON, tick)})
    clock.start()
    await begun.wait()
    await clock.stop()
    assert ended
