"""Placements, handovers and tasks on the real database: sealed, versioned, and logs that only grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.storage import handovers, people, placements, tasks
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.handovers import Agreement
from bot.storage.keys import Keyring
from bot.storage.tables import agreement, handover, placement

NOW = datetime(2026, 11, 20, 11, tzinfo=UTC)
KARINS_NUMBER = "+31501234567"
TERMS = {"rhythm": "monthly", "until": None}
ABSENCE = Agreement(0, "absence", "Bel Karin", "participant", date(2027, 2, 20), True, {"number": KARINS_NUMBER})
HOURS = Agreement(0, "hours", "24 uur", "employer", None, True, {})


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([bytes(32)])


class Room:
    """Sam, Karin at the bakery, Ilse, and one placement."""

    def __init__(self, db: Database, keyring: Keyring) -> None:
        self.db, self.keyring = db, keyring
        self.sam = self.karin = self.ilse = self.placement = 0

    async def fill(self) -> Room:
        async def work(tx: Connection) -> tuple[int, int, int, int]:
            sam, karin, ilse = [
                await people.add(tx, self.keyring, role, name, "nl", NOW)
                for role, name in (("participant", "Sam"), ("employer", "Karin"), ("coach", "Ilse"))
            ]
            key = await self.keyring.of(tx, sam)
            made = await placements.make(
                tx, key, date(2026, 12, 1), NOW, company="Bakkerij Jansen", hours="24", contract_end=date(2027, 5, 31)
            )
            await placements.change(tx, key, made, employer_id=karin)
            return sam, karin, ilse, made

        self.sam, self.karin, self.ilse, self.placement = await self.db.write(work)
        return self

    async def write(self, work: Any) -> Any:
        async def with_key(tx: Connection) -> Any:
            return await work(tx, await self.keyring.of(tx, self.sam))

        return await self.db.write(with_key)

    async def version(self) -> int:
        made: int = await self.write(lambda tx, key: handovers.make(tx, key, self.placement, TERMS, NOW))
        return made


@pytest.fixture
async def room(db: Database, keyring: Keyring) -> Room:
    return await Room(db, keyring).fill()


async def test_a_placement_is_found_from_both_sides_and_its_words_are_sealed(room: Room) -> None:
    async with room.db.read() as conn:
        (of_sam,) = await placements.of_participant(conn, await room.keyring.of(conn, room.sam))
        (of_karin,) = await placements.of_employer(conn, room.keyring, room.karin)
        raw = (await conn.execute(select(placement.c.company))).scalar_one()
    assert of_sam == of_karin
    assert (of_sam.company, of_sam.hours, of_sam.track, of_sam.state) == ("Bakkerij Jansen", "24", "work", "open")
    assert (of_sam.started_on, of_sam.contract_end, of_sam.ended_on) == (date(2026, 12, 1), date(2027, 5, 31), None)
    assert b"Jansen" not in raw


async def test_changing_a_placement_keeps_its_words_sealed(room: Room) -> None:
    await room.write(lambda tx, key: placements.change(tx, key, room.placement, company="Nieuwe zaak", state="ended"))
    async with room.db.read() as conn:
        found = await placements.by_id(conn, room.keyring, room.placement)
        raw = (await conn.execute(select(placement.c.company))).scalar_one()
    assert found is not None
    assert (found.company, found.state) == ("Nieuwe zaak", "ended")
    assert b"Nieuwe zaak" not in raw


async def test_each_version_is_one_higher_and_only_the_one_in_force_is_in_force(room: Room) -> None:
    first, second = await room.version(), await room.version()
    await room.write(lambda tx, _: handovers.change(tx, first, state="in_force", in_force_at=NOW))
    async with room.db.read() as conn:
        key = await room.keyring.of(conn, room.sam)
        versions = await handovers.of_placement(conn, key, room.placement)
        assert [(one.version, one.state) for one in versions] == [(1, "in_force"), (2, "draft")]
        assert [one.id for one in await handovers.in_force(conn, key)] == [first]
        assert (await handovers.by_id(conn, key, second)).terms == TERMS  # type: ignore[union-attr]


async def test_a_version_of_somebody_else_does_not_open(room: Room) -> None:
    made = await room.version()
    async with room.db.read() as conn:
        assert await handovers.by_id(conn, await room.keyring.of(conn, room.karin), made) is None


async def test_an_item_is_written_once_and_the_newer_text_takes_its_place(room: Room) -> None:
    made = await room.version()

    async def write(tx: Connection, key: Any) -> None:
        for one in (HOURS, ABSENCE, replace(HOURS, text="28 uur")):
            await handovers.keep(tx, key, made, one)

    await room.write(write)
    async with room.db.read() as conn:
        kept = await handovers.agreements(conn, await room.keyring.of(conn, room.sam), made)
        raw = (await conn.execute(select(agreement.c.text, agreement.c.details))).all()
        terms = (await conn.execute(select(handover.c.terms))).scalar_one()
    assert [(one.item, one.text) for one in kept] == [("absence", "Bel Karin"), ("hours", "28 uur")]
    assert kept[0].says_the_same(ABSENCE)
    assert not kept[1].says_the_same(HOURS)
    sealed = b"".join(value for row in raw for value in row if value) + terms
    assert KARINS_NUMBER.encode() not in sealed
    assert b"monthly" not in sealed


async def test_the_newest_decision_counts_and_the_log_keeps_all(room: Room) -> None:
    made = await room.version()
    item = await room.write(lambda tx, key: handovers.keep(tx, key, made, HOURS))
    for decision in ("yes", "withdrawn"):
        await room.write(lambda tx, _, it=decision: handovers.decide(tx, item, room.sam, "to_employer", it, NOW))
    async with room.db.read() as conn:
        log = await handovers.decisions(conn, made)
    assert [one.decision for one in log] == ["yes", "withdrawn"]
    assert handovers.newest(log) == {(item, room.sam, "to_employer"): "withdrawn"}


async def test_the_newest_acceptance_of_each_party_counts(room: Room) -> None:
    made = await room.version()
    for who, decision in ((room.sam, "no"), (room.karin, "yes"), (room.sam, "yes")):
        await room.write(lambda tx, _, w=who, d=decision: handovers.accept(tx, made, w, d, NOW))
    async with room.db.read() as conn:
        found = await handovers.acceptances(conn, made)
    assert {who: one.decision for who, one in found.items()} == {room.sam: "yes", room.karin: "yes"}


async def test_a_coachs_open_tasks_come_in_the_order_they_are_due_until_they_are_done(room: Room) -> None:
    async def two(tx: Connection, _: Any) -> tuple[int, int]:
        later = await tasks.make(tx, room.sam, room.ilse, "visit", NOW + timedelta(days=2), NOW)
        sooner = await tasks.make(tx, room.sam, room.ilse, "call", NOW, NOW, placement_id=room.placement)
        return later, sooner

    later, sooner = await room.write(two)
    async with room.db.read() as conn:
        assert [one.id for one in await tasks.open_of_coach(conn, room.ilse)] == [sooner, later]
    await room.write(lambda tx, _: tasks.change(tx, sooner, state="done", done_at=NOW))
    await room.write(lambda tx, _: tasks.change(tx, later, state="dropped", done_at=NOW))
    async with room.db.read() as conn:
        assert await tasks.open_of_coach(conn, room.ilse) == []
        states = {one.id: one.state for one in await tasks.of_participant(conn, room.sam)}
    assert states == {sooner: "done", later: "dropped"}
