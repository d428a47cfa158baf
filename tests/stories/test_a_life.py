"""P5, P6: whatever happens in a year and more, one question a day at most, at agreed times, and nobody is forgotten."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.caseload import care, contact, handovers, nightly, terms
from bot.caseload.handovers import Agreed
from bot.storage import handovers as rows
from bot.storage import moments, people, placements, runs, tasks
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.storage.tables import outbox, timer
from scheduler.calendar import Calendar
from tests.stories.conftest import Pair, make_pair
from tests.support.databases import run_apart
from tests.support.handovers import everybody_says_yes
from tests.support.stage import Stage, staged

ONE_DAY = timedelta(days=1)
COMMANDS = {"Stop", "Terug", "Help", "Overslaan"}
GOOD = ("Bekijken", "Goed", "Veel", "Ja, vraag maar", "Ja, ik mag blijven", "Nee hoor", "Niets", "Minder vaak")
BAD = ("Bekijken", "Slecht", "Heel weinig", "Nee", "Ja graag", "Iets thuis", "Liever niet nu", "Zoals nu")
TO_JOIN = ("Nederlands", "Ja")
EXAMPLES = 4
"""More on demand: a life takes seconds."""
SURE = timedelta(days=130)
"""So long before the aftercare ends there is always something ahead, at the longest interval too."""

AGREED = st.builds(
    Agreed,
    rhythm=st.sampled_from(["monthly", "first-weeks", "three-months", "weekly"]),
    weekday=st.sampled_from([None, 0, 2, 4, 6]),
    at=st.sampled_from([time(9), time(12, 30), time(19, 30)]),
    form=st.sampled_from(["chat", "chat", "call", "talk"]),
)
MOODS = st.sampled_from(["good", "good", "bad", "none", "begun"])
DEEDS = st.one_of(
    st.tuples(st.just("days"), st.tuples(st.integers(5, 60), MOODS)),
    st.tuples(st.just("days"), st.tuples(st.integers(5, 60), MOODS)),
    st.tuples(st.just("outage"), st.one_of(st.integers(1, 60), st.integers(60, 1200))),
    st.tuples(st.just("outage_at_next"), st.one_of(st.integers(1, 60), st.integers(60, 400))),
    st.tuples(st.just("talk"), st.integers(1, 9)),
    st.tuples(st.just("says"), st.sampled_from([
        ("pauze", "Een week"), ("pauze", "Twee weken"), ("verder",), ("achter de hand", "Ja"), ("vaker",),
        ("stop", "Stop"), ("meedoen", *TO_JOIN), ("meedoen", *TO_JOIN),
    ])),
    st.tuples(st.just("agree"), AGREED),
    st.tuples(st.just("close_days"), st.tuples(st.integers(0, 40), st.integers(1, 10))),
    st.tuples(st.just("job_ends"), st.none()),
)  # fmt: skip


@dataclass
class Life:
    """One participant and a coach on a stage, and what must be true of them at every step."""

    pair: Pair
    closed: set[date]
    placement: int | None = None
    agreed: Agreed | None = None
    told_until: int = 0
    trace: list[str] = field(default_factory=list)

    @property
    def stage(self) -> Stage:
        return self.pair.stage

    @property
    def calendar(self) -> Calendar:
        return self.stage.running.calendar

    @property
    def now(self) -> datetime:
        return self.stage.setting.at

    async def read(self, work: Any) -> Any:
        async with self.stage.running.storage.db.read() as conn:
            return await work(conn)

    async def moments(self) -> list[Moment]:
        found: list[Moment] = await self.read(lambda conn: moments.for_person(conn, self.pair.participant))
        return found

    async def person(self) -> Person:
        keyring = self.stage.running.storage.keyring
        found: Person | None = await self.read(lambda conn: people.by_id(conn, keyring, self.pair.participant))
        assert found is not None
        return found

    # ---- deeds

    async def do(self, deed: str, given: Any) -> None:
        self.trace.append(f"{self.now:%Y-%m-%d %H:%M} {deed} {given}")
        await getattr(self, deed)(*given if deed in ("days", "close_days") else (given,))
        await self.sweep()
        await self.stage.running.night()
        await self.holds()

    async def join(self) -> None:
        await self.answer(TO_JOIN)
        await self.pair.ilse.tap("Ja, dat klopt")
        await self.stage.settled()

    async def days(self, count: int, mood: str) -> None:
        """Let so many days pass, stopping at all that is due; what is asked is answered as the mood is."""
        until = self.now + count * ONE_DAY
        while self.now < until:
            due_at = await self.read(_next_due)
            assert due_at is None or due_at > self.now, f"due for ever: {await self.moments()}"
            self.stage.setting.at = min(until, (due_at or until) + timedelta(seconds=20))
            await self.sweep()
            if mood != "none":
                await self.answer(GOOD if mood == "good" else BAD, most=1 if mood == "begun" else 30)
                await self.sweep()  # the end of a talk lets what it held come
            await self.holds()
        if mood != "none":
            await self.coach_works()

    async def sweep(self) -> None:
        """Until nothing more happens at this time."""
        for _ in range(5):
            await self.stage.settled()
            await self.stage._sweep()
            due_at = await self.read(_next_due)
            if due_at is None or due_at > self.now:
                break
        await self.stage.settled()

    async def outage(self, hours: int) -> None:
        await self.sweep()
        await self.stage.heard()
        await self.stage.close()
        self.stage.setting.at += timedelta(hours=hours)
        before = len(self.pair.sam.messages)
        await self.restart()
        await self.sweep()
        asked = [one for one in self.pair.sam.messages[before:] if one.from_bot and one.labels]
        assert len(asked) <= 1, f"all at once after an outage\n{self.pair.sam.screen()}"

    async def outage_at_next(self, hours: int) -> None:
        """Down from just before the next moment on."""
        ahead = [one.due_at for one in await self.moments() if one.state != "done"]
        if ahead and min(ahead) - self.now > timedelta(hours=1):
            await self.days((min(ahead) - self.now) // ONE_DAY, "good")
        await self.outage(hours)

    async def restart(self) -> None:
        calendar = Calendar(closed=frozenset(self.closed))
        with patch("bot.app.Calendar", lambda: calendar):
            await self.stage.open()

    async def close_days(self, ahead: int, count: int) -> None:
        """The organisation is closed for so many days, and the bot begins anew with that."""
        first = self.calendar.local(self.now).date() + ahead * ONE_DAY
        self.closed |= {first + step * ONE_DAY for step in range(count)}
        await self.sweep()
        await self.stage.close()
        await self.restart()
        await self.sweep()

    async def talk(self, days: int) -> None:
        """The coach talks with them for so many days."""
        if await self.open_run() is not None:
            return
        await self.pair.sam.write("Mag ik je iets vragen?")
        await self.stage.settled()
        await self.tap_all("Bekijken")
        shown = [one for one in self.pair.ilse.messages if "Antwoorden" in one.labels]
        await self.pair.ilse.tap("Antwoorden", on=shown[-1])
        await self.stage.settled()
        await self.pair.ilse.write("Natuurlijk")
        await self.days(days, "none")
        await self.tap_all("Sluiten")

    async def says(self, words: Sequence[str]) -> None:
        await self.pair.sam.write(words[0])
        await self.answer(words[1:], most=len(words))

    async def agree(self, agreed: Agreed, contract_days: int | None = None) -> None:
        """A new version is in force, of a new placement if there is none."""
        keyring, now, means = self.stage.running.storage.keyring, self.now, self.stage.running.services
        today = self.calendar.local(now).date()

        async def work(tx: Any) -> int:
            key = await keyring.of(tx, self.pair.participant)
            end = None if contract_days is None else today + contract_days * ONE_DAY
            place = self.placement or await placements.make(tx, key, today, now, contract_end=end)
            await rows.make(tx, key, place, agreed.to_json(), now)
            found = await handovers.case(tx, keyring, place)
            assert found is not None
            await handovers.offer(tx, keyring, found, now)
            await everybody_says_yes(tx, self.stage, place)
            await contact.replan(tx, means, self.pair.participant, now, "new agreement")
            return place

        self.placement, self.agreed = await self.stage.write(work), agreed

    async def job_ends(self, _: None) -> None:
        means, who, now = self.stage.running.services, await self.person(), self.now
        if self.placement is None or who.state not in terms.IN_CARE:
            return

        async def work(tx: Any) -> None:
            jobs = await care.jobs(tx, means, who.id)
            await care.end_job(tx, means, who, jobs[0] if jobs else None, now)

        await self.stage.write(work)
        self.placement = self.agreed = None

    # ---- people

    async def answer(self, picks: Sequence[str], most: int = 30) -> None:
        """Answer what is asked, so many times at most: with the first of the picks that is a button, else the first."""
        for _ in range(most):
            await self.stage.settled()
            if await self.open_run() != "waiting":
                return
            shown = [one for one in self.pair.sam.messages if one.from_bot and one.labels]
            if not shown:
                return
            labels = shown[-1].labels
            own = [one for one in labels if one not in COMMANDS]
            await self.pair.sam.tap(next((one for one in picks if one in own), (own or labels)[0]), on=shown[-1])
        await self.stage.settled()

    async def coach_works(self) -> None:
        await self.tap_all("Bekijken")
        await self.tap_all("Gelezen, dank je")
        await self.tap_all("Gedaan")

    async def tap_all(self, label: str) -> None:
        for one in self.pair.ilse.messages:
            if label in one.labels:
                await self.pair.ilse.tap(label, on=one)
                await self.stage.settled()

    async def open_run(self) -> str | None:
        async def work(conn: Any) -> str | None:
            key = await self.stage.running.storage.keyring.of(conn, self.pair.participant)
            run = await runs.open_one(conn, key, self.pair.participant)
            return None if run is None else run.status

        found: str | None = await self.read(work)
        return found

    # ---- what must be true

    async def holds(self) -> None:
        await self.stage.settled()
        found, who = await self.moments(), await self.person()
        spoken = [one for one in found if one.outcome == "fired" and one.done_by == "bot"]
        days = Counter(self.calendar.local(one.done_at).date() for one in spoken if one.done_at)
        assert max(days.values(), default=1) == 1, f"two questions on one day: {spoken}"
        overdue = [one for one in found if one.state != "done" and one.due_at <= self.now]
        assert overdue == [], f"of the past, and without an outcome: {overdue}"
        self._in_agreed_hours([one for one in found if one.state == "planned" and one.done_by == "bot"])
        await self._said_in_time()
        await self._not_forgotten(who, [one for one in found if one.state != "done"])

    def _in_agreed_hours(self, ahead: Sequence[Moment]) -> None:
        for one in ahead:
            plan, local = one.slot.rpartition("@")[2], self.calendar.local(one.due_at)
            assert self.calendar.contact_from <= local.time() < self.calendar.contact_until
            if self.agreed and plan.partition(".")[0] == str(self.placement):
                until = (datetime.combine(date.min, self.agreed.at) + terms.AGREED_WINDOW).time()
                assert self.agreed.at <= local.time() < until, f"not at the agreed time: {one}"

    async def _said_in_time(self) -> None:
        """What was said since the last look, and nobody had asked for."""
        ours = (outbox.c.priority == 1, outbox.c.id > self.told_until)
        query = select(outbox.c.id, outbox.c.chat_id, outbox.c.made_at, outbox.c.about_kind).where(*ours)
        for row in await self.read(lambda conn: _all(conn, query.order_by(outbox.c.id))):
            self.told_until = row.id
            if row.chat_id == self.pair.sam.id:
                opens, who = self.calendar.next_contact_time(row.made_at), "the participant"
            elif row.about_kind == "task":
                opens, who = self.calendar.next_office_time(row.made_at), "the coach"
            else:
                continue
            assert opens == row.made_at, f"{who} was spoken to at {self.calendar.local(row.made_at)}"

    async def _not_forgotten(self, who: Person, ahead: Sequence[Moment]) -> None:
        """Somebody in care has something ahead, or the night's check finds that a person must decide."""
        theirs = await self.read(lambda conn: tasks.of_participant(conn, who.id))
        if who.state != "active" or ahead or any(one.state == "open" for one in theirs):
            return
        means, now = self.stage.running.services, self.now
        rests_on = await self.read(lambda conn: terms.bases(conn, means, who))
        ends = [terms.last_day(means, one) for one in rests_on]
        assert ends, "forgotten, though nothing was agreed yet"
        assert max(ends) < (now + SURE).date(), "forgotten long before the aftercare ends (P5)"
        check = await nightly.check(self.stage.running.storage.db, means, now)
        assert who.id in check.without, "nobody is told"


async def _all(conn: Any, query: Any) -> Any:
    return (await conn.execute(query)).all()


async def _next_due(conn: Any) -> datetime | None:
    first = select(timer.c.due_at).where(timer.c.state == "waiting").order_by(timer.c.due_at).limit(1)
    found = [await moments.next_due_at(conn), (await conn.execute(first)).scalar()]
    return min((one for one in found if one is not None), default=None)


@pytest.mark.timeout(300)
@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    agreed=AGREED,
    contract_days=st.one_of(st.none(), st.integers(40, 400)),
    deeds=st.lists(DEEDS, min_size=6, max_size=12),
)
def test_a_whole_life(agreed: Agreed, contract_days: int | None, deeds: list[tuple[str, Any]]) -> None:
    async def live() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with staged(Path(folder)) as stage:
                life = Life(await make_pair(stage), set())
                try:
                    await life.join()
                    await life.agree(agreed, contract_days)
                    for deed, given in deeds:
                        await life.do(deed, given)
                    await life.do("days", (90, "good"))
                except BaseException as error:
                    error.add_note("\n".join(life.trace))
                    raise

    run_apart(live())
