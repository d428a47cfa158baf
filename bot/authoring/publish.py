"""From a folder of scripts to the book that is live: sound scripts are published, broken ones never go live."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from bot.storage import flow_versions, runs
from bot.storage.database import Database
from bot.storage.flow_versions import Published
from flows.engine.book import Book
from flows.engine.flow import Flow
from flows.engine.reader import read_flow

log = logging.getLogger(__name__)


class NoGoodScripts(Exception):
    """The scripts have problems and there is no last good version to go on with; the message lists them."""


async def live_book(folder: Path, db: Database, now: datetime) -> Book:
    """The scripts in `folder` if they are sound, else the last good ones; and the versions that people stand in.

    Raises NoGoodScripts.
    """
    reading = Book.load(folder)
    async with db.read() as conn:
        published = await flow_versions.everything(conn)
        standing = await runs.standing_on(conn)
    latest = {one.flow: one for one in published}
    book = reading.book
    if reading.problems or not list(book):
        said = "\n".join(str(problem) for problem in reading.problems) or f"There are no scripts in {folder}."
        if not latest:
            raise NoGoodScripts(f"{said}\nThere is no last good version to go on with.")
        log.error("the scripts have problems; the last good version stays:\n%s", said)
        book = Book.of(_stored(one) for one in latest.values())
    else:
        for flow in book:
            if flow.id not in latest or latest[flow.id].version != flow.version:
                await _publish(db, Published(flow.id, flow.version, flow.source, now))
    for one in published:
        if (one.flow, one.version) in standing:
            book = book.with_version(_stored(one))
    return book


async def _publish(db: Database, published: Published) -> None:
    await db.write(lambda tx: flow_versions.publish(tx, published))


def _stored(one: Published) -> Flow:
    flow, problems = read_flow(one.source, f"{one.flow} {one.version}")
    if flow is None:
        raise NoGoodScripts("\n".join(str(problem) for problem in problems))
    return flow
