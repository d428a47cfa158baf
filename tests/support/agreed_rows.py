"""One participant's moments in memory, kept as the terms want them: a small model of the moment table and the bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from scheduler.cadence import Known, Planned, moments
from scheduler.calendar import ONE_DAY, Calendar
from scheduler.sweep import Hours, sweep
from scheduler.terms import By, Contact, Terms
from tests.support.due_rows import Overtaken

Outcome = Literal["fired", "missed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Change:
    """Something new is agreed at this instant: a version (other contacts, or the same), a stretch or a pause."""

    at: datetime
    contacts: tuple[Contact, ...] | None = None
    stretch: int | None = None
    pause_days: int | None = None
    """How many days from today on; 0 ends the pause."""


@dataclass(frozen=True, slots=True)
class Moment:
    id: int
    kind: str
    by: By
    slot: str
    due_at: datetime
    best_before: datetime
    person_id: int = 1
    fence: int = 0
    outcome: Outcome | None = None
    reason: str | None = None
    done_at: datetime | None = None

    @property
    def hours(self) -> Hours:
        return "office" if self.by == "coach" else "contact"


@dataclass
class Care:
    """The bot as the scheduler sees it: turns that commit an outcome and the moments that follow from it together."""

    calendar: Calendar
    terms: Terms
    now: datetime
    changes: list[Change]
    older: Terms | None = None
    """Of a placement that goes on beside this one. It is planned first, and nothing new is agreed there."""
    table: dict[int, Moment] = field(default_factory=dict)
    pauses: list[tuple[datetime, date]] = field(default_factory=list)
    """Since when which last day of the pause was known."""

    def __post_init__(self) -> None:
        self.changes = sorted(self.changes, key=lambda change: change.at)
        self.replan()

    @property
    def rows(self) -> list[Moment]:
        return list(self.table.values())

    def fired(self, by: By | None = None) -> list[Moment]:
        return [row for row in self.rows if row.outcome == "fired" and by in (None, row.by)]

    def day_of(self, row: Moment) -> date:
        """The local day it is due; of a fired one, on which it was fired."""
        return self.calendar.local(row.done_at if row.outcome == "fired" and row.done_at else row.due_at).date()

    def pause_at(self, at: datetime) -> date | None:
        return next((last for since, last in reversed(self.pauses) if since <= at), None)

    def replan(self) -> None:
        wanted = self._wanted()
        for row in self.rows:
            if row.outcome is None and row.slot not in wanted:
                self._change(row, outcome="cancelled", reason="not agreed any more", done_at=self.now)
        known = {row.slot: row for row in self.rows}
        for slot, one in wanted.items():
            row = known.get(slot)
            if row is None:
                new = Moment(len(self.table), one.kind, one.by, slot, one.due_at, one.best_before)
                self.table[new.id] = new
            elif row.outcome is not None or (row.due_at != one.due_at and max(row.due_at, one.due_at) > self.now):
                assert row.outcome in (None, "cancelled"), "came back after it was done"
                self._change(row, due_at=one.due_at, best_before=one.best_before, outcome=None, reason=None)
        assert self._wanted() == wanted, "planning again changes something"
        self._nobody_is_forgotten()

    def _wanted(self) -> dict[str, Planned]:
        found: dict[str, Planned] = {}
        for terms in self._in_force():
            given = [
                Known(one.slot, one.kind, one.by, self._local_day(one.due_at), "waiting") for one in found.values()
            ]
            known = [self._known(row, terms) for row in self.rows if row.slot not in found]
            planned = moments(terms, self.calendar, self.now, [*known, *given], lambda slot: len(slot) % 4 / 4)
            assert list(planned) == sorted(planned, key=lambda one: one.due_at)
            assert not found.keys() & {one.slot for one in planned}
            assert len({one.slot for one in planned}) == len(planned)
            found |= {one.slot: one for one in planned}
        return found

    def _in_force(self) -> list[Terms]:
        return [self.terms] if self.older is None else [self.older, self.terms]

    def _known(self, row: Moment, terms: Terms) -> Known:
        """What is still ahead under other terms is planned by those, after these, or not agreed any more."""
        plan = row.slot.rpartition("@")[2]
        living = plan in {one.plan for one in self._in_force()}
        counts = plan == terms.plan or (living and row.due_at <= self.now)
        return Known(
            row.slot, row.kind, row.by, self.day_of(row), row.outcome or ("waiting" if counts else "cancelled")
        )

    def _local_day(self, at: datetime) -> date:
        return self.calendar.local(at).date()

    def _nobody_is_forgotten(self) -> None:
        for terms in self._in_force():
            for line in terms.contacts:
                if line.every and not line.until and not terms.until:
                    own = f"/{line.kind}@{terms.plan}"
                    ahead = [row for row in self.rows if row.slot.endswith(own) and row.outcome is None]
                    assert [row for row in ahead if row.due_at > self.now], f"no next {line.kind}"

    async def live(self, end: datetime, outages: list[tuple[datetime, timedelta]], lateness: timedelta) -> None:
        while (then := self._next()) is not None and then < end:
            before = (self.now, self.table.copy(), len(self.changes))
            self.now = max(self.now, then) + lateness
            for begin, length in sorted(outages):
                if begin <= self.now < begin + length:
                    self.now = begin + length
            await asyncio.gather(*(sweep(self, self.turn, self.calendar, self.now, 50) for _ in range(2)))
            while self.changes and self.changes[0].at <= self.now:
                self._agree(self.changes.pop(0))
            assert before != (self.now, self.table, len(self.changes)), "nothing moves"

    def _next(self) -> datetime | None:
        waiting = [row.due_at for row in self.rows if row.outcome is None]
        return min([*waiting, *(change.at for change in self.changes[:1])], default=None)

    def _agree(self, change: Change) -> None:
        today = self.calendar.local(self.now).date()
        if change.stretch is not None:
            self._person(stretch=change.stretch)
        elif change.pause_days is not None:
            last = today + (change.pause_days - 1) * ONE_DAY
            self._person(paused_until=last)
            self.pauses.append((self.now, last))
        else:
            contacts = change.contacts or self.terms.contacts
            placement, version = self.terms.plan.split(".")
            self.terms = replace(self.terms, contacts=contacts, plan=f"{placement}.{int(version) + 1}", since=today)
        self.replan()

    def _person(self, **values: Any) -> None:
        """Change what holds for this person under all terms."""
        self.terms = replace(self.terms, **values)
        self.older = self.older and replace(self.older, **values)

    async def turn(self, due: Moment) -> None:
        await asyncio.sleep(0)
        if not self._change(due, outcome="fired", done_at=self.now):
            raise Overtaken
        self.replan()

    async def due(self, now: datetime, limit: int) -> list[Moment]:
        due = [row for row in self.rows if row.outcome is None and row.due_at <= now]
        return sorted(due, key=lambda row: row.due_at)[:limit]

    async def hold(self, due: Moment, until: datetime, reason: str) -> bool:
        return self._change(due, due_at=until, reason=reason)

    async def miss(self, due: Moment, reason: str, now: datetime) -> bool:
        missed = self._change(due, outcome="missed", reason=reason, done_at=now)
        if missed:
            self.replan()
        return missed

    def _change(self, row: Moment, **values: object) -> bool:
        current = self.table[row.id]
        if current.fence != row.fence or current.outcome in ("fired", "missed"):
            return False
        self.table[row.id] = replace(current, fence=current.fence + 1, **values)  # type: ignore[arg-type]
        return True
