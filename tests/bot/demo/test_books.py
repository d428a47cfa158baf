"""What the demo page is told of the books, read from a real database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.demo import books
from bot.demo.page.panel import Snapshot
from bot.storage import moments, outbox, people, placements, tasks
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.moments import Planning
from bot.turns.outgoing import Outgoing
from flows.engine.book import Book

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=31)


@dataclass
class Shelf:
    """Sam at the bakery with Karin, coached by Ilse."""

    db: Database
    keyring: Keyring
    sam: int = 0
    ilse: int = 0
    placement: int = 0

    async def fill(self) -> Shelf:
        async def work(tx: Connection) -> tuple[int, int, int]:
            sam, karin, ilse = [
                await people.add(tx, self.keyring, role, name, "nl", NOW)
                for role, name in (("participant", "Sam"), ("employer", "Karin"), ("coach", "Ilse"))
            ]
            key = await self.keyring.of(tx, sam)
            made = await placements.make(tx, key, date(2026, 12, 1), NOW, company="Bakkerij Jansen", hours="24")
            await placements.change(tx, key, made, employer_id=karin)
            return sam, ilse, made

        self.sam, self.ilse, self.placement = await self.db.write(work)
        return self

    async def shown(self) -> Snapshot:
        async with self.db.read() as conn:
            return await books.snapshot(conn, self.keyring, Book(), NOW)


@pytest.fixture
async def shelf(db: Database) -> Shelf:
    return await Shelf(db, Keyring([bytes(32)])).fill()


async def test_a_placement_is_shown_with_who_the_contact_at_work_is(shelf: Shelf) -> None:
    (shown,) = (await shelf.shown())["placements"]
    assert shown == {
        "id": shelf.placement,
        "person": "Sam",
        "track": "work",
        "company": "Bakkerij Jansen",
        "hours": "24",
        "employer": "Karin",
        "started_on": date(2026, 12, 1),
        "contract_end": None,
        "handover": "",
        "state": "open",
    }


async def test_the_way_to_a_job_has_no_contact_at_work_and_the_newest_placement_comes_first(shelf: Shelf) -> None:
    async def work(tx: Connection) -> int:
        return await placements.make(tx, await shelf.keyring.of(tx, shelf.sam), date(2027, 6, 1), NOW, track="search")

    newer = await shelf.db.write(work)
    shown = (await shelf.shown())["placements"]
    assert [(one["id"], one["track"], one["employer"]) for one in shown] == [
        (newer, "search", ""),
        (shelf.placement, "work", "Karin"),
    ]


async def test_a_task_and_a_moment_are_shown_with_their_kind_and_whose_they_are(shelf: Shelf) -> None:
    async def work(tx: Connection) -> None:
        await tasks.make(tx, shelf.sam, shelf.ilse, "visit", LATER, NOW, placement_id=shelf.placement)
        planning = Planning(shelf.sam, "no-script", "call", "2027-01-01/call@1.1", LATER, LATER + timedelta(days=2))
        await moments.plan(tx, planning, NOW)

    await shelf.db.write(work)
    shown = await shelf.shown()
    (task,), (moment,) = shown["tasks"], shown["moments"]
    assert (task["coach"], task["person"], task["kind"], task["due_at"], task["state"]) == (
        "Ilse",
        "Sam",
        "visit",
        LATER,
        "open",
    )
    assert (moment["person"], moment["kind"], moment["title"], moment["reason"]) == ("Sam", "call", "no-script", None)


@pytest.mark.parametrize(
    ("outgoing", "medium"),
    [
        (Outgoing("send", "Hoi"), ""),
        (Outgoing("media", "Van Sam", media="f", media_kind="voice"), "voice"),
        (Outgoing("picture", "Scan dit", picture="iVBORw0KGgo="), "photo"),
        (Outgoing("document", "Je afspraken", document="QkVHSU4=", file_name="afspraken.ics"), "document"),
    ],
    ids=lambda value: value.kind if isinstance(value, Outgoing) else None,
)
async def test_what_goes_along_with_a_message_is_told(shelf: Shelf, outgoing: Outgoing, medium: str) -> None:
    async def work(tx: Connection) -> None:
        key = await shelf.keyring.of(tx, shelf.sam)
        await outbox.put(tx, key, 42, shelf.sam, outgoing.to_json(), NOW)

    await shelf.db.write(work)
    (shown,) = (await shelf.shown())["outbox"]
    assert (shown["to"], shown["text"], shown["media"]) == ("Sam", outgoing.text, medium)
