"""Queries on published scripts: every version that somebody may still stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import flow_version


@dataclass(frozen=True, slots=True)
class Published:
    flow: str
    version: str
    source: str
    published_at: datetime


async def publish(tx: AsyncConnection, published: Published) -> None:
    """Write a version; one that was published before becomes the newest again."""
    mine = (flow_version.c.flow == published.flow, flow_version.c.version == published.version)
    await tx.execute(flow_version.delete().where(*mine))
    await tx.execute(
        insert(flow_version).values(
            flow=published.flow,
            version=published.version,
            source=published.source,
            published_at=published.published_at,
        )
    )


async def everything(conn: AsyncConnection) -> list[Published]:
    """All versions, oldest first; the last of a flow is its latest."""
    query = select(flow_version).order_by(flow_version.c.id)
    return [
        Published(flow=row.flow, version=row.version, source=row.source, published_at=row.published_at)
        for row in (await conn.execute(query)).all()
    ]
