"""A stage for stories: the whole bot on a real database file, over real HTTP, with phones in people's hands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from bot.app import Bot
from bot.caseload import contact, invitations, overview
from bot.chat.silence import FACT, NOTE_EVERY
from bot.demo.standin import Telegram, serving
from bot.settings import Settings
from bot.storage import facts, inbox, moments, outbox, people
from bot.storage.tables import inbox as rows
from bot.world import World
from tests.support.databases import upgraded_sqlite
from tests.support.phones import Phone

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""Ten o'clock in Amsterdam, on a working day."""
TELEGRAMS: list[Telegram] = []
"""Every stage's own Telegram, for who looks at all that was sent once a story is over."""


@dataclass
class Setting:
    """The clock of a story; it stands still until somebody moves it, or goes with `ticked` seconds."""

    at: datetime = TUESDAY
    count: int = 0
    ticked: Callable[[], float] = lambda: 0.0

    def now(self) -> datetime:
        return self.at + timedelta(seconds=self.ticked())

    def token(self) -> str:
        self.count += 1
        return f"token-{self.count:016d}"


@dataclass
class Stage:
    """What a story has: phones, a clock, and a look into the books."""

    telegram: Telegram
    setting: Setting
    folder: Path
    url: str
    overrides: dict[str, Any] = field(default_factory=dict)
    bot: Bot | None = None
    migrates: bool = False
    """Whether the bot makes its tables itself, as on a first day, and does not find them made."""
    _next: int = 700

    async def open(self) -> None:
        """Start the bot on whatever is in its folder."""
        wanted: dict[str, Any] = {
            "telegram_token": SecretStr(self.telegram.token),
            "telegram_url": self.url,
            "data": self.folder,
            "http": "127.0.0.1:0",
            "sends_per_second": 1000,
            "sends_per_chat": 1000,
        }
        settings = Settings(**(wanted | self.overrides))
        file = settings.data / "achterdehand.db"
        if settings.database_url is None and not self.migrates and not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(upgraded_sqlite())
        self.bot = await Bot.open(settings, World(self.setting.now, self.setting.token, lambda: 0.0))
        await self.bot.start()

    async def heard(self) -> None:
        """Let everything settle, until the bot has noted that it hears at this time."""
        await self.settled()
        if self.telegram.webhook.url:  # that one looks once a minute, and at the start
            await self.close()
            await self.open()
        async with asyncio.timeout(10):
            while await self._noted() < self.setting.at - NOTE_EVERY:
                self.telegram.updates.close()  # ends a long poll
                await asyncio.sleep(0.001)

    async def _noted(self) -> datetime:
        async with self.running.storage.db.read() as conn:
            return datetime.fromisoformat(await facts.get(conn, FACT) or "0001-01-01T00:00:00+00:00")

    async def _sweep(self) -> None:
        """What is due happens; the bot does nothing of it before it has read what waited."""
        async with asyncio.timeout(10):
            while not self.running.hearing.caught_up:
                await asyncio.sleep(0.001)
        await self.running.sweep()

    async def close(self) -> None:
        if self.bot is not None:
            await self.bot.stop()
            self.bot = None

    @property
    def running(self) -> Bot:
        assert self.bot is not None
        return self.bot

    async def write(self, work: Any) -> Any:
        return await self.running.storage.db.write(work)

    async def add(self, role: str, name: str, coach: int | None = None) -> tuple[int, str]:
        """Somebody who is invited: their id and code."""
        code = self.setting.token()
        keyring, now = self.running.storage.keyring, self.setting.now()

        async def work(tx: Any) -> int:
            made = await people.add(tx, keyring, role, name, "nl", now)
            if coach is not None:
                await people.tie(tx, made, coach, now)
            await invitations.issue(tx, made, code, now)
            return made

        return await self.write(work), code

    def phone(self, name: str, **more: Any) -> Phone:
        self._next += 1
        return Phone(self.telegram, self._next, name, **more)

    async def shows(self, person_id: int) -> dict[str, Any]:
        """What `achterdehand show participant` would print."""
        storage = self.running.storage
        async with storage.db.read() as conn:
            found = await overview.participant(conn, storage.keyring, person_id)
        assert found is not None
        return found

    async def plan_now(self, person_id: int, flow: str = contact.CHECKIN) -> None:
        token, now = self.setting.token(), self.setting.now()
        await self.write(lambda tx: contact.ask_once(tx, person_id, flow, None, token, now))
        await self._sweep()

    async def later(self, **span: float) -> None:
        """Let everything settle, then let time pass, and what is due happen."""
        await self.settled()
        self.setting.at += timedelta(**span)
        await self._sweep()

    async def waits(self, seconds: float) -> None:
        """Let time pass while something in the inbox waits for its next try."""
        self.setting.at += timedelta(seconds=seconds)
        self.running.dispatcher.wake()
        await self._sweep()

    async def tried(self, times: int) -> datetime:
        """Until the oldest input that is not dealt with failed so often; when it is tried again."""
        oldest = select(rows.c.tries, rows.c.not_before).where(rows.c.state == "new").order_by(rows.c.id).limit(1)
        async with asyncio.timeout(10):
            while True:
                async with self.running.storage.db.read() as conn:
                    row = (await conn.execute(oldest)).one_or_none()
                if row is not None and row.tries == times:
                    again: datetime = row.not_before
                    return again
                await asyncio.sleep(0.001)

    async def next_moment(self) -> None:
        """Move the clock to the next planned contact, and let it happen."""
        await self.settled()
        async with self.running.storage.db.read() as conn:
            due_at = await moments.next_due_at(conn)
        assert due_at is not None, "nothing is planned"
        self.setting.at = max(self.setting.at, due_at)
        await self._sweep()

    async def settled(self, within: float = 10) -> None:
        """Until nothing waits in the inbox or the outbox."""
        async with asyncio.timeout(within):
            while True:
                pending = self.telegram.updates.waiting()  # first: what is no longer here is in the inbox by then
                async with self.running.storage.db.read() as conn:
                    waits = (await inbox.counts(conn)).new + (await outbox.counts(conn)).unsent
                if not waits and not pending:
                    return
                await asyncio.sleep(0.001)


@asynccontextmanager
async def staged(
    folder: Path, ticked: Callable[[], float] = lambda: 0.0, *, migrates: bool = False, **overrides: Any
) -> AsyncIterator[Stage]:
    """A stage with the bot running, on a folder of its own."""
    setting = Setting(ticked=ticked)
    telegram = Telegram(setting.now)
    TELEGRAMS.append(telegram)
    async with serving(telegram) as url:
        stage = Stage(telegram, setting, folder, url, overrides, migrates=migrates)
        await stage.open()
        try:
            yield stage
        finally:
            await stage.close()
