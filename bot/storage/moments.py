"""Queries on moments: the planned contacts, each with its fence and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Update, bindparam, exists, func, null, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.errors import Stale
from bot.storage.prepared import prepared
from bot.storage.tables import moment, person, task

Doer = Literal["bot", "coach"]
Outcome = Literal["fired", "missed", "cancelled"]

IN_A_TALK = "in a talk"
"""Why a moment is held while somebody is talking with the assistant or with the coach."""

WAITING = text("moment.state <> 'done'")
"""Written out as in the partial index, so that using it hangs on no bound value."""


@dataclass(frozen=True, slots=True)
class Planning:
    """A moment that should exist. `slot` makes it the same one however often it is planned. Times in UTC."""

    person_id: int
    flow: str
    kind: str
    """A kind of the rhythms, or «asked» for one that somebody asked for by hand."""
    slot: str
    due_at: datetime
    best_before: datetime
    done_by: Doer = "bot"
    placement_id: int | None = None
    any_hour: bool = False
    """Also in quiet hours: somebody asked for it now."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`state` is planned, held or done; once done, `outcome` is fired, missed or cancelled, and why.

    `answered` is None until the talk that it began is over.
    """

    id: int
    person_id: int
    flow: str
    kind: str
    slot: str
    due_at: datetime
    best_before: datetime
    done_by: Doer
    placement_id: int | None
    any_hour: bool
    state: str
    fence: int
    outcome: Outcome | None
    reason: str | None
    answered: bool | None
    done_at: datetime | None

    @property
    def hours(self) -> Literal["any", "contact", "office"]:
        if self.any_hour:
            return "any"
        return "office" if self.done_by == "coach" else "contact"


_COLUMNS = tuple(moment.c[name] for name in Moment.__slots__)
_RELEASE = prepared(
    update(moment)
    .where(WAITING, moment.c.person_id == bindparam("who"), moment.c.state == "held", moment.c.due_at > bindparam("at"))
    .values(fence=moment.c.fence + 1, state="planned", due_at=bindparam("at"), reason=null())
)


_FOR_PERSON = prepared(
    select(*_COLUMNS).where(moment.c.person_id == bindparam("who")).order_by(moment.c.due_at, moment.c.id)
)
_CHANGE = prepared(
    update(moment)
    .where(WAITING, moment.c.id == bindparam("row"), moment.c.fence == bindparam("seen"))
    .values(fence=moment.c.fence + 1)
)


def _row(row: Any) -> Moment:
    return Moment(*row)


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
    return [_row(row) for row in (await conn.execute(_FOR_PERSON, {"who": person_id})).all()]


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


async def move(tx: AsyncConnection, moment_id: int, fence: int, planning: Planning) -> None:
    """Another time for a moment that waits, or a cancelled one that is wanted again. Raises Stale if it changed."""
    still = or_(moment.c.outcome.is_(None), moment.c.outcome == "cancelled")
    again = (moment.c.id == moment_id, moment.c.fence == fence, still)
    times = {"due_at": planning.due_at, "best_before": planning.best_before}
    cleared = {"state": "planned", "outcome": None, "reason": None, "done_at": None}
    if (await tx.execute(_changed().where(*again).values(**times, **cleared))).rowcount != 1:
        raise Stale


async def cancel(tx: AsyncConnection, ids: Collection[int], reason: str, now: datetime) -> None:
    """These are not to be any more; one that is done already stays as it is."""
    values = {"state": "done", "outcome": "cancelled", "reason": reason, "done_at": now}
    await tx.execute(_changed().where(WAITING, moment.c.id.in_(ids)).values(**values))


async def answered(tx: AsyncConnection, moment_id: int, yes: bool) -> None:
    """The talk that this moment began is over, with or without an answer."""
    await tx.execute(update(moment).where(moment.c.id == moment_id).values(answered=yes))


async def people_without_next(conn: AsyncConnection, after: int = 0, scan: int = 1000) -> tuple[list[int], int | None]:
    """Of the next `scan` participants in care, by id: for whom nobody has anything ahead or to do.

    And after whom to go on; None: that was everybody. In pieces, because a look at all of them would hold up others.
    """
    in_care = (person.c.role == "participant", person.c.state.in_(("active", "backup")), person.c.id > after)
    some = select(person.c.id).where(*in_care).order_by(person.c.id).limit(scan).subquery()
    ahead = exists().where(WAITING, moment.c.person_id == some.c.id)
    to_do = exists().where(task.c.participant_id == some.c.id, task.c.state == "open")
    query = select(some.c.id, or_(ahead, to_do).label("has_next")).order_by(some.c.id)
    rows = (await conn.execute(query)).all()
    return [row.id for row in rows if not row.has_next], rows[-1].id if rows else None


async def overdue(conn: AsyncConnection, before: datetime) -> int:
    """How many moments were due before this time and have no outcome, though nobody holds them."""
    waiting = select(func.count()).select_from(moment).where(WAITING, moment.c.due_at < before)
    return int((await conn.execute(waiting)).scalar_one())


async def next_due_at(conn: AsyncConnection) -> datetime | None:
    """When the first moment of all is due."""
    first: datetime | None = (await conn.execute(select(func.min(moment.c.due_at)).where(WAITING))).scalar()
    return first


def _changed() -> Update:
    return update(moment).values(fence=moment.c.fence + 1)


async def _change(tx: AsyncConnection, moment_id: int, fence: int, **values: Any) -> None:
    if (await tx.execute(_CHANGE, values | {"row": moment_id, "seen": fence})).rowcount != 1:
        raise Stale
