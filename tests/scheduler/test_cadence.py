"""Which moments should exist (P5, P6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

import pytest

from scheduler.cadence import Known, Planned, moments
from scheduler.calendar import Calendar
from scheduler.terms import By, Contact, Span, Terms, TermsError

DUTCH = Calendar()
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
MONTH = Span(months=1)
CHECKIN = Contact("checkin", flow="monthly-checkin", every=MONTH)
FIRST_WEEKS = Contact("first_weeks", flow="first-weeks", after=(Span(weeks=1), Span(weeks=2), Span(weeks=4)))
BEFORE_END = Contact("contract_end", flow="contract-end", before_end=(Span(months=2), MONTH))
CALL = Contact("call", by="coach", every=MONTH)


def agreed(*contacts: Contact, **values: Any) -> Terms:
    since = values.get("since", date(2026, 11, 1))
    return Terms(**{"plan": "7.1", "contacts": contacts or (CHECKIN,), "start": since, "since": since, **values})


def known(
    slot: str,
    fate: Literal["waiting", "fired", "missed", "cancelled"] = "fired",
    day: date | None = None,
    by: By = "bot",
) -> Known:
    kind = slot[11:].partition("@")[0]
    return Known(slot, kind, by, day or DUTCH.next_working_day(date.fromisoformat(slot[:10])), fate)


def as_known(planned: Planned, fate: Literal["waiting", "fired", "missed", "cancelled"]) -> Known:
    return Known(planned.slot, planned.kind, planned.by, DUTCH.local(planned.due_at).date(), fate)


def slots(found: tuple[Planned, ...]) -> list[str]:
    return [one.slot for one in found]


def local_days(terms: Terms, count: int, now: datetime = NOW) -> list[date]:
    """The local days of the next `count` contacts, each planned when the one before it was fired."""
    past: list[Known] = []
    for _ in range(count):
        (planned,) = moments(terms, DUTCH, now, past)
        past.append(as_known(planned, "fired"))
        now = planned.due_at
    return [one.day for one in past]


def test_the_next_contact_is_one_month_on_at_the_agreed_local_time() -> None:
    (planned,) = moments(agreed(), DUTCH, NOW)
    assert planned == Planned(
        "checkin",
        "bot",
        "monthly-checkin",
        "2026-12-01/checkin@7.1",
        datetime(2026, 12, 1, 9, tzinfo=UTC),
        datetime(2026, 12, 4, 19, tzinfo=UTC),
        "next_morning",
    )


def test_nothing_is_made_up_for_the_time_before_the_first_plan() -> None:
    assert slots(moments(agreed(FIRST_WEEKS, CHECKIN), DUTCH, NOW + timedelta(days=400))) == ["2028-01-01/checkin@7.1"]


def test_a_waiting_contact_comes_back_so_that_it_can_be_compared() -> None:
    first = moments(agreed(), DUTCH, NOW)
    assert moments(agreed(), DUTCH, NOW, [as_known(first[0], "waiting")]) == first


def test_the_one_after_is_planned_as_soon_as_one_is_due() -> None:
    due = datetime(2026, 12, 1, 9, tzinfo=UTC)
    found = moments(agreed(), DUTCH, due, [known("2026-12-01/checkin@7.1", "waiting")])
    assert slots(found) == ["2026-12-01/checkin@7.1", "2027-01-01/checkin@7.1"]


@pytest.mark.parametrize("fate", ["fired", "missed"])
def test_what_was_fired_or_missed_never_comes_back(fate: Literal["fired", "missed"]) -> None:
    # Also not when the agreed time of day has moved on since.
    due = datetime(2026, 12, 1, 9, tzinfo=UTC)
    found = moments(agreed(at=time(16)), DUTCH, due, [known("2026-12-01/checkin@7.1", fate)])
    assert slots(found) == ["2027-01-01/checkin@7.1"]


def test_a_cancelled_contact_comes_back_only_while_it_is_ahead() -> None:
    gone = [known("2026-12-01/checkin@7.1", "cancelled")]
    assert slots(moments(agreed(), DUTCH, NOW, gone)) == ["2026-12-01/checkin@7.1"]
    later = datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert slots(moments(agreed(), DUTCH, later, gone)) == ["2027-01-01/checkin@7.1"]


def test_contacts_that_an_outage_skipped_come_back_to_be_recorded_as_missed() -> None:
    later = datetime(2027, 3, 10, 12, tzinfo=UTC)
    planned = moments(agreed(), DUTCH, later, [known("2026-12-01/checkin@7.1")])
    assert [one.slot[:10] for one in planned] == ["2027-01-01", "2027-02-01", "2027-03-01", "2027-04-01"]
    assert [one.best_before < later for one in planned] == [True, True, True, False]


def test_after_an_outage_the_coach_gets_one_task_and_not_one_for_every_month() -> None:
    later = datetime(2027, 3, 10, 12, tzinfo=UTC)
    found = moments(agreed(CALL), DUTCH, later, [known("2026-12-01/call@7.1", "waiting", by="coach")])
    assert slots(found) == ["2026-12-01/call@7.1", "2027-04-01/call@7.1"]


def test_the_first_weeks_are_all_planned_and_then_the_months_begin() -> None:
    found = moments(agreed(FIRST_WEEKS, CHECKIN), DUTCH, NOW)
    assert slots(found) == [
        "2026-11-08/first_weeks@7.1",
        "2026-11-15/first_weeks@7.1",
        "2026-11-29/first_weeks@7.1",
        "2027-01-01/checkin@7.1",  # the 1st of December comes too soon after the 29th of November
    ]


@pytest.mark.parametrize("moved", [-5, -1, 0, 1, 3, 14])
@pytest.mark.parametrize("plan", ["7.1", "7.2"])
def test_what_comes_once_comes_once_though_the_start_is_corrected(moved: int, plan: str) -> None:
    line = Contact("first_weeks", flow="first-weeks", after=(Span(weeks=1), Span(weeks=10)))
    now = datetime(2026, 11, 9, 12, tzinfo=UTC)
    start = date(2026, 11, 2) + timedelta(days=moved)
    terms = agreed(line, plan=plan, start=start, since=date(2026, 11, 9))
    fired = known("2026-11-09/first_weeks@7.1")
    later = Span(weeks=10).after(start)
    assert slots(moments(terms, DUTCH, now, [fired])) == [f"{later}/first_weeks@{plan}"]
    # At another place, or when it is about another time altogether, it is another contact.
    elsewhere = known("2026-11-09/first_weeks@8.1")
    if moved > 0:
        assert len(moments(terms, DUTCH, now, [elsewhere])) == 2
    far = replace(terms, start=date(2026, 11, 30))
    assert len(moments(far, DUTCH, now, [fired])) == 2


def test_before_the_contract_ends_counts_back_and_goes_on_after_the_aftercare() -> None:
    terms = agreed(BEFORE_END, contract_end=date(2027, 8, 31), until=date(2027, 5, 31))
    assert slots(moments(terms, DUTCH, NOW)) == ["2027-06-30/contract_end@7.1", "2027-07-31/contract_end@7.1"]
    assert moments(agreed(BEFORE_END), DUTCH, NOW) == ()


def test_a_line_begins_and_ends_when_it_was_agreed_to() -> None:
    line = Contact("call", by="coach", every=MONTH, first=Span(months=2), until=Span(months=3))
    (planned,) = moments(agreed(line), DUTCH, NOW)
    assert planned.slot == "2027-01-01/call@7.1"
    (planned,) = moments(agreed(line), DUTCH, NOW, [known(planned.slot, by="coach")])
    assert planned.slot == "2027-02-01/call@7.1"
    past = [known("2027-01-01/call@7.1", by="coach"), known("2027-02-01/call@7.1", by="coach")]
    assert moments(agreed(line), DUTCH, datetime(2027, 2, 1, 12, tzinfo=UTC), past) == ()


def test_a_coach_begins_with_the_office_day_and_the_task_keeps() -> None:
    (planned,) = moments(agreed(CALL, weekday=4, window=timedelta(hours=3)), DUTCH, NOW, jitter=lambda _: 0.9)
    assert planned.due_at == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert planned.best_before == planned.due_at + timedelta(days=180)


def test_changed_terms_have_slots_of_their_own_and_do_not_double_a_contact() -> None:
    second = agreed(plan="7.2", start=date(2026, 11, 1), since=date(2026, 12, 3))
    assert slots(moments(second, DUTCH, datetime(2026, 12, 3, 12, tzinfo=UTC))) == ["2027-01-01/checkin@7.2"]
    weekly = replace(second, contacts=(replace(CHECKIN, every=Span(weeks=1)),), start=date(2026, 12, 3))
    monthly = replace(second, start=date(2026, 11, 12))
    past = [known("2026-12-01/checkin@7.1")]
    now = datetime(2026, 12, 3, 12, tzinfo=UTC)
    assert slots(moments(weekly, DUTCH, now, past)) == ["2026-12-10/checkin@7.2"]
    # The 12th would be eleven days after the last one.
    assert slots(moments(monthly, DUTCH, now, past)) == ["2027-01-12/checkin@7.2"]


def test_what_came_on_the_day_of_the_agreement_or_before_it_belongs_to_older_terms() -> None:
    second = agreed(FIRST_WEEKS, plan="7.2", start=date(2026, 11, 1), since=date(2026, 11, 15))
    assert slots(moments(second, DUTCH, datetime(2026, 11, 15, 12, tzinfo=UTC))) == ["2026-11-29/first_weeks@7.2"]


def test_what_older_terms_moved_past_the_agreement_is_taken_over_by_the_new_ones() -> None:
    # Sunday the 15th had become Monday; on that Sunday something new was agreed.
    second = agreed(FIRST_WEEKS, plan="7.2", start=date(2026, 11, 1), since=date(2026, 11, 15))
    now = datetime(2026, 11, 15, 12, tzinfo=UTC)
    undone = known("2026-11-15/first_weeks@7.1", "cancelled")
    both = ["2026-11-15/first_weeks@7.2", "2026-11-29/first_weeks@7.2"]
    assert slots(moments(second, DUTCH, now, [undone])) == both
    third = replace(second, plan="7.3", since=date(2026, 11, 16))
    told = [undone, known("2026-11-15/first_weeks@7.2", "fired", date(2026, 11, 16))]
    assert slots(moments(third, DUTCH, now + timedelta(days=1), told)) == ["2026-11-29/first_weeks@7.3"]
    # Days later, with the rest known, it is not woken up any more to be called missed.
    rest = known(both[1], "waiting")
    assert slots(moments(second, DUTCH, now + timedelta(days=8), [undone, rest])) == both[1:]
    long_ago = known("2026-11-08/first_weeks@7.1", "cancelled")
    assert slots(moments(second, DUTCH, now, [long_ago])) == both[1:]


def test_two_single_contacts_of_one_day_come_on_two_working_days() -> None:
    other = Contact("hello", flow="hello", after=(Span(weeks=2),))
    found = moments(agreed(FIRST_WEEKS, other), DUTCH, NOW)
    assert [DUTCH.local(one.due_at).date() for one in found if "11-15" in one.slot] == [
        date(2026, 11, 16),
        date(2026, 11, 17),
    ]
    assert found[1].kind == "first_weeks"


def test_two_overdue_contacts_do_not_come_on_one_day() -> None:
    other = Contact("hello", flow="hello", after=(Span(days=16),))
    terms, now = agreed(FIRST_WEEKS, other), datetime(2026, 11, 18, 7, tzinfo=UTC)
    waiting = [known("2026-11-15/first_weeks@7.1", "waiting"), known("2026-11-17/hello@7.1", "waiting")]
    found = {one.slot: DUTCH.local(one.due_at).date() for one in moments(terms, DUTCH, now, waiting)}
    assert found["2026-11-15/first_weeks@7.1"] == date(2026, 11, 16)
    assert found["2026-11-17/hello@7.1"] == date(2026, 11, 19)
    # Once the first was spoken on Wednesday, the other stays on Thursday, also as seen on Thursday.
    fired = [known("2026-11-15/first_weeks@7.1", "fired", date(2026, 11, 18)), waiting[1]]
    for hours in (4, 20, 30):
        again = {one.slot: one.due_at for one in moments(terms, DUTCH, now + timedelta(hours=hours), fired)}
        assert again["2026-11-17/hello@7.1"] == datetime(2026, 11, 19, 9, tzinfo=UTC)


def test_a_recurring_contact_gives_way_to_one_that_comes_once() -> None:
    asked = Known("2026-11-27T10:00/x1", "asked", "bot", date(2026, 11, 27), "waiting")
    assert slots(moments(agreed(), DUTCH, NOW, [asked])) == ["2027-01-01/checkin@7.1"]
    early = replace(asked, day=date(2026, 11, 24))
    assert slots(moments(agreed(), DUTCH, NOW, [early])) == ["2026-12-01/checkin@7.1"]
    by_coach = replace(asked, by="coach")
    assert slots(moments(agreed(), DUTCH, NOW, [by_coach])) == ["2026-12-01/checkin@7.1"]


def test_a_weekly_contact_leaves_room_for_a_monthly_one() -> None:
    weekly = Contact("tip", flow="tip", every=Span(weeks=1))
    found = moments(agreed(weekly, CHECKIN, start=date(2026, 11, 3)), DUTCH, NOW)
    assert slots(found) == ["2026-11-10/tip@7.1", "2026-12-03/checkin@7.1"]
    told = [known(f"2026-11-{day}/tip@7.1") for day in (10, 17, 24)]
    found = moments(agreed(weekly, CHECKIN, start=date(2026, 11, 3)), DUTCH, NOW + timedelta(days=22), told)
    assert slots(found) == ["2026-12-03/checkin@7.1", "2026-12-08/tip@7.1"]  # the 1st is too near the 3rd


def test_backing_off_stretches_the_interval_from_the_last_contact_on() -> None:
    past = [known("2026-12-01/checkin@7.1")]
    now = datetime(2026, 12, 2, 12, tzinfo=UTC)
    assert slots(moments(agreed(stretch=2), DUTCH, now, past)) == ["2027-02-01/checkin@7.1"]
    assert slots(moments(agreed(stretch=3), DUTCH, now, past)) == ["2027-03-01/checkin@7.1"]
    assert slots(moments(agreed(CALL, stretch=3), DUTCH, now, [])) == ["2027-01-01/call@7.1"]


def test_a_pause_drops_the_recurring_moves_the_single_and_leaves_the_coach_alone() -> None:
    terms = agreed(FIRST_WEEKS, CHECKIN, CALL, paused_until=date(2026, 12, 5))
    found = moments(terms, DUTCH, NOW)
    assert [(one.slot, DUTCH.local(one.due_at).date()) for one in found] == [
        ("2026-12-01/call@7.1", date(2026, 12, 1)),
        ("2026-11-08/first_weeks@7.1", date(2026, 12, 7)),
        ("2026-11-15/first_weeks@7.1", date(2026, 12, 8)),
        ("2026-11-29/first_weeks@7.1", date(2026, 12, 9)),
        ("2027-01-01/checkin@7.1", date(2027, 1, 4)),
    ]


def test_a_pause_wakes_nothing_that_was_over_before_it() -> None:
    terms = agreed(FIRST_WEEKS, paused_until=date(2027, 3, 1))
    now = datetime(2027, 2, 1, 12, tzinfo=UTC)
    gone = [known("2026-11-08/first_weeks@7.1", "cancelled"), known("2026-11-29/first_weeks@7.1", "missed")]
    assert moments(terms, DUTCH, now, gone) == ()


def test_a_day_that_was_moved_over_today_is_still_ahead() -> None:
    # Wednesday the 23rd of December moves to Tuesday the 29th, after nine in the evening to the day after.
    terms = agreed(since=date(2026, 11, 23), weekday=1, at=time(21))
    for day in (24, 27, 28, 29):
        (planned,) = moments(terms, DUTCH, datetime(2026, 12, day, 12, tzinfo=UTC))
        assert planned.slot == "2026-12-23/checkin@7.1"
        assert DUTCH.local(planned.due_at).date() == date(2026, 12, 30)
    (planned,) = moments(terms, DUTCH, datetime(2026, 12, 30, 12, tzinfo=UTC))
    assert planned.slot == "2027-01-23/checkin@7.1"


def test_what_lies_ten_years_ahead_waits_until_it_comes_nearer() -> None:
    # How some systems write «without an end».
    never = date.max
    assert moments(agreed(FIRST_WEEKS, CHECKIN, paused_until=never), DUTCH, NOW) == ()
    assert slots(moments(agreed(BEFORE_END, CALL, contract_end=never), DUTCH, NOW)) == ["2026-12-01/call@7.1"]
    assert moments(agreed(start=date(2999, 1, 1)), DUTCH, NOW) == ()


def test_of_two_recurring_contacts_on_the_same_days_the_first_listed_covers_the_other() -> None:
    terms = agreed(CHECKIN, Contact("tip", flow="tip", every=MONTH))
    past, now = list[Known](), NOW
    for month in (12, 1, 2):
        found = moments(terms, DUTCH, now, past)
        assert [one.kind for one in found] == ["checkin", "tip"]  # the tip is planned a month later, and gives way then
        assert DUTCH.local(found[0].due_at).month == month
        past.append(as_known(found[0], "fired"))
        now = found[0].due_at


def test_a_coach_calls_each_of_two_employers() -> None:
    terms, now = agreed(CALL, plan="7.2", start=date(2026, 11, 4), since=date(2026, 11, 2)), NOW + timedelta(days=28)
    older = [known("2026-12-01/call@6.3", by="coach")]
    assert slots(moments(terms, DUTCH, now, older)) == ["2026-12-04/call@7.2"]
    newer = [known("2026-12-01/call@7.1", by="coach")]
    assert slots(moments(terms, DUTCH, now, newer)) == ["2027-01-04/call@7.2"]


def test_after_the_contract_it_is_too_late_to_ask_whether_it_goes_on() -> None:
    terms = agreed(BEFORE_END, contract_end=date(2027, 2, 28), paused_until=date(2027, 1, 31))
    assert len(moments(terms, DUTCH, NOW)) == 2
    assert moments(replace(terms, paused_until=date(2027, 2, 28)), DUTCH, NOW) == ()


def test_the_last_day_of_the_month_comes_back_after_a_short_month() -> None:
    assert local_days(agreed(since=date(2026, 10, 31)), 5) == [
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 2, 1),  # Sunday the 31st of January moves on
        date(2027, 3, 1),  # and so does Sunday the 28th of February
        date(2027, 3, 31),
    ]


def test_the_agreed_weekday_comes_first_and_holidays_move_it_on() -> None:
    terms = agreed(since=date(2026, 11, 20), weekday=4)  # Fridays
    assert local_days(terms, 3) == [date(2026, 12, 28), date(2027, 1, 22), date(2027, 2, 26)]


def test_nothing_is_planned_after_the_last_agreed_day() -> None:
    since = date(2026, 11, 20)
    assert moments(agreed(since=since, until=date(2026, 12, 19)), DUTCH, NOW) == ()
    # Sunday the 20th would be in time, the Monday it moves to is not.
    assert moments(agreed(since=since, until=date(2026, 12, 20)), DUTCH, NOW) == ()
    assert moments(agreed(since=since, until=date(2026, 12, 21)), DUTCH, NOW) != ()


def test_a_contact_comes_within_its_window() -> None:
    terms = agreed(window=timedelta(hours=2))
    (early,) = moments(terms, DUTCH, NOW)
    (later,) = moments(terms, DUTCH, NOW, jitter=lambda _: 0.75)
    assert early.slot == later.slot
    assert later.due_at - early.due_at == timedelta(minutes=90)


def test_a_time_outside_contact_hours_moves_to_the_next_allowed_one() -> None:
    (planned,) = moments(agreed(at=time(21)), DUTCH, NOW)
    assert DUTCH.local(planned.due_at) == datetime(2026, 12, 2, 9, tzinfo=DUTCH.local(NOW).tzinfo)


# ---- what is about its very day


def test_a_contact_with_a_time_of_its_own_comes_then() -> None:
    late = Contact("eve", flow="eve", after=(Span(weeks=2),), at=time(16, 30))
    (planned,) = moments(agreed(late), DUTCH, NOW)
    assert DUTCH.local(planned.due_at).time() == time(16, 30)


def test_what_is_about_its_very_day_moves_for_nothing_and_is_never_said_a_day_later() -> None:
    terms = agreed(FIRST_WEEKS)
    (usual, *_) = moments(terms, DUTCH, NOW)
    day = DUTCH.local(usual.due_at).date()
    eve = Contact("eve", flow="eve", after=(Span(days=(day - terms.start).days),), on_the_day=True)
    found = {one.kind: one for one in moments(replace(terms, contacts=(FIRST_WEEKS, eve)), DUTCH, NOW)}
    assert DUTCH.local(found["eve"].due_at).date() == DUTCH.local(found["eve"].best_before).date() == day


def test_what_is_about_its_very_day_does_not_come_after_a_pause() -> None:
    eve = Contact("eve", flow="eve", after=(Span(weeks=2),), on_the_day=True)
    terms = agreed(eve)
    paused = replace(terms, paused_until=terms.start + timedelta(weeks=3))
    assert moments(terms, DUTCH, NOW) != ()
    assert moments(paused, DUTCH, NOW) == ()


def test_what_comes_again_and_again_is_not_about_one_day() -> None:
    with pytest.raises(TermsError, match="not about one day"):
        Contact("eve", flow="eve", every=Span(weeks=1), on_the_day=True)
