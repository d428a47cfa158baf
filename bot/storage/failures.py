"""Updates that were set apart and messages that cannot be sent, until somebody was told of them (promise P4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import inbox, outbox, person

_STUCK = (
    select(inbox.c.id, person.c.id, inbox.c.outcome)
    .outerjoin(person, person.c.chat_id == inbox.c.chat_id)
    .where(inbox.c.untold)
    .order_by(inbox.c.id)
)
_UNSENT = select(outbox.c.id, outbox.c.person_id, outbox.c.reason).where(outbox.c.untold).order_by(outbox.c.id)


@dataclass(frozen=True, slots=True)
class Failure:
    """A row of the inbox or the outbox: whose words, or for whom; none where nobody is known. `reason`: no content."""

    id: int
    person_id: int | None
    reason: str


async def stuck(conn: AsyncConnection) -> list[Failure]:
    """What came in, could not be dealt with, and was not told yet."""
    return [Failure(*row) for row in (await conn.execute(_STUCK)).all()]


async def unsent(conn: AsyncConnection) -> list[Failure]:
    """What could not be sent as it was, and was not told yet; not what waits for somebody who cannot be reached."""
    return [Failure(*row) for row in (await conn.execute(_UNSENT)).all()]


async def told(tx: AsyncConnection, came: Sequence[Failure], went: Sequence[Failure]) -> None:
    """Somebody knows of these now: what `stuck` and `unsent` found."""
    await _told(tx, inbox, came)
    await _told(tx, outbox, went)


async def _told(tx: AsyncConnection, table: Table, which: Sequence[Failure]) -> None:
    for one in which:
        await tx.execute(update(table).where(table.c.id == one.id).values(untold=False))
