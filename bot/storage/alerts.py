"""Queries on alerts and the items each gathers. One alert at most is open per participant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import alert, alert_item

LEVELS = ("good", "soon", "today", "urgent", "danger")
"""How soon a human must look: what can wait longest first."""

_OPEN = text("alert.state <> 'closed'")
"""Written out as in the partial index, so that using it hangs on no bound value."""

_ALERTS = select(alert)
_OPEN_ONE = prepared(_ALERTS.where(_OPEN, alert.c.participant_id == bindparam("who")).with_for_update())
_BY_ID = prepared(_ALERTS.where(alert.c.id == bindparam("row")).with_for_update())
_ALL_OPEN = _ALERTS.where(_OPEN).order_by(alert.c.id)
_LEVEL = case({level: place for place, level in enumerate(LEVELS)}, value=alert.c.level)
_OPEN_OF_COACH = _ALERTS.where(_OPEN, alert.c.coach_id == bindparam("who")).order_by(_LEVEL.desc(), alert.c.id)
_OF_PARTICIPANT = _ALERTS.where(alert.c.participant_id == bindparam("who")).order_by(alert.c.id)
_CHANGE = prepared(update(alert).where(alert.c.id == bindparam("row")))


@dataclass(frozen=True, slots=True)
class Alert:
    """`state`: raised, taken, answered or closed; `level`: one of LEVELS.

    `told_at`: when the coach last heard that something waits here; None once the coach looked, or it got worse.
    `unseen_at`: when the first thing came that nobody has seen yet; None once all of it was shown.
    """

    id: int
    participant_id: int
    coach_id: int
    level: str
    topic: str
    state: str
    raised_at: datetime
    taken_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    announced: int
    danger_at: datetime | None
    told_at: datetime | None
    unseen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing an alert is about. `kind`: flag, message, failure, voice, photo …"""

    kind: str
    level: str
    topic: str
    body: str
    message_id: int | None
    at: datetime


async def open_one(conn: AsyncConnection, participant_id: int) -> Alert | None:
    """The participant's open alert, locked until the end of the transaction."""
    row = (await conn.execute(_OPEN_ONE, {"who": participant_id})).one_or_none()
    return None if row is None else Alert(**row._asdict())


async def by_id(conn: AsyncConnection, alert_id: int) -> Alert | None:
    row = (await conn.execute(_BY_ID, {"row": alert_id})).one_or_none()
    return None if row is None else Alert(**row._asdict())


async def open_of_coach(conn: AsyncConnection, coach_id: int) -> list[Alert]:
    """What this coach has open: what can wait least first, and of one level the oldest."""
    return [Alert(**row._asdict()) for row in (await conn.execute(_OPEN_OF_COACH, {"who": coach_id})).all()]


async def all_open(conn: AsyncConnection) -> list[Alert]:
    return [Alert(**row._asdict()) for row in (await conn.execute(_ALL_OPEN)).all()]


async def of_participant(conn: AsyncConnection, participant_id: int) -> list[Alert]:
    return [Alert(**row._asdict()) for row in (await conn.execute(_OF_PARTICIPANT, {"who": participant_id})).all()]


async def make(tx: AsyncConnection, participant_id: int, coach_id: int, level: str, topic: str, now: datetime) -> int:
    """Raise an alert. Raises sqlalchemy's IntegrityError when one is open: look with `open_one` first."""
    return await insert.new(
        tx,
        alert,
        participant_id=participant_id,
        coach_id=coach_id,
        level=level,
        topic=topic,
        state="raised",
        raised_at=now,
    )


async def change(tx: AsyncConnection, alert_id: int, **values: Any) -> None:
    await tx.execute(_CHANGE, {"row": alert_id, **values})


async def gather(tx: AsyncConnection, line: PersonKey, alert_id: int, item: Item) -> None:
    """Add an item to an alert."""
    await tx.execute(
        alert_item.insert().values(
            alert_id=alert_id,
            participant_id=line.person_id,
            kind=item.kind,
            level=item.level,
            topic=item.topic,
            body=line.seal("alert_item.body", item.body),
            message_id=item.message_id,
            at=item.at,
        )
    )


async def items(conn: AsyncConnection, line: PersonKey, alert_id: int) -> list[Item]:
    query = select(alert_item).where(alert_item.c.alert_id == alert_id).order_by(alert_item.c.id)
    return [
        Item(
            kind=row.kind,
            level=row.level,
            topic=row.topic,
            body=line.open("alert_item.body", row.body),
            message_id=row.message_id,
            at=row.at,
        )
        for row in (await conn.execute(query)).all()
    ]


async def count_open(conn: AsyncConnection) -> int:
    return int((await conn.execute(select(func.count()).select_from(alert).where(_OPEN))).scalar_one())


async def only_about(conn: AsyncConnection, alert_id: int, topic: str) -> bool:
    """Whether nothing but this is gathered in the alert."""
    others = (alert_item.c.alert_id == alert_id, alert_item.c.topic != topic)
    return (await conn.execute(select(alert_item.c.id).where(*others).limit(1))).first() is None


async def has_words(conn: AsyncConnection, alert_id: int) -> bool:
    """Whether the participant wrote or said something that this alert gathered."""
    words = (alert_item.c.alert_id == alert_id, alert_item.c.kind == "message", alert_item.c.topic == "message")
    return (await conn.execute(select(alert_item.c.id).where(*words).limit(1))).first() is not None
