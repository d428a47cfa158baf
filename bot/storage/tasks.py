"""Queries on tasks: planned contacts that a coach does, until the coach says what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.prepared import prepared
from bot.storage.tables import task

State = Literal["open", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Task:
    """`kind` is a kind of the rhythms; `reminded` counts how often the coach was told after the first time."""

    id: int
    participant_id: int
    coach_id: int
    placement_id: int | None
    moment_id: int | None
    kind: str
    due_at: datetime
    state: State
    reminded: int
    done_at: datetime | None


_TASKS = select(*(task.c[name] for name in Task.__slots__))
_BY_ID = prepared(_TASKS.where(task.c.id == bindparam("row")))
_OPEN_OF_COACH = _TASKS.where(task.c.coach_id == bindparam("who"), task.c.state == "open").order_by(task.c.due_at)
_OF_PARTICIPANT = _TASKS.where(task.c.participant_id == bindparam("who")).order_by(task.c.due_at, task.c.id)
_CHANGE = update(task).where(task.c.id == bindparam("row"))


async def make(
    tx: AsyncConnection,
    participant_id: int,
    coach_id: int,
    kind: str,
    due_at: datetime,
    now: datetime,
    *,
    placement_id: int | None = None,
    moment_id: int | None = None,
) -> int:
    """A task for this coach. Returns the id."""
    return await insert.new(
        tx,
        task,
        participant_id=participant_id,
        coach_id=coach_id,
        kind=kind,
        due_at=due_at,
        placement_id=placement_id,
        moment_id=moment_id,
        made_at=now,
    )


async def by_id(conn: AsyncConnection, task_id: int) -> Task | None:
    row = (await conn.execute(_BY_ID, {"row": task_id})).one_or_none()
    return None if row is None else Task(**row._asdict())


async def open_of_coach(conn: AsyncConnection, coach_id: int) -> list[Task]:
    """What this coach still has to do, longest due first."""
    return [Task(**row._asdict()) for row in (await conn.execute(_OPEN_OF_COACH, {"who": coach_id})).all()]


async def of_participant(conn: AsyncConnection, participant_id: int) -> list[Task]:
    return [Task(**row._asdict()) for row in (await conn.execute(_OF_PARTICIPANT, {"who": participant_id})).all()]


async def change(tx: AsyncConnection, task_id: int, **values: Any) -> None:
    """Set state, due_at, reminded or done_at."""
    await tx.execute(_CHANGE.values(**values), {"row": task_id})
