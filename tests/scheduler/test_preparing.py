"""Property: what prepares a coach's talk comes two working days before it, and never after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cadence import Known, Planned, moments
from scheduler.calendar import Calendar
from scheduler.terms import Contact, Span, Terms, TermsError

DUTCH = Calendar()
AFTER = (Span(weeks=4), Span(months=6))
TALK = Contact("talk", by="coach", after=AFTER, late="tell_coach")
PREPARES = Contact("prepare", flow="return-talk", after=AFTER, late="skip", ahead=2)
CHECKIN = Contact("checkin", flow="monthly-checkin", every=Span(months=1))
STARTS = st.dates(date(2026, 1, 1), date(2030, 12, 31))


def at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def terms(start: date, *contacts: Contact, **values: object) -> Terms:
    return Terms(**{"plan": "7.1", "contacts": contacts, "start": start, "since": start, **values})  # type: ignore[arg-type]


def days(found: tuple[Planned, ...], kind: str) -> list[date]:
    return [DUTCH.local(one.due_at).date() for one in found if one.kind == kind]


@settings(deadline=None)
@given(STARTS, st.one_of(st.none(), st.integers(0, 6)))
def test_it_comes_two_working_days_before_whatever_weekday_was_agreed(start: date, weekday: int | None) -> None:
    found = moments(terms(start, TALK, PREPARES, CHECKIN, weekday=weekday), DUTCH, at_noon(start))
    for prepares, talk in zip(days(found, "prepare"), days(found, "talk"), strict=True):
        assert DUTCH.working_days_after(prepares, 2) == talk
        assert DUTCH.working_days_before(talk, 2) == prepares


@settings(deadline=None)
@given(STARTS, st.integers(0, 60))
def test_a_pause_never_moves_it_to_after_the_talk(start: date, paused: int) -> None:
    until = start + timedelta(days=paused)
    found = moments(terms(start, TALK, PREPARES, paused_until=until), DUTCH, at_noon(start))
    talks, prepares = days(found, "talk"), days(found, "prepare")
    assert len(talks) == len(AFTER)  # the coach's own talks go on
    assert all(day > until for day in prepares)
    assert all(any(day <= talk <= DUTCH.working_days_after(day, 2) for talk in talks) for day in prepares)


@settings(deadline=None)
@given(STARTS)
def test_it_is_too_late_when_the_day_of_the_talk_is_over(start: date) -> None:
    found = moments(terms(start, TALK, PREPARES), DUTCH, at_noon(start))
    for prepares, talk in zip(
        [one for one in found if one.kind == "prepare"], [one for one in found if one.kind == "talk"], strict=True
    ):
        assert DUTCH.local(prepares.best_before).date() == DUTCH.local(talk.due_at).date()


def test_another_question_on_that_day_goes_before_it_and_it_comes_the_day_after() -> None:
    start = date(2026, 11, 3)
    (own,) = days(moments(terms(start, replace_after(PREPARES)), DUTCH, at_noon(start)), "prepare")
    taken = Known(f"{own.isoformat()}/contract_end@8.1", "contract_end", "bot", own, "waiting")
    (moved,) = days(moments(terms(start, replace_after(PREPARES)), DUTCH, at_noon(start), [taken]), "prepare")
    assert moved == DUTCH.working_days_after(own, 1)


def replace_after(contact: Contact) -> Contact:
    return Contact(contact.kind, flow=contact.flow, after=AFTER[:1], late=contact.late, ahead=contact.ahead)


def test_what_comes_again_and_again_prepares_nothing() -> None:
    with pytest.raises(TermsError, match="prepares one day"):
        Contact("prepare", flow="x", every=Span(months=1), ahead=2)
    with pytest.raises(TermsError, match="prepares one day"):
        Contact("prepare", flow="x", after=AFTER, ahead=-1)
