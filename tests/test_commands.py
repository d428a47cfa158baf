"""Verbs of the command line that change what is kept: erasing somebody, and a new master key."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import commands
from bot.app import Storage
from bot.commands import Refused
from bot.settings import Settings
from bot.storage.locks import Locks


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path)


async def sam(settings: Settings) -> int:
    coach = await commands.add_person(settings, "coach", "Ilse Vermeulen", None, "nl")
    made = await commands.add_person(settings, "participant", "Sam Verstappen", coach["person"], "nl")
    return int(made["person"])


async def test_erased_is_gone_from_the_file_itself(settings: Settings) -> None:
    who = await sam(settings)
    with pytest.raises(Refused, match="Nobody was erased"):
        await commands.erase(settings, who, "Ilse Vermeulen")
    assert (await commands.show(settings, who))["name"] == "Sam Verstappen"
    await commands.erase(settings, who, "Sam Verstappen")
    with pytest.raises(Refused, match="no participant"):
        await commands.show(settings, who)


async def test_only_a_participant_can_be_erased(settings: Settings) -> None:
    who = await sam(settings)
    with pytest.raises(Refused):
        await commands.erase(settings, who - 1, "Ilse Vermeulen")


async def test_a_new_master_key_opens_everything_and_the_old_one_stays_for_old_back_ups(settings: Settings) -> None:
    who = await sam(settings)
    before = settings.master_key_file.read_text().split()
    told = await commands.rotate_key(settings)
    after = settings.master_key_file.read_text().split()
    assert told["people"] == 3  # the house is one of them
    assert after[1:] == before
    assert (settings.master_key_file.stat().st_mode & 0o777) == 0o600
    settings.master_key_file.write_text(after[0] + "\n")
    assert (await commands.show(settings, who))["name"] == "Sam Verstappen"


async def test_the_key_is_not_rotated_under_a_running_bot(settings: Settings) -> None:
    await sam(settings)
    running = settings.model_copy(update={"telegram_token": None})
    storage = await Storage.open(running)
    locks = Locks.for_database(storage.db, running.data, lambda _: None)
    assert await locks.try_take("fetch")
    try:
        with pytest.raises(Refused, match="Stop it first"):
            await commands.rotate_key(settings)
    finally:
        await locks.close()
        await storage.close()
