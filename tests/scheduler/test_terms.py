"""Spans of time, and terms that cannot be planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.terms import LONGEST_PLAN, Contact, Span, Terms, TermsError, never_come

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
SPANS = st.builds(Span, st.integers(0, 40), st.integers(0, 60), st.integers(0, 400))


def checkin(**values: object) -> Contact:
    return Contact(**{"kind": "checkin", "flow": "f", "every": Span(months=1), **values})  # type: ignore[arg-type]


def agreed(**values: object) -> Terms:
    usual = {"plan": "7.1", "contacts": (checkin(),), "start": date(2026, 1, 1), "since": date(2026, 1, 1)}
    return Terms(**{**usual, **values})  # type: ignore[arg-type]


def test_the_31st_comes_back_after_a_short_month() -> None:
    days = list(islice(checkin().grid(date(2027, 1, 31)), 3))
    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


@given(DAYS, SPANS.filter(lambda every: every.about), SPANS, DAYS)
def test_a_grid_from_a_later_day_on_leaves_out_what_comes_before(
    start: date, every: Span, first: Span, begin: date
) -> None:
    line = checkin(every=every, first=first)
    whole = (day for day in line.grid(start) if day >= begin)
    assert list(islice(line.grid(start, begin), 3)) == list(islice(whole, 3))


def test_of_two_lines_on_the_same_days_the_later_one_never_comes() -> None:
    month, half = Span(months=1), Span(days=15)
    first, tip = checkin(), checkin(kind="tip", first=Span(days=33))
    assert never_come([first, tip]) == (tip,)
    assert never_come([tip, first]) == (first,)
    assert never_come([first, checkin(kind="tip", by="coach"), checkin(kind="call", by="coach")]) == ()
    assert never_come([first, checkin(kind="tip", first=Span(months=1, days=15))]) == ()
    assert never_come([checkin(until=Span(months=6)), checkin(kind="tip")]) == ()
    # Half of the time covered by what is rarer, or all of the time by two that are.
    often = checkin(kind="often", every=half, first=month)
    assert never_come([often, first]) == ()
    assert never_come([often, first, checkin(kind="tip", first=Span(days=47))]) == (often,)
    # And all of its few days by what comes once.
    once = checkin(kind="once", every=None, after=(month, Span(months=2)))
    assert never_come([checkin(until=Span(months=2)), once]) == (checkin(until=Span(months=2)),)


def test_months_count_first_and_then_weeks_and_days() -> None:
    assert Span(months=1, weeks=1, days=1).after(date(2027, 1, 31)) == date(2027, 3, 8)
    assert Span(months=1, weeks=1, days=1).before(date(2027, 3, 31)) == date(2027, 2, 20)
    assert Span(months=12).before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_the_calendar_has_a_last_day() -> None:
    """Somebody agreed on contact until 31-12-9999: that is all there is, and no error."""
    assert Span(months=12).after(date.max) == Span(days=1).after(date.max) == date.max
    assert list(checkin().grid(date(9999, 10, 5))) == [date(9999, 11, 5), date(9999, 12, 5)]


@given(DAYS, SPANS, st.integers(0, 12))
def test_a_span_goes_forward_as_far_as_it_goes_back_but_for_the_end_of_a_month(
    day: date, span: Span, count: int
) -> None:
    assert span.after(day) >= day >= span.before(day)
    assert abs((span.before(span.after(day)) - day).days) <= 4  # the end of a month, and a leap day
    assert span.times(count) == Span().plus(count, span)
    assert abs((span.after(day) - day).days - span.about) <= span.months + 3


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (lambda: Span(days=-1), "negative"),
        (lambda: checkin(kind="Check-in"), "a-z"),
        (lambda: checkin(kind="x" * 17), "a-z"),
        (lambda: checkin(flow=""), "script"),
        (lambda: checkin(every=Span()), "0 days"),
        (lambda: checkin(every=None), "never"),
        (lambda: checkin(every=None, first=Span(days=1), after=(Span(days=1),)), "again and again"),
        (lambda: agreed(plan=""), "plan"),
        (lambda: agreed(plan="x" * (LONGEST_PLAN + 1)), "plan"),
        (lambda: agreed(plan="7@1"), "plan"),
        (lambda: agreed(weekday=7), "weekday"),
        (lambda: agreed(at=time(23), window=timedelta(hours=1)), "window"),
        (lambda: agreed(window=timedelta(hours=-1)), "window"),
        (lambda: agreed(stretch=0), "1 interval"),
        (lambda: agreed(contacts=(checkin(), checkin(by="coach"))), "kind of its own"),
    ],
)
def test_terms_that_cannot_be_planned_are_refused_with_a_sentence(broken: Callable[[], object], words: str) -> None:
    with pytest.raises(TermsError, match=words):
        broken()


def test_the_longest_names_fit_in_the_slot_of_the_moment_table() -> None:
    assert len(agreed(plan="x" * LONGEST_PLAN).slot("k" * 16, date(2026, 1, 1))) == 40
