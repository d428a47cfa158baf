"""The bot as a real process: started, killed, started again on the same folder."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Literal

from bot.settings import Settings
from tests.crash import born

Mode = Literal["polling", "webhook"]

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([born.__name__])

ROOT = Path(__file__).parents[2]
SCRIPTS = Path(__file__).parent / "scripts"
DIES_WITHIN = 40.0
"""Seconds until a process that was told to die at a point must have reached it."""
KILLED = -9
ENDS_WITHIN = 10.0
"""Seconds that a process has for SIGTERM."""


@dataclass(frozen=True, slots=True)
class Home:
    """What stays the same over all lives of one bot. `mutant`: the name of a planted bug, or none."""

    url: str
    token: str
    data: Path
    mode: Mode
    port: int
    mutant: str = ""

    def settings(self) -> Settings:
        """For the verbs of the command line, called in our own process."""
        return Settings.model_validate(
            {"telegram_token": self.token, "telegram_url": self.url, "data": self.data, "flows": SCRIPTS}
        )

    def environment(self, crash_at: str = "") -> dict[str, str]:
        own = {
            "ACHTERDEHAND_TELEGRAM_TOKEN": self.token,
            "ACHTERDEHAND_TELEGRAM_URL": self.url,
            "ACHTERDEHAND_DATA": str(self.data),
            "ACHTERDEHAND_FLOWS": str(SCRIPTS),
            "ACHTERDEHAND_HTTP": f"127.0.0.1:{self.port}",
            "ACHTERDEHAND_WEBHOOK": f"http://127.0.0.1:{self.port}" if self.mode == "webhook" else "",
            "ACHTERDEHAND_SENDS_PER_SECOND": "1000",
            "ACHTERDEHAND_SENDS_PER_CHAT": "1000",
            "ACHTERDEHAND_CRASH_AT": crash_at,
        }
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**kept, **own}  # compiled modules make a start four times as quick

    @asynccontextmanager
    async def alive(self, crash_at: str = "") -> AsyncIterator[Life]:
        """A life of the bot while the block runs; whatever happens there, the process does not outlive it."""
        process = FORKS.Process(target=born.live, args=(self.environment(crash_at), str(self.log), self.mutant))
        process.start()
        life = Life(process)
        try:
            yield life
        finally:
            await life.kill()
            process.close()

    @property
    def log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    async def command(self, *arguments: str) -> str:
        """What a command of ours prints; it must succeed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=self.environment(), stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        assert process.returncode == 0, f"{arguments} ended with {process.returncode}"
        return printed.decode()


def free_port() -> int:
    """A port that was free a moment ago; the webhook's address must stay the same over restarts."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Life:
    """One process, from its start to its end."""

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process

    async def kill(self) -> None:
        """kill -9, whatever it was doing."""
        self._process.kill()
        await self._ended()

    async def died(self) -> str:
        """Wait until it killed itself at its point; if it does not, what it did instead."""
        try:
            code = await asyncio.wait_for(self._ended(), DIES_WITHIN)
        except TimeoutError:
            return "lived on"
        return "" if code == KILLED else f"ended with {code}"

    async def end(self) -> int | None:
        """SIGTERM; its exit code, none when it took too long."""
        self._process.terminate()
        try:
            return await asyncio.wait_for(self._ended(), ENDS_WITHIN)
        except TimeoutError:
            return None

    async def _ended(self) -> int | None:
        """Wait for its end; its exit code, a signal as a negative number."""
        ended, loop, pipe = asyncio.Event(), asyncio.get_running_loop(), self._process.sentinel
        loop.add_reader(pipe, ended.set)  # the end closes it
        try:
            await ended.wait()
        finally:
            loop.remove_reader(pipe)
        self._process.join()
        return self._process.exitcode
