"""Queries on handovers: versions, their agreements, and the logs of consents and acceptances."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.keys import PersonKey
from bot.storage.prepared import prepared
from bot.storage.tables import acceptance, agreement, consent, handover, placement

State = Literal["draft", "offered", "in_force", "replaced", "dropped"]
Direction = Literal["agree", "to_employer", "to_participant"]
Decision = Literal["yes", "no", "withdrawn"]

_HANDOVERS = select(
    handover.c.id,
    handover.c.placement_id,
    handover.c.person_id,
    handover.c.version,
    handover.c.state,
    handover.c.terms,
    handover.c.made_at,
    handover.c.offered_at,
    handover.c.in_force_at,
)
_BY_ID = prepared(_HANDOVERS.where(handover.c.id == bindparam("row")))
_OF_PLACEMENT = prepared(_HANDOVERS.where(handover.c.placement_id == bindparam("row")).order_by(handover.c.version))
_IN_FORCE = prepared(
    _HANDOVERS.where(handover.c.person_id == bindparam("who"), handover.c.state == "in_force").order_by(handover.c.id)
)
_AGREEMENTS = prepared(select(agreement).where(agreement.c.handover_id == bindparam("row")).order_by(agreement.c.id))
_CHANGE = update(handover).where(handover.c.id == bindparam("row"))
_DECISIONS = prepared(
    select(
        consent.c.agreement_id,
        consent.c.person_id,
        consent.c.direction,
        consent.c.decision,
        consent.c.at,
        consent.c.reader,
    )
    .join(agreement, agreement.c.id == consent.c.agreement_id)
    .where(agreement.c.handover_id == bindparam("row"))
    .order_by(consent.c.id)
)
_READER = (
    select(placement.c.reader)
    .join(handover, handover.c.placement_id == placement.c.id)
    .join(agreement, agreement.c.handover_id == handover.c.id)
    .where(agreement.c.id == bindparam("row"))
)
_ACCEPTANCES = prepared(
    select(acceptance.c.person_id, acceptance.c.decision, acceptance.c.at)
    .where(acceptance.c.handover_id == bindparam("row"))
    .order_by(acceptance.c.id)
)


@dataclass(frozen=True, slots=True)
class Handover:
    """One version. `terms` is the contact rhythm as agreed, plain JSON data (bot.caseload gives it its meaning)."""

    id: int
    placement_id: int
    person_id: int
    version: int
    state: State
    terms: Mapping[str, Any]
    made_at: datetime
    offered_at: datetime | None
    in_force_at: datetime | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One item: `item` is its key in the checklist, `who` does it, `review_on` is when it is looked at again."""

    id: int
    item: str
    text: str
    who: str | None
    review_on: date | None
    for_employer: bool
    """The coach proposes that the employer may see it; whether it may is the participant's consent."""
    details: Mapping[str, str]
    """What a structured item needs besides, for example call, before, number and reachable."""

    def says_the_same(self, other: Agreement) -> bool:
        """Whether a consent to one is a consent to the other."""
        return all(getattr(self, name) == getattr(other, name) for name in Agreement.__slots__ if name != "id")


@dataclass(frozen=True, slots=True)
class Decided:
    """One row of the consent log."""

    agreement_id: int
    person_id: int
    direction: Direction
    decision: Decision
    at: datetime
    reader: int
    """The placement's at that time. A yes to showing something to one contact person is no yes to the next."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One row of the acceptance log."""

    person_id: int
    decision: Literal["yes", "no"]
    at: datetime


def _row(key: PersonKey, row: Any) -> Handover:
    return Handover(**{**row._asdict(), "terms": json.loads(key.open("handover.terms", row.terms))})


def _agreement(key: PersonKey, row: Any) -> Agreement:
    return Agreement(
        id=row.id,
        item=row.item,
        text=key.open("agreement.text", row.text),
        who=row.who,
        review_on=row.review_on,
        for_employer=row.for_employer,
        details={} if row.details is None else json.loads(key.open("agreement.details", row.details)),
    )


async def make(tx: AsyncConnection, key: PersonKey, placement_id: int, terms: Mapping[str, Any], now: datetime) -> int:
    """A draft, one version above the newest. Raises Conflict when another one was made at the same time."""
    newest = select(func.max(handover.c.version)).where(handover.c.placement_id == placement_id)
    return await insert.new(
        tx,
        handover,
        placement_id=placement_id,
        person_id=key.person_id,
        version=((await tx.execute(newest)).scalar() or 0) + 1,
        state="draft",
        terms=key.seal("handover.terms", json.dumps(dict(terms), ensure_ascii=False)),
        made_at=now,
    )


async def by_id(conn: AsyncConnection, key: PersonKey, handover_id: int) -> Handover | None:
    """None also when it is another participant's than the key's."""
    row = (await conn.execute(_BY_ID, {"row": handover_id})).one_or_none()
    return None if row is None or row.person_id != key.person_id else _row(key, row)


async def placement_id(conn: AsyncConnection, handover_id: int) -> int | None:
    """Which placement a version belongs to; None when it is gone."""
    row = (await conn.execute(_BY_ID, {"row": handover_id})).one_or_none()
    return None if row is None else int(row.placement_id)


async def of_placement(conn: AsyncConnection, key: PersonKey, placement_id: int) -> list[Handover]:
    """All versions, oldest first."""
    return [_row(key, row) for row in (await conn.execute(_OF_PLACEMENT, {"row": placement_id})).all()]


async def in_force(conn: AsyncConnection, key: PersonKey) -> list[Handover]:
    """The participant's handovers in force, one per placement at most, oldest first."""
    return [_row(key, row) for row in (await conn.execute(_IN_FORCE, {"who": key.person_id})).all()]


async def change(tx: AsyncConnection, handover_id: int, **values: Any) -> None:
    """Set state, offered_at, in_force_at or ended_at."""
    await tx.execute(_CHANGE.values(**values), {"row": handover_id})


async def set_terms(tx: AsyncConnection, key: PersonKey, handover_id: int, terms: Mapping[str, Any]) -> None:
    sealed = key.seal("handover.terms", json.dumps(dict(terms), ensure_ascii=False))
    await tx.execute(_CHANGE.values(terms=sealed), {"row": handover_id})


async def agreements(conn: AsyncConnection, key: PersonKey, handover_id: int) -> list[Agreement]:
    """All items of this version, in the order they were written."""
    return [_agreement(key, row) for row in (await conn.execute(_AGREEMENTS, {"row": handover_id})).all()]


async def keep(tx: AsyncConnection, key: PersonKey, handover_id: int, wanted: Agreement) -> int:
    """Write one item of a draft, in place of an earlier text of the same item. Its `id` does not matter. The new id."""
    await drop(tx, handover_id, wanted.item)
    details = json.dumps(dict(wanted.details), ensure_ascii=False)
    return await insert.new(
        tx,
        agreement,
        handover_id=handover_id,
        person_id=key.person_id,
        item=wanted.item,
        text=key.seal("agreement.text", wanted.text),
        who=wanted.who,
        review_on=wanted.review_on,
        for_employer=wanted.for_employer,
        details=key.seal("agreement.details", details) if wanted.details else None,
    )


async def set_details(tx: AsyncConnection, key: PersonKey, agreement_id: int, details: Mapping[str, str]) -> None:
    """Take something out of an item as it stands, with all that was decided about it."""
    sealed = key.seal("agreement.details", json.dumps(dict(details), ensure_ascii=False)) if details else None
    await tx.execute(update(agreement).where(agreement.c.id == agreement_id).values(details=sealed))


async def drop(tx: AsyncConnection, handover_id: int, item: str) -> None:
    """Take an item out of a draft."""
    await tx.execute(delete(agreement).where(agreement.c.handover_id == handover_id, agreement.c.item == item))


async def decide(
    tx: AsyncConnection, agreement_id: int, person_id: int, direction: Direction, decision: Decision, now: datetime
) -> None:
    """Add to the consent log."""
    values = {"agreement_id": agreement_id, "person_id": person_id, "direction": direction, "decision": decision}
    reader = (await tx.execute(_READER, {"row": agreement_id})).scalar_one()
    await tx.execute(consent.insert().values(**values, at=now, reader=reader))


async def decisions(conn: AsyncConnection, handover_id: int) -> list[Decided]:
    """The whole consent log of this version, oldest first."""
    return [Decided(**row._asdict()) for row in (await conn.execute(_DECISIONS, {"row": handover_id})).all()]


def newest(log: Iterable[Decided]) -> dict[tuple[int, int, Direction], Decision]:
    """(agreement, person, direction) → what counts now."""
    return {(one.agreement_id, one.person_id, one.direction): one.decision for one in log}


async def accept(
    tx: AsyncConnection, handover_id: int, person_id: int, decision: Literal["yes", "no"], now: datetime
) -> None:
    """Add to the acceptance log."""
    values = {"handover_id": handover_id, "person_id": person_id, "decision": decision, "at": now}
    await tx.execute(acceptance.insert().values(**values))


async def acceptances(conn: AsyncConnection, handover_id: int) -> dict[int, Accepted]:
    """person → the newest decision on this version."""
    rows = (await conn.execute(_ACCEPTANCES, {"row": handover_id})).all()
    return {row.person_id: Accepted(**row._asdict()) for row in rows}
