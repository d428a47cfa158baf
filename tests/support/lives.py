"""One participant's life on a clock that a test moves, in real rows: what changes, what is fired and what is missed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from bot.caseload import care, contact, terms
from bot.caseload.handbook import Handbook
from bot.storage import handovers, moments, people, placements
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.moments import Moment
from bot.storage.people import Person
from scheduler.calendar import ONE_DAY, Calendar

START = datetime(2026, 11, 20, 11, tzinfo=UTC)  # a Friday
HANDBOOK = Handbook.load(Path(__file__).parents[2] / "flows" / "handover", None)
PATIENCE = 40
"""So often we look for what is due at one time; more, and something is due for ever."""


@dataclass(frozen=True)
class Means:
    """What planning needs besides the database."""

    keyring: Keyring = field(default_factory=lambda: Keyring([bytes(32)]))
    handbook: Handbook = HANDBOOK
    calendar: Calendar = field(default_factory=Calendar)


class Life:
    """Somebody who takes part since START. A small scheduler fires and misses as the real one does."""

    LOOKS: Sequence[timedelta] = (ONE_DAY,)
    """When the clock looks in the course of one day: each so long after the one before."""

    def __init__(self, db: Database) -> None:
        self.db, self.means, self.now = db, Means(), START
        self.fired: list[tuple[datetime, Moment]] = []

    @property
    def today(self) -> date:
        return self.means.calendar.local(self.now).date()

    async def begin(self) -> None:
        async def work(tx: Any) -> None:
            self.who = await people.add(tx, self.means.keyring, "participant", "Sam", "nl", self.now)
            await people.change(tx, self.who, state="active", care_from=self.now, chat_id=self.who)
            await self.replan(tx, "takes part")

        await self.db.write(work)

    async def do(self, step: str, given: Any) -> None:
        """`days` pass, an `outage` of so many days passes, or something else changes: see `change`."""
        if step == "days":
            for span in (*self.LOOKS,) * given:
                self.now += span
                await self._sweep()
        elif step == "outage":
            self.now += timedelta(days=given)
            await self._sweep()
        else:
            await self.db.write(lambda tx: self.change(tx, step, given))

    async def change(self, tx: Any, step: str, given: Any) -> None:
        """`place`: at work in so many days. `agree`: on this Agreed, for the newest job. Else `job_ended`, or a care
        effect, with its days.
        """
        key, who = await self.means.keyring.of(tx, self.who), await self.person(tx)
        jobs = await care.jobs(tx, self.means, self.who)
        match step:
            case "place":
                end = self.today + timedelta(days=200) if given % 2 else None
                await placements.make(tx, key, self.today + given * ONE_DAY, self.now, contract_end=end)
                await self.replan(tx, "new work")
            case "agree":
                for old in await handovers.of_placement(tx, key, jobs[-1].id) if jobs else ():
                    await handovers.change(tx, old.id, state="replaced")
                if jobs:
                    made = await handovers.make(tx, key, jobs[-1].id, given.to_json(), self.now)
                    await handovers.change(tx, made, state="in_force", in_force_at=self.now)
                await self.replan(tx, "new agreement")
            case "job_ended":
                await care.end_job(tx, self.means, who, jobs[0] if jobs else None, self.now)
            case _:
                until = (self.now + timedelta(days=given or 1)).date().isoformat()
                await care.change(tx, self.means, who, step, {"until": until, "every": "2"}, self.now)

    async def replan(self, tx: Any, why: str) -> None:
        await contact.replan(tx, self.means, self.who, self.now, why)

    async def person(self, tx: Any) -> Person:
        found = await people.by_id(tx, self.means.keyring, self.who)
        assert found is not None
        return found

    async def comes(self, tx: Any, one: Moment) -> None:
        """For a test to say what must be true of a contact at the moment it is fired."""

    async def again_changes_nothing(self, rows: Sequence[Moment]) -> None:
        """Planning once more leaves the moments as they are: `rows`."""

        def told(some: Sequence[Moment]) -> list[tuple[Any, ...]]:
            return [(one.id, one.due_at, one.state, one.outcome, one.fence) for one in some]

        await self.db.write(lambda tx: self.replan(tx, "again"))
        async with self.db.read() as conn:
            assert told(await moments.for_person(conn, self.who)) == told(rows), "planning again changes nothing"

    def never_twice(self, *beside: str) -> None:
        """P6: one question a day, save those of the kinds `beside`; and nothing is fired twice."""
        local = self.means.calendar.local
        days = [local(at).date() for at, one in self.fired if one.done_by == "bot" and one.kind not in beside]
        assert len(days) == len(set(days)), "spoken to twice on one day"
        assert len({one.id for _, one in self.fired}) == len(self.fired)

    async def _sweep(self) -> None:
        """Fire what is due and can be spoken; miss what came too late; look again until nothing is due."""
        for _ in range(PATIENCE):
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
            await self._miss(tx, one)
            return
        await moments.finish(tx, one.id, fresh.fence, "fired", None, self.now)
        self.fired.append((self.now, one))
        await self.comes(tx, one)
        await self.replan(tx, "fired")

    async def _miss(self, tx: Any, one: Moment) -> None:
        """As `bot.turns.due.missed`, without the telling."""
        await self.replan(tx, "missed")
        kind = self.means.handbook.rhythms.kinds.get(one.kind)
        if kind is None or (await self.person(tx)).state not in terms.IN_CARE:
            return
        if kind.late in ("ask_now", "next_morning"):
            await contact.once_more(tx, self.means, one, self.now, at_once=kind.late == "ask_now")
            await self.replan(tx, "asked again")


L = TypeVar("L", bound=Life)


def live(url: str, life: Callable[[Database], L], work: Callable[[L], Awaitable[None]]) -> None:
    """A life of its own, in a thread of its own: hypothesis calls this from within another loop."""

    async def run() -> None:
        db = await Database.open(url)
        try:
            one = life(db)
            await one.begin()
            await work(one)
        finally:
            await db.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()
