"""P18: who stands by says so, and who cannot even ask for a role says that, and goes on asking."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import roles
from bot.health import Health
from bot.roles import Role
from bot.storage.database import Database
from bot.storage.locks import Locks


class Loop:
    """A part of the bot that is well as soon as it runs."""

    def __init__(self) -> None:
        self.started = asyncio.Event()

    def start(self) -> None:
        self.started.set()

    def revive(self) -> bool:
        return False

    def health(self) -> Health:
        return Health("fetching", self.started.is_set(), "", None)


@contextmanager
def no_more_files() -> Iterator[None]:
    """This process has as many files open as it may."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


async def test_who_cannot_ask_for_a_role_is_unwell_and_takes_it_once_that_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roles, "ASK_EVERY", 0.001)
    db = await Database.open(f"sqlite:///{tmp_path / 'one.db'}")
    here, there = (Locks.for_database(db, tmp_path, lambda names: None) for _ in range(2))
    loop = Loop()
    role = Role("fetch", here, [loop])
    with no_more_files():
        taking = asyncio.create_task(role.take())
        async with asyncio.timeout(10):
            while role.healths()[0].reason == "standing by":
                await asyncio.sleep(0)
        (said,) = role.healths()
        assert (said.well, said.reason) == (False, "the role fetch cannot be asked for: OSError")
    await asyncio.wait_for(taking, 10)
    assert role.healths() == [Health("fetching", True, "", None)]
    waiting = Role("fetch", there, [Loop()])
    other = asyncio.create_task(waiting.take())
    await asyncio.sleep(0)
    assert waiting.healths() == [Health("fetching", True, "standing by", None)]
    other.cancel()
    await here.close()
    await db.close()
