"""Drives turns: each person's oldest input first, one at a time per person, people beside each other.

Everything a turn does is one transaction: load, think, write. Thinking is a pure function of microseconds, and nothing
in bot.turns can reach a network, so nothing slow ever holds the writer.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.health import Health, Pulse
from bot.storage import erase, inbox
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.errors import StorageTrouble
from bot.storage.inbox import AlreadyDone, InboxRow
from bot.storage.locks import Locks
from bot.storage.moments import Moment
from bot.storage.tables import HOUSE
from bot.storage.timers import Timer
from bot.turns import door, due, failing, refused
from bot.turns.inbound import Inbound
from bot.turns.menu import Menu
from bot.turns.turn import Services, Turn

log = logging.getLogger(__name__)

BATCH = 200
BESIDE = 64
"""So many people are dealt with beside each other."""
TRIES = 3
"""After so many failures an input is set apart, and a person is told."""
RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=10))
STOP_WITHIN = 4.0
"""Seconds that turns under way get at the end."""
IDLE = 1.0
"""Seconds between looks into the inbox when nobody rings: another process may have filled it."""

Translate = Callable[[dict[str, Any], datetime], Inbound]


class Dispatcher:
    """`wake()` whenever the inbox got something; the scheduler and the sender come in by its other verbs."""

    def __init__(
        self,
        db: Database,
        locks: Locks,
        services: Services,
        translate: Translate,
        *,
        acknowledge: Callable[[str | Menu], None],
        sending: Callable[[], None],
        failpoint: Callable[[str], None],
    ) -> None:
        self._db, self._locks, self.services, self._translate = db, locks, services, translate
        self._acknowledge, self._sending, self._failpoint = acknowledge, sending, failpoint
        self.pulse = Pulse("turns", services.world.now)
        self._bell = asyncio.Event()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="dispatcher")

    def revive(self) -> bool:
        """Go on after the loop ended by itself; whether it had."""
        ended = self._task is not None and self._task.done()
        if ended:
            self.start()
        return ended

    def health(self) -> Health:
        return self.pulse.health(self._task)

    def wake(self) -> None:
        """Look into the inbox now."""
        self._bell.set()

    async def _run(self) -> None:
        while not self._stopping:
            try:
                more = await self._round()
                self.pulse.beat()
            except Exception as error:
                expected = isinstance(error, StorageTrouble)
                log.error("the inbox cannot be read: %s", type(error).__name__, exc_info=None if expected else error)
                self.pulse.fail(type(error).__name__)
                await asyncio.sleep(IDLE)
                continue
            if not more:
                await self._ring()

    async def stop(self) -> None:
        """Finish the turns that run; what waits stays in the inbox, and so does a turn that takes too long."""
        self._stopping = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        running = [*self._busy.values()]
        if running:
            await asyncio.wait(running, timeout=STOP_WITHIN)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _ring(self) -> None:
        try:
            async with asyncio.timeout(IDLE):
                await self._bell.wait()
        except TimeoutError:
            pass
        self._bell.clear()

    async def _round(self) -> bool:
        """Start a task for every chat that waits and is not busy. True when the batch was full."""
        room = BESIDE - len(self._busy)
        if room <= 0:
            return False
        async with self._db.read() as conn:
            rows = await inbox.waiting(conn, self.services.world.now(), min(room, BATCH), set(self._busy))
        for row in rows:
            if row.chat_id in self._busy or not await self._locks.try_take(f"chat:{row.chat_id}"):
                continue
            task = asyncio.create_task(self._one_chat(row))
            self._busy[row.chat_id] = task
        return len(rows) >= BATCH

    async def _one_chat(self, row: InboxRow) -> None:
        """Whatever goes wrong, the chat is free again afterwards: its row is still in the inbox."""
        try:
            await self._take(row)
        except Exception as error:
            expected = isinstance(error, StorageTrouble)
            log.error("input %d must wait: %s", row.id, type(error).__name__, exc_info=None if expected else error)
            await asyncio.sleep(IDLE)
        finally:
            await self._free(row.chat_id)

    async def _free(self, chat: int) -> None:
        try:
            await self._locks.release(f"chat:{chat}")
        except StorageTrouble as trouble:  # then the connection is gone, and the lock with it
            log.error("the lock of a chat cannot be let go of: %s", type(trouble).__name__)
        finally:
            del self._busy[chat]
            self.wake()

    async def _take(self, row: InboxRow) -> None:
        """One input, one turn. A turn that raises leaves nothing behind but a count."""
        try:
            await self._turn(lambda turn: self._come_in(turn, row))
        except AlreadyDone:
            return
        except StorageTrouble:
            raise
        except Exception as error:
            log.exception("input %d failed: %s", row.id, type(error).__name__)
            await self._failed(row)

    async def _come_in(self, turn: Turn, row: InboxRow) -> None:
        turn.inbox_id = row.id
        body = (await turn.key(HOUSE)).open("inbox.body", row.body)
        inbound = self._translate(json.loads(body), row.received_at)
        if not inbound.chat:
            log.error("input %d is from nobody", row.id)
            await inbox.set_apart(turn.tx, row.id, "from nobody", turn.now)
            return
        outcome = await door.come_in(turn, inbound)
        if turn.forgotten:  # and this input with them
            return
        await inbox.finish(turn.tx, row.id, outcome, turn.now)

    async def _failed(self, row: InboxRow) -> None:
        now = self.services.world.now()
        if row.tries + 1 < TRIES:
            await self._db.write(lambda tx: inbox.retry(tx, row.id, now + RETRY_AFTER[row.tries]))
            return
        log.error("input %d is set apart after %d tries", row.id, TRIES)
        try:
            await self._turn(lambda turn: failing.set_apart(turn, row, self._translate))
        except StorageTrouble:
            raise
        except Exception as error:
            log.exception("nobody could be told of input %d: %s", row.id, type(error).__name__)
            await self._turn(lambda turn: failing.set_apart_unsaid(turn, row, self._translate))

    async def moment(self, row: Moment) -> None:
        """A contact moment is due."""
        self._failpoint("moment-claimed")
        await self._turn(lambda turn: due.moment(turn, row), first=True)

    async def timer(self, row: Timer) -> None:
        """A timer is due."""
        await self._turn(lambda turn: due.timer(turn, row), first=True)

    async def aside(self, work: Callable[[Turn], Awaitable[None]]) -> None:
        """Something that is to be said, though nobody's words caused it."""
        await self._turn(work, first=True)

    async def missed(self, tx: Connection, row: Moment) -> None:
        """A contact came too late; in the transaction that records it."""
        await due.missed(Turn(tx, self.services.world.now(), self.services, first=True), row)

    async def unreachable(self, chat_id: int) -> None:
        """Telegram refused a whole chat: the person's coach must know."""
        await self._turn(lambda turn: due.unreachable(turn, chat_id), first=True)

    async def refused(self, person_id: int, made_at: datetime) -> None:
        """Telegram refused this one message, of that time, for good: who must know hears that it did not arrive."""
        await self._turn(lambda turn: refused.tell(turn, person_id, made_at), first=True)

    async def _turn(self, work: Callable[[Turn], Awaitable[None]], *, first: bool = False) -> None:
        """The transaction; `first`: nobody's own words caused it.

        The work may be done over, so what must happen outside is collected afresh each time.
        """
        after: list[str | Menu] = []
        forgotten = False

        async def whole(tx: Connection) -> None:
            nonlocal forgotten
            turn = Turn(tx, self.services.world.now(), self.services, first)
            await work(turn)
            after[:] = turn.after
            forgotten = turn.forgotten
            self._failpoint("before-commit")

        try:
            await self._db.write(whole)
            self._failpoint("after-commit")
        finally:
            for one in after:
                self._acknowledge(one)
        if forgotten:
            with contextlib.suppress(StorageTrouble):  # a reader held the log; the hourly tick tries again
                await erase.scrub(self._db)
        self._sending()
