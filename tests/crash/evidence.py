"""What can be found afterwards: in the database, in the stand-in's record, and how the two differ."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.caseload import overview
from bot.chat.render import render
from bot.demo.standin import Telegram
from bot.storage import messages
from bot.storage.opened import Storage
from bot.storage.tables import HOUSE, outbox
from bot.turns.outgoing import Outgoing

Said = tuple[str, str]
"""Method and text of one request to Telegram."""

_WORK = """
    SELECT (SELECT count(*) FROM inbox WHERE state = 'new')
         + (SELECT count(*) FROM outbox WHERE state IN ('new', 'sending'))
         + (SELECT count(*) FROM moment WHERE state <> 'done' AND kind = 'asked')
"""


def _ask(data: Path, query: str) -> list[Any]:
    """Read beside or after a process, without changing anything that a restart would find."""
    file = data / "achterdehand.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
        return database.execute(query).fetchall()


def work_left(data: Path) -> int:
    """Rows of the inbox, the outbox and the asked-for moments that are not done."""
    return int(_ask(data, _WORK)[0][0])


def under_way(data: Path) -> Counter[int]:
    """Per chat the messages that were being sent when the process died: only these may ever be doubled."""
    return Counter(chat for (chat,) in _ask(data, "SELECT chat_id FROM outbox WHERE state = 'sending'"))


def kept(data: Path, newest: int) -> list[int]:
    """The ids of the newest updates that are on disk. To deliver any other once more would hide a loss."""
    return [row[0] for row in _ask(data, f"SELECT update_id FROM inbox ORDER BY id DESC LIMIT {newest:d}")]


def inbox_states(data: Path) -> dict[str, int]:
    return dict(_ask(data, "SELECT state, count(*) FROM inbox GROUP BY state"))


def requested(telegram: Telegram) -> dict[int, list[Said]]:
    """What Telegram took from the bot, per chat, oldest first. A repeated edit is refused and yet arrived."""
    found: dict[int, list[Said]] = defaultdict(list)
    for request in telegram.requests():
        edit = request.method.startswith("edit")
        if "chat_id" in request.parameters and (request.status == 200 or (edit and request.status == 400)):
            text = str(request.parameters.get("text", ""))
            found[int(request.parameters["chat_id"])].append((request.method, text))
    return found


async def committed(storage: Storage) -> dict[int, list[Said]]:
    """What the outbox says was to be sent, per chat, in order."""
    found: dict[int, list[Said]] = defaultdict(list)
    async with storage.db.read() as conn:
        rows = (await conn.execute(select(outbox).order_by(outbox.c.id))).all()
        for row in rows:
            key = await storage.keyring.of(conn, row.person_id or HOUSE)
            message = Outgoing.from_json(key.open("outbox.payload", row.payload))
            found[row.chat_id] += [
                (call.method, call.parameters.get("text", "")) for call in render(message, row.chat_id)
            ]
    return found


async def shown(storage: Storage, person: int) -> dict[str, Any]:
    """What `achterdehand show participant` shows, with all messages instead of the newest thousand."""
    async with storage.db.read() as conn:
        found = await overview.participant(conn, storage.keyring, person)
        assert found is not None
        line = await messages.on_line(conn, await storage.keyring.of(conn, person), last=sys.maxsize)
    return found | {"messages": [{"author": one.author, "text": one.body, "outcome": one.outcome} for one in line]}


def differences(who: str, what: str, expected: Sequence[Any], found: Sequence[Any]) -> list[str]:
    """One sentence for what is lost, doubled or in the wrong place."""
    if list(expected) == list(found):
        return []
    for place, (wanted, got) in enumerate(zip(expected, found, strict=False)):
        if wanted != got:
            return [f"{who}: {what} {place + 1} of {len(expected)} should be {wanted}, and is {got}"]
    return [f"{who}: {what}, {len(expected)} times given, {len(found)} times found"]


@dataclass(frozen=True, slots=True)
class Sending:
    """`doubled`: how many messages arrived once more than they were committed."""

    problems: list[str]
    doubled: int


def compare_sending(chat: int, rows: Sequence[Said], requests: Sequence[Said], may_double: int) -> Sending:
    """Each row must have arrived, in order; at most `may_double` times the newest one arrived again."""
    place = doubled = 0
    for request in requests:
        if place < len(rows) and request == rows[place]:
            place += 1
        elif place and request == rows[place - 1]:
            doubled += 1
        else:
            wanted = rows[place] if place < len(rows) else "nothing more"
            return Sending([f"chat {chat}: message {place + 1} should be {wanted}, and {request} was sent"], doubled)
    problems = []
    if place < len(rows):
        problems.append(f"chat {chat}: {len(rows) - place} committed messages were never sent, first {rows[place]}")
    if doubled > may_double:
        problems.append(f"chat {chat}: {doubled} messages were doubled, {may_double} were under way at a kill")
    return Sending(problems, doubled)
