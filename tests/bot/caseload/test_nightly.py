"""When a night's check is due: once after three o'clock on the local clock, and soon after a long absence (P5)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.caseload import nightly
from scheduler.calendar import Calendar

CALENDAR = Calendar()
TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def test_it_is_due_from_three_in_the_local_night_on_and_then_no_more() -> None:
    before = datetime(2026, 12, 2, 1, 59, tzinfo=UTC)
    evening = datetime(2026, 12, 1, 20, tzinfo=UTC)
    assert not nightly.is_due(CALENDAR, before, evening)
    assert nightly.is_due(CALENDAR, before + timedelta(minutes=1), evening)
    assert not nightly.is_due(CALENDAR, before + timedelta(hours=12), before + timedelta(minutes=1))


@given(TIMES)
@example(datetime(2026, 3, 28, 21, tzinfo=UTC))  # a day before the evening after the clock change is two dates back
def test_a_check_counts_until_the_next_night_and_never_for_more_than_a_day(at: datetime) -> None:
    assert nightly.is_due(CALENDAR, at, None)
    assert not nightly.is_due(CALENDAR, at, at)
    assert nightly.is_due(CALENDAR, at + timedelta(hours=25, minutes=1), at)


@given(TIMES)
@example(datetime(2026, 3, 25, 1, 10, tzinfo=UTC))  # four days less an hour: five nights begin
def test_looking_every_ten_minutes_checks_every_local_day_once(start: datetime) -> None:
    last, checked = start, []
    for tick in range(4 * 24 * 6):
        now = start + timedelta(minutes=10 * tick)
        if nightly.is_due(CALENDAR, now, last):
            last = now
            checked.append(CALENDAR.local(now).date())
    assert len(checked) == len(set(checked)) in (3, 4, 5)
