"""Working days, holidays, quiet hours, part-time days and both clock changes: the only place that knows them.

Everything outside counts in UTC. Local days and wall-clock times become UTC through `to_utc`; Python's
arithmetic on aware local datetimes is wall-clock arithmetic, so it is never used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

SEARCH_DAYS = 366
"""How far ahead a working day is looked for before the calendar is called impossible."""

WEEKEND = frozenset({5, 6})
ONE_DAY = timedelta(days=1)

Window = tuple[datetime, datetime]


class CalendarError(ValueError):
    """The calendar cannot be used: an unknown zone, hours without length, or no working day at all."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When we speak to participants, and when a coach is there.

    Planned contact is on working days only, from `contact_from` until `contact_until`: whoever answers is
    then read by a person soon. Weekday numbers are Python's: Monday is 0. Hours are half open: at
    `contact_until` it is too late. A part-time coach has a calendar of their own, made with
    `dataclasses.replace(days_off=...)`.
    """

    zone: str = "Europe/Amsterdam"
    contact_from: time = time(9)
    contact_until: time = time(20)
    office_from: time = time(9)
    office_until: time = time(17)
    days_off: frozenset[int] = WEEKEND
    """Weekdays that are no working days: the weekend, and the free days of somebody who works part time."""
    closed: frozenset[date] = frozenset()
    """Single days that are no working days, on top of the public holidays."""
    good_friday_off: bool = False
    """Goede Vrijdag is no day off by law; many collective agreements make it one."""
    liberation_day_off: Literal["always", "lustrum", "never"] = "lustrum"
    """5 May: by most collective agreements a day off once in five years (2025, 2030)."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CalendarError(f"unknown time zone: {self.zone}") from error
        if self.contact_from >= self.contact_until or self.office_from >= self.office_until:
            raise CalendarError("hours must end after they begin, on the same day")
        if self.days_off >= frozenset(range(7)):
            raise CalendarError("a week needs at least one working day")

    def local(self, now: datetime) -> datetime:
        """The same instant on the local clock. For showing and for its date and time, not for arithmetic."""
        return now.astimezone(ZoneInfo(self.zone))

    def to_utc(self, day: date, clock: time) -> datetime:
        """The instant of a local wall-clock time.

        A time that does not exist (02:30 at the change to summer time) moves to after the gap (03:30); of a
        doubled hour the first counts. Both are what `fold=0` means.
        """
        return datetime.combine(day, clock.replace(fold=0), ZoneInfo(self.zone)).astimezone(UTC)

    def is_working_day(self, day: date) -> bool:
        if day.weekday() in self.days_off or day in self.closed:
            return False
        if (day.month, day.day) == (5, 5) and self.liberation_day_off != "lustrum":
            return self.liberation_day_off == "never"
        if day == _good_friday(day.year):
            return not self.good_friday_off
        return day not in _public_holidays(day.year)

    def next_working_day(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it; CalendarError if none."""
        return _next_working_day(self, day)

    def working_days_after(self, day: date, count: int) -> date:
        """The `count`-th working day strictly after `day`."""
        return _working_days_after(self, day, count)

    def working_days_before(self, day: date, count: int) -> date:
        """The `count`-th working day strictly before `day`."""
        for _ in range(count):
            day -= ONE_DAY
            while not self.is_working_day(day):
                day -= ONE_DAY
        return day

    def next_contact_time(self, now: datetime) -> datetime:
        """`now` if a participant may be spoken to now, else the first instant at which that is so. UTC."""
        return self._next(now, self.contact_from, self.contact_until)

    def next_office_time(self, now: datetime) -> datetime:
        """`now` if a coach is at work now, else the first instant at which that is so. UTC."""
        return self._next(now, self.office_from, self.office_until)

    def add_office_time(self, now: datetime, span: timedelta) -> datetime:
        """When this much office time will have passed; nights, weekends and holidays do not count.

        The end of an office day is the beginning of the next, so the answer is always a time at which
        somebody works: 17:00 becomes 09:00.
        """
        windows = self._windows(now, self.office_from, self.office_until)
        begin, end = next(windows)
        while span >= end - begin:
            span -= end - begin
            begin, end = next(windows)
        return begin + span

    def promise(self, now: datetime) -> datetime:
        """When a coach has read what comes in now, at the latest: the end of the next working day. UTC."""
        return self.to_utc(self.working_days_after(self.local(now).date(), 1), self.office_until)

    def _next(self, now: datetime, opens: time, closes: time) -> datetime:
        return next(self._windows(now, opens, closes))[0]

    def _windows(self, now: datetime, opens: time, closes: time) -> Iterator[Window]:
        """What is left of the hours from `now` on, working day by working day, in UTC and without end.

        Compared in UTC: on the local clock the doubled hour would make a later instant look earlier.
        """
        now = now.astimezone(UTC)
        day = self.next_working_day(self.local(now).date())
        while True:
            begin, end = _hours(self, day, opens, closes)
            if now < end:
                yield max(now, begin), end
            day = self.next_working_day(day + ONE_DAY)


# The same few days are asked for again and again: for everybody in care they are the days around today.


@lru_cache(maxsize=4096)
def _next_working_day(calendar: Calendar, day: date) -> date:
    for ahead in range(SEARCH_DAYS):
        candidate = day + ahead * ONE_DAY
        if calendar.is_working_day(candidate):
            return candidate
    raise CalendarError(f"no working day within {SEARCH_DAYS} days after {day}")


@lru_cache(maxsize=4096)
def _working_days_after(calendar: Calendar, day: date, count: int) -> date:
    for _ in range(count):
        day = calendar.next_working_day(day + ONE_DAY)
    return day


@lru_cache(maxsize=4096)
def _hours(calendar: Calendar, day: date, opens: time, closes: time) -> Window:
    return calendar.to_utc(day, opens), calendar.to_utc(day, closes)


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NL", years=year, language="nl").keys())


@lru_cache(maxsize=64)
def _good_friday(year: int) -> date:
    """Two days before Easter Sunday, whether or not the library calls it public."""
    easter = holidays.country_holidays("NL", years=year, language="nl").get_named("Eerste paasdag", lookup="exact")
    return next(iter(easter)) - 2 * ONE_DAY
