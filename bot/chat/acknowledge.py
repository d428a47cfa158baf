"""Answers to taps, so that the little clock on a button stops. Nothing depends on them; some may be lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from telegram.error import TelegramError

from bot.chat.api import Api

MOST_WAITING = 1000
AT_ONCE = 4

_log = logging.getLogger(__name__)


class Acknowledger:
    """A bounded queue of callback query ids. `lost` counts those that Telegram refused or that did not fit."""

    def __init__(self, api: Api, *, most_waiting: int = MOST_WAITING) -> None:
        self.lost = 0
        self._api = api
        self._queue: asyncio.Queue[str] = asyncio.Queue(most_waiting)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(), name=f"acknowledge-{n}") for n in range(AT_ONCE)]

    async def stop(self) -> None:
        """Ends at once; what waits is dropped, because an answer after a restart is too old anyway."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def acknowledge(self, callback: str) -> None:
        """Queue the answer to one tap; never waits, never raises."""
        try:
            self._queue.put_nowait(callback)
        except asyncio.QueueFull:
            self.lost += 1

    async def _run(self) -> None:
        while True:
            callback = await self._queue.get()
            try:
                await self._api.call("answerCallbackQuery", {"callback_query_id": callback})
            except TelegramError:
                self.lost += 1
            except Exception:
                self.lost += 1
                _log.exception("a tap could not be answered")
