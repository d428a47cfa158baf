"""P18: when hearing or sending stops, health is red and an admin knows within two minutes; and it ends by itself."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.crash.process import free_port
from tests.stories.conftest import Pair, joins, make_pair
from tests.stories.test_danger import NOW, RED, STILL
from tests.support.chat_rig import failing_delivery
from tests.support.phones import Phone
from tests.support.quick_time import in_quick_time, passes, passing
from tests.support.stage import Stage, staged

UNWELL, WELL_AGAIN = "De assistent werkt nu niet goed", "De assistent werkt weer."
TWO_MINUTES = 120.0
PAGE = 4096


@dataclass
class Watched:
    """A stage with an admin who has joined, and a participant who said no: whatever they write is answered."""

    stage: Stage
    admin: Phone
    pair: Pair

    async def health(self) -> tuple[int, dict[str, str]]:
        """Status and parts, as the address of the running bot says them."""
        url = f"{self.stage.running.url}/healthz"
        with passing():
            async with aiohttp.ClientSession() as http, http.get(url) as answer:
                return answer.status, json.loads(await answer.text())["parts"]

    async def is_well(self) -> None:
        status, parts = await self.health()
        assert (status, set(parts.values())) == (200, {"well"})

    async def turns_red(self, part: str, reason: str = "", within: float = TWO_MINUTES) -> None:
        """Within so many seconds, and for that reason."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within
        while (await self.health())[0] == 200:
            assert loop.time() < until, f"still green after {within} seconds"
            await passes(5)
        status, parts = await self.health()
        assert status == 503
        assert parts[part] != "well", parts
        assert reason in parts[part]
        await passes(until - loop.time())

    async def recovers(self) -> None:
        """By itself: what people write is answered again, and the admin was told of both, once."""
        await passes(TWO_MINUTES)
        await self.is_well()
        await self.pair.sam.write("ben je er nog?")
        await self.stage.settled()
        await self.pair.sam.sees("Ilse")

    def told(self, *sentences: str) -> None:
        said = [one.text for one in self.admin.reads_all()]
        assert [next((one for one in sentences if one in text), text) for text in said] == [*sentences]


@asynccontextmanager
async def watched(folder: Path, **overrides: Any) -> AsyncIterator[Watched]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with staged(folder / "data", ticked=lambda: loop.time() - began, **overrides) as stage:
        pair = await make_pair(stage)
        await pair.sam.tap("Nederlands")
        await pair.sam.tap("Nee")
        await pair.sam.sees("Ik stuur je geen vragen.")
        _, admin = await joins(stage, "admin", "Bo")
        await stage.settled()
        await passes(15)
        pair.sam.reads_all()
        it = Watched(stage, admin, pair)
        await it.is_well()
        yield it


# ---- hearing


@pytest.mark.parametrize("code", [404, 401])
@in_quick_time
async def test_one_refusal_does_not_make_us_deaf(tmp_path: Path, code: int) -> None:
    async with watched(tmp_path) as it:
        it.stage.telegram.fault("getUpdates", code=code)
        it.stage.telegram.updates.close()
        await passes(5)
        await it.recovers()
        it.told()


@pytest.mark.parametrize(("fault", "reason"), [
    ({"code": 404}, "InvalidToken"),
    ({"code": 401}, "InvalidToken"),
    ({"code": 429, "retry_after": 600}, "RetryAfter"),
    ({"how": "hang"}, "TimedOut"),
    ({"how": "close"}, "NetworkError"),
])  # fmt: skip
@in_quick_time
async def test_deafness_is_seen_told_and_ends_with_its_cause(
    tmp_path: Path, fault: dict[str, Any], reason: str
) -> None:
    async with watched(tmp_path) as it:
        telegram = it.stage.telegram
        telegram.fault("getUpdates", times=10**6, **fault)
        telegram.updates.close()
        await it.turns_red("fetching", reason)
        it.told(UNWELL)
        telegram.calm()
        await passes(fault.get("retry_after", 0))
        await it.recovers()
        it.told(WELL_AGAIN)


@in_quick_time
async def test_a_webhook_that_nothing_reaches_is_seen_told_and_ends_with_its_cause(tmp_path: Path) -> None:
    """As with a certificate that is over, or a proxy that is down: Telegram tries ever less often."""
    port = free_port()
    async with watched(tmp_path, http=f"127.0.0.1:{port}", webhook=f"http://127.0.0.1:{port}") as it:
        delivery = it.stage.telegram.webhook
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(delivery, "_post", failing_delivery(delivery))
            await it.pair.sam.write("hoort iemand mij?")
            await it.turns_red("fetching", "Undelivered")
            it.told(UNWELL)
        await it.recovers()
        it.told(WELL_AGAIN)


# ---- sending


@pytest.mark.parametrize("fault", [{"how": "hang"}, {"code": 502}])
@in_quick_time
async def test_a_message_that_never_gets_out_is_seen_and_told(tmp_path: Path, fault: dict[str, Any]) -> None:
    async with watched(tmp_path) as it:
        it.stage.telegram.fault("sendMessage", times=10**6, chat=it.pair.sam.id, **fault)
        await it.pair.sam.write("hallo?")
        await it.turns_red("sending")
        it.told(UNWELL)
        it.stage.telegram.calm()
        await it.recovers()
        it.told(WELL_AGAIN)


@pytest.mark.parametrize(("fault", "reason"), [
    ({"code": 401}, "token refused"),
    ({"code": 429, "retry_after": 400}, "429"),
])  # fmt: skip
@in_quick_time
async def test_when_nothing_can_be_sent_it_is_seen_and_the_admin_reads_of_it_afterwards(
    tmp_path: Path, fault: dict[str, Any], reason: str
) -> None:
    async with watched(tmp_path) as it:
        it.stage.telegram.fault("sendMessage", times=10**6, **fault)
        await it.pair.sam.write("hallo?")
        await it.turns_red("sending", reason)
        it.told()
        it.stage.telegram.calm()
        await passes(fault.get("retry_after", 0))
        await it.recovers()
        it.told(UNWELL, WELL_AGAIN)


# ---- dead tasks


@pytest.mark.parametrize("part", ["hearing", "dispatcher", "sender"])
@in_quick_time
async def test_a_dead_task_is_seen_told_and_started_anew(tmp_path: Path, part: str) -> None:
    async with watched(tmp_path) as it:
        loop = getattr(it.stage.running, part)
        loop._task.cancel()
        await asyncio.wait([loop._task])
        await it.turns_red(loop.pulse.name, "not running", within=1)
        await it.recovers()
        it.told(UNWELL, WELL_AGAIN)


@in_quick_time
async def test_a_dead_monitor_is_started_anew(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        monitor = it.stage.running.monitor
        monitor._task.cancel()
        await passes(15)
        assert not monitor._task.done()


@in_quick_time
async def test_a_scheduler_that_does_nothing_any_more_is_seen_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(tmp_path) as it:
        it.stage.running._clock._scheduler.pause()
        await it.turns_red("scheduler", "no tick")
        it.told(UNWELL)
        it.stage.running._clock._scheduler.resume()
        await it.recovers()
        it.told(WELL_AGAIN)


# ---- the database


@contextmanager
def _locked(stage: Stage) -> Iterator[None]:
    """Another program has the database to itself."""
    with closing(sqlite3.connect(stage.folder / "achterdehand.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def _full(stage: Stage) -> Iterator[None]:
    """No file of this process may be written beyond its first page: to SQLite that is a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (PAGE, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("trouble", [_locked, _full])
@in_quick_time
async def test_a_database_that_takes_nothing_is_seen_and_told_without_it(
    tmp_path: Path, trouble: Callable[[Stage], AbstractContextManager[None]]
) -> None:
    async with watched(tmp_path) as it:
        with trouble(it.stage):
            await it.pair.sam.write("wie hoort mij?")
            await it.turns_red("database")
            it.told(UNWELL)
            assert it.stage.telegram.updates.waiting(), "what cannot be kept is not confirmed"
        await it.recovers()
        it.told(WELL_AGAIN)
        said = [one["text"] for one in (await it.stage.shows(it.pair.participant))["messages"]]
        assert said == ["wie hoort mij?", "ben je er nog?"]


async def test_danger_rings_soon_after_a_disk_that_was_full_for_long(pair: Pair) -> None:
    """P8, P12: that nothing could be written for 45 minutes is no fault of the row that says when to ring."""
    stage = pair.stage
    await pair.sam.write(RED)
    await pair.ilse.sees(NOW)
    await stage.later(minutes=9)
    with _full(stage):
        for _ in range(45 * 4):
            stage.setting.at += timedelta(seconds=15)
            await stage.running.sweep()
    pair.ilse.reads_all()
    await stage.later(seconds=15)
    await pair.ilse.sees(STILL)
