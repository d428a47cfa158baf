"""The calendar file: when there is contact, the same entry for the same contact, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar as File

from bot.storage.moments import Moment
from bot.turns.seeing import calendar_file
from scheduler.calendar import Calendar

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
AHEAD = Moment(
    5, 2, "monthly-checkin", "checkin", "2027-01-05/checkin@4.1", datetime(2027, 1, 5, 9, 12, tzinfo=UTC),
    datetime(2027, 1, 8, 19, tzinfo=UTC), "bot", 4, False, "planned", 0, None, None, None, None,
)  # fmt: skip
CALL = replace(AHEAD, id=6, kind="call", slot="2027-01-12/call@4.1", done_by="coach")


def events(*moments: Moment, now: datetime = NOW) -> list[dict[str, object]]:
    found = File.from_ical(calendar_file.of(moments, Calendar(), "Contact", now)).walk("VEVENT")
    return [
        {"uid": str(one["UID"]), "sequence": int(one["SEQUENCE"]), "start": one["DTSTART"].dt, "end": one["DTEND"].dt}
        for one in found
    ]


def test_the_assistant_comes_at_a_time_and_a_coach_on_a_day() -> None:
    bot, call = events(AHEAD, CALL)
    assert (bot["start"], bot["end"]) == (AHEAD.due_at, AHEAD.due_at + calendar_file.TAKES)
    assert (call["start"], call["end"]) == (date(2027, 1, 5), date(2027, 1, 6))


def test_a_contact_that_moved_takes_the_place_of_its_own_entry() -> None:
    moved = replace(AHEAD, due_at=AHEAD.due_at + timedelta(days=1), fence=1)
    [before], [after] = events(AHEAD), events(moved)
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert before["start"] != after["start"]


def test_what_is_overdue_stands_at_this_moment_and_not_in_the_past() -> None:
    late = replace(AHEAD, due_at=NOW - timedelta(days=2), state="held")
    assert events(late)[0]["start"] == NOW


@given(
    st.datetimes(datetime(2026, 12, 2), datetime(2028, 1, 1), timezones=st.just(UTC)), st.sampled_from([AHEAD, CALL])
)
def test_any_day_can_be_written_and_read_back(due_at: datetime, one: Moment) -> None:
    due_at = due_at.replace(microsecond=0)
    [found] = events(replace(one, due_at=due_at))
    assert found["start"] == (due_at if one.done_by == "bot" else Calendar().local(due_at).date())


def test_nothing_can_be_read_from_the_file_but_the_times() -> None:
    written = calendar_file.of([AHEAD, CALL], Calendar(), "Contact", NOW).decode()
    for word in ("checkin", "call", "monthly", "@", "chterdehand"):
        assert word not in written
