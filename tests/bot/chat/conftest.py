from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.api import Api
from bot.chat.backoff import Backoff
from bot.chat.request import AiohttpRequest
from bot.demo.standin import Telegram, serving
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.world import World
from tests.support.chat_rig import NOOR, SAM, Clock, Rig
from tests.support.oracle import check


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in it, made once and copied for each test."""
    path = tmp_path_factory.mktemp("chat") / "empty.db"

    async def make() -> None:
        db = await Database.open(f"sqlite:///{path}")
        await db.upgrade()
        await db.close()

    asyncio.run(make())
    return path


@pytest.fixture
async def rig(empty_file: Path, tmp_path: Path) -> AsyncIterator[Rig]:
    path = tmp_path / "bot.db"
    shutil.copy(empty_file, path)
    clock = Clock()
    count = itertools.count()
    world = World(clock.now, lambda: f"token-{next(count)}", lambda: 0.0)
    telegram = Telegram(clock.now, webhook_pause=0.01)
    telegram.make_user(SAM, "Sam", "de Vries")
    telegram.make_user(NOOR, "Noor")
    db = await Database.open(f"sqlite:///{path}")
    keyring = Keyring([bytes(32)])
    await keyring.house(db)
    async with serving(telegram) as url:
        api = Api(telegram.token, url, AiohttpRequest(connect_timeout=2.0, read_timeout=0.5, write_timeout=0.1))
        await api.open()
        yield Rig(db, keyring, api, telegram, clock, world, Backoff(world.chance, 0.01, 0.02), url)
        await api.close()
    await db.close()
    assert check(telegram.requests()) == []
