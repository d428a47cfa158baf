"""Starting and ending: a refusal is one sentence, SIGTERM always ends us in time, and nothing is left behind."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.demo.standin import Telegram, serving
from bot.settings import SettingsProblem
from tests.crash.process import ENDS_WITHIN, ROOT, free_port
from tests.support.stage import Setting, Stage

PATIENCE = 40.0
"""Seconds for a start on a busy machine."""


class Running:
    """`achterdehand run` as a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ends(self) -> tuple[int | None, str]:
        """Its exit code, once it ends within the time that it has, and what it wrote."""
        async with asyncio.timeout(ENDS_WITHIN):
            _, said = await self.process.communicate()
        return self.process.returncode, said.decode()


@asynccontextmanager
async def running(telegram: Telegram, url: str, data: Path, **more: str) -> AsyncIterator[Running]:
    settings = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_URL": url, "DATA": str(data), "HTTP": "127.0.0.1:0"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run",
        cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **{f"ACHTERDEHAND_{name}": value for name, value in (settings | more).items()}},
    )  # fmt: skip
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
async def telegram() -> Telegram:
    return Telegram(Setting().now)


async def asked(telegram: Telegram, method: str) -> None:
    await telegram.until(lambda: telegram.requests(method) or None, PATIENCE, f"no {method}")


async def test_sigterm_during_a_long_poll_twice(telegram: Telegram, tmp_path: Path) -> None:
    async with serving(telegram) as url, running(telegram, url, tmp_path / "data") as it:
        await telegram.until(lambda: telegram.updates.polled or None, PATIENCE)
        it.process.terminate()
        it.process.terminate()
        code, said = await it.ends()
    assert code == 0
    assert "Traceback" not in said


async def test_sigterm_while_telegram_does_not_even_say_who_we_are(telegram: Telegram, tmp_path: Path) -> None:
    telegram.fault("getMe", "hang")
    async with serving(telegram) as url, running(telegram, url, tmp_path / "data") as it:
        await asked(telegram, "getMe")
        it.process.terminate()
        code, said = await it.ends()
    assert code == 0
    assert "Traceback" not in said


async def test_sigterm_while_a_message_hangs_on_its_way(telegram: Telegram, tmp_path: Path) -> None:
    telegram.fault("sendMessage", "hang")
    telegram.make_user(7, "Sam")
    async with serving(telegram) as url, running(telegram, url, tmp_path / "data") as it:
        telegram.start(7)
        await asked(telegram, "sendMessage")
        it.process.terminate()
        code, said = await it.ends()
    assert code == 0
    assert "Traceback" not in said


@pytest.mark.parametrize(("wrong", "way_out"), [
    ({"TELEGRAM_TOKEN": "1:unknown"}, "Set ACHTERDEHAND_TELEGRAM_TOKEN"),
    ({"HTTP": "taken"}, "Set ACHTERDEHAND_HTTP"),
    ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}, "database"),
])  # fmt: skip
async def test_what_cannot_be_started_says_so_in_one_line_and_ends(
    telegram: Telegram, tmp_path: Path, wrong: dict[str, str], way_out: str
) -> None:
    async with serving(telegram) as url:
        wrong = {name: url.removeprefix("http://") if value == "taken" else value for name, value in wrong.items()}
        async with running(telegram, url, tmp_path / "data", **wrong) as it:
            async with asyncio.timeout(PATIENCE):
                await it.process.wait()
            code, said = await it.ends()
    assert code == 2
    assert "Traceback" not in said
    assert way_out in said.splitlines()[-1]


@pytest.mark.parametrize("fault", ["port", "token", "scripts"])
async def test_a_start_that_fails_leaves_nothing_behind(tmp_path: Path, fault: str) -> None:
    """No task, no socket, no connection: warnings are errors here."""
    telegram = Telegram(Setting().now)
    before = asyncio.all_tasks()
    async with serving(telegram) as url:
        port = free_port()
        overrides: dict[str, Any] = {"http": f"127.0.0.1:{port}"}
        if fault == "port":
            overrides["http"] = url.removeprefix("http://")
        if fault == "token":
            telegram.fault("getMe", code=401)
        if fault == "scripts":
            overrides["flows"] = tmp_path / "nowhere"
        stage = Stage(telegram, Setting(), tmp_path / "data", url, overrides)
        with pytest.raises(Exception) as refusal:  # noqa: PT011  each fault has its own
            await stage.open()
        assert fault == "scripts" or isinstance(refusal.value, SettingsProblem)
        await stage.close()
    assert asyncio.all_tasks() == before
