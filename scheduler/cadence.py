"""Agreed terms and what exists already → the contact moments that should exist. Pure."""

from __future__ import annotations

import calendar as months
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from scheduler.calendar import Calendar

LONGEST_SLOT = 40
"""Characters of a slot: what the moment table holds."""

WORKING_DAYS_TO_SPEAK = 3
"""A contact may come this many working days late; after that it is recorded as missed."""


class TermsError(ValueError):
    """Terms that cannot be planned: no interval, a window past midnight, or a plan name that does not fit."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed about one kind of contact. Changed terms get another `plan`: their slots are new."""

    flow: str
    start: date
    """The agreement counts from this day; the first contact is one interval later."""
    at: time = time(10)
    """Local wall-clock time of the contact, or the begin of `window`."""
    every_months: int = 1
    weekday: int | None = None
    """Monday is 0. The contact moves on to the first such day, less than a week later."""
    until: date | None = None
    """The last day on which there may be a contact; none: no end agreed."""
    window: timedelta = timedelta()
    """The contact comes somewhere in this window after `at`, so that it does not feel like a machine."""
    plan: str = ""
    """Names these terms within the slots; the flow's name if not given."""

    def __post_init__(self) -> None:
        if self.every_months < 1:
            raise TermsError("a contact every 0 months is no cadence")
        if self.weekday is not None and self.weekday not in range(7):
            raise TermsError("a weekday is a number from 0, Monday, to 6, Sunday")
        if datetime.combine(date.min, self.at) + self.window >= datetime.combine(date.min, time.max):
            raise TermsError("the window must end on the same day")
        if len(self.slot(self.start)) > LONGEST_SLOT:
            raise TermsError(f"the plan's name is too long: a slot holds {LONGEST_SLOT} characters")

    def slot(self, day: date) -> str:
        """The name of the contact that these terms put on `day`, before weekends and holidays move it."""
        return f"{day.isoformat()}/{self.plan or self.flow}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A moment that should exist. Times in UTC; the slot is a local date and the plan, so it exists once."""

    flow: str
    slot: str
    due_at: datetime
    best_before: datetime


def moments(
    terms: Terms,
    calendar: Calendar,
    now: datetime,
    *,
    waiting: Collection[str] = (),
    past: Collection[str] = (),
    jitter: float = 0.0,
) -> tuple[Planned, ...]:
    """The moments that are missing: always the next one, and what an outage skipped since the last known one.

    `waiting` and `past` are the slots that exist, not done and done (cancelled ones included). A skipped one
    comes back too, already past its best-before, so that the sweep records it as missed and a coach can see
    that. Before the first known slot, or when none is known, nothing is made up for the past.
    `jitter` is a number from 0 up to 1: where in the agreed window.
    """
    own = terms.slot(terms.start)[len("2026-12-01") :]
    known = {slot for slot in (*waiting, *past) if slot.endswith(own)}
    latest = max(known, default=None)
    missing = []
    for day in _days(terms):
        slot = terms.slot(day)
        planned = _planned(terms, calendar, slot, day, jitter)
        if terms.until is not None and calendar.local(planned.due_at).date() > terms.until:
            break
        ahead = planned.due_at > now
        if slot not in known and (slot > latest if latest else ahead):
            missing.append(planned)
        if ahead and slot not in past:
            break
    return tuple(missing)


def _days(terms: Terms) -> Iterator[date]:
    """Each interval's day, counted from the start so that the 31st comes back after February."""
    for step in count(1):
        month = terms.start.month - 1 + step * terms.every_months
        year, month = terms.start.year + month // 12, month % 12 + 1
        yield date(year, month, min(terms.start.day, months.monthrange(year, month)[1]))


def _planned(terms: Terms, calendar: Calendar, slot: str, day: date, jitter: float) -> Planned:
    if terms.weekday is not None:
        day += timedelta(days=(terms.weekday - day.weekday()) % 7)
    day = calendar.next_working_day(day)
    clock = (datetime.combine(day, terms.at) + jitter * terms.window).time()
    due_at = calendar.next_contact_time(calendar.to_utc(day, clock))
    last_day = calendar.working_days_after(calendar.local(due_at).date(), WORKING_DAYS_TO_SPEAK)
    best_before = calendar.to_utc(last_day, calendar.contact_until)
    return Planned(terms.flow, slot, due_at, best_before)
