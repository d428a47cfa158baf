"""Queries on published scripts: every version that somebody may still stand in, and which of them counts since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import insert
from bot.storage.prepared import prepared
from bot.storage.tables import flow_version, publication

AWAY = ""
"""The version of a flow that was taken away."""
_MARK = prepared(select(func.max(publication.c.id)))


@dataclass(frozen=True, slots=True)
class Published:
    """A version that counts: the newest of its flow."""

    flow: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class Publication:
    """One line of the history. `changed`: what became different, in Dutch, a line each."""

    flow: str
    version: str
    at: datetime
    by: str
    changed: str


async def release(tx: AsyncConnection, made: Publication, source: str) -> None:
    """From now on this version counts; one that counted before may count again."""
    if made.version != AWAY:
        kept = {"flow": made.flow, "version": made.version, "source": source, "published_at": made.at}
        await insert.if_new(tx, flow_version, kept)
    await insert.new(
        tx, publication, flow=made.flow, version=made.version, at=made.at, by=made.by, changed=made.changed
    )


async def mark(conn: AsyncConnection) -> int:
    """A number that grows with every publication."""
    return int((await conn.execute(_MARK)).scalar_one() or 0)


async def newest(conn: AsyncConnection) -> dict[str, Published]:
    """What counts now, by flow; without those that were taken away."""
    last = select(func.max(publication.c.id)).group_by(publication.c.flow)
    query = (
        select(flow_version.c.flow, flow_version.c.version, flow_version.c.source)
        .join(
            publication,
            and_(publication.c.flow == flow_version.c.flow, publication.c.version == flow_version.c.version),
        )
        .where(publication.c.id.in_(last))
        .order_by(flow_version.c.flow)
    )
    return {row.flow: Published(**row._mapping) for row in (await conn.execute(query)).all()}


async def taken_away(conn: AsyncConnection) -> set[str]:
    """The flows that were published once and count no more."""
    last = select(func.max(publication.c.id)).group_by(publication.c.flow)
    query = select(publication.c.flow).where(publication.c.id.in_(last), publication.c.version == AWAY)
    return set((await conn.execute(query)).scalars())


async def versions(conn: AsyncConnection, flows: Iterable[str]) -> list[Published]:
    """Every version that these flows ever had, oldest first."""
    columns = (flow_version.c.flow, flow_version.c.version, flow_version.c.source)
    query = select(*columns).where(flow_version.c.flow.in_(tuple(flows))).order_by(flow_version.c.id)
    return [Published(**row._mapping) for row in (await conn.execute(query)).all()]


async def history(conn: AsyncConnection, flow: str | None) -> list[Publication]:
    """What was published, of one flow or of all, newest first."""
    query = select(*(publication.c[name] for name in Publication.__slots__)).order_by(publication.c.id.desc())
    if flow is not None:
        query = query.where(publication.c.flow == flow)
    return [Publication(**row._mapping) for row in (await conn.execute(query)).all()]
