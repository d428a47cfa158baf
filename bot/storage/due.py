"""The due moments and timers as the scheduler's sweep wants them: its Store, on the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import moments, timers
from bot.storage.database import Database, Work
from bot.storage.errors import Stale
from bot.storage.moments import Moment
from bot.storage.timers import Timer

AfterMiss = Callable[[AsyncConnection, Moment], Awaitable[None]]


class DueMoments:
    """`after_miss` runs in the transaction that records a miss: nobody may be left without a next moment."""

    def __init__(self, db: Database, after_miss: AfterMiss) -> None:
        self._db, self._after_miss = db, after_miss

    async def due(self, now: datetime, limit: int) -> list[Moment]:
        async with self._db.read() as conn:
            return await moments.due(conn, now, limit)

    async def hold(self, due: Moment, until: datetime, reason: str) -> bool:
        return await _first(self._db, lambda tx: moments.hold(tx, due.id, due.fence, until, reason))

    async def miss(self, due: Moment, reason: str, now: datetime) -> bool:
        async def work(tx: AsyncConnection) -> None:
            why = f"{moments.IN_A_TALK} for too long" if due.reason == moments.IN_A_TALK else reason
            await moments.finish(tx, due.id, due.fence, "missed", why, now)
            await self._after_miss(tx, due)

        return await _first(self._db, work)


class DueTimers:
    """Timers are never missed: they have no best-before. Those of alerts apart: they wait behind no crowd."""

    def __init__(self, db: Database, *, of_alerts: bool) -> None:
        self._db, self._of_alerts = db, of_alerts

    async def due(self, now: datetime, limit: int) -> list[Timer]:
        async with self._db.read() as conn:
            return await timers.due(conn, now, limit, of_alerts=self._of_alerts)

    async def hold(self, due: Timer, until: datetime, reason: str) -> bool:  # noqa: ARG002  # no column for it
        return await _first(self._db, lambda tx: timers.hold(tx, due.id, due.turn, until))

    async def miss(self, due: Timer, reason: str, now: datetime) -> bool:  # noqa: ARG002
        return await _first(self._db, lambda tx: timers.finish(tx, due.id, due.turn, "stale"))


async def _first(db: Database, work: Work[None]) -> bool:
    """Do it; False if somebody else changed the row first."""
    try:
        await db.write(work)
    except Stale:
        return False
    return True
