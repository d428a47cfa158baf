"""Answers to taps, so that the little clock on a button stops; and menus. Nothing depends on them; some may be lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from telegram.error import TelegramError

from bot.chat.api import Api
from bot.chat.render import Call
from bot.turns.menu import Menu

MOST_WAITING = 1000
AT_ONCE = 4
STOP_WITHIN = 1.0
"""Seconds. The sender takes up to five before us, and the whole bot has eight."""
_MENU = "setMyCommands"

_log = logging.getLogger(__name__)


class Acknowledger:
    """A bounded queue of callback query ids and menus. `lost` counts what Telegram refused or what did not fit."""

    def __init__(self, api: Api, *, most_waiting: int = MOST_WAITING) -> None:
        self.lost = 0
        self._api = api
        self._queue: asyncio.Queue[str | Menu] = asyncio.Queue(most_waiting)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(), name=f"acknowledge-{n}") for n in range(AT_ONCE)]

    async def stop(self) -> None:
        """Gives what is on its way a second; what waits is dropped: an answer after a restart is too old anyway."""
        while not self._queue.empty():
            self._queue.get_nowait()
            self._queue.task_done()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._queue.join(), STOP_WITHIN)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def acknowledge(self, what: str | Menu) -> None:
        """Queue the answer to one tap, or a menu; never waits, never raises."""
        try:
            self._queue.put_nowait(what)
        except asyncio.QueueFull:
            self.lost += 1

    async def _run(self) -> None:
        while True:
            call = _call(await self._queue.get())
            try:
                await self._api.call(call.method, call.parameters)
            except TelegramError as error:
                self.lost += 1
                if call.method == _MENU:
                    _log.warning("a menu could not be set: %s", type(error).__name__)
            except Exception:
                self.lost += 1
                _log.exception("%s failed", call.method)
            finally:
                self._queue.task_done()


def _call(what: str | Menu) -> Call:
    if isinstance(what, str):
        return Call("answerCallbackQuery", {"callback_query_id": what})
    scope = {"type": "default"} if what.chat is None else {"type": "chat", "chat_id": what.chat}
    commands = [{"command": word, "description": meaning} for word, meaning in what.commands]
    return Call(_MENU, {"commands": commands, "scope": scope, "language_code": what.language})
