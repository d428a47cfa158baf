"""Queries on buttons: the row that explains what an opaque token means, for whom, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.prepared import prepared
from bot.storage.tables import button


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """`action` says what a tap does; `about` is the id of the run, alert, message or person it does it to."""

    token: str
    person_id: int
    action: str
    about: int | None
    turn: int | None
    step: str | None
    key: str | None
    expires_at: datetime


_ADD = prepared(insert(button))
_MEANING = prepared(
    select(*(button.c[name] for name in ButtonRow.__slots__)).where(button.c.token == bindparam("tapped"))
)
_UNANSWERED = prepared(
    select(*(button.c[name] for name in ButtonRow.__slots__))
    .where(button.c.person_id == bindparam("who"), button.c.action == bindparam("action"), button.c.used_at.is_(None))
    .order_by(button.c.expires_at.desc())
    .limit(1)
)
_USE = prepared(
    update(button)
    .where(button.c.token == bindparam("tapped"), button.c.used_at.is_(None))
    .values(used_at=bindparam("at"))
)


async def make(tx: AsyncConnection, rows: Sequence[ButtonRow]) -> None:
    if rows:
        await tx.execute(_ADD, [{name: getattr(row, name) for name in ButtonRow.__slots__} for row in rows])


async def meaning(conn: AsyncConnection, token: str) -> ButtonRow | None:
    row = (await conn.execute(_MEANING, {"tapped": token})).one_or_none()
    return None if row is None else ButtonRow(*row)


async def use(tx: AsyncConnection, token: str, now: datetime) -> bool:
    """Use a button up. False when it was tapped before."""
    return (await tx.execute(_USE, {"tapped": token, "at": now})).rowcount == 1


async def unanswered(conn: AsyncConnection, person_id: int, action: str) -> ButtonRow | None:
    """One of this person's buttons of this kind that was never tapped nor dropped; the newest."""
    row = (await conn.execute(_UNANSWERED, {"who": person_id, "action": action})).one_or_none()
    return None if row is None else ButtonRow(*row)


async def drop_all(tx: AsyncConnection, person_id: int, action: str) -> None:
    """Forget all of this person's buttons of this kind: what they asked is answered."""
    await tx.execute(delete(button).where(button.c.person_id == person_id, button.c.action == action))


async def drop(tx: AsyncConnection, people: Sequence[int], actions: Sequence[str], about: int) -> None:
    """Forget these people's buttons of these kinds about one thing."""
    theirs = button.c.person_id.in_(people), button.c.about == about, button.c.action.in_(actions)
    await tx.execute(delete(button).where(*theirs))


async def purge(tx: AsyncConnection, now: datetime) -> None:
    """Forget buttons whose time is over; a tap on one then gets the same kind answer as an unknown one."""
    await tx.execute(delete(button).where(button.c.expires_at < now))
