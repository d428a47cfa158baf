"""Queries on placements: one participant at one employer, or on the way to a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import Keyring, PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import placement

Track = Literal["work", "search"]

_PLACEMENTS = select(
    placement.c.id,
    placement.c.participant_id,
    placement.c.employer_id,
    placement.c.reader,
    placement.c.company,
    placement.c.hours,
    placement.c.track,
    placement.c.started_on,
    placement.c.contract_end,
    placement.c.state,
    placement.c.ended_on,
)
_BY_ID = prepared(_PLACEMENTS.where(placement.c.id == bindparam("row")))
_OF_PARTICIPANT = prepared(_PLACEMENTS.where(placement.c.participant_id == bindparam("who")).order_by(placement.c.id))
_OF_EMPLOYER = prepared(_PLACEMENTS.where(placement.c.employer_id == bindparam("who")).order_by(placement.c.id))
_CHANGE = update(placement).where(placement.c.id == bindparam("row"))


@dataclass(frozen=True, slots=True)
class Placement:
    """`company` and `hours` in the words of who wrote them, empty when nobody did. Dates are local days."""

    id: int
    participant_id: int
    employer_id: int | None
    company: str
    hours: str
    track: Track
    started_on: date
    contract_end: date | None
    state: Literal["open", "ended"]
    ended_on: date | None
    reader: int = 0
    """How many times the contact person changed: what was shown to one is asked anew for the next."""


def _row(key: PersonKey, row: Any) -> Placement:
    opened = {name: key.open(f"placement.{name}", getattr(row, name)) for name in ("company", "hours")}
    return Placement(**{**row._asdict(), **opened})


async def make(
    tx: AsyncConnection,
    key: PersonKey,
    started_on: date,
    now: datetime,
    *,
    track: Track = "work",
    company: str = "",
    hours: str = "",
    contract_end: date | None = None,
) -> int:
    """A placement of the participant whose key this is. Returns the id."""
    return await insert.new(
        tx,
        placement,
        participant_id=key.person_id,
        company=key.seal("placement.company", company),
        hours=key.seal("placement.hours", hours),
        track=track,
        started_on=started_on,
        contract_end=contract_end,
        made_at=now,
    )


async def change(tx: AsyncConnection, key: PersonKey, placement_id: int, **values: Any) -> None:
    """Set fields of Placement by their names: employer_id, reader, company, hours, track, …"""
    sealed = {name: key.seal(f"placement.{name}", values[name]) for name in ("company", "hours") if name in values}
    await tx.execute(_CHANGE.values(**(values | sealed)), {"row": placement_id})


async def by_id(conn: AsyncConnection, keyring: Keyring, placement_id: int) -> Placement | None:
    row = (await conn.execute(_BY_ID, {"row": placement_id})).one_or_none()
    return None if row is None else _row(await keyring.of(conn, row.participant_id), row)


async def of_participant(conn: AsyncConnection, key: PersonKey) -> list[Placement]:
    """All of this participant's placements, oldest first, ended ones too."""
    return [_row(key, row) for row in (await conn.execute(_OF_PARTICIPANT, {"who": key.person_id})).all()]


async def of_employer(conn: AsyncConnection, keyring: Keyring, employer_id: int) -> list[Placement]:
    """All placements where this person is the contact at the work place, oldest first, ended ones too."""
    rows = (await conn.execute(_OF_EMPLOYER, {"who": employer_id})).all()
    return [_row(await keyring.of(conn, row.participant_id), row) for row in rows]
