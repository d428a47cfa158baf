"""Being ill and going back: which contact follows from the days, whatever happens meanwhile (P5, P6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.caseload import care, contact, rhythms, sickness, terms
from bot.caseload.handovers import Agreed
from bot.caseload.sickness import Absence, Said
from bot.storage import moments
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.storage.sickness import Spell
from scheduler.calendar import ONE_DAY, Calendar
from tests.support import lives
from tests.support.lives import HANDBOOK, START

FOLDER = Path(__file__).parents[3] / "flows" / "handover"
SICK = HANDBOOK.rhythms.sick
CALENDAR = Calendar()
OWN = frozenset({"sick_checkin", "return_eve", "return_day", contact.GOODBYE})
"""What the assistant says to somebody who is ill or goes back, and nothing else while they are ill."""


def spell(first: date, **more: Any) -> Spell:
    return Spell(1, first, first, **more)


# ---- the days


def test_a_spell_is_over_on_the_day_of_the_return_or_when_somebody_is_better() -> None:
    begin = spell(date(2026, 12, 1))
    assert sickness.is_sick(begin)
    assert sickness.over_on(begin) is None
    better = replace(begin, better=date(2026, 12, 4))
    assert not sickness.is_sick(better)
    assert sickness.over_on(better) == date(2026, 12, 4)
    assert sickness.over_on(replace(better, back=date(2026, 12, 7))) == date(2026, 12, 7)
    assert sickness.over_on(replace(begin, ended=date(2026, 12, 3))) == date(2026, 12, 3)


@pytest.mark.parametrize(("gap", "counted"), [(0, True), (27, True), (28, False), (60, False)])
def test_for_the_law_periods_less_than_28_days_apart_are_added_up(gap: int, counted: bool) -> None:
    """Article 7:629 BW, paragraph 10; the days between them do not count."""
    back = date(2026, 12, 11)
    earlier = spell(date(2026, 12, 1), better=back, back=back)
    later = spell(back + gap * ONE_DAY)
    assert later.first - sickness.counted_from([earlier, later]) == timedelta(days=10 if counted else 0)


def test_three_periods_in_a_row_are_all_added_up() -> None:
    one = spell(date(2026, 1, 1), back=date(2026, 1, 11), better=date(2026, 1, 10))
    two = spell(date(2026, 1, 21), back=date(2026, 1, 26), better=date(2026, 1, 26))
    three = spell(date(2026, 2, 10))
    assert sickness.counted_from([one, two, three]) == three.first - timedelta(days=15)


def test_recent_is_less_than_six_weeks_ago_and_not_now() -> None:
    back = date(2026, 12, 11)
    over = spell(date(2026, 12, 1), better=back, back=back)
    assert sickness.is_recent([over], back + timedelta(days=41))
    assert not sickness.is_recent([over], back + timedelta(days=42))
    assert not sickness.is_recent([spell(back)], back + ONE_DAY)
    assert not sickness.is_recent([], back)


def test_the_usual_questions_rest_until_the_first_day_back_is_over() -> None:
    assert SICK is not None
    who = Person(1, "participant", "active", "Sam", "nl", 1, True, None, None, None, None)
    back = date(2026, 12, 11)
    ill, back_soon = spell(date(2026, 12, 1)), spell(date(2026, 12, 1), better=date(2026, 12, 8), back=back)
    assert sickness.rests_until(who, [ill], SICK) == date.max
    assert sickness.rests_until(who, [ill], None) is None, "without rules for it the questions go on"
    assert sickness.rests_until(who, [back_soon], SICK) == back
    later = replace(who, paused_until=back + timedelta(days=9))
    assert sickness.rests_until(later, [back_soon], SICK) == back + timedelta(days=9)
    assert sickness.rests_until(who, [], SICK) is None


# ---- when to call

HALF_PAST_EIGHT = Absence("de planning", time(8, 30))


@pytest.mark.parametrize(
    ("now", "by", "remind", "ask"),
    [
        ((1, 6, 0), "01 08:30", "01 08:00", "01 09:30"),
        ((1, 8, 10), "01 08:30", None, "01 09:30"),
        ((1, 9, 0), None, None, "01 11:00"),
        ((1, 15, 59), None, None, "01 17:59"),
        ((1, 16, 0), "02 08:30", "02 08:00", "02 09:30"),
        ((1, 23, 30), "02 08:30", "02 08:00", "02 09:30"),
    ],
)
def test_the_call_is_for_today_or_from_the_evening_on_for_tomorrow(
    now: tuple[int, int, int], by: str | None, remind: str | None, ask: str
) -> None:
    at = CALENDAR.to_utc(date(2026, 12, now[0]), time(*now[1:]))

    def told(found: datetime | None) -> str | None:
        return None if found is None else f"{CALENDAR.local(found):%d %H:%M}"

    assert told(sickness.call_by(HALF_PAST_EIGHT, CALENDAR, at)) == by
    assert told(sickness.remind_at(HALF_PAST_EIGHT, CALENDAR, at)) == remind
    assert told(sickness.asked_at(HALF_PAST_EIGHT, CALENDAR, at)) == ask


@pytest.mark.parametrize(("hour", "ask"), [(10, "01 12:00"), (21, "02 09:00"), (2, "01 09:00"), (4, "01 06:00")])
def test_without_an_agreed_time_we_ask_two_hours_later_and_never_at_night(hour: int, ask: str) -> None:
    at = CALENDAR.to_utc(date(2026, 12, 1), time(hour))
    for absence in (None, Absence("de planning")):
        assert sickness.call_by(absence, CALENDAR, at) is None
        assert f"{CALENDAR.local(sickness.asked_at(absence, CALENDAR, at)):%d %H:%M}" == ask


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.times())
def test_no_reminder_ever_comes_when_it_is_too_late_to_call(now: datetime, before: time) -> None:
    absence = Absence("de planning", before)
    by, at = sickness.call_by(absence, CALENDAR, now), sickness.remind_at(absence, CALENDAR, now)
    assert by is None or by > now
    assert at is None or (by is not None and now < at < by)
    assert sickness.asked_at(absence, CALENDAR, now) > now


# ---- the rules of an admin

Problems = Callable[[str], list[tuple[str, str]]]


@pytest.fixture
def problems(tmp_path: Path) -> Problems:
    shipped = (FOLDER / rhythms.FILE).read_text("utf-8")

    def read(written: str) -> list[tuple[str, str]]:
        begin = shipped.index("\nsick:") + 1
        end = shipped.index("\n#", begin)
        text = shipped[:begin] + written + shipped[end:]
        (tmp_path / rhythms.FILE).write_text(text, encoding="utf-8")
        wrong = rhythms.load(tmp_path)[1]
        lines = text.splitlines()
        return [(one.code, lines[one.line - 1].strip()) for one in wrong]

    return read


SOUND = """\
sick:
  contacts:
    - {kind: sick_checkin, every: 1 week}
  law:
    - {kind: law_doctor, after: 5 dagen}
  before_return: return_eve
  after_return: return_day
"""


def test_what_is_shipped_and_a_small_one_are_sound(problems: Problems) -> None:
    assert problems(SOUND) == []
    assert SICK is not None
    assert [(one.kind, one.by) for one in SICK.contacts] == [("sick_checkin", "bot")]
    assert {one.by for one in SICK.law} == {"coach"}


def test_without_rules_for_it_the_handbook_is_sound_too(problems: Problems, tmp_path: Path) -> None:
    assert problems("") == []
    found, _ = rhythms.load(tmp_path)
    assert found is not None
    assert found.sick is None


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("every: 1 week", "every: 1 weeks", "bad-period", "- {kind: sick_checkin, every: 1 weeks}"),
        ("every: 1 week", "after: 1 week", "wrong-value", "contacts:"),
        ("kind: sick_checkin", "kind: sick_chekin", "unknown-word", "- {kind: sick_chekin, every: 1 week}"),
        ("before_return: return_eve", "before_return: return_evening", "unknown-word", "before_return: return_evening"),
        ("after_return: return_day", "after_return: call", "wrong-value", "after_return: call"),
        ("  after_return: return_day\n", "", "missing-key", "sick:"),
        ("after: 5 dagen", "before_end: 5 dagen", "unknown-key", "- {kind: law_doctor, before_end: 5 dagen}"),
        ("  law:", "  laws:", "unknown-key", "laws:"),
    ],
)
def test_each_mistake_is_told_at_its_place(problems: Problems, old: str, new: str, code: str, line: str) -> None:
    assert old in SOUND
    assert (code, line) in problems(SOUND.replace(old, new))


# ---- a life

STEPS = st.one_of(
    st.tuples(st.just("days"), st.integers(1, 30)),
    st.tuples(st.just("days"), st.integers(1, 30)),
    st.tuples(st.just("outage"), st.integers(1, 40)),
    st.tuples(st.just("ill"), st.integers(0, 10)),
    st.tuples(st.just("ill"), st.integers(0, 10)),
    st.tuples(st.just("still_ill"), st.none()),
    st.tuples(st.just("better"), st.integers(-5, 20)),
    st.tuples(st.just("better"), st.integers(1, 9)),
    st.tuples(st.just("better_without_a_day"), st.none()),
    st.tuples(st.just("agree"), st.builds(Agreed, st.sampled_from(sorted(HANDBOOK.rhythms.presets)))),
    st.tuples(st.just("place"), st.integers(-60, 30)),
    st.tuples(st.just("job_ended"), st.none()),
    st.tuples(st.just("close"), st.none()),
    st.tuples(st.just("pause_contact"), st.integers(1, 30)),
    *(st.tuples(st.just(name), st.none()) for name in (
        "resume_contact", "contact_less", "only_backup", "stop_contact", "take_part", "take_part",
    )),
)  # fmt: skip


class Life(lives.Life):
    """Somebody who falls ill and gets better."""

    LOOKS = (timedelta(hours=6), timedelta(hours=18))
    """The clock looks at noon and in the early evening: what comes late in the afternoon is fired that day."""

    async def change(self, tx: Any, step: str, given: Any) -> None:
        who = await self.person(tx)
        match step:
            case "ill":
                await sickness.report(tx, self.means, who, Said(self.today - given * ONE_DAY), self.now)
            case "still_ill":
                await sickness.report(tx, self.means, who, Said(still=True), self.now)
            case "better":
                await sickness.better(tx, self.means, who, self.today + given * ONE_DAY, self.now)
            case "better_without_a_day":
                await sickness.better(tx, self.means, who, None, self.now)
            case "close":
                await care.close(tx, self.means, who, self.now)
            case _:
                await super().change(tx, step, given)
                return
        await self.replan(tx, step)

    async def comes(self, tx: Any, one: Moment) -> None:
        """What may be said to somebody on this day, as the spells are now."""
        spells = await sickness.of(tx, self.means, self.who)
        last, today = sickness.newest(spells), self.today
        if sickness.is_sick(last):
            assert one.done_by == "coach" or one.kind in OWN, f"asked about {one.kind} while ill"
        if one.kind == "sick_checkin" or one.kind.startswith("law_"):
            assert sickness.is_sick(last), f"{one.kind} of somebody who is not ill"
        if one.kind in ("return_eve", "return_day"):
            assert last is not None
            assert last.back is not None
            assert not sickness.is_sick(last)
            if one.kind == "return_eve":
                assert today < last.back
                assert not [day for day in _between(today, last.back) if self.means.calendar.is_working_day(day)]
            else:
                assert today > last.back

    async def holds(self) -> None:
        """What must be true of the books at any time."""
        async with self.db.read() as conn:
            who = await self.person(conn)
            rows = await moments.for_person(conn, self.who)
            spells = await sickness.of(conn, self.means, self.who)
            rests_on = await terms.bases(conn, self.means, who)
        last = sickness.newest(spells)
        waiting = [one for one in rows if one.state != "done"]
        kinds = {one.kind for one in waiting}
        if who.state not in terms.IN_CARE:
            assert kinds <= {contact.GOODBYE}
            return
        over = [terms.last_day(self.means, one) for one in rests_on]
        far = not over or max(over) > self.today + timedelta(days=400)
        if sickness.is_sick(last):
            assert {one.kind for one in waiting if one.done_by == "bot"} <= OWN
            if who.state == "active" and far:
                assert "sick_checkin" in kinds or terms.paused(who, self.today + timedelta(days=9))
            law = [one.slot for one in waiting if one.kind.startswith("law_")]
            ahead = [slot for slot in law if date.fromisoformat(slot[:10]) > self.today]
            assert len(ahead) <= 2, "besides what is due the next one, and the next of what comes again and again"
        else:
            assert not [kind for kind in kinds if kind == "sick_checkin" or kind.startswith("law_")]
        if who.state == "backup":
            assert all(one.done_by == "coach" for one in waiting)
        if who.state == "active" and far:
            assert waiting, "nobody is forgotten (P5)"
        self._return_is_prepared(who, last, waiting, far=far)
        await self.again_changes_nothing(rows)

    def _return_is_prepared(self, who: Person, last: Spell | None, waiting: list[Moment], *, far: bool) -> None:
        around = [one for one in waiting if one.kind in ("return_eve", "return_day")]
        local = self.means.calendar.local
        if last is None or last.back is None or last.ended or who.state != "active":
            assert around == []
            return
        for one in around:
            day = local(one.due_at).date()
            assert day < last.back if one.kind == "return_eve" else day > last.back
        eve = last.back - ONE_DAY
        while not self.means.calendar.is_working_day(eve):
            eve -= ONE_DAY
        if far and self.today < eve and not terms.paused(who, eve):
            (own,) = [one for one in around if one.kind == "return_eve"]
            assert local(own.due_at).date() == eve
            assert local(own.best_before).date() == eve


def _between(first: date, last: date) -> list[date]:
    return [first + step * ONE_DAY for step in range(1, (last - first).days)]


BESIDE = ("return_eve", contact.GOODBYE)
"""What may come beside another question on one day: the one before a return is about its very day."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=18))
@example([("place", 0), ("ill", 0), ("days", 16), ("days", 30), ("better", 3), ("days", 3), ("ill", 0)])  # on the day
def test_whoever_falls_ill_is_left_in_peace_asked_after_and_helped_back(url: str, steps: list[tuple[str, Any]]) -> None:
    async def work(life: Life) -> None:
        for step, more in steps:
            await life.do(step, more)
            await life.holds()
        life.never_twice(*BESIDE)

    lives.live(url, Life, work)


def test_what_would_have_been_asked_once_more_takes_no_day_from_the_first_question_to_somebody_ill(url: str) -> None:
    """It did: whoever fell ill right after an outage was asked how it went a week later than agreed."""

    async def work(life: Life) -> None:
        for step, more in (("outage", 35), ("ill", 1)):  # the check-in of Monday came too late, on Friday
            await life.do(step, more)
        async with life.db.read() as conn:
            rows = await moments.for_person(conn, life.who)
        assert {one.slot: one.reason for one in rows if one.slot.endswith(contact.AGAIN)} == {
            "2026-12-20/checkin again": "ill"
        }
        local = life.means.calendar.local
        (asked,) = [local(one.due_at).date() for one in rows if one.state != "done"]
        assert asked == life.today + 6 * ONE_DAY  # a week after the first day, which was yesterday

    lives.live(url, Life, work)


def test_a_return_that_moves_after_the_eve_gets_another_one(url: str) -> None:
    async def work(life: Life) -> None:
        for step, more in (("ill", 0), ("better", 4), ("days", 4)):  # Friday; back on Tuesday; Tuesday now
            await life.do(step, more)
        assert [one.kind for _, one in life.fired] == ["return_eve"]
        await life.do("better", 3)
        await life.holds()
        await life.do("days", 7)
        assert [one.kind for _, one in life.fired] == ["return_eve", "return_eve", "return_day"]

    lives.live(url, Life, work)


@pytest.mark.parametrize("again", [("still_ill", None), ("ill", 0)])
def test_a_duty_whose_day_passed_while_it_seemed_over_is_asked_when_it_goes_on(
    url: str, again: tuple[str, Any]
) -> None:
    """Five days from Friday: Wednesday. Better on Tuesday, back on Thursday, and ill on Thursday after all."""

    async def work(life: Life) -> None:
        for step, more in (("place", -10), ("ill", 0), ("days", 4), ("better", 2), ("days", 2)):
            await life.do(step, more)
        assert "law_doctor" not in {one.kind for _, one in life.fired}
        await life.do(*again)
        await life.holds()
        await life.do("days", 14)
        assert [one.kind for _, one in life.fired].count("law_doctor") == 1

    lives.live(url, Life, work)


@pytest.mark.parametrize(
    ("before", "kind", "after"),
    [
        ((("ill", 0), ("better", 4)), "return_eve", ("better", 8)),
        ((("ill", 0),), "sick_checkin", ("better", -2)),
        ((("ill", 0), ("better", 1)), "return_day", ("still_ill", None)),
    ],
)
def test_what_a_talk_holds_is_not_said_when_it_is_about_nothing_any_more(
    url: str, before: tuple[tuple[str, Any], ...], kind: str, after: tuple[str, Any]
) -> None:
    async def work(life: Life) -> None:
        for step, more in before:
            await life.do(step, more)
        async with life.db.read() as conn:
            one = next(row for row in await moments.for_person(conn, life.who) if row.kind == kind)
        held = one.due_at + timedelta(hours=1)
        await life.db.write(lambda tx: moments.hold(tx, one.id, one.fence, held, moments.IN_A_TALK))
        life.now = one.due_at + timedelta(minutes=5)
        await life.do(*after)
        async with life.db.read() as conn:
            row = await moments.by_id(conn, one.id)
        assert row is not None
        assert (row.state, row.outcome) == ("done", "cancelled")

    lives.live(url, Life, work)


def test_whoever_stops_is_not_ill_any_more_for_us(url: str) -> None:
    async def work(life: Life) -> None:
        await life.do("ill", 0)
        await life.do("stop_contact", None)
        await life.do("take_part", None)
        await life.holds()
        async with life.db.read() as conn:
            spells = await sickness.of(conn, life.means, life.who)
            rows = await moments.for_person(conn, life.who)
        assert [one.ended for one in spells] == [START.date()]
        assert "sick_checkin" not in {one.kind for one in rows if one.state != "done"}

    lives.live(url, Life, work)


def test_the_day_that_is_known_of_somebody_is_never_a_word_about_illness() -> None:
    """P10: no column and no field holds more than days, numbers and yes or no."""
    kinds = set(Spell.__annotations__.values())
    assert kinds <= {"int", "date", "int | None", "bool | None", "date | None", "bool"}
