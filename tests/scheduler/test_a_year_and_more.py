"""More than a year on a fake clock: outages, holidays, both clock changes and two sweepers (P5, P6).

Nothing is stepped through minute by minute: the clock jumps to the next due row, or to the end of an outage.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cadence import Terms, moments
from scheduler.calendar import WEEKEND, Calendar
from scheduler.sweep import sweep
from tests.support.due_rows import Memory, Row

BEGIN, END = datetime(2025, 11, 1, 12, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
CLOCK_CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
DAYS = st.dates(BEGIN.date(), END.date())


@dataclass
class Care:
    """The bot as far as the scheduler sees it: turns that commit an outcome and the next moment together."""

    calendar: Calendar
    terms: dict[int, Terms]
    memory: Memory = field(default_factory=Memory)
    spoken: list[tuple[Row, datetime]] = field(default_factory=list)
    ids: itertools.count[int] = field(default_factory=itertools.count)
    now: datetime = BEGIN

    def __post_init__(self) -> None:
        self.memory.after = lambda row, now: self.plan(row.person_id, now)
        for person in self.terms:
            self.plan(person, self.now)

    def plan(self, person: int, now: datetime) -> None:
        own = [row for row in self.memory.rows.values() if row.person_id == person]
        waiting = [row.slot for row in own if row.outcome is None]
        past = [row.slot for row in own if row.outcome is not None]
        for one in moments(self.terms[person], self.calendar, now, waiting=waiting, past=past, jitter=0.5):
            self.memory.add(Row(next(self.ids), person, one.due_at, one.best_before, slot=one.slot))

    async def turn(self, due: Row) -> None:
        await asyncio.sleep(0)
        self.memory.finish(due, self.now)
        self.spoken.append((due, self.now))

    async def tick(self) -> None:
        await asyncio.gather(*(sweep(self.memory, self.turn, self.calendar, self.now, 50) for _ in range(2)))
        assert {row.person_id for row in self.memory.waiting()} == set(self.terms)

    async def live(self, outages: list[tuple[datetime, timedelta]], lateness: timedelta) -> None:
        while (due_at := self.memory.next_due_at()) is not None and due_at < END:
            self.now = max(self.now, due_at) + lateness
            for begin, length in sorted(outages):
                if begin <= self.now < begin + length:
                    self.now = begin + length
            await self.tick()


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    opens = draw(st.sampled_from([time(0), time(2, 30), time(9)]))
    closes = draw(st.sampled_from([time(2, 45), time(12), time(20), time(23, 59)]))
    days_off = draw(st.sampled_from([WEEKEND, frozenset[int](), frozenset({2, 5, 6}), frozenset({0, 1, 2, 3, 4, 5})]))
    closed = draw(st.frozensets(DAYS, max_size=20))
    if closes <= opens:
        opens, closes = time(9), time(20)
    return Calendar(contact_from=opens, contact_until=closes, days_off=days_off, closed=closed)


TERMS = st.builds(
    Terms,
    flow=st.just("monthly-checkin"),
    start=st.dates(date(2025, 10, 2), date(2025, 11, 1)) | st.sampled_from([date(2025, 10, 29), date(2025, 10, 25)]),
    at=st.sampled_from([time(2, 30), time(2, 59), time(10), time(16, 45)]),
    every_months=st.sampled_from([1, 1, 2, 3]),
    weekday=st.none() | st.integers(0, 6),
    window=st.sampled_from([timedelta(0), timedelta(hours=1)]),
)
OUTAGES = st.lists(
    st.tuples(
        st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC)),
        st.timedeltas(timedelta(hours=1), timedelta(days=120)),
    ),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(calendars(), st.lists(TERMS, min_size=1, max_size=3), OUTAGES, st.integers(0, 15))
def test_each_slot_is_spoken_once_or_missed_and_never_outside_the_hours(
    calendar: Calendar, terms: list[Terms], outages: list[tuple[datetime, timedelta]], seconds: int
) -> None:
    care = Care(calendar, dict(enumerate(terms)))
    asyncio.run(care.live(outages, timedelta(seconds=seconds)))
    fired = [(row.person_id, row.slot) for row, _ in care.spoken]
    assert len(fired) == len(set(fired))
    done = {(row.person_id, row.slot): row for row in care.memory.rows.values() if row.outcome is not None}
    assert {key for key, row in done.items() if row.outcome == "fired"} == set(fired)
    assert all(row.reason for row in done.values() if row.outcome == "missed")
    for row, at in care.spoken:
        local = calendar.local(at)
        assert calendar.is_working_day(local.date())
        assert calendar.next_contact_time(at) == at
        assert row.best_before is not None
        assert at < row.best_before
    for person, agreed in care.terms.items():
        assert_no_month_is_forgotten(agreed, [slot for who, slot in done if who == person])


def assert_no_month_is_forgotten(terms: Terms, slots: list[str]) -> None:
    months = sorted(date.fromisoformat(slot[:10]) for slot in slots)
    numbers = [month_number(day) for day in months]
    assert numbers, "more than a year without any contact"
    assert numbers == list(range(numbers[0], numbers[-1] + 1, terms.every_months))
    assert numbers[0] <= month_number(BEGIN) + terms.every_months
    assert numbers[-1] >= month_number(END) - terms.every_months - 2


def month_number(day: date) -> int:
    return day.year * 12 + day.month


@settings(deadline=None)
@given(st.sampled_from(CLOCK_CHANGES), st.sampled_from([time(0, 30), time(2), time(2, 30), time(3), time(10)]))
def test_on_the_day_of_a_clock_change_the_local_time_is_exact(day: date, at: time) -> None:
    calendar = Calendar(contact_from=time(0), contact_until=time(23), days_off=frozenset())
    terms = Terms(flow="f", start=day.replace(month=1), at=at)
    (planned,) = moments(terms, calendar, calendar.to_utc(day.replace(day=1), time(12)))
    local = calendar.local(planned.due_at)
    in_the_gap = day == CLOCK_CHANGES[0] and at.hour == 2
    assert local.date() == day
    assert local.time() == (at.replace(hour=3) if in_the_gap else at)
    assert local.fold == 0


@settings(deadline=None)
@given(st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC)))
def test_a_contact_at_any_hour_is_spoken_at_once(now: datetime) -> None:
    memory, spoken = Memory(), []
    memory.add(Row(1, 1, now, hours="any", slot="asked"))

    async def turn(due: Row) -> None:
        memory.finish(due, now)
        spoken.append(due.id)

    asyncio.run(sweep(memory, turn, Calendar(), now, 10))
    assert spoken == [1]
