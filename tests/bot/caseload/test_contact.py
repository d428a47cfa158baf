"""P5, P6: whatever is agreed, changed, paused and missed, the moments in the books are those that should be."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.caseload import care, contact, terms
from bot.caseload.handbook import Handbook
from bot.caseload.handovers import Agreed
from bot.storage import handovers, moments, people, placements
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.moments import Moment
from bot.storage.people import Person
from scheduler.calendar import Calendar
from tests.support.databases import SqliteDatabases

START = datetime(2026, 11, 20, 11, tzinfo=UTC)  # a Friday
HANDBOOK = Handbook.load(Path(__file__).parents[3] / "flows" / "handover", None)
LOOKS = timedelta(days=1)


@dataclass(frozen=True)
class Means:
    keyring: Keyring
    handbook: Handbook
    calendar: Calendar


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


class Life:
    """One participant, on a clock that the test moves; a small scheduler fires and misses as the real one does."""

    def __init__(self, db: Database, means: Means) -> None:
        self.db, self.means, self.now = db, means, START
        self.spoken: list[tuple[date, Moment]] = []

    async def begin(self) -> None:
        async def work(tx: Any) -> None:
            self.who = await people.add(tx, self.means.keyring, "participant", "Sam", "nl", self.now)
            await people.change(tx, self.who, state="active", care_from=self.now, chat_id=self.who)
            await contact.replan(tx, self.means, self.who, self.now, "takes part")

        await self.db.write(work)

    async def do(self, step: str, given: Any) -> None:
        if step == "days":
            for _ in range(given):
                self.now += LOOKS
                await self._sweep()
        elif step == "outage":
            self.now += timedelta(days=given)
            await self._sweep()
        elif step == "closed_day":
            closed = self.means.calendar.closed | {(self.now + timedelta(days=30)).date()}
            self.means = replace(self.means, calendar=replace(self.means.calendar, closed=closed))
            await self.db.write(lambda tx: contact.replan(tx, self.means, self.who, self.now, "a day off"))
        else:
            await self.db.write(lambda tx: self._change(tx, step, given))

    async def _change(self, tx: Any, step: str, given: Any) -> None:
        key = await self.means.keyring.of(tx, self.who)
        who = await self._person(tx)
        jobs = await care.jobs(tx, self.means, self.who)
        if step == "place":
            end = self.now.date() + timedelta(days=200) if given % 2 else None
            await placements.make(tx, key, self.now.date() + timedelta(days=given), self.now, contract_end=end)
        elif step == "agree":
            if jobs:
                for old in await handovers.of_placement(tx, key, jobs[-1].id):
                    await handovers.change(tx, old.id, state="replaced")
                made = await handovers.make(tx, key, jobs[-1].id, given.to_json(), self.now)
                await handovers.change(tx, made, state="in_force", in_force_at=self.now)
        elif step == "job_ended":
            await care.end_job(tx, self.means, who, jobs[0] if jobs else None, self.now)
        else:
            until = (self.now + timedelta(days=given or 1)).date().isoformat()
            await care.change(tx, self.means, who, step, {"until": until, "every": "2"}, self.now)
            return
        await contact.replan(tx, self.means, self.who, self.now, "new agreement")

    async def _person(self, tx: Any) -> Person:
        found = await people.by_id(tx, self.means.keyring, self.who)
        assert found is not None
        return found

    async def _sweep(self) -> None:
        """Fire what is due and can be spoken; miss what came too late; look again until nothing is due."""
        for _ in range(40):
            async with self.db.read() as conn:
                found = [one for one in await moments.for_person(conn, self.who) if one.state != "done"]
            due = [one for one in found if one.due_at <= self.now]
            if not due:
                return
            for one in due:
                await self.db.write(lambda tx, one=one: self._deal(tx, one))  # type: ignore[misc]
        raise AssertionError("something is due for ever")

    async def _deal(self, tx: Any, one: Moment) -> None:
        fresh = await moments.by_id(tx, one.id)
        if fresh is None or fresh.state == "done":
            return
        if self.now >= one.best_before:
            await moments.finish(tx, one.id, fresh.fence, "missed", "late", self.now)
            await contact.replan(tx, self.means, self.who, self.now, "missed")
            late = HANDBOOK.rhythms.kinds[one.kind].late
            if late in ("ask_now", "next_morning") and (await self._person(tx)).state in terms.IN_CARE:
                await contact.once_more(tx, self.means, one, self.now, at_once=late == "ask_now")
                await contact.replan(tx, self.means, self.who, self.now, "asked again")
            return
        await moments.finish(tx, one.id, fresh.fence, "fired", None, self.now)
        if one.done_by == "bot":
            self.spoken.append((self.means.calendar.local(self.now).date(), one))
        await contact.replan(tx, self.means, self.who, self.now, "fired")

    async def holds(self) -> None:
        """What must be true of the books at any time."""
        async with self.db.read() as conn:
            who = await people.by_id(conn, self.means.keyring, self.who)
            rows = await moments.for_person(conn, self.who)
            rests_on = await terms.bases(conn, self.means, who) if who else ()
        assert who is not None
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
        before = [(one.id, one.due_at, one.state, one.outcome, one.fence) for one in rows]
        await self.db.write(lambda tx: contact.replan(tx, self.means, self.who, self.now, "again"))
        async with self.db.read() as conn:
            after = [(one.id, one.due_at, one.state, one.outcome, one.fence)
                     for one in await moments.for_person(conn, self.who)]  # fmt: skip
        assert after == before, "planning again changes nothing"

    def _in_agreed_hours(self, waiting: Sequence[Moment]) -> None:
        calendar = self.means.calendar
        days = Counter()  # type: Counter[date]
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


@pytest.fixture
def url(sqlite_databases: SqliteDatabases) -> str:
    return sqlite_databases.url


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=14))
def test_the_moments_are_what_should_be_whatever_changes(url: str, steps: list[tuple[str, Any]]) -> None:
    async def live() -> None:
        db = await Database.open(url)
        try:
            life = Life(db, Means(Keyring([bytes(32)]), HANDBOOK, Calendar()))
            await life.begin()
            for step, given in steps:
                await life.do(step, given)
                await life.holds()
            said = Counter(day for day, _ in life.spoken)
            assert max(said.values(), default=1) == 1, "spoken to twice on one day (P6)"
        finally:
            await db.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, live()).result()


def test_where_in_its_window_a_contact_comes_is_always_the_same_and_spread_out() -> None:
    found = [contact.jitter(who, "2026-12-01/checkin@0") for who in range(300)]
    assert found == [contact.jitter(who, "2026-12-01/checkin@0") for who in range(300)]
    assert all(0 <= one < 1 for one in found)
    assert len({int(one * 10) for one in found}) == 10
