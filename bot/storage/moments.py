"""Queries on moments: the planned contacts, each with its fence and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Update, bindparam, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.errors import Stale
from bot.storage.prepared import prepared
from bot.storage.tables import moment, person

Kind = Literal["checkin", "asked"]
Outcome = Literal["fired", "missed", "cancelled"]

WAITING = text("moment.state <> 'done'")
"""Written out as in the partial index, so that using it hangs on no bound value."""


@dataclass(frozen=True, slots=True)
class Planning:
    """A moment that should exist. `slot` makes it the same one however often it is planned. Times in UTC."""

    person_id: int
    flow: str
    kind: Kind
    slot: str
    due_at: datetime
    best_before: datetime
    any_hour: bool = False
    """Also in quiet hours: somebody asked for it now."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`state` is planned, held or done; once done, `outcome` is fired, missed or cancelled, and why."""

    id: int
    person_id: int
    flow: str
    kind: Kind
    slot: str
    due_at: datetime
    best_before: datetime
    any_hour: bool
    state: str
    fence: int
    outcome: Outcome | None
    reason: str | None

    @property
    def hours(self) -> Literal["any", "contact"]:
        return "any" if self.any_hour else "contact"


_COLUMNS = tuple(moment.c[name] for name in Moment.__slots__)
_RELEASE = prepared(
    update(moment)
    .where(WAITING, moment.c.person_id == bindparam("who"), moment.c.state == "held", moment.c.due_at > bindparam("at"))
    .values(fence=moment.c.fence + 1, state="planned", due_at=bindparam("at"))
)


def _row(row: Any) -> Moment:
    return Moment(**row._mapping)


async def plan(tx: AsyncConnection, planning: Planning, now: datetime) -> int | None:
    """Write the moment. Its id, or None when this person has this slot of this flow already."""
    values = {name: getattr(planning, name) for name in Planning.__slots__}
    return await insert.if_new(tx, moment, values | {"state": "planned", "planned_at": now})


async def due(conn: AsyncConnection, now: datetime, limit: int) -> list[Moment]:
    """What is due and not done, oldest first. Costs what is due, however many people there are."""
    query = select(*_COLUMNS).where(WAITING, moment.c.due_at <= now).order_by(moment.c.due_at).limit(limit)
    return [_row(row) for row in (await conn.execute(query)).all()]


async def by_id(conn: AsyncConnection, moment_id: int) -> Moment | None:
    row = (await conn.execute(select(*_COLUMNS).where(moment.c.id == moment_id))).one_or_none()
    return None if row is None else _row(row)


async def next_for(conn: AsyncConnection, person_id: int) -> Moment | None:
    """The person's first moment that is not done."""
    query = select(*_COLUMNS).where(WAITING, moment.c.person_id == person_id)
    row = (await conn.execute(query.order_by(moment.c.due_at).limit(1))).one_or_none()
    return None if row is None else _row(row)


async def for_person(conn: AsyncConnection, person_id: int) -> list[Moment]:
    """All moments of a person, in the order of their times."""
    query = select(*_COLUMNS).where(moment.c.person_id == person_id).order_by(moment.c.due_at, moment.c.id)
    return [_row(row) for row in (await conn.execute(query)).all()]


async def hold(tx: AsyncConnection, moment_id: int, fence: int, until: datetime, reason: str) -> None:
    """Not now: due again at `until`. Raises Stale if the moment changed since it was read."""
    await _change(tx, moment_id, fence, state="held", due_at=until, reason=reason)


async def finish(
    tx: AsyncConnection, moment_id: int, fence: int, outcome: Outcome, reason: str | None, now: datetime
) -> None:
    """Write what became of it, once and for all. Raises Stale if the moment changed since it was read."""
    await _change(tx, moment_id, fence, state="done", outcome=outcome, reason=reason, done_at=now)


async def release(tx: AsyncConnection, person_id: int, now: datetime) -> None:
    """The talk that held this person's moments is over: they are due now."""
    await tx.execute(_RELEASE, {"who": person_id, "at": now})


async def cancel_for(tx: AsyncConnection, person_id: int, reason: str, now: datetime) -> int:
    """Cancel all that this person still has ahead; a turn that works on one of them gets Stale. How many."""
    own = _changed().where(WAITING, moment.c.person_id == person_id)
    values = {"state": "done", "outcome": "cancelled", "reason": reason, "done_at": now}
    return int((await tx.execute(own.values(**values))).rowcount)


async def people_without_next(conn: AsyncConnection) -> list[int]:
    """Participants in care who have no moment ahead: nobody may be forgotten. For a nightly check."""
    ahead = exists().where(WAITING, moment.c.person_id == person.c.id)
    in_care = (person.c.role == "participant", person.c.state == "active")
    query = select(person.c.id).where(*in_care, ~ahead).order_by(person.c.id)
    return list((await conn.execute(query)).scalars())


async def next_due_at(conn: AsyncConnection) -> datetime | None:
    """When the first moment of all is due."""
    first: datetime | None = (await conn.execute(select(func.min(moment.c.due_at)).where(WAITING))).scalar()
    return first


def _changed() -> Update:
    return update(moment).values(fence=moment.c.fence + 1)


async def _change(tx: AsyncConnection, moment_id: int, fence: int, **values: Any) -> None:
    mine = _changed().where(WAITING, moment.c.id == moment_id, moment.c.fence == fence)
    if (await tx.execute(mine.values(**values))).rowcount != 1:
        raise Stale
