"""The one calendar: working days, holidays, hours, and both clock changes (P6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.calendar import Calendar, CalendarError

DUTCH = Calendar()
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "clock", "instant"),
    [
        (date(2026, 1, 15), time(9), "2026-01-15T08:00"),
        (date(2026, 7, 15), time(9), "2026-07-15T07:00"),
        (date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),  # does not exist: 03:30 local
        (date(2026, 3, 29), time(3), "2026-03-29T01:00"),
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),  # comes twice: the first
        (date(2026, 10, 25), time(2, 30, fold=1), "2026-10-25T00:30"),
        (date(2026, 10, 25), time(3), "2026-10-25T02:00"),
    ],
)
def test_a_wall_clock_time_becomes_one_instant(day: date, clock: time, instant: str) -> None:
    assert DUTCH.to_utc(day, clock) == utc(instant)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 1, 1), False),
        (date(2026, 4, 3), True),  # Goede Vrijdag
        (date(2026, 4, 6), False),  # tweede paasdag
        (date(2026, 4, 27), False),  # Koningsdag
        (date(2025, 4, 26), False),  # Koningsdag, moved off Sunday
        (date(2026, 5, 5), True),
        (date(2025, 5, 5), False),  # once in five years
        (date(2026, 5, 14), False),  # Hemelvaart
        (date(2026, 5, 25), False),  # tweede pinksterdag
        (date(2026, 12, 25), False),
        (date(2026, 12, 31), True),
    ],
)
def test_dutch_holidays_and_weekends_are_no_working_days(day: date, working: bool) -> None:
    assert DUTCH.is_working_day(day) is working


def test_good_friday_and_liberation_day_follow_the_settings() -> None:
    off = Calendar(good_friday_off=True, liberation_day_off="always")
    on = Calendar(liberation_day_off="never")
    assert not off.is_working_day(date(2026, 4, 3))
    assert not off.is_working_day(date(2026, 5, 5))
    assert on.is_working_day(date(2025, 5, 5))
    assert not on.is_working_day(date(2024, 5, 5))  # a Sunday stays one


def test_part_time_days_and_single_closed_days_are_no_working_days() -> None:
    wednesdays_off = Calendar(days_off=frozenset({2, 5, 6}), closed=frozenset({date(2026, 11, 19)}))
    assert not wednesdays_off.is_working_day(date(2026, 11, 18))
    assert wednesdays_off.next_working_day(date(2026, 11, 18)) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        ("2026-11-20T11:00", "2026-11-20T11:00"),  # Friday noon
        ("2026-11-20T08:00", "2026-11-20T08:00"),  # 09:00 sharp
        ("2026-11-20T07:59", "2026-11-20T08:00"),
        ("2026-11-20T18:59", "2026-11-20T18:59"),
        ("2026-11-20T19:00", "2026-11-23T08:00"),  # 20:00 sharp is too late; Monday
        ("2026-11-21T11:00", "2026-11-23T08:00"),  # Saturday
        ("2026-12-24T20:00", "2026-12-28T08:00"),  # Christmas and a weekend
        ("2026-03-27T20:00", "2026-03-30T07:00"),  # over the change to summer time
        ("2026-10-23T20:00", "2026-10-26T08:00"),  # and back
    ],
)
def test_contact_is_on_working_days_between_nine_and_eight(now: str, allowed: str) -> None:
    assert DUTCH.next_contact_time(utc(now)) == utc(allowed)


def test_a_coach_is_at_work_until_five() -> None:
    assert DUTCH.next_office_time(utc("2026-11-20T15:59")) == utc("2026-11-20T15:59")
    assert DUTCH.next_office_time(utc("2026-11-20T16:00")) == utc("2026-11-23T08:00")


@pytest.mark.parametrize(
    ("now", "hours", "then"),
    [
        ("2026-11-20T09:00", 2, "2026-11-20T11:00"),
        ("2026-11-20T14:30", 2, "2026-11-23T08:30"),  # Friday 15:30 and two hours: Monday 09:30
        ("2026-11-20T14:00", 2, "2026-11-23T08:00"),  # never at 17:00 sharp
        ("2026-11-21T03:00", 1, "2026-11-23T09:00"),
        ("2026-11-20T08:00", 24, "2026-11-25T08:00"),  # three days of eight hours
        ("2026-12-24T15:00", 2, "2026-12-28T09:00"),
    ],
)
def test_office_time_skips_nights_weekends_and_holidays(now: str, hours: int, then: str) -> None:
    assert DUTCH.add_office_time(utc(now), timedelta(hours=hours)) == utc(then)


@pytest.mark.parametrize(
    ("now", "read_by"),
    [
        ("2026-11-19T09:00", "2026-11-20T16:00"),
        ("2026-11-20T09:00", "2026-11-23T16:00"),  # Friday morning: Monday at five
        ("2026-11-22T09:00", "2026-11-23T16:00"),
        ("2026-11-22T23:30", "2026-11-24T16:00"),  # half past midnight on Monday, local
    ],
)
def test_a_coach_reads_by_the_end_of_the_next_working_day(now: str, read_by: str) -> None:
    assert DUTCH.promise(utc(now)) == utc(read_by)


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": "Europe/Amsterdamned"},
        {"contact_from": time(20), "contact_until": time(9)},
        {"office_from": time(9), "office_until": time(9)},
        {"days_off": frozenset(range(7))},
    ],
)
def test_a_calendar_that_cannot_work_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(CalendarError):
        Calendar(**broken)  # type: ignore[arg-type]


def test_a_year_without_working_days_is_refused_and_does_not_loop() -> None:
    start = date(2026, 1, 1)
    never = Calendar(closed=frozenset(start + timedelta(days=n) for n in range(800)))
    with pytest.raises(CalendarError):
        never.next_contact_time(utc("2026-01-05T09:00"))


NIGHT_AND_DAY = Calendar(contact_from=time(2, 30), contact_until=time(2, 45), days_off=frozenset({0}))


@settings(deadline=None)
@given(INSTANTS, st.sampled_from([DUTCH, NIGHT_AND_DAY, Calendar(zone="America/New_York")]))
def test_the_next_allowed_time_is_never_past_and_stays_where_it_is(now: datetime, calendar: Calendar) -> None:
    allowed = calendar.next_contact_time(now)
    assert allowed >= now
    assert calendar.next_contact_time(allowed) == allowed
    assert calendar.is_working_day(calendar.local(allowed).date())


@settings(deadline=None)
@given(
    INSTANTS,
    st.timedeltas(timedelta(0), timedelta(hours=60)),
    st.timedeltas(timedelta(0), timedelta(hours=60)),
)
def test_office_time_adds_up(now: datetime, first: timedelta, second: timedelta) -> None:
    at_once = DUTCH.add_office_time(now, first + second)
    assert DUTCH.add_office_time(DUTCH.add_office_time(now, first), second) == at_once
    assert time(9) <= DUTCH.local(at_once).time() < time(17)
