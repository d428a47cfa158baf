"""Verbs of the command line that change what is kept: erasing somebody, and a new master key."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import commands
from bot.commands import Refused
from bot.settings import Settings
from bot.storage import outbox, people, placements
from bot.storage.connection import Connection
from bot.storage.locks import Locks
from bot.storage.opened import Storage
from bot.storage.tables import HOUSE
from bot.turns.handover import view
from bot.turns.outgoing import Outgoing


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


async def test_what_the_employer_was_shown_of_somebody_erased_is_taken_back(settings: Settings) -> None:
    who = await sam(settings)
    now = datetime.now(UTC)

    async def shown(tx: Connection) -> None:
        karin = await people.add(tx, storage.keyring, "employer", "Karin", "nl", now)
        await people.change(tx, karin, chat_id=5, state="active")
        key = await storage.keyring.of(tx, who)
        placement = await placements.make(tx, key, now.date(), now)
        await placements.change(tx, key, placement, employer_id=karin)
        text, theirs = Outgoing("send", "24 uur").to_json(), await storage.keyring.of(tx, karin)
        await outbox.put(tx, theirs, 5, karin, text, now, about_kind=view.ABOUT, about=placement)
        await tx.exec_driver_sql("UPDATE outbox SET state = 'sent', telegram_id = 77")

    storage = await Storage.open(settings)
    try:
        await storage.db.write(shown)
        await commands.erase(settings, who, "Sam Verstappen")
        async with storage.db.read() as conn:
            (row,) = (await conn.exec_driver_sql("SELECT payload, state FROM outbox WHERE chat_id = 5")).all()
            edit = (await storage.keyring.of(conn, HOUSE)).open("outbox.payload", row.payload)
    finally:
        await storage.close()
    assert row.state == "new"
    assert (json.loads(edit)["message"], "niet meer te lezen" in edit) == (77, True)


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
