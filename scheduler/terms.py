"""What was agreed about contact: spans of time, the lines of a rhythm, and the terms of one plan. Pure."""

from __future__ import annotations

import calendar as months
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from typing import Literal

KIND = re.compile(r"[a-z_]{1,16}")
LONGEST_PLAN = 12
"""Characters. With a date, a kind and two signs this makes a slot of 40, which is what the moment table holds."""

SHORTEST_MONTH = 28
APART = 6
"""Days: a recurring bot contact that comes this close to another one is left out; less in a dense rhythm."""
SAMPLE, LOOKED_AT = date(2026, 1, 1), 24
"""A start, and how many days of a line are looked at, to see whether it ever comes."""

By = Literal["bot", "coach"]
Late = Literal["ask_now", "next_morning", "skip", "tell_coach"]


class TermsError(ValueError):
    """Terms that cannot be planned; the message says in one sentence why."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time on the calendar: the months count first, then the weeks and days."""

    months: int = 0
    weeks: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.months, self.weeks, self.days) < 0:
            raise TermsError("a span of time cannot be negative")

    @property
    def about(self) -> int:
        """Its length in days, with 30 for a month."""
        return 30 * self.months + 7 * self.weeks + self.days

    @property
    def at_most(self) -> int:
        """Days that it never exceeds, whatever the months."""
        return 31 * self.months + 7 * self.weeks + self.days

    def after(self, day: date) -> date:
        """This long after `day`, or the last day that there is. A month after 31 January is the last of February."""
        try:
            return _in_months(day, self.months) + timedelta(weeks=self.weeks, days=self.days)
        except (ValueError, OverflowError):
            return date.max

    def before(self, day: date) -> date:
        """This long before `day`."""
        return _in_months(day, -self.months) - timedelta(weeks=self.weeks, days=self.days)

    def plus(self, times: int, other: Span) -> Span:
        """This and `times` the other, as one span: so the 31st comes back after February."""
        return Span(
            self.months + times * other.months, self.weeks + times * other.weeks, self.days + times * other.days
        )

    def times(self, count: int) -> Span:
        return Span().plus(count, self)


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of a rhythm. A line may come again and again, on days of its own, or both."""

    kind: str
    by: By = "bot"
    flow: str = ""
    """The script of a bot contact."""
    every: Span | None = None
    first: Span | None = None
    """Of `every`: how long after the start the first one comes; one `every` if not given."""
    until: Span | None = None
    """Of `every`: no grid day comes later than this long after the start."""
    after: tuple[Span, ...] = ()
    """Once each, this long after the start."""
    before_end: tuple[Span, ...] = ()
    """Once each, this long before the contract ends; none without a contract end."""
    late: Late = "next_morning"
    """What is done in its place when it came too late."""
    at: time | None = None
    """Local wall-clock time of its own; that of the terms if not given."""
    ahead: int = 0
    """It prepares what a coach does: so many working days before that, whatever weekday was agreed."""
    on_the_day: bool = False
    """It is about its very day: it comes then or never, and moves for nothing else that is said that day."""

    def __post_init__(self) -> None:
        if not KIND.fullmatch(self.kind):
            raise TermsError(f"a kind has 1 to 16 of the signs a-z and _: «{self.kind}»")
        if self.by == "bot" and not self.flow:
            raise TermsError(f"the bot needs a script for «{self.kind}»")
        if self.every is not None and not self.every.about:
            raise TermsError(f"«{self.kind}» comes every 0 days, which is no rhythm")
        if self.every is None and (self.first or self.until):
            raise TermsError(f"«{self.kind}» has a first or last day, but does not come again and again")
        if self.every is None and not self.after and not self.before_end:
            raise TermsError(f"«{self.kind}» never comes")
        if self.ahead < 0 or (self.ahead and self.every is not None):
            raise TermsError(f"«{self.kind}» prepares one day, so it comes some days before and once")
        if self.on_the_day and self.every is not None:
            raise TermsError(f"«{self.kind}» comes again and again, so it is not about one day")

    @property
    def close(self) -> int:
        """Days: another bot contact within so many of this one is too close, unless its own line is denser."""
        return min(APART, self.every.about // 2) if self.every else APART

    def grid(self, start: date, begin: date = date.min) -> Iterator[date]:
        """The days of `every` from `begin` on, before weekends and holidays move them, each counted from the start."""
        if self.every is None:
            return
        first, last = self.first or self.every, self.until.after(start) if self.until else date.max
        # A step is never longer than `at_most`, so this one is not beyond `begin`.
        jump = max(0, ((begin - start).days - first.at_most) // self.every.at_most)
        for step in count(jump):
            day = first.plus(step, self.every).after(start)
            if day > last or day == date.max:
                return
            if day >= begin:
                yield day


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with one participant about contact. A new version gets another `plan`: its slots are new."""

    plan: str
    """A placement, and after a dot the version: what one version had already, the next does not do again."""
    contacts: tuple[Contact, ...]
    start: date
    """What the contacts count from: the first day of the job, or the begin of the care."""
    since: date
    """Agreed on this day. What was to come on it or before belongs to older terms."""
    contract_end: date | None = None
    until: date | None = None
    """The last day of the aftercare. Contacts before a contract end come also later: they serve the job."""
    at: time = time(10)
    """Local wall-clock time of a bot contact, or the begin of `window`. A coach starts with the office day."""
    weekday: int | None = None
    """Monday is 0. A bot contact moves on to the first such day, less than a week later."""
    window: timedelta = timedelta()
    """A bot contact comes somewhere in this window after `at`, so that it does not feel like a machine."""
    stretch: int = 1
    """Backing off: recurring bot contacts come every so many intervals."""
    paused_until: date | None = None
    """The last day of the last pause; it stays when the pause is over, for what was moved behind it."""

    def __post_init__(self) -> None:
        if not 1 <= len(self.plan) <= LONGEST_PLAN or {"/", "@"} & set(self.plan):
            raise TermsError(f"a plan's name has 1 to {LONGEST_PLAN} characters, without / and @: «{self.plan}»")
        if self.weekday is not None and self.weekday not in range(7):
            raise TermsError("a weekday is a number from 0, Monday, to 6, Sunday")
        if self.window < timedelta() or datetime.combine(date.min, self.at) + self.window >= datetime.combine(
            date.min, time.max
        ):
            raise TermsError("the window must end on the same day")
        if self.stretch < 1:
            raise TermsError("contacts come every 1 interval or more")
        if both := {one.kind for one in self.contacts if one.by == "bot"} & {
            one.kind for one in self.contacts if one.by == "coach"
        }:
            raise TermsError(f"«{min(both)}» is done by the bot and by the coach: give each a kind of its own")

    def slot(self, kind: str, day: date) -> str:
        """The name of the contact that these terms put on `day`, before weekends, holidays and pauses move it."""
        return f"{day.isoformat()}/{kind}@{self.plan}"


def rarest_first(contacts: Iterable[Contact]) -> list[Contact]:
    """The recurring lines in the order in which they take their days.

    A weekly contact gives way to a monthly one, which would otherwise never find room; of equals the first listed wins.
    """
    return sorted((one for one in contacts if one.every), key=lambda one: -(one.every.about if one.every else 0))


def never_come(contacts: Collection[Contact]) -> tuple[Contact, ...]:
    """The recurring bot lines of a rhythm that never find room, as another contact is always close to theirs.

    A line that finds room now and then is no mistake: what takes its place counts for it.
    """
    bots = [one for one in contacts if one.by == "bot"]
    singles = [span.after(SAMPLE) for one in bots for span in one.after]
    found: list[Contact] = []
    before: list[Contact] = []
    for line in rarest_first(bots):
        days = list(islice(line.grid(SAMPLE), LOOKED_AT))
        if all(_is_taken(day, line, before, singles) for day in days):
            found.append(line)
        else:
            before.append(line)
    return tuple(found)


def _is_taken(day: date, line: Contact, before: Collection[Contact], singles: Collection[date]) -> bool:
    if any(abs((day - single).days) <= line.close for single in singles):
        return True
    for other in before:
        close = timedelta(days=min(line.close, other.close))
        nearest = next(other.grid(SAMPLE, day - close), None)
        if nearest is not None and nearest <= day + close:
            return True
    return False


def _in_months(day: date, step: int) -> date:
    if not step:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    if day.day <= SHORTEST_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
