"""Queries on estimates: steps on the participation ladder, each with its day and who saw it so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import estimate

_OF_PERSON = prepared(
    select(estimate.c.id, estimate.c.note).where(estimate.c.person_id == bindparam("who")).order_by(estimate.c.id)
)
COLUMN = "estimate.note"


@dataclass(frozen=True, slots=True)
class Estimate:
    """`step`: 1 (lowest) to 6; `by`: the person who scored, the participant or a coach; `on`: a local day."""

    step: int
    by: int
    on: date


async def of_person(conn: AsyncConnection, key: PersonKey) -> tuple[Estimate, ...]:
    """All estimates of this participant, oldest first."""
    return tuple(_estimate(key, row) for row in await _rows(conn, key))


async def add(tx: AsyncConnection, key: PersonKey, made: Estimate) -> None:
    """One a day of each: who scores again that day meant the later."""
    await _drop(tx, key, lambda one: (one.by, one.on) == (made.by, made.on))
    kept = {"step": made.step, "by": made.by, "on": made.on.isoformat()}
    await insert.new(tx, estimate, person_id=key.person_id, note=key.seal(COLUMN, json.dumps(kept)))


async def disown(tx: AsyncConnection, key: PersonKey, since: date) -> None:
    """What was scored on this person's phone from that day on was not by this person."""
    await _drop(tx, key, lambda one: one.by == key.person_id and one.on >= since)


async def _rows(conn: AsyncConnection, key: PersonKey) -> list[Any]:
    return list((await conn.execute(_OF_PERSON, {"who": key.person_id})).all())


async def _drop(tx: AsyncConnection, key: PersonKey, goes: Callable[[Estimate], bool]) -> None:
    wrong = [row.id for row in await _rows(tx, key) if goes(_estimate(key, row))]
    if wrong:
        await tx.execute(delete(estimate).where(estimate.c.id.in_(wrong)))


def _estimate(key: PersonKey, row: Any) -> Estimate:
    kept = json.loads(key.open(COLUMN, row.note))
    return Estimate(kept["step"], kept["by"], date.fromisoformat(kept["on"]))
