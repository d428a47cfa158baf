"""Our own long polling: keep first, confirm with the next request, and never go deaf.

python-telegram-bot's updater confirms before its handlers ran, and one 404 ends it for ever (reliability.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from telegram.error import Conflict, RetryAfter

from bot.chat.api import Api
from bot.chat.backoff import Backoff
from bot.chat.errors import OddAnswer, log_failure
from bot.chat.intake import Intake
from bot.chat.silence import Silence
from bot.chat.translate import KINDS_ASKED
from bot.chat.verdicts import seconds_of
from bot.health import Health, Pulse
from bot.storage import inbox
from bot.storage.database import Database
from bot.world import World

POLL_SECONDS = 25
"""How long Telegram may hold an empty answer (it allows 50): well below the age at which health turns red."""
ANSWER_WITHIN = 10.0
"""Seconds more before the socket counts as hanging."""

OnGap = Callable[[float, datetime], Awaitable[None]]
"""The length of an outage in seconds, and when it began."""
_log = logging.getLogger(__name__)


class Fetching:
    """The loop. `on_gap(seconds, began_at)` is awaited once the backlog after an outage over 150 s is read to empty.

    If `on_gap` raises it is called again; after a crash too, with the same `began_at`. `start` and `stop` once.
    """

    def __init__(
        self,
        api: Api,
        db: Database,
        intake: Intake,
        world: World,
        on_gap: OnGap,
        *,
        backoff: Backoff | None = None,
        poll_seconds: int = POLL_SECONDS,
        answer_within: float = ANSWER_WITHIN,
    ) -> None:
        self.pulse = Pulse("fetching", world.now)
        self._api = api
        self._db = db
        self._intake = intake
        self._world = world
        self._on_gap = on_gap
        self._backoff = backoff or Backoff(world.chance)
        self._poll_seconds = poll_seconds
        self._answer_within = answer_within
        self._silence: Silence | None = None
        self._cursor: int | None = None
        self._hook_gone = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="fetching")

    def revive(self) -> bool:
        """Go on after the loop ended by itself; whether it had."""
        ended = self._task is not None and self._task.done()
        if ended:
            self.start()
        return ended

    async def stop(self) -> None:
        """Ends the loop. What was fetched and not committed stays with Telegram."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def health(self) -> Health:
        return self.pulse.health(self._task)

    @property
    def caught_up(self) -> bool:
        """Whether we hear now, and have read everything that waited while we did not."""
        hearing = self._task is not None and not self._task.done()
        return hearing and self._silence is not None and self._silence.over

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._round(await self._known())
                failures = 0
            except Exception as error:
                failures += 1
                wait = self._failed(error, self._backoff.after(failures))
                await asyncio.sleep(wait)

    async def _known(self) -> Silence:
        """What must be known before the first request."""
        if self._silence is None:
            async with self._db.read() as conn:
                self._cursor = await inbox.cursor(conn)
            self._silence = await Silence.load(self._db)
        return self._silence

    async def _round(self, silence: Silence) -> None:
        # After a failure and while catching up, an empty answer must come at once: it says that all is read.
        batch = await self._ask(0 if silence.broken or silence.gap else self._poll_seconds)
        if batch:
            cursor = await self._intake.keep(batch, polled=True)
            if cursor is None:
                raise OddAnswer
            self._cursor = cursor
        silence.heard(self._world.now())
        if silence.gap and not batch:
            await self._on_gap(silence.gap.seconds, silence.gap.began_at)
            silence.told()
        await silence.note(self._db, self._world.now())
        self.pulse.beat()  # last: until all of this is done nothing that is due is handed on

    async def _ask(self, seconds: int) -> list[Any]:
        if not self._hook_gone:
            await self._api.call("deleteWebhook", {"drop_pending_updates": False})
            self._hook_gone = True
        parameters: dict[str, Any] = {"timeout": seconds, "allowed_updates": KINDS_ASKED}
        if self._cursor is not None:
            parameters["offset"] = self._cursor
        batch = await self._api.call("getUpdates", parameters, read_timeout=seconds + self._answer_within)
        if not isinstance(batch, list):
            raise OddAnswer
        return batch

    def _failed(self, error: Exception, wait: float) -> float:
        """Notes a failed round; how long to wait before the next."""
        self.pulse.fail(type(error).__name__)
        if self._silence is not None:
            self._silence.broke()
        if isinstance(error, RetryAfter):
            return max(wait, seconds_of(error))
        if isinstance(error, Conflict):
            self._hook_gone = False  # either a webhook is set, or another process fetches with this token
        log_failure(_log, "fetching failed", error, wait)
        return wait
