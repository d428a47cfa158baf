"""Due rows in memory: the scheduler's Store without a database, with the fence that the real one has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from scheduler.sweep import Hours


class Overtaken(Exception):
    """Somebody else changed the row first."""


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    person_id: int
    due_at: datetime
    best_before: datetime | None = None
    hours: Hours = "contact"
    slot: str = ""
    fence: int = 0
    outcome: str | None = None
    reason: str | None = None


@dataclass(slots=True)
class Memory:
    """`after` runs with each row that becomes done, in the same breath (a transaction, in the real store)."""

    rows: dict[int, Row] = field(default_factory=dict)
    after: Callable[[Row, datetime], None] = lambda row, now: None

    def add(self, row: Row) -> None:
        taken = {(known.person_id, known.slot) for known in self.rows.values() if known.slot}
        if (row.person_id, row.slot) not in taken:
            self.rows[row.id] = row

    def waiting(self) -> list[Row]:
        return [row for row in self.rows.values() if row.outcome is None]

    def next_due_at(self) -> datetime | None:
        return min((row.due_at for row in self.waiting()), default=None)

    async def due(self, now: datetime, limit: int) -> list[Row]:
        due = [row for row in self.waiting() if row.due_at <= now]
        return sorted(due, key=lambda row: row.due_at)[:limit]

    async def hold(self, due: Row, until: datetime, reason: str) -> bool:
        return self._change(due, due_at=until, reason=reason)

    async def miss(self, due: Row, reason: str, now: datetime) -> bool:
        changed = self._change(due, outcome="missed", reason=reason)
        if changed:
            self.after(self.rows[due.id], now)
        return changed

    def finish(self, due: Row, now: datetime) -> None:
        """What the turn commits. Raises Overtaken on a stale fence."""
        if not self._change(due, outcome="fired"):
            raise Overtaken
        self.after(self.rows[due.id], now)

    def _change(self, due: Row, **values: object) -> bool:
        current = self.rows[due.id]
        if current.fence != due.fence or current.outcome is not None:
            return False
        self.rows[due.id] = replace(current, fence=current.fence + 1, **values)  # type: ignore[arg-type]
        return True
