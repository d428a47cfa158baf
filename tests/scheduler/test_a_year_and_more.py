"""More than a year on a fake clock: new versions, pauses, outages, holidays and two sweepers (P5, P6).

Nothing is stepped through minute by minute: the clock jumps to the next due row, the next change of what is
agreed, or the end of an outage.
"""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cadence import moments
from scheduler.calendar import ONE_DAY, WEEKEND, Calendar
from scheduler.sweep import sweep
from scheduler.terms import Contact, Span, Terms
from tests.support.agreed_rows import Care, Change
from tests.support.due_rows import Memory, Row

BEGIN, END = datetime(2025, 11, 1, 12, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
CLOCK_CHANGES = (date(2026, 3, 29), date(2026, 10, 25))
DAYS = st.dates(BEGIN.date(), END.date())
TIMES = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
MONTH, WEEK = Span(months=1), Span(weeks=1)

MONTHLY = (
    Contact("checkin", flow="monthly-checkin", every=MONTH),
    Contact("employer_call", by="coach", every=MONTH),
)
WEEKLY = (Contact("checkin", flow="monthly-checkin", every=WEEK), Contact("visit", by="coach", after=(Span(months=2),)))
FIRST_WEEKS = (
    Contact("first_weeks", flow="first-weeks", after=(WEEK, Span(weeks=2), Span(weeks=4))),
    Contact("checkin", flow="monthly-checkin", every=MONTH, first=Span(months=2)),
)
DENSE = (Contact("tip", flow="tip", every=WEEK), *MONTHLY)
THREE_MONTHS = (
    Contact("first_weeks", flow="first-weeks", after=(Span(weeks=2), Span(weeks=6), Span(weeks=10))),
    Contact("call", by="coach", every=MONTH, until=Span(months=3)),
)
ALWAYS = (
    Contact("contract_end", flow="contract-end", before_end=(Span(months=3), Span(months=2), MONTH)),
    Contact("contract_talk", by="coach", before_end=(Span(months=3), MONTH)),
    Contact("evaluation", by="coach", every=Span(months=12)),
)
AFTER = (Span(months=4), Span(months=5))
RHYTHMS = st.sampled_from([MONTHLY, WEEKLY, FIRST_WEEKS, DENSE, THREE_MONTHS]).map(lambda lines: lines + ALWAYS)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    opens = draw(st.sampled_from([time(0), time(2, 30), time(9)]))
    closes = draw(st.sampled_from([time(2, 45), time(12), time(20), time(23, 59)]))
    days_off = draw(st.sampled_from([WEEKEND, frozenset[int](), frozenset({2, 5, 6}), frozenset({0, 1, 2, 3, 4, 5})]))
    closed = draw(st.frozensets(DAYS, max_size=20))
    if closes <= opens:
        opens, closes = time(9), time(20)
    return Calendar(contact_from=opens, contact_until=closes, days_off=days_off, closed=closed)


def agreements(rhythms: st.SearchStrategy[tuple[Contact, ...]] = RHYTHMS) -> st.SearchStrategy[Terms]:
    return st.builds(
        Terms,
        plan=st.just("2.1"),
        contacts=rhythms,
        start=st.dates(date(2025, 10, 2), date(2025, 11, 1))
        | st.sampled_from([date(2025, 10, 29), date(2025, 10, 31)]),
        since=st.just(BEGIN.date()),
        contract_end=st.none() | st.dates(date(2026, 3, 1), date(2027, 1, 31)),
        at=st.sampled_from([time(2, 30), time(2, 59), time(10), time(16, 45)]),
        weekday=st.none() | st.integers(0, 6),
        window=st.sampled_from([timedelta(0), timedelta(hours=1)]),
    )


VERSIONS = st.builds(Change, TIMES, contacts=RHYTHMS)
MOVED = timedelta(days=6 + 5 + 6)
"""To the weekday, over the holidays, and behind what comes within six days."""
STRETCHES = st.builds(Change, TIMES, stretch=st.integers(1, 3))
PAUSES = st.builds(Change, TIMES, pause_days=st.integers(0, 60))
OUTAGES = st.lists(st.tuples(TIMES, st.timedeltas(timedelta(hours=1), timedelta(days=120))), max_size=4)


OLDER = st.builds(
    Terms,
    plan=st.just("1.1"),
    contacts=st.just(
        (Contact("employer_call", by="coach", every=MONTH), Contact("once", flow="f", after=AFTER), *ALWAYS)
    ),
    start=st.dates(date(2025, 8, 1), date(2025, 10, 31)),
    since=st.just(BEGIN.date()),
    contract_end=st.dates(date(2026, 3, 1), date(2026, 12, 31)),
    window=st.just(timedelta(hours=1)),
)


def live(care: Care, outages: list[tuple[datetime, timedelta]] = [], lateness: int = 0) -> Care:  # noqa: B006  # read
    asyncio.run(care.live(END, outages, timedelta(seconds=lateness)))
    return care


@settings(max_examples=16, deadline=None)
@given(
    calendars(),
    agreements(),
    st.none() | OLDER,
    st.lists(VERSIONS | STRETCHES | PAUSES, max_size=6),
    OUTAGES,
    st.integers(0, 15),
)
def test_each_slot_comes_once_or_is_missed_and_never_outside_the_hours(
    calendar: Calendar,
    terms: Terms,
    older: Terms | None,
    changes: list[Change],
    outages: list[tuple[datetime, timedelta]],
    lateness: int,
) -> None:
    care = live(Care(calendar, terms, BEGIN, changes, older), outages, lateness)
    fired = [row.slot for row in care.fired()]
    assert len(fired) == len(set(fired))
    assert all(row.reason for row in care.rows if row.outcome in ("missed", "cancelled"))
    for row in care.fired():
        assert row.done_at is not None
        allowed = calendar.next_office_time if row.by == "coach" else calendar.next_contact_time
        assert allowed(row.done_at) == row.done_at
        assert row.done_at < row.best_before
    days = [care.day_of(row) for row in care.fired("bot")]
    assert len(days) == len(set(days)), "two on one day"
    assert not [row for row in care.rows if row.outcome is None and row.due_at < min(care.now, END) - timedelta(days=1)]


@settings(max_examples=6, deadline=None)
@given(
    agreements(st.sampled_from([MONTHLY + ALWAYS, WEEKLY + ALWAYS, DENSE + ALWAYS])),
    st.lists(st.builds(Change, TIMES, contacts=st.none()) | STRETCHES, max_size=8),
)
def test_nobody_waits_longer_than_agreed_however_often_it_is_agreed_anew(terms: Terms, changes: list[Change]) -> None:
    calendar = Calendar()
    care = live(Care(calendar, terms, BEGIN, changes))
    stretch = max([change.stretch or 1 for change in changes], default=1)
    every = max(line.every for line in terms.contacts if line.kind == "checkin" and line.every)  # of the sparsest
    days = [BEGIN.date(), *sorted(care.day_of(row) for row in care.fired("bot")), END.date()]
    for one, other in itertools.pairwise(days):
        assert other <= every.times(stretch + 1).after(one) + MOVED
    assert not [row for row in care.rows if row.outcome == "missed"]


@settings(max_examples=20, deadline=None)
@given(
    agreements(st.just(FIRST_WEEKS + ALWAYS)),
    st.lists(st.builds(Change, TIMES, contacts=st.none()) | PAUSES | STRETCHES, max_size=10),
)
def test_no_single_contact_is_lost_or_doubled_by_new_versions_and_pauses(terms: Terms, changes: list[Change]) -> None:
    care = live(Care(Calendar(), terms, BEGIN, changes))
    wanted = [
        (f"{day.isoformat()}/{line.kind}", before_end)
        for line in terms.contacts
        for day, before_end in (
            *((span.after(terms.start), False) for span in line.after),
            *((span.before(terms.contract_end), True) for span in line.before_end if terms.contract_end),
        )
        if BEGIN.date() < day < (END - timedelta(days=80)).date()
    ]
    for name, before_end in wanted:
        came = [row for row in care.fired() if row.slot.startswith(f"{name}@")]
        paused_out = before_end and terms.contract_end and care.terms.paused_until is not None
        assert len(came) == 1 or (paused_out and not came and _paused_to_the_end(care, terms)), name


def _paused_to_the_end(care: Care, terms: Terms) -> bool:
    """A pause left no working day for what comes before the contract ends."""
    assert terms.contract_end is not None
    slack = timedelta(days=14)
    return any(last + slack >= terms.contract_end for _, last in care.pauses)


@settings(max_examples=6, deadline=None)
@given(agreements(), st.lists(PAUSES | STRETCHES, max_size=6))
def test_in_a_pause_the_bot_is_silent_and_the_coach_is_not(terms: Terms, changes: list[Change]) -> None:
    care = live(Care(Calendar(), terms, BEGIN, changes))
    without = live(Care(Calendar(), terms, BEGIN, []))
    for row in care.fired("bot"):
        assert row.done_at is not None
        pause = care.pause_at(row.done_at)
        assert pause is None or care.day_of(row) > pause
    assert [row.slot for row in care.fired("coach")] == [row.slot for row in without.fired("coach")]


@settings(max_examples=8, deadline=None)
@given(agreements(st.just(MONTHLY + ALWAYS)), OLDER, st.lists(PAUSES | STRETCHES, max_size=6))
def test_two_placements_lose_nothing_to_each_other(terms: Terms, older: Terms, changes: list[Change]) -> None:
    care = live(Care(Calendar(), terms, BEGIN, changes, older))
    for one in (terms, older):
        alone = live(Care(Calendar(), one, BEGIN, changes))
        own = f"@{one.plan}"
        came = [row.slot for row in care.fired("coach") if row.slot.endswith(own)]
        assert came == [row.slot for row in alone.fired("coach")]
        # A question that comes once may only move a few days for the other placement, or behind a pause.
        once = {"contract_end", "once"}
        missing = {row.slot for row in alone.fired("bot") if row.kind in once} - {row.slot for row in care.fired("bot")}
        end = [one.contract_end or END.date(), END.date()]
        assert all(row.best_before.date() + 9 * ONE_DAY > min(end) for row in care.rows if row.slot in missing), missing


@settings(max_examples=10, deadline=None)
@given(
    agreements(st.sampled_from([MONTHLY + ALWAYS, WEEKLY + ALWAYS])),
    st.lists(st.builds(Change, TIMES, contacts=st.none()) | STRETCHES, max_size=4),
    TIMES,
    st.timedeltas(timedelta(hours=1), timedelta(days=120)),
)
def test_after_an_outage_nobody_waits_longer_than_agreed_either(
    terms: Terms, changes: list[Change], begin: datetime, length: timedelta
) -> None:
    care = live(Care(Calendar(), terms, BEGIN, changes), [(begin, length)])
    stretch = max([change.stretch or 1 for change in changes], default=1)
    every = max(line.every for line in terms.contacts if line.kind == "checkin" and line.every)
    days = [BEGIN.date(), *sorted(care.day_of(row) for row in care.fired("bot")), END.date()]
    for one, other in itertools.pairwise(days):
        out = length if begin.date() <= other and (begin + length).date() >= one else timedelta(0)
        assert other <= every.times(stretch + 1).after(one) + MOVED + out


@settings(max_examples=8, deadline=None)
@given(agreements(), st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.lists(STRETCHES | PAUSES, max_size=4))
def test_after_the_last_agreed_day_comes_only_what_serves_the_job(
    terms: Terms, until: date, changes: list[Change]
) -> None:
    terms = replace(terms, until=until)
    care = live(Care(Calendar(), terms, BEGIN, changes))
    for row in care.rows:
        if row.outcome != "cancelled" and care.day_of(row) > until:
            assert row.kind in ("contract_end", "contract_talk")
    endless = live(Care(Calendar(), replace(terms, until=None), BEGIN, changes))
    # Near the end it may differ: a contact that would come after it stands in nobody's way any more.
    settled = until - 2 * MOVED
    before = [row.slot for row in endless.fired() if care.day_of(row) <= settled]
    assert [row.slot for row in care.fired() if care.day_of(row) <= settled] == before


@settings(max_examples=6, deadline=None)
@given(st.sampled_from([time(0, 30), time(2), time(2, 30), time(3), time(10)]))
def test_a_contact_of_every_day_comes_every_day_also_when_the_clock_changes(at: time) -> None:
    calendar = Calendar(contact_from=time(0), contact_until=time(23), days_off=frozenset(), good_friday_off=False)
    every_day = Contact("checkin", flow="f", every=Span(days=1))
    terms = Terms("1.1", (every_day,), start=date(2026, 3, 1), since=date(2026, 3, 1), at=at)
    care = Care(calendar, terms, datetime(2026, 3, 1, 12, tzinfo=UTC), [])
    asyncio.run(care.live(datetime(2026, 11, 1, 12, tzinfo=UTC), [], timedelta(0)))
    came = [calendar.local(row.due_at) for row in care.fired()]
    days = [date(2026, 3, 2) + step * ONE_DAY for step in range(245)]
    assert [one.date() for one in came] == [day for day in days if calendar.is_working_day(day)]
    in_the_gap = at.replace(hour=3) if at.hour == 2 else at
    assert all(one.time() == (in_the_gap if one.date() == CLOCK_CHANGES[0] else at) for one in came)


@settings(deadline=None)
@given(st.sampled_from(CLOCK_CHANGES), st.sampled_from([time(0, 30), time(2), time(2, 30), time(3), time(10)]))
def test_on_the_day_of_a_clock_change_the_local_time_is_exact(day: date, at: time) -> None:
    calendar = Calendar(contact_from=time(0), contact_until=time(23), days_off=frozenset())
    terms = Terms("1", (MONTHLY[0],), start=day.replace(month=1), since=day.replace(month=1), at=at)
    (planned,) = moments(terms, calendar, calendar.to_utc(day.replace(day=1), time(12)))
    local = calendar.local(planned.due_at)
    in_the_gap = day == CLOCK_CHANGES[0] and at.hour == 2
    assert local.date() == day
    assert local.time() == (at.replace(hour=3) if in_the_gap else at)
    assert local.fold == 0


@settings(max_examples=6, deadline=None)
@given(agreements().filter(lambda terms: terms.at.hour >= 9 and not terms.window))
def test_without_outages_every_contact_comes_at_the_agreed_local_time(terms: Terms) -> None:
    calendar = Calendar()
    for row in live(Care(calendar, terms, BEGIN, [])).fired():
        assert row.done_at is not None
        assert calendar.local(row.done_at).time() == (terms.at if row.by == "bot" else calendar.office_from)


@settings(deadline=None)
@given(TIMES)
def test_a_contact_at_any_hour_is_spoken_at_once(now: datetime) -> None:
    memory, spoken = Memory(), []
    memory.add(Row(1, 1, now, hours="any", slot="asked"))

    async def turn(due: Row) -> None:
        memory.finish(due, now)
        spoken.append(due.id)

    asyncio.run(sweep(memory, turn, Calendar(), now, 10))
    assert spoken == [1]
