"""What is due, handed to the dispatcher: no faster than what it causes can be sent."""

from __future__ import annotations

import asyncio

from bot.storage import outbox
from bot.storage.database import Database
from bot.storage.due import DueMoments, DueTimers
from bot.storage.errors import StorageTrouble
from bot.turns.dispatcher import Dispatcher
from bot.world import World
from scheduler.calendar import Calendar
from scheduler.sweep import Rests, sweep

SWEEP_LIMIT = 500
SEND_AHEAD = 10
"""Seconds' worth of what we say first that may wait to be sent; beyond that what is due stays due."""


class Due:
    """Alerts, timers and moments of everybody; `sends_per_second` over all chats."""

    def __init__(
        self, db: Database, dispatcher: Dispatcher, calendar: Calendar, world: World, sends_per_second: int
    ) -> None:
        self._db, self._dispatcher, self._calendar, self._world = db, dispatcher, calendar, world
        self._moments = DueMoments(db, dispatcher.missed)
        self._alerts = DueTimers(db, of_alerts=True)
        self._timers = DueTimers(db, of_alerts=False)
        self._rests = (Rests(StorageTrouble), Rests(StorageTrouble), Rests(StorageTrouble))
        self._most_ahead = SEND_AHEAD * sends_per_second
        self._one_sweep = asyncio.Lock()  # a tick, and in the demo a leap of the clock

    async def sweep(self) -> None:
        """Hand on what is due now, in the order of who waits most for it."""
        async with self._one_sweep:
            calendar, timer, now = self._calendar, self._dispatcher.timer, self._world.now()
            of_alerts, of_timers, of_moments = self._rests
            await sweep(self._alerts, timer, calendar, now, SWEEP_LIMIT, of_alerts)
            # Who is in a talk before who is not; and no more than can be sent soon, so that nothing goes out stale.
            await sweep(self._timers, timer, calendar, now, SWEEP_LIMIT, of_timers, await self._room())
            moment = self._dispatcher.moment
            await sweep(self._moments, moment, calendar, now, SWEEP_LIMIT, of_moments, await self._room())

    async def _room(self) -> int:
        """How many may be handed on before the sender has work for SEND_AHEAD seconds."""
        async with self._db.read() as conn:
            return self._most_ahead - await outbox.ahead(conn, self._most_ahead)
