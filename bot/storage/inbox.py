"""The inbox: raw updates, sealed, from the moment they came in until their turn is committed."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import facts
from bot.storage.errors import AlreadyDone as AlreadyDone
from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import inbox

CURSOR = "cursor"
"""The fact that says which update to ask for next."""

_NEW: ColumnElement[str] = literal_column("'new'")  # written out: a bound value would keep the partial index out of use

_KEEP = {
    "sqlite": sqlite.insert(inbox).on_conflict_do_nothing(index_elements=["update_id"]).returning(inbox.c.id),
    "postgresql": postgresql.insert(inbox).on_conflict_do_nothing(index_elements=["update_id"]).returning(inbox.c.id),
}

_earlier = inbox.alias("earlier")
_WAITING = prepared(
    select(inbox.c.id, inbox.c.update_id, inbox.c.chat_id, inbox.c.body, inbox.c.received_at, inbox.c.tries)
    .where(
        inbox.c.state == _NEW,
        or_(inbox.c.not_before.is_(None), inbox.c.not_before <= bindparam("now", type_=inbox.c.not_before.type)),
        ~select(_earlier.c.id)
        .where(
            _earlier.c.state == _NEW,
            _earlier.c.chat_id == inbox.c.chat_id,
            _earlier.c.update_id < inbox.c.update_id,
        )
        .exists(),
    )
    .order_by(inbox.c.received_at, inbox.c.id)  # as the index has them: costs what is found, not what waits
    .limit(bindparam("most"))
)
_STILL_NEW = update(inbox).where(inbox.c.id == bindparam("row"), inbox.c.state == _NEW)
_ENDED = _STILL_NEW.values(outcome=bindparam("became"), done_at=bindparam("at"), not_before=None)
_DONE = prepared(_ENDED.values(state="done"))
_APART = _ENDED.values(state="apart", untold=True)
_RETRY = _STILL_NEW.values(tries=inbox.c.tries + 1, not_before=bindparam("at"))
_PURGE = (
    update(inbox)
    .where(inbox.c.state == "done", inbox.c.body.is_not(None), inbox.c.done_at < bindparam("before"))
    .values(body=None, update_id=-inbox.c.id)
)
_COUNTS = select(
    func.count().filter(inbox.c.state == "new"),
    func.count().filter(inbox.c.state == "apart"),
    func.min(inbox.c.received_at).filter(inbox.c.state == "new"),
).where(inbox.c.state.in_(["new", "apart"]))


_NEWEST = prepared(select(func.max(inbox.c.id)))


@dataclass(frozen=True, slots=True)
class InboxRow:
    """`body` is sealed as "inbox.body" with the house key: the raw update as JSON. `tries` have failed so far."""

    id: int
    update_id: int
    chat_id: int
    body: bytes
    received_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`oldest`: when the oldest row that still waits came in."""

    new: int
    apart: int
    oldest: datetime | None


async def keep(
    tx: AsyncConnection,
    house_key: PersonKey,
    raws: Sequence[dict[str, Any]],
    chat_of: Callable[[dict[str, Any]], int],
    now: datetime,
    cursor: int | None,
) -> list[int]:
    """Keep raw updates; one that was kept before is passed over. Returns the ids of the rows that are new.

    `cursor` is set to exactly this value in the same transaction, never to the highest seen: after a quiet week
    Telegram's update ids start again anywhere. None (a webhook) leaves it.
    """
    rows = [
        {
            "update_id": raw["update_id"],
            "chat_id": chat_of(raw),
            "body": house_key.seal("inbox.body", json.dumps(raw, ensure_ascii=False, separators=(",", ":"))),
            "received_at": now,
        }
        for raw in raws
    ]
    kept = (await tx.execute(_KEEP[tx.dialect.name], rows)).scalars().all() if rows else []
    if cursor is not None:
        await facts.put(tx, CURSOR, str(cursor))
    return sorted(kept)


async def cursor(conn: AsyncConnection) -> int | None:
    """Which update to ask Telegram for next; None before the first."""
    value = await facts.get(conn, CURSOR)
    return None if value is None else int(value)


async def waiting(conn: AsyncConnection, now: datetime, limit: int, busy: Collection[int] = ()) -> list[InboxRow]:
    """Each chat's oldest row that is not done, if it may be tried now; chats in `busy` are left out.

    A row that must wait for its next try holds back the later ones of its chat: order per person.
    """
    found = (await conn.execute(_WAITING, {"now": now, "most": limit + len(busy)})).all()
    return [row for row in (InboxRow(*one) for one in found) if row.chat_id not in busy][:limit]


async def waits(conn: AsyncConnection, chat_id: int) -> bool:
    """Whether something of this chat is not dealt with yet."""
    query = select(inbox.c.id).where(inbox.c.state == _NEW, inbox.c.chat_id == chat_id).limit(1)
    return (await conn.execute(query)).one_or_none() is not None


async def newest(conn: AsyncConnection) -> int:
    """The id of the newest row, of anybody; 0 without any."""
    return (await conn.execute(_NEWEST)).scalar_one() or 0


async def others_wait(conn: AsyncConnection, chat_id: int, row_id: int | None) -> bool:
    """Whether something of this chat besides this row is not dealt with yet."""
    theirs = (inbox.c.state == _NEW, inbox.c.chat_id == chat_id, inbox.c.id != (row_id or 0))
    return (await conn.execute(select(inbox.c.id).where(*theirs).limit(1))).one_or_none() is not None


async def finish(tx: AsyncConnection, row_id: int, outcome: str, now: datetime) -> None:
    """The row's turn is done, in this transaction. Raises AlreadyDone if it was done or set apart before."""
    await _end(tx, _DONE, row_id, outcome, now)


async def set_apart(tx: AsyncConnection, row_id: int, reason: str, now: datetime) -> None:
    """Take a row that cannot be dealt with out of the way; its body stays; `failures` has it. Raises AlreadyDone."""
    await _end(tx, _APART, row_id, reason, now)


async def retry(tx: AsyncConnection, row_id: int, not_before: datetime) -> None:
    """Count a failed try; the row, and all later ones of its chat, wait until `not_before`."""
    await tx.execute(_RETRY, {"row": row_id, "at": not_before})


async def purge(tx: AsyncConnection, before: datetime) -> int:
    """Empty the bodies of rows done before this moment; returns how many.

    Their update ids are let go of too: when Telegram starts counting anew it may use them again.
    """
    return (await tx.execute(_PURGE, {"before": before})).rowcount


async def counts(conn: AsyncConnection) -> Counts:
    """How many rows wait and how many are set apart."""
    return Counts(*(await conn.execute(_COUNTS)).one())


async def _end(tx: AsyncConnection, how: Executable, row_id: int, outcome: str, now: datetime) -> None:
    ended = await tx.execute(how, {"row": row_id, "became": outcome, "at": now})
    if ended.rowcount != 1:
        raise AlreadyDone(f"inbox row {row_id} is done already")
