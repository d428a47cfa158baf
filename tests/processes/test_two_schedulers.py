"""Two processes that both sweep one PostgreSQL, one of them killed on the way: each contact once, or known as missed.

In real life only one of them sweeps, and who does is a matter of a lock; here nothing keeps them apart but the fences.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.app import Bot
from bot.caseload import contact
from bot.caseload.handbook import Handbook
from bot.caseload.handovers import Agreed
from bot.settings import Settings
from bot.storage import handovers, people, placements
from bot.storage.opened import Storage
from bot.storage.tables import moment, outbox, run, task
from bot.world import World
from scheduler.calendar import Calendar
from tests.crash.process import ROOT
from tests.support.databases import Databases

AGREED_AT = datetime(2026, 11, 20, 11, tzinfo=UTC)
FIRST, SECOND = datetime(2026, 12, 22, 9, tzinfo=UTC), datetime(2027, 1, 12, 9, tzinfo=UTC)
"""Working mornings; what came due in the month before is partly too late for a question."""
QUICKER = 20
"""The clock of a sweeping process goes this much quicker than ours: what failed rests for a quarter of a minute."""
PEOPLE = 48
BEFORE, BOTH = 8, 40
"""So much is done before the second begins, and before the first is killed."""
PATIENCE = 90.0
RHYTHMS = (
    Agreed("monthly"),
    Agreed("weekly"),
    Agreed("monthly", form="call"),
    Agreed("first-weeks", weekday=0),
)


# ---- the process that sweeps


async def sweeps(at: datetime, database: str, data: str) -> None:
    """The bot's own sweep over and over, from `at` on, until nothing is due; told to begin by a line."""
    begin = time.monotonic()
    world = World(lambda: at + QUICKER * timedelta(seconds=time.monotonic() - begin), _token, lambda: 0.0)
    settings = Settings.model_validate(
        {"telegram_token": "1:nobody", "data": data, "database_url": database, "sends_per_second": 1000}
    )
    bot = await Bot.open(settings, world)
    bot.hearing = SimpleNamespace(caught_up=True)  # type: ignore[assignment]
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    while await _due(bot.storage, world.now()):
        await bot.sweep()
    print("done", flush=True)
    os._exit(0)


def _token() -> str:
    return secrets.token_urlsafe(16)


async def _due(storage: Storage, now: datetime) -> int:
    query = select(func.count()).where(moment.c.state != "done", moment.c.due_at <= now)
    return int(await _one(storage, query))


async def _one(storage: Storage, query: Any) -> Any:
    async with storage.db.read() as conn:
        return (await conn.execute(query)).scalar_one()


@asynccontextmanager
async def sweeping(at: datetime, database: str, data: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.processes.test_two_schedulers", at.isoformat(), database, str(data),
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await says(process, "ready")
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def says(process: asyncio.subprocess.Process, word: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        assert (await process.stdout.readline()).decode().strip() == word


def go(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.write(b"go\n")


async def done(storage: Storage, wanted: int) -> int:
    """As soon as so many moments have an outcome: how many have."""
    query = select(func.count()).where(moment.c.outcome.in_(["fired", "missed"]))
    async with asyncio.timeout(PATIENCE):
        while (found := int(await _one(storage, query))) < wanted:
            await asyncio.sleep(0.01)
    return found


# ---- the people


@pytest.fixture
async def storage(tmp_path: Path, postgres_databases: Databases) -> AsyncIterator[Storage]:
    settings = {"telegram_token": "1:nobody", "data": tmp_path, "database_url": postgres_databases.url}
    opened = await Storage.open(Settings.model_validate(settings))
    yield opened
    await opened.close()


async def crowd(storage: Storage) -> None:
    """People with handovers in force, all of one coach, and what follows from what was agreed."""
    handbook = Handbook.load(ROOT / "flows" / "handover", None)
    means = SimpleNamespace(keyring=storage.keyring, handbook=handbook, calendar=Calendar())

    async def coach(tx: Any) -> int:
        made = await people.add(tx, storage.keyring, "coach", "Ilse", "nl", AGREED_AT)
        await people.change(tx, made, state="active", chat_id=100)
        return made

    async def one(tx: Any, agreed: Agreed, chat: int, theirs: int) -> None:
        who = await people.add(tx, storage.keyring, "participant", f"Sam {chat}", "nl", AGREED_AT)
        await people.change(tx, who, state="active", care_from=AGREED_AT, chat_id=chat)
        await people.tie(tx, who, theirs, AGREED_AT)
        key = await storage.keyring.of(tx, who)
        place = await placements.make(tx, key, AGREED_AT.date(), AGREED_AT, contract_end=date(2027, 3, 1))
        version = await handovers.make(tx, key, place, agreed.to_json(), AGREED_AT)
        await handovers.change(tx, version, state="in_force", in_force_at=AGREED_AT)
        await contact.replan(tx, means, who, AGREED_AT, "new agreement")

    ilse = await storage.db.write(coach)
    for number in range(PEOPLE):
        agreed = RHYTHMS[number % len(RHYTHMS)]
        await storage.db.write(lambda tx, a=agreed, c=101 + number: one(tx, a, c, ilse))  # type: ignore[misc]


# ---- the sum


async def problems(storage: Storage, *, reminded: bool = False) -> list[str]:
    """What was done twice or not at all, one sentence each. `reminded`: coaches may have been told again by now."""
    async with storage.db.read() as conn:
        rows = (await conn.execute(select(moment))).all()
        talks = Counter((await conn.execute(select(run.c.moment_id))).scalars())
        made = Counter((await conn.execute(select(task.c.moment_id))).scalars())
        kinds = select(outbox.c.about).where(outbox.c.about_kind == "task", outbox.c.state == "new")
        told = Counter((await conn.execute(kinds)).scalars())
        every = set((await conn.execute(select(task.c.id))).scalars())
    found = []
    for one in rows:
        fired = one.outcome == "fired"
        if talks[one.id] != (fired and one.done_by == "bot"):
            found.append(f"{one.slot} of {one.person_id}, {one.outcome}, began {talks[one.id]} talks")
        if made[one.id] != (fired and one.done_by == "coach"):
            found.append(f"{one.slot} of {one.person_id}, {one.outcome}, made {made[one.id]} tasks")
    slots = Counter((one.person_id, one.slot) for one in rows)
    found += [f"{slot} of {who} is there {times} times" for (who, slot), times in slots.items() if times > 1]
    local = Calendar().local
    spoken = [one for one in rows if one.outcome == "fired" and one.done_by == "bot"]
    days = Counter((one.person_id, local(one.done_at).date()) for one in spoken)
    found += [f"{who} was asked {times} times on {day}" for (who, day), times in days.items() if times > 1]
    wrong = [one for one in every if told[one] != 1 and not (reminded and told[one])]
    return found + [f"the coach was told {told[one]} times of task {one}" for one in wrong]


async def outcomes(storage: Storage) -> Counter[tuple[str, str]]:
    async with storage.db.read() as conn:
        query = select(moment.c.done_by, moment.c.outcome).where(moment.c.outcome.is_not(None))
        return Counter((one.done_by, one.outcome) for one in (await conn.execute(query)).all())


async def test_one_of_two_that_sweep_is_killed_and_nothing_is_done_twice_or_forgotten(
    storage: Storage, tmp_path: Path, postgres_databases: Databases
) -> None:
    await crowd(storage)
    url = postgres_databases.url
    assert await _due(storage, FIRST) > 2 * BOTH
    async with (
        sweeping(FIRST, url, tmp_path) as first,
        sweeping(FIRST, url, tmp_path) as second,
    ):
        go(first)
        await done(storage, BEFORE)
        go(second)
        await done(storage, BOTH)
        first.kill()
        await first.wait()
        assert await _due(storage, FIRST) > 0, "killed too late to say anything"
        await says(second, "done")
    assert await problems(storage) == []
    assert await _due(storage, FIRST) == 0
    assert (await outcomes(storage)).keys() >= {("bot", "fired"), ("bot", "missed"), ("coach", "fired")}

    before = await outcomes(storage)
    async with sweeping(SECOND, url, tmp_path) as only:
        go(only)
        await says(only, "done")
    assert await problems(storage, reminded=True) == []
    after = await outcomes(storage)
    assert all(after[one] > before[one] for one in (("bot", "fired"), ("coach", "fired")))


if __name__ == "__main__":
    asyncio.run(sweeps(datetime.fromisoformat(sys.argv[1]), sys.argv[2], sys.argv[3]))
