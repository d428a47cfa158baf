"""Which moments should exist (P5, P6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from scheduler.cadence import Terms, TermsError, moments
from scheduler.calendar import Calendar

DUTCH = Calendar()
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
TERMS = Terms(flow="monthly-checkin", start=date(2026, 11, 1))


def local_days(terms: Terms, count: int, now: datetime = NOW) -> list[date]:
    """The local days of the next `count` contacts, each planned after the one before it."""
    past: list[str] = []
    days = []
    for _ in range(count):
        (planned,) = moments(terms, DUTCH, now, past=past)
        past.append(planned.slot)
        now = planned.due_at
        days.append(DUTCH.local(planned.due_at).date())
    return days


def test_the_next_contact_is_one_month_on_at_the_agreed_local_time() -> None:
    (planned,) = moments(TERMS, DUTCH, NOW)
    assert planned.slot == "2026-12-01/monthly-checkin"
    assert planned.due_at == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert planned.best_before == datetime(2026, 12, 4, 19, tzinfo=UTC)


def test_nothing_is_made_up_for_the_time_before_the_first_plan() -> None:
    (planned,) = moments(TERMS, DUTCH, NOW + timedelta(days=400))
    assert planned.slot == "2028-01-01/monthly-checkin"


def test_a_waiting_next_contact_is_not_planned_again() -> None:
    assert moments(TERMS, DUTCH, NOW, waiting=["2026-12-01/monthly-checkin"]) == ()


def test_the_one_after_is_planned_as_soon_as_one_is_due() -> None:
    due = datetime(2026, 12, 1, 9, tzinfo=UTC)
    (planned,) = moments(TERMS, DUTCH, due, waiting=["2026-12-01/monthly-checkin"])
    assert planned.slot == "2027-01-01/monthly-checkin"


def test_a_cancelled_contact_is_followed_by_the_next_one() -> None:
    (planned,) = moments(TERMS, DUTCH, NOW, past=["2026-12-01/monthly-checkin"])
    assert planned.slot == "2027-01-01/monthly-checkin"


def test_contacts_that_an_outage_skipped_come_back_to_be_recorded_as_missed() -> None:
    later = datetime(2027, 3, 10, 12, tzinfo=UTC)
    planned = moments(TERMS, DUTCH, later, past=["2026-12-01/monthly-checkin"])
    assert [one.slot[:10] for one in planned] == ["2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"]
    assert [one.best_before < later for one in planned] == [True, True, True, False]


def test_slots_of_other_plans_do_not_count() -> None:
    others = ["2026-12-01/weekly", "2027-12-01/older-monthly-checkin", "at once"]
    (planned,) = moments(TERMS, DUTCH, NOW, past=others)
    assert planned.slot == "2026-12-01/monthly-checkin"


def test_changed_terms_have_slots_of_their_own() -> None:
    changed = Terms(flow="monthly-checkin", start=date(2026, 11, 1), at=time(15), plan="monthly-checkin.2")
    (planned,) = moments(changed, DUTCH, NOW, past=["2026-12-01/monthly-checkin"])
    assert planned.slot == "2026-12-01/monthly-checkin.2"


def test_the_last_day_of_the_month_comes_back_after_a_short_month() -> None:
    terms = Terms(flow="f", start=date(2026, 10, 31))
    assert local_days(terms, 5) == [
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 2, 1),  # Sunday the 31st of January moves on
        date(2027, 3, 1),  # and so does Sunday the 28th of February
        date(2027, 3, 31),
    ]


def test_the_agreed_weekday_comes_first_and_holidays_move_it_on() -> None:
    terms = Terms(flow="f", start=date(2026, 11, 20), weekday=4)  # Fridays
    assert local_days(terms, 3) == [date(2026, 12, 28), date(2027, 1, 22), date(2027, 2, 26)]


def test_nothing_is_planned_after_the_last_agreed_day() -> None:
    terms = Terms(flow="f", start=date(2026, 11, 20), until=date(2026, 12, 19))
    assert moments(terms, DUTCH, NOW) == ()
    # Sunday the 20th would be in time, the Monday it moves to is not.
    assert moments(Terms(flow="f", start=date(2026, 11, 20), until=date(2026, 12, 20)), DUTCH, NOW) == ()
    assert moments(Terms(flow="f", start=date(2026, 11, 20), until=date(2026, 12, 21)), DUTCH, NOW) != ()


def test_the_local_time_stays_over_both_clock_changes() -> None:
    terms = Terms(flow="f", start=date(2026, 2, 15), at=time(16, 30))
    past: list[str] = []
    now = datetime(2026, 2, 15, tzinfo=UTC)
    offsets = set()
    for _ in range(10):
        (planned,) = moments(terms, DUTCH, now, past=past)
        past.append(planned.slot)
        now = planned.due_at
        assert DUTCH.local(now).time() == time(16, 30)
        offsets.add(DUTCH.local(now).utcoffset())
    assert offsets == {timedelta(hours=1), timedelta(hours=2)}


def test_a_contact_comes_within_its_window() -> None:
    terms = Terms(flow="f", start=date(2026, 11, 1), at=time(10), window=timedelta(hours=2))
    (early,) = moments(terms, DUTCH, NOW, jitter=0.0)
    (later,) = moments(terms, DUTCH, NOW, jitter=0.75)
    assert early.slot == later.slot
    assert later.due_at - early.due_at == timedelta(minutes=90)


def test_a_time_outside_contact_hours_moves_to_the_next_allowed_one() -> None:
    (planned,) = moments(Terms(flow="f", start=date(2026, 11, 1), at=time(21)), DUTCH, NOW)
    assert DUTCH.local(planned.due_at) == datetime(2026, 12, 2, 9, tzinfo=DUTCH.local(NOW).tzinfo)


@pytest.mark.parametrize(
    "broken",
    [
        {"every_months": 0},
        {"weekday": 7},
        {"at": time(23), "window": timedelta(hours=1)},
        {"plan": "x" * 30},
    ],
)
def test_terms_that_cannot_be_planned_are_refused(broken: dict[str, object]) -> None:
    with pytest.raises(TermsError):
        Terms(flow="f", start=date(2026, 11, 1), **broken)  # type: ignore[arg-type]
