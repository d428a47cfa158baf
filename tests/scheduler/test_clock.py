"""The ticker goes on after a failure, never runs a tick beside itself, and knows which ticks are late (P18)."""

from __future__ import annotations

import asyncio
import time

import pytest

from scheduler.clock import Clock
from tests.support.quick_time import in_quick_time, passes

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
    await clock.stop()
    assert slow_calls == 1


@in_quick_time
async def test_a_tick_that_fails_again_and_again_is_late_after_three_of_its_intervals() -> None:
    async def well() -> None:
        pass

    async def fails() -> None:
        raise RuntimeError

    clock = Clock({"well": (10.0, well), "fast": (1.0, fails), "slow": (600.0, fails)})
    clock.start()
    await passes(25)
    assert clock.late() == []
    await passes(10)
    assert clock.late() == ["fast"]
    await passes(1750)
    assert clock.late() == ["fast"]
    await passes(30)
    assert clock.late() == ["fast", "slow"]
    await clock.stop()


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
