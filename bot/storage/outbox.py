"""The outbox: messages that are committed and not yet sent, in order per chat.

new → sending → sent, or failed with a reason. A row left in `sending` by a crash has an unknown fate: `recover`.
priority: an ANSWER goes before what we say FIRST, but never before what was written earlier to the same chat: that
is lifted with it, when the answer is put.
veiled: what a neutral line stands for, until its reader taps it; never sent as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import outbox

# Written out: bound values would keep the partial index out of use.
_NEW: ColumnElement[str] = literal_column("'new'")
_SENDING: ColumnElement[str] = literal_column("'sending'")
_UNSENT = (_NEW, _SENDING)

ANSWER, FIRST = 0, 1
"""Priorities: somebody is waiting for it, or we begin."""

_earlier = outbox.alias("earlier")
_ADD = prepared(insert(outbox).returning(outbox.c.id))
_ADD_MANY = insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True)
_LIFT = prepared(
    update(outbox)
    .where(outbox.c.state.in_(_UNSENT), outbox.c.chat_id == bindparam("chat"), outbox.c.priority == FIRST)
    .values(priority=ANSWER)
)
_WAITING = prepared(
    select(
        outbox.c.id,
        outbox.c.person_id,
        outbox.c.chat_id,
        outbox.c.payload,
        outbox.c.part,
        outbox.c.tries,
        outbox.c.priority,
        outbox.c.made_at,
    )
    .where(
        outbox.c.state == _NEW,
        outbox.c.priority == bindparam("priority"),
        or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("now", type_=outbox.c.not_before.type)),
        ~select(_earlier.c.id)
        .where(
            _earlier.c.state.in_(_UNSENT),
            _earlier.c.chat_id == outbox.c.chat_id,
            _earlier.c.id < outbox.c.id,
        )
        .exists(),
    )
    .order_by(outbox.c.made_at, outbox.c.id)  # as the index has them: costs what is found, not what waits
    .limit(bindparam("most"))
)
_VEILED = select(outbox.c.payload, outbox.c.about_kind, outbox.c.about).where(
    outbox.c.id == bindparam("row"), outbox.c.person_id == bindparam("who"), outbox.c.state == "veiled"
)
_CLAIM = prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row"), outbox.c.state == _NEW)
    .values(state="sending", tries=outbox.c.tries + 1)
)
_UNCLAIM = prepared(
    update(outbox).where(outbox.c.id == bindparam("row"), outbox.c.state == "sending").values(state="new")
)
_ONE = update(outbox).where(outbox.c.id == bindparam("row"))
_SENT = prepared(_ONE.values(state="sent", telegram_id=bindparam("message"), sent_at=bindparam("at"), reason=None))
_PART_SENT = _ONE.values(part=bindparam("parts"))
_LATER = _ONE.where(outbox.c.state == "sending").values(
    state="new", not_before=bindparam("at"), reason=bindparam("why")
)
_FAILED = _ONE.values(
    state="failed",
    reason=bindparam("why"),
    untold=outbox.c.payload.is_not(None),  # what was emptied is about somebody who was erased: nothing got lost
)
_AGAIN = update(outbox).where(outbox.c.state == "sending").values(state="new")
_CANCEL = (
    update(outbox)
    .where(outbox.c.person_id == bindparam("who"), outbox.c.state.in_(_UNSENT))
    .values(state="failed", reason=bindparam("why"))
)
_CANCEL_CHAT = (
    update(outbox)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.state.in_(_UNSENT))
    .values(state="failed", reason=bindparam("why"))
)
_ABOUT = (
    select(outbox.c.about_kind, outbox.c.about)
    .where(outbox.c.chat_id == bindparam("chat"), outbox.c.telegram_id == bindparam("message"))
    .order_by(outbox.c.id.desc())
    .limit(1)
)
_UNSENT_ABOUT = (
    select(outbox.c.id)
    .where(outbox.c.state.in_(_UNSENT), outbox.c.about_kind == bindparam("kind"), outbox.c.about == bindparam("on"))
    .limit(1)
)
_TOLD_SINCE = (
    select(outbox.c.id)
    .where(
        outbox.c.chat_id == bindparam("chat"),
        outbox.c.made_at >= bindparam("since"),
        outbox.c.about_kind == bindparam("kind"),
    )
    .limit(1)
)
_TOLD_OF_SINCE = _TOLD_SINCE.where(outbox.c.about == bindparam("on"))
_PURGE = (
    update(outbox)
    .where(
        outbox.c.state.not_in(_UNSENT),
        outbox.c.payload.is_not(None),
        outbox.c.made_at
        < case(
            (outbox.c.state == "veiled", bindparam("veiled_before", type_=outbox.c.made_at.type)),
            else_=bindparam("before", type_=outbox.c.made_at.type),
        ),
    )
    .values(payload=None)
)
_OF_READER = (
    outbox.c.chat_id == bindparam("chat"),
    outbox.c.about_kind == bindparam("kind"),
    outbox.c.about == bindparam("on"),
    outbox.c.made_at < bindparam("before"),
)
_NEVER_SENT = (
    update(outbox)
    .where(*_OF_READER, outbox.c.state.in_(("new", "veiled")))
    .values(state="failed", payload=None, reason="taken back")
)
_SHOWN = (
    update(outbox)
    .where(*_OF_READER, outbox.c.state.in_(("sending", "sent")))
    .values(payload=None, about_kind=None, about=None)
    .returning(outbox.c.id, outbox.c.telegram_id, outbox.c.state)
)
_TELEGRAM_ID = select(outbox.c.telegram_id).where(outbox.c.id == bindparam("row"))
_COUNTS = select(func.count(), func.min(outbox.c.made_at)).where(outbox.c.state.in_(_UNSENT))
_AHEAD = select(outbox.c.id).where(outbox.c.state == _NEW, outbox.c.priority == FIRST).limit(bindparam("most"))
_COUNT_AHEAD = prepared(select(func.count()).select_from(_AHEAD.subquery()))


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """`payload` is sealed as "outbox.payload" with the person's key, or the house's when `person_id` is None.

    `part`: parts of a long text that were sent already. `tries`: how often it was claimed before.
    """

    id: int
    person_id: int | None
    chat_id: int
    payload: bytes
    part: int
    tries: int
    priority: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class New:
    """A message for `put_many`. `key` is the person's, or the house's when `person_id` is None."""

    key: PersonKey
    chat_id: int
    person_id: int | None
    payload: str
    about_kind: str | None = None
    about: int | None = None
    not_before: datetime | None = None
    priority: int = ANSWER


@dataclass(frozen=True, slots=True)
class About:
    """What a reply to a message is about: `kind` is alert, run or message."""

    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`oldest`: when the oldest unsent row was made."""

    unsent: int
    oldest: datetime | None


async def put(
    tx: AsyncConnection,
    key: PersonKey,
    chat_id: int,
    person_id: int | None,
    payload: str,
    now: datetime,
    *,
    about_kind: str | None = None,
    about: int | None = None,
    not_before: datetime | None = None,
    priority: int = ANSWER,
) -> int:
    """Put one message in the outbox; returns its id. After an unknown fate it is sent again.

    Behind an ANSWER nothing of its chat waits as FIRST any more: it goes out in order, and soon.
    """
    new = New(key, chat_id, person_id, payload, about_kind, about, not_before, priority)
    if priority == ANSWER:
        await lift(tx, chat_id)
    return int((await tx.execute(_ADD, _values(new, now))).scalar_one())


async def put_many(tx: AsyncConnection, news: Sequence[New], now: datetime) -> list[int]:
    """Put messages in the outbox in this order; returns their ids in the same order."""
    if not news:
        return []
    for chat in {new.chat_id for new in news if new.priority == ANSWER}:
        await lift(tx, chat)
    made = await tx.execute(_ADD_MANY, [_values(new, now) for new in news])
    return [int(one) for one in made.scalars().all()]


async def lift(tx: AsyncConnection, chat_id: int) -> None:
    """Somebody waits for what this chat still gets: nothing of it is FIRST any more."""
    await tx.execute(_LIFT, {"chat": chat_id})


async def veil(
    tx: AsyncConnection, key: PersonKey, chat_id: int, payload: str, now: datetime, about: About | None = None
) -> int:
    """Keep a message that its reader will ask for; returns its id, for the button that asks."""
    kind, number = (about.kind, about.id) if about else (None, None)
    new = New(key, chat_id, key.person_id, payload, about_kind=kind, about=number)
    return int((await tx.execute(_ADD, _values(new, now) | {"state": "veiled"})).scalar_one())


async def veiled(conn: AsyncConnection, key: PersonKey, row_id: int) -> tuple[str, About | None] | None:
    """What `veil` kept for this person and what it was about; None when it is not theirs, or purged."""
    row = (await conn.execute(_VEILED, {"row": row_id, "who": key.person_id})).one_or_none()
    if row is None or row.payload is None:
        return None
    about = None if row.about_kind is None else About(row.about_kind, row.about)
    return key.open("outbox.payload", row.payload), about


async def waiting(
    conn: AsyncConnection, now: datetime, limit: int, busy_chats: Collection[int] = (), priority: int = ANSWER
) -> list[OutboxRow]:
    """Each chat's first unsent row of this priority, if it may be sent now; chats in `busy_chats` are left out.

    A row that is being sent or must wait holds back the later ones of its chat. Costs what is found: however much
    waits as FIRST, finding the answers is not slower for it.
    """
    values = {"now": now, "most": limit + len(busy_chats), "priority": priority}
    found = [OutboxRow(*row) for row in (await conn.execute(_WAITING, values)).all()]
    return [row for row in found if row.chat_id not in busy_chats][:limit]


async def ahead(conn: AsyncConnection, most: int) -> int:
    """How many messages wait that we say FIRST, counted up to `most`."""
    return int((await conn.execute(_COUNT_AHEAD, {"most": most})).scalar_one())


async def claim(tx: AsyncConnection, ids: Collection[int]) -> set[int]:
    """Mark rows as being sent and count the try. Returns those that were still new: only these may be sent."""
    return {row for row in ids if (await tx.execute(_CLAIM, {"row": row})).rowcount == 1}


async def unclaim(tx: AsyncConnection, ids: Collection[int]) -> None:
    """These were perhaps claimed and certainly not sent: they are new again."""
    for row in ids:
        await tx.execute(_UNCLAIM, {"row": row})


async def sent(tx: AsyncConnection, row_id: int, telegram_id: int | None, now: datetime) -> None:
    """Telegram took it, as its message `telegram_id` (None where a call yields no message)."""
    await tx.execute(_SENT, {"row": row_id, "message": telegram_id, "at": now})


async def sent_many(tx: AsyncConnection, done: Sequence[tuple[int, int | None]], now: datetime) -> None:
    """`sent` for pairs of row id and Telegram's message id."""
    if done:
        await tx.execute(_SENT, [{"row": row, "message": message, "at": now} for row, message in done])


async def part_sent(tx: AsyncConnection, row_id: int, parts: int) -> None:
    """The first `parts` parts of a long text are with Telegram; a later try goes on after them."""
    await tx.execute(_PART_SENT, {"row": row_id, "parts": parts})


async def later(tx: AsyncConnection, row_id: int, not_before: datetime, reason: str) -> None:
    """It was not sent; try again from `not_before`, unless it was given up meanwhile.

    `reason`: at most 80 characters, no content.
    """
    await tx.execute(_LATER, {"row": row_id, "at": not_before, "why": reason})


async def failed(tx: AsyncConnection, row_id: int, reason: str) -> None:
    """It will not be sent, and `failures` has it; the chat's next message is free to go."""
    await tx.execute(_FAILED, {"row": row_id, "why": reason})


async def recover(tx: AsyncConnection) -> int:
    """After a crash: rows left in `sending` are new again; returns how many."""
    return (await tx.execute(_AGAIN)).rowcount


async def cancel_for(tx: AsyncConnection, person_id: int, reason: str) -> int:
    """Give up what is not sent yet to this person, what is being sent included; returns how many."""
    return (await tx.execute(_CANCEL, {"who": person_id, "why": reason})).rowcount


async def cancel_chat(tx: AsyncConnection, chat_id: int, reason: str) -> int:
    """Give up everything that is not sent yet to this chat, what is being sent included; returns how many."""
    return (await tx.execute(_CANCEL_CHAT, {"chat": chat_id, "why": reason})).rowcount


async def by_telegram_id(conn: AsyncConnection, chat_id: int, telegram_id: int) -> About | None:
    """What the message that Telegram shows under this id in this chat was about, if about anything."""
    row = (await conn.execute(_ABOUT, {"chat": chat_id, "message": telegram_id})).one_or_none()
    if row is None or row.about_kind is None:
        return None
    return About(row.about_kind, row.about)


async def unsent_about(conn: AsyncConnection, kind: str, about: int) -> bool:
    """Whether a message about this still waits to be sent."""
    return (await conn.execute(_UNSENT_ABOUT, {"kind": kind, "on": about})).one_or_none() is not None


async def take_back(tx: AsyncConnection, chat_id: int, kind: str, about: int, before: datetime) -> list[int]:
    """Forget what was said about this in this chat before then: what waits is given up, all texts are emptied.

    Returns one row for each message that the reader may have on the screen, for an edit to take the place of.
    """
    which = {"chat": chat_id, "kind": kind, "on": about, "before": before}
    await tx.execute(_NEVER_SENT, which)
    shown = {
        row.telegram_id or -row.id: row.id
        for row in (await tx.execute(_SHOWN, which)).all()
        if row.telegram_id is not None or row.state == "sending"
    }
    return sorted(shown.values())


async def telegram_id(conn: AsyncConnection, row_id: int) -> int | None:
    """What Telegram calls the message that this row became; None when it became none."""
    found: int | None = (await conn.execute(_TELEGRAM_ID, {"row": row_id})).scalar_one_or_none()
    return found


async def told_since(conn: AsyncConnection, chat_id: int, since: datetime, kind: str, about: int | None = None) -> bool:
    """Whether anything of this kind, or about this very thing, was put in the outbox for this chat from then on."""
    which: dict[str, object] = {"chat": chat_id, "since": since, "kind": kind}
    if about is None:
        found = await conn.execute(_TOLD_SINCE, which)
    else:
        found = await conn.execute(_TOLD_OF_SINCE, which | {"on": about})
    return found.one_or_none() is not None


async def purge(tx: AsyncConnection, before: datetime, *, veiled_before: datetime) -> int:
    """Empty the texts of rows made before this moment that are sent or failed, and of those that are veiled before
    theirs: a reader may still ask for them. Returns how many.
    """
    return (await tx.execute(_PURGE, {"before": before, "veiled_before": veiled_before})).rowcount


async def unsent_chats(conn: AsyncConnection, among: Collection[int]) -> set[int]:
    """Those of these chats for which something waits or is being sent."""
    if not among:
        return set()
    query = select(outbox.c.chat_id).where(outbox.c.state.in_(_UNSENT), outbox.c.chat_id.in_(among))
    return set((await conn.execute(query)).scalars())


async def counts(conn: AsyncConnection) -> Counts:
    """How much waits to be sent, and since when."""
    return Counts(*(await conn.execute(_COUNTS)).one())


def _values(new: New, now: datetime) -> dict[str, object]:
    return {
        "person_id": new.person_id,
        "chat_id": new.chat_id,
        "payload": new.key.seal("outbox.payload", new.payload),
        "priority": new.priority,
        "about_kind": new.about_kind,
        "about": new.about,
        "not_before": new.not_before,
        "made_at": now,
    }


@dataclass(frozen=True, slots=True)
class Newest:
    """A row as a page shows it; `payload` sealed as in OutboxRow, or emptied."""

    id: int
    person_id: int | None
    payload: bytes | None
    state: str
    made_at: datetime
    reason: str | None


async def newest(conn: AsyncConnection, limit: int) -> list[Newest]:
    """The newest rows, in whatever state."""
    columns = [outbox.c[name] for name in Newest.__slots__]
    rows = await conn.execute(select(*columns).order_by(outbox.c.id.desc()).limit(limit))
    return [Newest(*row) for row in rows.all()]
