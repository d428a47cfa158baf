"""The books of the running bot as the demo page shows them: alerts, placements, planned contacts, messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.demo.page.panel import Alert, Moment, Outbound, Placement, Snapshot, Task
from bot.storage import alerts, counts, handovers, moments, outbox, people, placements, tasks
from bot.storage.connection import Connection
from bot.storage.keys import Keyring
from bot.storage.people import Person
from bot.storage.tables import HOUSE
from bot.turns.outgoing import Outgoing
from flows.engine.book import Book

SHOWN = 12


async def snapshot(conn: Connection, keyring: Keyring, book: Book, now: datetime) -> Snapshot:
    """Everything the panel shows, at `now`."""
    everybody = {one.id: one for one in await people.everybody(conn, keyring)}
    rows = await counts.rows(conn)
    return {
        "now": now,
        "alerts": [row for one in everybody.values() for row in await _alerts(conn, keyring, everybody, one)],
        "moments": [row for one in everybody.values() for row in await _moments(conn, book, one)],
        "placements": [row for one in everybody.values() for row in await _placements(conn, keyring, everybody, one)],
        "tasks": [row for one in everybody.values() for row in await _tasks(conn, everybody, one)],
        "outbox": [await _outbound(conn, keyring, everybody, row) for row in await outbox.newest(conn, SHOWN)],
        "inbox": {
            "new": rows.get(("inbox", "new"), 0),
            "done": rows.get(("inbox", "done"), 0),
            "apart": rows.get(("inbox", "apart"), 0),
        },
    }


async def _alerts(conn: Connection, keyring: Keyring, names: dict[int, Person], who: Person) -> list[Alert]:
    line = await keyring.of(conn, who.id)
    return [
        {
            "id": one.id,
            "participant": who.name,
            "coach": names[one.coach_id].name,
            "level": one.level,
            "topic": one.topic,
            "state": one.state,
            "reasons": [item.body for item in await alerts.items(conn, line, one.id) if item.body],
            "raised_at": one.raised_at,
            "answered_at": one.answered_at,
        }
        for one in reversed(await alerts.of_participant(conn, who.id))
    ]


async def _moments(conn: Connection, book: Book, who: Person) -> list[Moment]:
    return [
        {
            "id": one.id,
            "person": who.name,
            "kind": one.kind,
            "title": book.latest(one.flow).title if one.flow in book else one.flow,
            "due_at": one.due_at,
            "state": one.state,
            "outcome": one.outcome,
            "reason": one.reason,
        }
        for one in await moments.for_person(conn, who.id)
    ]


async def _placements(conn: Connection, keyring: Keyring, names: dict[int, Person], who: Person) -> list[Placement]:
    key = await keyring.of(conn, who.id)
    return [
        {
            "id": one.id,
            "person": who.name,
            "track": one.track,
            "company": one.company,
            "hours": one.hours,
            "employer": names[one.employer_id].name if one.employer_id else "",
            "started_on": one.started_on,
            "contract_end": one.contract_end,
            "handover": _furthest([version.state for version in await handovers.of_placement(conn, key, one.id)]),
            "state": one.state,
        }
        for one in reversed(await placements.of_participant(conn, key))
    ]


def _furthest(states: Sequence[str]) -> str:
    return next((state for state in ("in_force", "offered", "draft") if state in states), "")


async def _tasks(conn: Connection, names: dict[int, Person], who: Person) -> list[Task]:
    return [
        {
            "id": one.id,
            "person": who.name,
            "coach": names[one.coach_id].name,
            "kind": one.kind,
            "due_at": one.due_at,
            "state": one.state,
        }
        for one in await tasks.of_participant(conn, who.id)
    ]


async def _outbound(conn: Connection, keyring: Keyring, names: dict[int, Person], row: outbox.Newest) -> Outbound:
    key = await keyring.of(conn, row.person_id or HOUSE)
    outgoing = Outgoing.from_json(key.open("outbox.payload", row.payload)) if row.payload else None
    person = names.get(row.person_id or HOUSE)
    return {
        "id": row.id,
        "to": person.name if person else "onbekende",
        "text": outgoing.text if outgoing else "",
        "media": _medium(outgoing) if outgoing else "",
        "state": row.state,
        "made_at": row.made_at,
        "reason": row.reason,
    }


def _medium(outgoing: Outgoing) -> str:
    return {"picture": "photo", "document": "document"}.get(outgoing.kind, outgoing.media_kind)
