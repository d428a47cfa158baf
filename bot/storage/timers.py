"""Queries on timers: wake-ups of a run or an alert, each with the turn it was set for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Update, bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.errors import Stale
from bot.storage.prepared import prepared
from bot.storage.tables import timer

Kind = Literal["reminder", "expiry", "announce", "reask", "task", "unread", "asked", "sick_week", "move", "restart"]
Outcome = Literal["fired", "stale"]

OF_A_RUN: tuple[Kind, ...] = ("reminder", "expiry", "reask")
OF_A_VERSION: tuple[Kind, ...] = ("move", "restart")
"""What a run is taken to when its script changed, and somebody wanted that."""
OF_AN_ALERT: tuple[Kind, ...] = ("announce",)
OF_A_DOUBT: tuple[Kind, ...] = ("asked",)
"""The question whether there is danger stayed without an answer."""
OF_A_TASK: tuple[Kind, ...] = ("task",)
OF_A_HANDOVER: tuple[Kind, ...] = ("unread",)
OF_A_SPELL: tuple[Kind, ...] = ("sick_week",)
IN_CONTACT_HOURS: tuple[Kind, ...] = ("reminder", "reask", "unread", "move", "restart")
"""These speak to a participant. An expiry says nothing; an announcement's hour was chosen when it was set."""
IN_OFFICE_HOURS: tuple[Kind, ...] = (*OF_A_TASK, *OF_A_SPELL)
"""So was a task's, but an outage may have ended at any hour, and what a coach is to do is never that urgent."""

WAITING = text("timer.state = 'waiting'")
"""Written out as in the partial index, so that using it hangs on no bound value."""


@dataclass(frozen=True, slots=True)
class Timer:
    """`about`: the id of a run, alert, task, handover or spell of sickness.

    `turn`, the fence: the run's turn, or how often we said it.
    """

    id: int
    person_id: int
    kind: Kind
    about: int
    turn: int
    due_at: datetime

    @property
    def hours(self) -> Literal["any", "contact", "office"]:
        if self.kind in IN_OFFICE_HOURS:
            return "office"
        return "contact" if self.kind in IN_CONTACT_HOURS else "any"

    @property
    def best_before(self) -> None:
        """A timer never gets too late: its turn decides whether it still means anything."""
        return None


_COLUMNS = tuple(timer.c[name] for name in Timer.__slots__)
_SET_ANEW = prepared(
    delete(timer).where(
        timer.c.kind == bindparam("of"),
        timer.c.about == bindparam("on"),
        timer.c.turn == bindparam("at"),
        timer.c.state == "done",
    )
)
_KIND = timer.c.kind.concat("")
"""Not the bare column: by that SQLite would look through all timers of the kind that there ever were."""


async def want(tx: AsyncConnection, person_id: int, kind: Kind, about: int, turn: int, due_at: datetime) -> int | None:
    """Set a timer. Its id, or None while the same one waits already; one that is done is set anew, under another id."""
    await tx.execute(_SET_ANEW, {"of": kind, "on": about, "at": turn})
    values = {"person_id": person_id, "kind": kind, "about": about, "turn": turn, "due_at": due_at}
    return await insert.if_new(tx, timer, values)


async def due(conn: AsyncConnection, now: datetime, limit: int, *, of_alerts: bool) -> list[Timer]:
    """What is due and still waits, oldest first: of alerts and doubts alone, or of all else. Costs what is due."""
    ahead = (*OF_AN_ALERT, *OF_A_DOUBT)
    kind = _KIND.in_(ahead) if of_alerts else _KIND.not_in(ahead)
    query = select(*_COLUMNS).where(WAITING, timer.c.due_at <= now, kind).order_by(timer.c.due_at).limit(limit)
    return [Timer(**row._mapping) for row in (await conn.execute(query)).all()]


async def hold(tx: AsyncConnection, timer_id: int, turn: int, until: datetime) -> None:
    """Not at this hour: due again at `until`. Raises Stale if it no longer waits."""
    await _change(tx, timer_id, turn, update(timer).values(due_at=until))


async def finish(tx: AsyncConnection, timer_id: int, turn: int, outcome: Outcome) -> None:
    """Write what became of it. Raises Stale if it no longer waits, or was set for another turn."""
    await _change(tx, timer_id, turn, update(timer).values(state="done", outcome=outcome))


async def stale_for(tx: AsyncConnection, kinds: tuple[Kind, ...], about: int) -> int:
    """The run or alert moved on: its waiting timers of these kinds mean nothing any more. How many."""
    theirs = update(timer).where(WAITING, timer.c.kind.in_(kinds), timer.c.about == about)
    return int((await tx.execute(theirs.values(state="done", outcome="stale"))).rowcount)


async def put_off(tx: AsyncConnection, kinds: tuple[Kind, ...], about: int, span: timedelta) -> None:
    """The waiting timers of these kinds come so much later: their run stood still for so long."""
    theirs = (WAITING, timer.c.kind.in_(kinds), timer.c.about == about)
    for row in (await tx.execute(select(timer.c.id, timer.c.due_at).where(*theirs))).all():
        await tx.execute(update(timer).where(timer.c.id == row.id).values(due_at=row.due_at + span))


async def next_due_at(conn: AsyncConnection) -> datetime | None:
    """When the first timer of all is due."""
    first: datetime | None = (await conn.execute(select(func.min(timer.c.due_at)).where(WAITING))).scalar()
    return first


async def _change(tx: AsyncConnection, timer_id: int, turn: int, change: Update) -> None:
    mine = change.where(WAITING, timer.c.id == timer_id, timer.c.turn == turn)
    if (await tx.execute(mine)).rowcount != 1:
        raise Stale
