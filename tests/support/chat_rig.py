"""A real database file, a real HTTP connection to the stand-in, and a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.chat.api import Api
from bot.chat.backoff import Backoff
from bot.demo.standin import Telegram
from bot.demo.standin.updates import Update
from bot.demo.standin.webhook import Webhook as Delivery
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.world import World

SAM = 2**52 - 1
NOOR = 7


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class Rig:
    """What fetching and sending need, and the Telegram on the other side."""

    db: Database
    keyring: Keyring
    api: Api
    telegram: Telegram
    clock: Clock
    world: World
    backoff: Backoff
    url: str

    async def asked(self, method: str, count: int, chat: int | None = None) -> None:
        """Until Telegram was asked this so often."""
        await self.telegram.until(lambda: len(self.telegram.requests(method, chat)) >= count or None)


class Broken:
    """A database whose next `times` writes fail, as on a full disk; `failed` counts them."""

    def __init__(self, db: Database, error: Callable[[], Exception]) -> None:
        self.times = 0
        self.failed = 0
        self.error = error
        self._write = db.write
        db.write = self.write  # type: ignore[method-assign]

    async def write(self, work: object) -> object:
        if self.times > 0:
            self.times -= 1
            self.failed += 1
            raise self.error()
        return await self._write(work)  # type: ignore[arg-type]


def failing_delivery(delivery: Delivery) -> Callable[[Update], Awaitable[float]]:
    """In the place of its `_post`: nothing that Telegram brings reaches the bot, and getWebhookInfo says so."""

    async def refused(_: Update) -> float:
        return delivery._fail("SSL error {certificate verify failed}")

    return refused
