"""Agreed terms and what exists already → the contact moments that should exist. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from scheduler.calendar import ONE_DAY, Calendar
from scheduler.terms import APART, By, Contact, Late, Terms, rarest_first

WORKING_DAYS_TO_SPEAK = 3
"""A bot contact may come this many working days late; after that it is recorded as missed."""
TASK_KEEPS = timedelta(days=180)
"""What a coach does gets no staler: the coach is reminded of it."""
SAME_WITHIN = timedelta(days=14)
"""What comes once and was fired is not done again when a new start or end moves it by no more than this."""
HORIZON = timedelta(days=3653)
"""Ten years. What lies further ahead, such as a contract until 9999, is planned when it comes nearer."""


@dataclass(frozen=True, slots=True)
class Known:
    """A moment of this person that exists, of whatever terms.

    `day` is the local day it is due; of a fired one, the day it was fired, which after an outage is later.
    Waiting ones of other plans are taken to stay: give as cancelled what is going to be cancelled.
    """

    slot: str
    kind: str
    by: By
    day: date
    fate: Literal["waiting", "fired", "missed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Planned:
    """A moment that should exist. Times in UTC; the slot is a local date, kind and plan, so it exists once."""

    kind: str
    by: By
    flow: str
    slot: str
    due_at: datetime
    best_before: datetime
    late: Late


def moments(
    terms: Terms,
    calendar: Calendar,
    now: datetime,
    known: Collection[Known] = (),
    jitter: Callable[[str], float] = lambda _: 0.0,
) -> tuple[Planned, ...]:
    """All moments that should exist under these terms, in the order of their times.

    Of a recurring line that is the next one ahead, of single days all that are ahead, and of both what is due and
    waits. What an outage skipped since the last known slot of a line comes back too, already past its best-before,
    so that it is recorded as missed. Slots that were fired or missed never come back; cancelled ones do, while
    they are ahead. Before the first known slot nothing is made up. A recurring contact that finds no room is covered
    by what took it; a line that would never find room is for the reader to refuse (`terms.never_come`).
    `known` holds the moments of all plans: those of several terms at once are planned one after another, each
    knowing what the ones before it gave.
    `jitter(slot)` is from 0 up to 1 and always the same for a slot: where in the agreed window it comes.
    """
    board = _Board(terms, calendar, now, known, jitter)
    found = [one for contact in terms.contacts for one in board.single(contact)]
    found += [one for contact in rarest_first(terms.contacts) for one in board.recurring(contact)]
    return tuple(sorted(found, key=lambda one: (one.due_at, one.slot)))


@dataclass(frozen=True, slots=True)
class _Taken:
    """A contact that was, or is going to be."""

    kind: str
    day: date


@lru_cache(maxsize=64)
def _ahead_from(calendar: Calendar, today: date) -> date:
    """No day of a line before this one can still be ahead of us.

    A contact moves on to the agreed weekday, less than a week, then to the next working day, and where the hours
    are over by then, to the working day after that one.
    """
    day, working = today, 0
    while working < 2:
        day -= ONE_DAY
        working += calendar.is_working_day(day)
    return day - 5 * ONE_DAY


class _Board:
    """The days that are taken, while one moment after another finds its place."""

    def __init__(
        self,
        terms: Terms,
        calendar: Calendar,
        now: datetime,
        known: Collection[Known],
        jitter: Callable[[str], float],
    ) -> None:
        self.terms, self.calendar, self.now, self.jitter = terms, calendar, now, jitter
        self.opens = {"bot": calendar.next_contact_time(now), "coach": calendar.next_office_time(now)}
        self.soon = {by: calendar.local(at).date() for by, at in self.opens.items()}
        today = calendar.local(now).date()
        self.ahead, self.horizon = _ahead_from(calendar, today), today + HORIZON
        self.fates = {one.slot: one.fate for one in known}
        self.singles: set[str] = set()
        self.once: defaultdict[str, list[tuple[date, str]]] = defaultdict(list)
        """The days of what comes once, by kind, with their slots."""
        for contact in terms.contacts:
            for slot, day, _ in self._single_days(contact):
                self.singles.add(slot)
                self.once[contact.kind].append((day, slot))
        self.close = {one.kind: one.close for one in terms.contacts if one.every}
        self.taken: dict[By, list[_Taken]] = {"bot": [], "coach": []}
        self.given: set[str] = set()
        self.own: defaultdict[str, list[str]] = defaultdict(list)
        """What these terms had before, by kind: the slots of its recurring line."""
        since, undone, done = terms.since.isoformat(), set(), set()
        for one in known:
            name, _, plan = one.slot.rpartition("@")
            own = plan == terms.plan
            # Somebody has one inbox, but a coach calls each of two employers.
            counts = one.by == "bot" or plan.partition(".")[0] == terms.plan.partition(".")[0]
            if one.fate == "fired" and counts:
                self.taken[one.by].append(_Taken(one.kind, one.day))
            elif one.fate == "waiting" and counts and not own:
                self.taken[one.by].append(_Taken(one.kind, max(one.day, self.soon[one.by])))
            if own:
                if one.slot not in self.singles:
                    self.own[name.partition("/")[2]].append(one.slot)
            elif one.fate != "cancelled":
                done.add(name)
            elif name[:10] <= since and name and self._last_day(one.day) >= terms.since:
                undone.add(name)
            if one.fate == "fired" and plan.partition(".")[0] == terms.plan.partition(".")[0]:
                self._had_already(one, name)
        self.carried = undone - done
        """The dates and kinds that older terms moved on to after `since` and then, being replaced, left undone."""

    def _had_already(self, fired: Known, name: str) -> None:
        """The nearest day of these terms is the same contact, when the start or the end was corrected since."""
        if fired.slot in self.singles or not self.once[fired.kind] or fired.kind in self.close:
            return
        was = date.fromisoformat(name[:10])
        day, slot = min(self.once[fired.kind], key=lambda one: abs(one[0] - was))
        if abs(day - was) <= SAME_WITHIN:
            self.given.add(slot)

    def single(self, contact: Contact) -> Iterator[Planned]:
        """The moments of the days that come once. They move out of a pause, and away from another contact's day."""
        days = list(self._single_days(contact))
        latest = max((slot for slot, _, _ in days if slot in self.fates), default=None)
        for slot, day, before_end in days:
            if day > self.horizon or not self._open(slot, day):
                continue
            due_at = self._due_at(contact, slot, self._agreed(contact, day))
            if not self._exists(slot, due_at, latest):
                continue
            if (pause := self._pause(contact, due_at)) is not None:
                if pause > self.horizon or contact.on_the_day:
                    continue
                due_at = self._due_at(contact, slot, self._agreed(contact, pause + ONE_DAY))
                if before_end and self._contract_is_over(due_at):
                    continue
            if contact.by == "bot" and not contact.on_the_day:
                due_at = self._on_a_free_day(contact, slot, due_at)
            if contact.ahead and self._day(due_at) > self.calendar.working_days_after(day, contact.ahead):
                continue  # what it prepares has been by then
            if before_end or not self._over(due_at):
                yield self._take(contact, slot, due_at)

    def recurring(self, contact: Contact) -> Iterator[Planned]:
        """What of the grid is due or was skipped, and the next one ahead."""
        latest = max(self.own[contact.kind], default=None)
        for day in contact.grid(self.terms.start, self._begin(contact, latest)):
            if day > self.horizon:
                return
            slot = self.terms.slot(contact.kind, day)
            if slot in self.singles or not self._open(slot, day):
                continue
            due_at = self._due_at(contact, slot, self._agreed(contact, day))
            if self._over(due_at):
                return
            if not self._exists(slot, due_at, latest) or self._pause(contact, due_at):
                continue
            if self._has_room(contact, due_at):
                yield self._take(contact, slot, due_at)
                if due_at > self.now:
                    return

    def _single_days(self, contact: Contact) -> Iterator[tuple[str, date, bool]]:
        """Slot, day, and whether it hangs on the end of the contract."""
        for span in contact.after:
            day = self._before(contact, span.after(self.terms.start))
            yield self.terms.slot(contact.kind, day), day, False
        if (end := self.terms.contract_end) is not None:
            for span in contact.before_end:
                day = self._before(contact, span.before(end))
                yield self.terms.slot(contact.kind, day), day, True

    def _before(self, contact: Contact, day: date) -> date:
        """The day itself, or so many working days before the one on which the coach does what this prepares."""
        if not contact.ahead or day > self.horizon:
            return day
        return self.calendar.working_days_before(self.calendar.next_working_day(day), contact.ahead)

    def _begin(self, contact: Contact, latest: str | None) -> date:
        """No earlier day of this grid has its contact still; to look at them all would take most of the time."""
        own = self.own[contact.kind]
        days = [slot[:10] for slot in own if self.fates[slot] == "waiting"]
        if latest is None:
            days += [name[:10] for name in self.carried if name[11:] == contact.kind]
        else:
            days.append(latest[:10])
        return min([self.ahead, *map(date.fromisoformat, days)])

    def _open(self, slot: str, day: date) -> bool:
        """Whether this day belongs to these terms and nothing came of it yet."""
        if slot in self.given or self.fates.get(slot) in ("fired", "missed"):
            return False
        return day > self.terms.since or self._is_carried(slot)

    def _exists(self, slot: str, due_at: datetime, latest: str | None) -> bool:
        """Whether an open day of a line has its contact still, apart from what stands in its way."""
        fate = self.fates.get(slot)
        if fate == "waiting" or due_at > self.now:
            return True
        # Carried on at once or never: a contact of long ago must not come back when it finds room at last.
        return fate is None and (self._is_carried(slot) if latest is None else slot > latest)

    def _is_carried(self, slot: str) -> bool:
        return slot.rpartition("@")[0] in self.carried

    def _agreed(self, contact: Contact, day: date) -> date:
        weekday = self.terms.weekday
        if contact.by == "coach" or weekday is None or contact.on_the_day or contact.ahead:
            return day
        return day + timedelta(days=(weekday - day.weekday()) % 7)

    def _due_at(self, contact: Contact, slot: str, day: date) -> datetime:
        day = self.calendar.next_working_day(day)
        if contact.by == "coach":
            return self.calendar.next_office_time(self.calendar.to_utc(day, self.calendar.office_from))
        begin = datetime.combine(day, contact.at or self.terms.at)
        clock = (begin + self.jitter(slot) * self.terms.window).time()
        return self.calendar.next_contact_time(self.calendar.to_utc(day, clock))

    def _on_a_free_day(self, contact: Contact, slot: str, due_at: datetime) -> datetime:
        """Moved on until nothing else was, or will be, said on a day on which this could be spoken."""
        while True:
            day = self._day(due_at)
            until = max(day, min(self.soon["bot"], self._last_day(day)))
            clashes = [one.day for one in self.taken["bot"] if day <= one.day <= until]
            if not clashes:
                return due_at
            due_at = self._due_at(contact, slot, max(clashes) + ONE_DAY)

    def _has_room(self, contact: Contact, due_at: datetime) -> bool:
        """Whether it is not too soon after one of its kind, and for the bot not close to any other contact."""
        assert contact.every is not None
        day, half = self._day(due_at), contact.every.about // 2 * ONE_DAY
        spoken = self._spoken_on(contact, due_at)
        intervals = contact.every.times(self.terms.stretch if contact.by == "bot" else 1)
        taken = self.taken[contact.by]
        last = max((one.day for one in taken if one.kind == contact.kind and one.day <= spoken), default=None)
        if last is not None and spoken < intervals.after(last) - half:
            return False
        if contact.by == "coach":
            return True
        close = {one.kind: min(contact.close, self.close.get(one.kind, APART)) * ONE_DAY for one in taken}
        return not any(day - close[one.kind] <= one.day <= spoken + close[one.kind] for one in taken)

    def _take(self, contact: Contact, slot: str, due_at: datetime) -> Planned:
        self.given.add(slot)
        best_before = self._best_before(contact, due_at)
        if best_before > self.opens[contact.by]:
            self.taken[contact.by].append(_Taken(contact.kind, self._spoken_on(contact, due_at)))
        return Planned(contact.kind, contact.by, contact.flow, slot, due_at, best_before, contact.late)

    def _spoken_on(self, contact: Contact, due_at: datetime) -> date:
        """The day on which it comes: what is overdue and not too late comes as soon as may be."""
        overdue = due_at <= self.now and self._best_before(contact, due_at) > self.opens[contact.by]
        return max(self._day(due_at), self.soon[contact.by]) if overdue else self._day(due_at)

    def _best_before(self, contact: Contact, due_at: datetime) -> datetime:
        if contact.by == "coach":
            return due_at + TASK_KEEPS
        day = self._day(due_at)
        last = day if contact.on_the_day else self._last_day(day)
        if contact.ahead:
            last = self.calendar.working_days_after(day, contact.ahead)
        return self.calendar.to_utc(last, self.calendar.contact_until)

    def _last_day(self, day: date) -> date:
        return self.calendar.working_days_after(day, WORKING_DAYS_TO_SPEAK)

    def _day(self, due_at: datetime) -> date:
        return self.calendar.local(due_at).date()

    def _pause(self, contact: Contact, due_at: datetime) -> date | None:
        """The last day of the pause in which this would come."""
        until = self.terms.paused_until
        return until if contact.by == "bot" and until is not None and self._day(due_at) <= until else None

    def _contract_is_over(self, due_at: datetime) -> bool:
        """Then it is too late to ask whether the contract goes on."""
        return self.terms.contract_end is not None and self._day(due_at) > self.terms.contract_end

    def _over(self, due_at: datetime) -> bool:
        return self.terms.until is not None and self._day(due_at) > self.terms.until
