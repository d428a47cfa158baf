"""Outages, as hearing sees them: when the last good round was, and whether we were away long enough to say so.

Telegram keeps texts for 24 hours but taps for 150 seconds only (P17), so after a longer silence questions are
asked again. The clock may be moved (demo, tests), so a silence counts only if a round failed in it or the process
was down.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage import facts
from bot.storage.connection import Connection
from bot.storage.database import Database

TAPS_LIVE = timedelta(seconds=150)
"""How long Telegram keeps a tap (Bot API server: add_update(CallbackQuery, …, 150, …))."""
NOTE_EVERY = timedelta(seconds=20)
FACT = "fetched_at"


@dataclass(frozen=True, slots=True)
class Gap:
    """An outage that is over: how many seconds, since the last good round at `began_at`."""

    seconds: float
    began_at: datetime


class Silence:
    """`gap` stays set until `told`; the fact is not renewed before, so that a crash finds the same gap again."""

    def __init__(self, heard_at: datetime | None) -> None:
        self.gap: Gap | None = None
        self.broken = True
        self._heard_at = heard_at
        self._noted_at = heard_at

    @classmethod
    async def load(cls, db: Database) -> Silence:
        async with db.read() as conn:
            noted = await facts.get(conn, FACT)
        return cls(datetime.fromisoformat(noted) if noted else None)

    @property
    def over(self) -> bool:
        """We hear, and what had to be done about the last outage is done."""
        return not self.broken and self.gap is None

    def broke(self) -> None:
        """A round failed: from now on the time counts as silence."""
        self.broken = True

    def heard(self, now: datetime) -> None:
        """A round went well."""
        since = self._heard_at
        if self.broken and since and not self.gap and now - since > TAPS_LIVE:
            self.gap = Gap((now - since).total_seconds(), since)
        self.broken = False
        self._heard_at = now

    def told(self) -> None:
        """What had to be done about the gap is done."""
        self.gap = None

    async def note(self, db: Database, now: datetime) -> None:
        """Writes down that we hear, for after a crash: every 20 seconds, not while a gap is still to be told."""
        if self.gap or (self._noted_at and timedelta(0) <= now - self._noted_at < NOTE_EVERY):
            return

        async def work(tx: Connection) -> None:
            await facts.put(tx, FACT, now.isoformat())

        await db.write(work)
        self._noted_at = now
