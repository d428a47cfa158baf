"""W4: the morning on which 20,000 check-ins are due in the same window, while people write to the bot.

The real process over HTTP with its own pace of 25 messages a second, for the first minute of the morning: the whole of
it would take thirteen. What waits is the same in each of its minutes, because no more is handed on than can be sent.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

import psutil

from bot.demo.standin import Telegram, serving
from bot.settings import Settings
from bot.storage.opened import Storage
from tests.bench import ours
from tests.bench.care import InCare, fill
from tests.bench.crowd import Crowd
from tests.bench.process import Contestant, processor_ms, running
from tests.bench.questions import expected

FIRST_CHAT = 100_001
TALKERS = 60
"""People who write during the morning; each of them is in the middle of a talk of their own."""
EVERY = 0.2
"""Seconds between two messages of people, all together: five a second."""
WINDOW = timedelta(hours=3)
WARM_UP = 5.0
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Morning:
    """Rates per second, the bot's share of one processor, latencies of people's answers in milliseconds."""

    due: int
    seconds: float
    checkins: float
    answers: float
    processor: float
    p50: float
    p99: float
    worst: float


def environment(url: str, token: str, data: Path) -> dict[str, str]:
    """As it is by default: 25 messages a second, one a second in a chat."""
    fast = ours.environment(url, token, data)
    return {name: value for name, value in fast.items() if "SENDS" not in name}


async def morning(due: int, seconds: float) -> Morning:
    telegram = Telegram(lambda: datetime.now(UTC), recording=0)
    talkers, reached = range(FIRST_CHAT, FIRST_CHAT + TALKERS), range(FIRST_CHAT + TALKERS, FIRST_CHAT + TALKERS + due)
    for chat in (*talkers, *reached):
        telegram.make_user(chat, f"Deelnemer {chat}")
        telegram.chats.chat(chat).started = True
    telegram.limits(on=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data = Path(folder)
        await _prepare(data, talkers, reached)
        crowd, us = Crowd(telegram), Contestant("achterdehand", "disk", ours.MODULE, environment)
        async with serving(telegram) as url, crowd.looking(), running(us, url, telegram.token, data) as process:
            return await _watched(telegram, crowd, psutil.Process(process.pid), talkers, reached, seconds)


async def _prepare(data: Path, talkers: range, reached: range) -> None:
    await ours.prepare(data, range(0), None)
    now = datetime.now(UTC)
    storage = await Storage.open(Settings(data=data))
    fill(data / "achterdehand.db", storage.keyring, _crowd(talkers, reached, now), now)
    await storage.close()


def _crowd(talkers: range, reached: range, now: datetime) -> Iterator[InCare]:
    for chat in talkers:
        yield InCare(chat, now + timedelta(days=20))
    for place, chat in enumerate(reached):
        yield InCare(chat, now - WINDOW * (place / len(reached)))


async def _watched(
    telegram: Telegram, crowd: Crowd, process: psutil.Process, talkers: range, reached: range, seconds: float
) -> Morning:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE), _counting(telegram, reached) as left:
        await crowd.talk(talkers[-1])
        while reached and not left:
            await asyncio.sleep(0.01)  # real time, here, below and in `_talking`: that is what is measured
    await asyncio.sleep(WARM_UP)
    begin, before = loop.time(), processor_ms(process)
    async with _counting(telegram, reached) as left:
        latencies = await asyncio.wait_for(_talking(crowd, talkers[:-1], seconds), seconds + PATIENCE)
        took = loop.time() - begin
    hundredths = [1000 * one for one in quantiles(latencies, n=100)]
    rates = len(left) / took, len(latencies) / took, (processor_ms(process) - before) / 1000 / took
    return Morning(len(reached), took, *rates, hundredths[49], hundredths[98], 1000 * max(latencies))


async def _talking(crowd: Crowd, talkers: range, seconds: float) -> list[float]:
    """Somebody writes every so often, whether the others were answered or not."""
    turns = expected()
    saying: list[asyncio.Task[float]] = []
    for number in range(int(seconds / EVERY)):
        words, answer = turns[number // len(talkers) % len(turns)]
        saying.append(asyncio.create_task(crowd.say(talkers[number % len(talkers)], words, answer)))
        await asyncio.sleep(EVERY)
    return list(await asyncio.gather(*saying))


@asynccontextmanager
async def _counting(telegram: Telegram, chats: range) -> AsyncIterator[list[int]]:
    """The chats of `chats` that get a message while the block runs."""
    seen: list[int] = []

    async def look(changes: asyncio.Queue[object]) -> None:
        while (change := await changes.get()) is not None:
            assert isinstance(change, dict)
            if change["what"] == "message" and change["chat"] in chats:
                seen.append(change["chat"])

    with telegram.bell.listening() as changes:
        looking = asyncio.create_task(look(changes))
        try:
            yield seen
        finally:
            looking.cancel()
