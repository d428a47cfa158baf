"""Many people in care, written straight into a SQLite file: sealed as the bot does it, but not through its turns."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

from bot.storage.keys import KEY_BYTES, Keyring, PersonKey

FLOW = "monthly-checkin"
KIND = "checkin"
PEOPLE_PER_COACH = 50
MONTHS_PAST = 2
"""Contacts that everybody has behind them, each with two messages whose texts are emptied by now."""
COACH_CHATS = 10**9
TOGETHER = 5_000
"""People per transaction."""


@dataclass(frozen=True, slots=True)
class InCare:
    """`due_at`: the next contact, at any hour of the day; none: a nightly check must find this person."""

    chat: int
    due_at: datetime | None


def fill(file: Path, keyring: Keyring, crowd: Iterable[InCare], now: datetime) -> None:
    """Write the crowd, a coach for every fifty, and what they have behind them. The tables must be there."""
    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA synchronous=OFF")  # for the filling alone: it is a setting of this connection
    (last,) = db.execute("SELECT max(id) FROM person").fetchone()
    ids, people, coach = count(last + 1), iter(crowd), 0
    while some := list(islice(people, TOGETHER)):
        rows: dict[str, list[dict[str, Any]]] = {}
        for place, one in enumerate(some):
            if place % PEOPLE_PER_COACH == 0:
                coach = next(ids)
                _add(rows, keyring, coach, "coach", COACH_CHATS + coach, now)
            person = next(ids)
            _add(rows, keyring, person, "participant", one.chat, now)
            bond = {"participant_id": person, "coach_id": coach, "since": _text(now)}
            rows.setdefault("bond", []).append(bond)
            for table, row in _contacts(person, one, now):
                rows.setdefault(table, []).append(row)
        _write(db, rows)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _add(
    rows: dict[str, list[dict[str, Any]]], keyring: Keyring, person: int, role: str, chat: int, now: datetime
) -> None:
    key = os.urandom(KEY_BYTES)
    name = PersonKey(person, key).seal("person.name", f"{role} {person}")
    since = _text(now - timedelta(days=70))
    who = {"id": person, "role": role, "state": "active", "name": name, "chat_id": chat}
    rows.setdefault("person", []).append(who | {"care_from": since, "created_at": since})
    rows.setdefault("person_key", []).append(keyring._wrapped(person, key))


def _contacts(person: int, one: InCare, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    for month in range(1, MONTHS_PAST + 1):
        at = now - timedelta(days=30 * month)
        yield "moment", _moment(person, at, now) | {"state": "done", "outcome": "fired", "done_at": _text(at)}
        for part in range(2):
            sent = {"state": "sent", "made_at": _text(at + timedelta(seconds=part)), "sent_at": _text(at)}
            yield "outbox", {"person_id": person, "chat_id": one.chat} | sent
    if one.due_at is not None:
        yield "moment", _moment(person, one.due_at, now) | {"state": "planned"}


def _moment(person: int, at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "person_id": person,
        "flow": FLOW,
        "kind": KIND,
        "slot": f"{at.date().isoformat()}/{KIND}@0",
        "due_at": _text(at),
        "best_before": _text(at + timedelta(days=3)),
        "any_hour": True,
        "planned_at": _text(now),
    }


def _text(at: datetime) -> str:
    """As bot.storage.tables.UtcTime has it."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")


def _write(db: sqlite3.Connection, rows: dict[str, list[dict[str, Any]]]) -> None:
    db.execute("BEGIN")
    for table, some in rows.items():
        by_shape: dict[Sequence[str], list[dict[str, Any]]] = {}
        for row in some:
            by_shape.setdefault(tuple(row), []).append(row)
        for names, alike in by_shape.items():
            places = ", ".join(f":{name}" for name in names)
            db.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", alike)
    db.execute("COMMIT")
