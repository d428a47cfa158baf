"""The only file that knows APScheduler: a few fixed ticks, never a job per person.

Nothing depends on the ticker: a tick that comes late, twice or not at all finds the same due rows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

LATE = 30.0
"""Seconds without a good end after which a tick is late …"""
MISSED = 3
"""… or so many of its intervals, if they are longer."""

Tick = Callable[[], Awaitable[None]]

log = logging.getLogger(__name__)


class Clock:
    """Calls each tick every so many seconds, one call at a time, and goes on after one that raised.

    `ticks` maps a name to its interval in seconds and its coroutine function.
    """

    def __init__(self, ticks: Mapping[str, tuple[float, Tick]]) -> None:
        self._ticks = dict(ticks)
        self._last_good: dict[str, float] = {}
        self._running: set[asyncio.Task[None]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # Without these a loop that was busy for a second would drop ticks, or run them all at once.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to tick; call it inside a running loop. The first tick comes after one interval."""
        begin = asyncio.get_running_loop().time()
        for name, (seconds, tick) in self._ticks.items():
            self._last_good[name] = begin
            self._scheduler.add_job(self._run, "interval", seconds=seconds, args=(name, tick), id=name)
        self._scheduler.start()

    async def stop(self) -> None:
        """End all ticks, also one that is under way, and wait until they are gone."""
        if self._scheduler.running:
            self._scheduler.pause()  # else what it hands out before it shuts down is cut short, and called an error
            self._scheduler.shutdown(wait=False)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def late(self) -> list[str]:
        """The ticks that did not end well for too long, since the start if they never did: for health."""
        now = asyncio.get_running_loop().time()
        return [name for name, at in self._last_good.items() if now - at > max(LATE, MISSED * self._ticks[name][0])]

    async def _run(self, name: str, tick: Tick) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            await tick()
            self._last_good[name] = asyncio.get_running_loop().time()
        except asyncio.CancelledError:
            log.info("tick %s was cut short", name)  # by `stop`; APScheduler would call it an error
        except Exception as error:
            log.error("tick %s failed: %s", name, type(error).__name__)
        finally:
            self._running.discard(task)
