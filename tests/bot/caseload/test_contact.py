"""P5, P6: whatever is agreed, changed, paused and missed, the moments in the books are those that should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.caseload import contact, terms
from bot.caseload.handovers import Agreed
from bot.storage import moments
from bot.storage.moments import Moment
from tests.support import lives
from tests.support.lives import HANDBOOK

STEPS = st.one_of(
    st.tuples(st.just("days"), st.integers(1, 45)),
    st.tuples(st.just("outage"), st.integers(1, 70)),
    st.tuples(st.just("agree"), st.builds(
        Agreed,
        rhythm=st.sampled_from(sorted(HANDBOOK.rhythms.presets)),
        weekday=st.sampled_from([None, 0, 3, 6]),
        at=st.sampled_from([time(9, 30), time(12, 30), time(19)]),
        form=st.sampled_from(["chat", "chat", "call", "talk"]),
    )),
    st.tuples(st.just("place"), st.integers(-60, 30)),
    st.tuples(st.just("job_ended"), st.none()),
    st.tuples(st.just("pause_contact"), st.integers(1, 60)),
    *(st.tuples(st.just(name), st.none()) for name in (
        "resume_contact", "contact_less", "contact_as_before", "only_backup", "stop_contact", "take_part", "closed_day",
    )),
)  # fmt: skip


class Life(lives.Life):
    """Everything that may change in somebody's contact."""

    async def change(self, tx: Any, step: str, given: Any) -> None:
        if step == "closed_day":
            closed = self.means.calendar.closed | {(self.now + timedelta(days=30)).date()}
            self.means = replace(self.means, calendar=replace(self.means.calendar, closed=closed))
            await self.replan(tx, "a day off")
        else:
            await super().change(tx, step, given)

    async def holds(self) -> None:
        """What must be true of the books at any time."""
        async with self.db.read() as conn:
            who = await self.person(conn)
            rows = await moments.for_person(conn, self.who)
            rests_on = await terms.bases(conn, self.means, who)
        waiting = [one for one in rows if one.state != "done"]
        assert max(Counter(one.slot for one in rows).values(), default=1) == 1
        self._in_agreed_hours(waiting)
        if who.state not in terms.IN_CARE:
            assert waiting == []
        if who.state == "backup":
            assert all(one.done_by == "coach" for one in waiting)
        pause = who.paused_until
        for one in waiting:
            if one.done_by == "bot" and one.due_at > self.now and pause is not None:
                assert self.means.calendar.local(one.due_at).date() > pause
        over = [terms.last_day(self.means, one) for one in rests_on]
        if who.state == "active" and (not over or max(over) > self.now.date() + timedelta(days=400)):
            assert waiting, "nobody is forgotten (P5)"
        await self.again_changes_nothing(rows)

    def _in_agreed_hours(self, waiting: Sequence[Moment]) -> None:
        calendar = self.means.calendar
        days: Counter[date] = Counter()
        for one in waiting:
            if one.due_at <= self.now:
                continue
            local = calendar.local(one.due_at)
            if local.date() not in calendar.closed:  # a day that was closed after it was held or due
                assert calendar.is_working_day(local.date())
            if one.done_by == "bot":
                assert calendar.contact_from <= local.time() < calendar.contact_until
                days[local.date()] += 1
        assert max(days.values(), default=1) == 1, "two questions on one day"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_the_moments_are_what_should_be_whatever_changes(url: str, steps: list[tuple[str, Any]]) -> None:
    async def work(life: Life) -> None:
        for step, more in steps:
            await life.do(step, more)
            await life.holds()
        life.never_twice()

    lives.live(url, Life, work)


def test_where_in_its_window_a_contact_comes_is_always_the_same_and_spread_out() -> None:
    found = [contact.jitter(who, "2026-12-01/checkin@0") for who in range(300)]
    assert found == [contact.jitter(who, "2026-12-01/checkin@0") for who in range(300)]
    assert all(0 <= one < 1 for one in found)
    assert len({int(one * 10) for one in found}) == 10
