"""W3: what a tick of the scheduler, the nightly check and a change for everybody cost, by the number of people in care.

The whole bot is put together on a real file, but not started: no network, no sender. A tick is what `Bot.sweep` does
for moments: find what is due, then one turn for each, committed. The clock stands at ten on a working day.
"""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from pydantic import SecretStr

from bot.app import Bot
from bot.settings import Settings
from bot.storage.opened import Storage
from bot.world import World, real_world
from scheduler.sweep import sweep
from tests.bench import replanning
from tests.bench.care import InCare, fill

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""Tuesday, ten o'clock in Amsterdam."""
DUE = 1_000
FORGOTTEN = 10
"""People without a next moment, for the nightly check to find."""
WARM_UP = 20
AGAIN = 5
"""How often what changes nothing is measured; the median counts."""
CHANGED_AT_MOST = 5_000
"""So many people's cadence is changed; among more people it is these, to see whether the others make it slower."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Processor milliseconds: they grow with the work and not with what else the machine does; `seconds` by the wall.

    `calm`: finding that nothing is due; `claim`: finding 1,000; `tick`, `seconds`: that and their turns, committed.
    """

    people: int
    calm: float
    claim: float
    tick: float
    seconds: float
    nightly: float
    changed: int
    change: float


async def costs(people: int) -> Costs:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bot = await _bot(Path(folder), people)
        try:
            return await _measured(bot, people)
        finally:
            await bot.stop()


async def _bot(data: Path, people: int) -> Bot:
    settings = Settings(telegram_token=SecretStr("1:bench"), data=data, log_level="ERROR")
    storage = await Storage.open(settings)
    fill(data / "achterdehand.db", storage.keyring, _crowd(people), NOW)
    await storage.close()
    real = real_world()
    return await Bot.open(settings, World(lambda: NOW, real.token, real.chance))


def _crowd(people: int) -> Iterator[InCare]:
    """Those that warm up, those that are due, those that were forgotten; the others within a month."""
    for number in range(people + WARM_UP + FORGOTTEN):
        if number < WARM_UP:
            due_at: datetime | None = NOW - timedelta(hours=2)
        elif number < WARM_UP + DUE:
            due_at = NOW - timedelta(hours=1) + timedelta(seconds=number)
        elif number < WARM_UP + DUE + FORGOTTEN:
            due_at = None
        else:
            due_at = NOW + timedelta(minutes=1 + number % (29 * 24 * 60))
        yield InCare(number + 1, due_at)


async def _measured(bot: Bot, people: int) -> Costs:
    async def find(at: datetime) -> None:
        await bot._moments.due(at, DUE)

    async def hand_on(limit: int) -> None:
        swept = await sweep(bot._moments, bot.dispatcher.moment, bot.calendar, NOW, limit)
        assert swept.handed_on == limit, swept

    await hand_on(WARM_UP)
    calm = [await _ms(lambda: find(NOW - timedelta(days=1))) for _ in range(AGAIN)]
    claim = [await _ms(lambda: find(NOW)) for _ in range(AGAIN)]
    begin = perf_counter()
    tick = await _ms(lambda: hand_on(DUE))
    seconds = perf_counter() - begin
    # After the tick: whoever was forgotten gets what an outage skipped, and that is due at once.
    nightly = await _ms(lambda: replanning.check(bot))
    changed = min(people, CHANGED_AT_MOST)
    change = await _ms(lambda: replanning.change_all(bot, changed, NOW))
    return Costs(people, median(calm), median(claim), tick, seconds, nightly, changed, change)


async def _ms(work: Callable[[], Awaitable[None]]) -> float:
    gc.collect()
    begin = process_time()
    await work()
    return 1000 * (process_time() - begin)
