"""Queries on what participants and coaches wrote to each other, and what became of it (promise P4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import PersonKey
from bot.storage.tables import message

WITH_COACH = "with coach"
ACKNOWLEDGED = "acknowledged"
DELIVERED = "delivered"
READ = "read"
UNADDRESSED = "unaddressed"
"""A coach's words that wait for the name of the participant they are for."""
UNREAD = "unread"
"""An employer's words, as they will be shown to a coach who cannot be reached now; on the line of that coach."""
NOT_THEIRS = "not theirs"
"""Written by or to somebody else, who had joined with this participant's invitation."""


@dataclass(frozen=True, slots=True)
class Written:
    """`line` is the person whose key seals it: the participant; of what is unaddressed or unread the coach."""

    id: int
    person_id: int
    author: str
    author_id: int
    kind: str
    body: str
    ref: str | None
    alert_id: int | None
    at: datetime
    outcome: str


async def keep(
    tx: AsyncConnection,
    line: PersonKey,
    *,
    author: str,
    author_id: int,
    kind: str,
    body: str,
    ref: str | None,
    at: datetime,
    outcome: str,
    alert_id: int | None = None,
    inbox_id: int | None = None,
) -> int:
    """Keep a message on the participant's line. Returns the id."""
    return await insert.new(
        tx,
        message,
        person_id=line.person_id,
        author=author,
        author_id=author_id,
        inbox_id=inbox_id,
        alert_id=alert_id,
        kind=kind,
        body=line.seal("message.body", body),
        ref=None if ref is None else line.seal("message.ref", ref),
        at=at,
        outcome=outcome,
    )


def _row(line: PersonKey, row: Any) -> Written:
    return Written(
        id=row.id,
        person_id=row.person_id,
        author=row.author,
        author_id=row.author_id,
        kind=row.kind,
        body=line.open("message.body", row.body),
        ref=None if row.ref is None else line.open("message.ref", row.ref),
        alert_id=row.alert_id,
        at=row.at,
        outcome=row.outcome,
    )


async def by_id(conn: AsyncConnection, line: PersonKey, message_id: int) -> Written | None:
    query = select(message).where(message.c.id == message_id, message.c.person_id == line.person_id)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else _row(line, row)


async def on_line(conn: AsyncConnection, line: PersonKey, *, last: int = 1000) -> list[Written]:
    """The newest messages on somebody's line, oldest first."""
    query = select(message).where(message.c.person_id == line.person_id).order_by(message.c.id.desc()).limit(last)
    return [_row(line, row) for row in reversed((await conn.execute(query)).all())]


async def unread(conn: AsyncConnection, line: PersonKey) -> list[Written]:
    """What waits for this coach to be reachable again, oldest first."""
    query = select(message).where(message.c.person_id == line.person_id, message.c.outcome == UNREAD)
    return [_row(line, row) for row in (await conn.execute(query.order_by(message.c.id))).all()]


async def many(conn: AsyncConnection, since: datetime, more_than: int) -> dict[int, int]:
    """participant → messages from that time on, for those who wrote more than so many."""
    theirs = (message.c.author == "participant", message.c.at >= since, message.c.outcome != NOT_THEIRS)
    query = select(message.c.person_id, func.count()).where(*theirs).group_by(message.c.person_id)
    return {row.person_id: row[1] for row in (await conn.execute(query.having(func.count() > more_than))).all()}


async def disown(tx: AsyncConnection, participant_id: int, since: datetime) -> None:
    """What was written on this line from then on was not the participant's."""
    theirs = (message.c.person_id == participant_id, message.c.at >= since)
    await tx.execute(update(message).where(*theirs).values(outcome=NOT_THEIRS))


async def outcome(tx: AsyncConnection, message_id: int, became: str) -> None:
    await tx.execute(update(message).where(message.c.id == message_id).values(outcome=became))


async def forget(tx: AsyncConnection, message_id: int) -> None:
    """These words are kept somewhere else now, under the key of who they are about."""
    await tx.execute(delete(message).where(message.c.id == message_id))
