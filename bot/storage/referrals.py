"""Queries on referrals: to whom, when we ask, and what became of it, sealed as one text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import referral

_OF_PERSON = prepared(
    select(referral.c.id, referral.c.note).where(referral.c.person_id == bindparam("who")).order_by(referral.c.id)
)
_CHANGE = prepared(update(referral).where(referral.c.id == bindparam("row")))
COLUMN = "referral.note"


@dataclass(frozen=True, slots=True)
class Referral:
    """Local days. `to` is one of the places that the scripts know, or the coach's own words."""

    id: int
    to: str
    noted: date
    asks: tuple[date, ...]
    """The days on which the participant is asked about it; each once."""
    outcome: str | None = None
    """What the participant said last: the key of an answer."""
    said: date | None = None


async def of_person(conn: AsyncConnection, key: PersonKey) -> tuple[Referral, ...]:
    """All referrals of this person, oldest first."""
    rows = (await conn.execute(_OF_PERSON, {"who": key.person_id})).all()
    return tuple(_row(key, row) for row in rows)


async def note(tx: AsyncConnection, key: PersonKey, made: Referral) -> int:
    """Write a new referral, whatever id it has. Returns its id."""
    return await insert.new(tx, referral, person_id=key.person_id, note=_sealed(key, made))


async def keep(tx: AsyncConnection, key: PersonKey, made: Referral) -> None:
    """Write a referral as it is now."""
    await tx.execute(_CHANGE, {"row": made.id, "note": _sealed(key, made)})


def _sealed(key: PersonKey, made: Referral) -> bytes:
    said = made.said.isoformat() if made.said else None
    asks = [day.isoformat() for day in made.asks]
    kept = {"to": made.to, "noted": made.noted.isoformat(), "asks": asks, "outcome": made.outcome, "said": said}
    return key.seal(COLUMN, json.dumps(kept, ensure_ascii=False))


def _row(key: PersonKey, row: Any) -> Referral:
    kept = json.loads(key.open(COLUMN, row.note))
    return Referral(
        id=row.id,
        to=kept["to"],
        noted=date.fromisoformat(kept["noted"]),
        asks=tuple(map(date.fromisoformat, kept["asks"])),
        outcome=kept["outcome"],
        said=date.fromisoformat(kept["said"]) if kept["said"] else None,
    )
