"""Ours: `achterdehand run` on a folder in which everybody is known. The only file here that knows our insides."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.storage import moments, people, runs
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.master import masters
from bot.storage.moments import Planning
from bot.storage.runs import Begun
from flows.engine import runner
from flows.engine.book import Book
from flows.engine.context import Context
from flows.engine.inputs import Typed
from tests.bench.questions import REPLIES

MODULE = ("bot", "run")
SCRIPT = Path(__file__).with_name("bench-checkin.yaml")
FLOW = "bench-checkin"
TOGETHER = 500
"""People written in one transaction."""


def environment(url: str, token: str, data: Path) -> dict[str, str]:
    return {
        "ACHTERDEHAND_TELEGRAM_URL": url,
        "ACHTERDEHAND_TELEGRAM_TOKEN": token,
        "ACHTERDEHAND_DATA": str(data),
        "ACHTERDEHAND_FLOWS": str(data / "flows"),
        "ACHTERDEHAND_HTTP": "127.0.0.1:0",
        "ACHTERDEHAND_SENDS_PER_SECOND": "100000",
        "ACHTERDEHAND_SENDS_PER_CHAT": "100000",
    }


async def prepare(data: Path, chats: range, parked: int | None) -> None:
    """Write the scripts, the key and the people, each with a next moment; `parked`: all stand at that question."""
    shutil.copytree(Path("flows/scripts"), data / "flows")
    shutil.copy(SCRIPT, data / "flows" / "participant")
    now = datetime.now(UTC)
    begun = None if parked is None else _stands_at(parked, data / "flows", now)
    db = await Database.open(f"sqlite:///{data / 'achterdehand.db'}")
    await db.upgrade()
    keyring = Keyring((await masters(db, data / "master.key")).keys)
    await keyring.house(db)
    coach = await db.write(lambda tx: people.add(tx, keyring, "coach", "Ilse", "nl", now))
    for first in range(0, len(chats), TOGETHER):

        async def add(tx: Connection, some: range = chats[first : first + TOGETHER]) -> None:
            for chat in some:
                await _add(tx, keyring, coach, chat, begun, now)

        await db.write(add)
    await db.close()


async def _add(tx: Connection, keyring: Keyring, coach: int, chat: int, begun: Begun | None, now: datetime) -> None:
    person = await people.add(tx, keyring, "participant", f"Deelnemer {chat}", "nl", now)
    await people.change(tx, person, state="active", chat_id=chat, care_from=now)
    await people.tie(tx, person, coach, now)
    due = now + timedelta(days=20)
    slot = f"{due.date().isoformat()}/monthly-checkin"
    await moments.plan(tx, Planning(person, "monthly-checkin", "checkin", slot, due, due + timedelta(days=3)), now)
    if begun:
        await runs.begin(tx, await keyring.of(tx, person), begun, now - timedelta(days=1))


def _stands_at(parked: int, scripts: Path, now: datetime) -> Begun:
    """A run that answered so many questions, as the engine itself made it."""
    book = Book.load(scripts).book
    context = Context(values={}, last={}, translate=str)
    run = runner.start(book, FLOW, context, now).run
    for reply in REPLIES[:parked]:
        run = runner.resume(book, run, Typed(reply), context, now).run
    return Begun(FLOW, book.latest(FLOW).version, run.turn, run.to_json(), None)
