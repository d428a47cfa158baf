"""Queries on spells of sickness: days alone, sealed as one text."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import sickness

_OF_PERSON = prepared(
    select(sickness.c.id, sickness.c.days).where(sickness.c.person_id == bindparam("who")).order_by(sickness.c.id)
)
_CHANGE = prepared(update(sickness).where(sickness.c.id == bindparam("row")))
COLUMN = "sickness.days"
DAYS = ("first", "told", "better", "back", "ended")


@dataclass(frozen=True, slots=True)
class Spell:
    """One time that somebody is ill. Local days; nothing else is known, and nothing else may be."""

    id: int
    first: date
    """The first day of being ill."""
    told: date
    """The day on which we heard of it, or on which it began anew."""
    placement_id: int | None = None
    """The job that cannot be done meanwhile; none: there is none, or it is not written down."""
    reported: bool | None = None
    """Whether the employer knows; None: not asked."""
    expected: int | None = None
    """How many days the person thinks that it lasts."""
    better: date | None = None
    """The day on which the person said to be better."""
    back: date | None = None
    """The first day at work again, as the person expects it or as it was."""
    returns: int = 0
    """How often a day to go back was named: each is another plan."""
    ended: date | None = None
    """Over for another reason: the job or the aftercare ended."""
    told_long: bool = False
    """Whether the coach was told that it lasts."""


async def of_person(conn: AsyncConnection, key: PersonKey) -> tuple[Spell, ...]:
    """All spells of this person, oldest first."""
    rows = (await conn.execute(_OF_PERSON, {"who": key.person_id})).all()
    return tuple(_row(key, row) for row in rows)


async def begin(tx: AsyncConnection, key: PersonKey, spell: Spell) -> int:
    """Write a new spell, whatever id it has. Returns its id."""
    return await insert.new(tx, sickness, person_id=key.person_id, days=_sealed(key, spell))


async def keep(tx: AsyncConnection, key: PersonKey, spell: Spell) -> None:
    """Write a spell as it is now."""
    await tx.execute(_CHANGE, {"row": spell.id, "days": _sealed(key, spell)})


def _sealed(key: PersonKey, spell: Spell) -> bytes:
    kept = {one.name: getattr(spell, one.name) for one in fields(Spell) if one.name != "id"}
    return key.seal(COLUMN, json.dumps({name: _plain(value) for name, value in kept.items()}))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _row(key: PersonKey, row: Any) -> Spell:
    kept = json.loads(key.open(COLUMN, row.days))
    days = {name: date.fromisoformat(kept[name]) for name in DAYS if kept[name] is not None}
    return Spell(id=row.id, **(kept | days))
