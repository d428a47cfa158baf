"""The two works: W1, a crowd at once; W2, calm turns among many people parked in the middle of a talk."""

from __future__ import annotations

import asyncio
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import psutil

from bot.demo.standin import Telegram, serving
from tests.bench.crowd import Crowd
from tests.bench.process import Contestant, memory_mb, processor_ms, running
from tests.bench.questions import QUESTIONS, REPLIES, TURNS

PATIENCE = 300.0
"""Seconds after which a work counts as failed."""
FIRST_CHAT = 100_001
PARKED_AT = 2
CALM = 200
"""Turns of W2, one after another, so that latency is no queue."""


@dataclass(frozen=True, slots=True)
class Result:
    """Times in milliseconds, `start` in seconds from the start of the process to its first message."""

    name: str
    keeps: str
    start: float
    turns_per_second: float
    processor_ms: float
    p50: float
    p99: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Stage:
    process: psutil.Process
    crowd: Crowd
    begun: float


async def crowd_at_once(contestant: Contestant, people: int) -> Result:
    """W1: everybody walks the five questions at once, after one person who warms up."""
    loop = asyncio.get_running_loop()
    chats = range(FIRST_CHAT, FIRST_CHAT + people + 1)
    async with _stage(contestant, chats, chats, None) as stage:
        await stage.crowd.talk(chats[0])
        start = loop.time() - stage.begun
        before, begin = processor_ms(stage.process), loop.time()
        latencies = await stage.crowd.talk_all(chats[1:])
        seconds = loop.time() - begin
        spent = processor_ms(stage.process) - before
        return _result(contestant, start, people * TURNS, seconds, spent, latencies, stage.process)


async def calm_among_parked(contestant: Contestant, parked: int) -> Result:
    """W2: everybody stands at the third question; one writes before the process is up, then 200 one by one."""
    loop = asyncio.get_running_loop()
    chats = range(FIRST_CHAT, FIRST_CHAT + parked)
    words, answer = REPLIES[PARKED_AT], QUESTIONS[PARKED_AT + 1][0]
    async with _stage(contestant, chats, chats[: CALM + 1], PARKED_AT) as stage:
        await stage.crowd.say(chats[0], words, answer)
        start = loop.time() - stage.begun
        before, begin = processor_ms(stage.process), loop.time()
        latencies = [await stage.crowd.say(chat, words, answer) for chat in chats[1 : CALM + 1]]
        seconds = loop.time() - begin
        spent = processor_ms(stage.process) - before
        return _result(contestant, start, CALM, seconds, spent, latencies, stage.process)


@asynccontextmanager
async def _stage(contestant: Contestant, known: range, phones: range, parked: int | None) -> AsyncIterator[Stage]:
    """A fresh stand-in, a fresh folder and a running contestant; its log is shown when the work fails."""
    telegram = Telegram(lambda: datetime.now(UTC), recording=0)
    for chat in phones:
        telegram.make_user(chat, f"Deelnemer {chat}")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        data = Path(folder)
        await contestant.prepare(data, known, parked)
        crowd = Crowd(telegram)
        async with serving(telegram) as url, crowd.looking():
            begun = asyncio.get_running_loop().time()
            async with running(contestant, url, telegram.token, data) as process:
                try:
                    async with asyncio.timeout(PATIENCE) as patience, _ending(process, patience):
                        yield Stage(psutil.Process(process.pid), crowd, begun)
                except TimeoutError as error:
                    log = (data / "log").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{contestant.name} did not finish; the end of its log:\n{log}") from error


@asynccontextmanager
async def _ending(process: Process, patience: asyncio.Timeout) -> AsyncIterator[None]:
    """Patience ends with the process: nobody waits for the dead."""

    async def wait() -> None:
        await process.wait()
        patience.reschedule(asyncio.get_running_loop().time())

    waiting = asyncio.create_task(wait())
    try:
        yield
    finally:
        waiting.cancel()


def _result(
    contestant: Contestant,
    start: float,
    turns: int,
    seconds: float,
    spent: float,
    latencies: list[float],
    process: psutil.Process,
) -> Result:
    hundredths = quantiles(latencies, n=100)
    return Result(
        name=contestant.name,
        keeps=contestant.keeps,
        start=start,
        turns_per_second=turns / seconds,
        processor_ms=spent / turns,
        p50=1000 * hundredths[49],
        p99=1000 * hundredths[98],
        memory_mb=memory_mb(process),
    )
