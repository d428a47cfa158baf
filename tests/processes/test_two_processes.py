"""Two processes on one PostgreSQL, one of them lost: nothing lost, nothing doubled, each person's order kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.locks import Locks
from tests.processes.gate import Gate
from tests.processes.twins import ADMIN, UP_WITHIN, Scene, Twin, town_of_forty
from tests.support.databases import Databases

TAKES_OVER = 8.0
"""Seconds, on a busy machine: the other one asks every two."""
TWO_MINUTES = 120.0
BEFORE, AFTER = 150, 250
"""So much happens before and after the loss."""


async def split(it: Scene) -> tuple[Twin, Twin]:
    """The first hears, the second speaks."""
    locks = Locks.for_database(it.storage.db, it.folder, lambda names: None)
    assert await locks.try_take("send")
    hears = await it.start()
    await hears.until(lambda: hears.does == {"fetch"})
    speaks = await it.start()
    async with hears.stopped():
        await locks.close()
        await speaks.until(lambda: speaks.does == {"send"})
    return hears, speaks


async def goes_on(it: Scene, method: str) -> None:
    """Somebody else does it before long."""
    done = len(it.telegram.requests(method))
    await it.telegram.until(lambda: len(it.telegram.requests(method)) > done or None, TAKES_OVER, f"no {method}")


async def all_is_well(it: Scene, *left: Twin) -> None:
    await it.happens(AFTER)
    await it.rest()
    assert await it.problems() == []
    assert it.answers > 100, "people must have talked"
    for twin in left:
        assert await twin.ends() == 0


async def test_the_one_that_does_everything_is_killed(tmp_path: Path, postgres_databases: Databases) -> None:
    async with town_of_forty(tmp_path, postgres_databases.url) as it:
        first = await it.start()
        await first.until(lambda: first.does == {"fetch", "send"})
        second = await it.start()
        await it.happens(BEFORE)
        await first.kill()
        await it.lost()
        await goes_on(it, "getUpdates")
        await second.until(lambda: second.does == {"fetch", "send"}, TAKES_OVER)
        await all_is_well(it, second)


async def test_the_one_that_hears_is_killed(tmp_path: Path, postgres_databases: Databases) -> None:
    async with town_of_forty(tmp_path, postgres_databases.url) as it:
        hears, speaks = await split(it)
        await it.happens(BEFORE)
        await hears.kill()
        await goes_on(it, "getUpdates")
        await all_is_well(it, speaks)


async def test_the_one_that_speaks_is_killed(tmp_path: Path, postgres_databases: Databases) -> None:
    async with town_of_forty(tmp_path, postgres_databases.url) as it:
        hears, speaks = await split(it)
        await it.happens(BEFORE)
        await speaks.kill()
        await it.lost()
        await goes_on(it, "sendMessage")
        await all_is_well(it, hears)


LOCKS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()"
ALL = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.mark.parametrize("which", [LOCKS, ALL], ids=["locks", "all"])
async def test_connections_to_the_server_break(tmp_path: Path, postgres_databases: Databases, which: str) -> None:
    """One that holds the locks, and all of them as when PostgreSQL is started anew: we begin again by ourselves."""
    async with town_of_forty(tmp_path, postgres_databases.url) as it:
        first = await it.start()
        await first.until(lambda: first.does == {"fetch", "send"})
        second = await it.start()
        await it.happens(BEFORE)
        await it.lost()
        await it.on_server(f"SELECT pg_terminate_backend(pid) FROM ({which}) AS broken")
        await first.until(lambda: any("starting again" in line for line in first.lines()), TAKES_OVER)
        await goes_on(it, "sendMessage")
        await all_is_well(it, first, second)


async def test_postgresql_is_away_for_a_while(tmp_path: Path, postgres_databases: Databases) -> None:
    """P18: an admin is told without it; and when it is back nobody has to do anything."""
    gate = Gate(postgres_databases.url)
    async with gate.standing() as through, town_of_forty(tmp_path, postgres_databases.url, through) as it:
        before = await it.start()
        await it.telegram.wait_for(ADMIN, "Welkom", timeout=UP_WITHIN)
        assert await before.ends() == 0
        only = await it.start()
        await it.happens(BEFORE)
        await gate.shut()
        await it.lost()
        await it.telegram.wait_for(ADMIN, "De assistent werkt nu niet goed: de database.", timeout=TWO_MINUTES)
        assert await only.health() == 503
        await gate.reopen()
        await it.telegram.wait_for(ADMIN, "De assistent werkt weer.", timeout=TWO_MINUTES)
        await all_is_well(it, only)
