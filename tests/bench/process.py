"""A contestant: a process of its own, with its processor time and memory."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

Environment = Callable[[str, str, Path], Mapping[str, str]]
"""(URL of the stand-in, token, own folder) → environment variables."""
Prepare = Callable[[Path, range, int | None], Awaitable[None]]
"""(own folder, everybody's chat ids, the question at which they are parked or None)"""

MEGA = 1024 * 1024


async def nothing(data: Path, people: range, parked: int | None) -> None:
    """For contestants that need nobody to be known beforehand."""


def plain(url: str, token: str, data: Path) -> dict[str, str]:
    return {"BENCH_URL": url, "BENCH_TOKEN": token, "BENCH_DATA": str(data)}


@dataclass(frozen=True, slots=True)
class Contestant:
    name: str
    keeps: str
    """Where it keeps what people said."""
    module: tuple[str, ...]
    """What follows `python -m`."""
    environment: Environment = plain
    prepare: Prepare = nothing


@asynccontextmanager
async def running(contestant: Contestant, url: str, token: str, data: Path) -> AsyncIterator[Process]:
    """The contestant's process while the block runs; afterwards it gets SIGTERM, and SIGKILL after ten seconds."""
    environment = {**os.environ, **contestant.environment(url, token, data)}
    with (data / "log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *contestant.module, env=environment, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()


def processor_ms(process: psutil.Process) -> float:
    """Processor time spent so far by the process and all its children, in the programs and in the kernel for them."""
    spent = 0.0
    for one in (process, *process.children(recursive=True)):
        times = one.cpu_times()
        spent += times.user + times.system + times.children_user + times.children_system
    return 1000 * spent


def memory_mb(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MEGA
