"""From a folder of scripts to the book that is live: sound scripts are published, broken ones never go live."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.caseload import numbers as numbering
from bot.caseload.numbers import Numbers
from bot.storage import flow_versions, runs
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.flow_versions import Publication, Published
from flows.engine.book import Book
from flows.engine.errors import FlowUnknown
from flows.engine.flow import Flow, version_of
from flows.engine.problems import Problem
from flows.engine.reader import read_flow

log = logging.getLogger(__name__)

AT_START = "start"
"""Who publishes what nobody published before: the program, when it starts."""
NEW = "Nieuw."
UNREADABLE = "De versie van hiervoor past niet meer bij dit programma."


class NoGoodScripts(Exception):
    """The scripts have problems and there is no last good version to go on with; the message lists them."""


@dataclass(frozen=True, slots=True)
class Live:
    """What counts now. `mark` grows with every publication."""

    book: Book
    numbers: Numbers
    mark: int


@dataclass(frozen=True, slots=True)
class Folder:
    """The scripts of a folder and the phone numbers that they name, as read."""

    book: Book
    numbers: Numbers
    problems: tuple[Problem, ...]

    def texts(self) -> dict[str, str]:
        """What would be published, by flow; the numbers under the name of their file."""
        return {numbering.FILE: self.numbers.text, **{flow.id: flow.source for flow in self.book}}


def read_folder(folder: Path) -> Folder:
    """The scripts in `folder` with all that keeps them from being used."""
    reading = Book.load(folder)
    found, wrong = numbering.load(numbering.beside(folder))
    numbers = found or Numbers()
    unknown = () if wrong else tuple(numbering.unknown(reading.drafts, numbers))
    return Folder(reading.book, numbers, (*reading.problems, *wrong, *unknown))


async def at_start(folder: Path, db: Database, now: datetime) -> Live:
    """What counts when the bot starts: what was published, and what is in `folder` that nobody has published before.

    What was published and is different in the folder waits for `achterdehand publish`. Raises NoGoodScripts.
    """
    read = read_folder(folder)
    async with db.read() as conn:
        published = await flow_versions.newest(conn)
    if read.problems or not list(read.book):
        said = "\n".join(str(problem) for problem in read.problems) or f"There are no scripts in {folder}."
        if not published:
            raise NoGoodScripts(f"{said}\nThere is no last good version to go on with.")
        log.error("the scripts have problems; the last good version stays:\n%s", said)
    else:
        waiting = await db.write(lambda tx: _add_new(tx, read.texts(), now))
        if waiting:
            log.warning("changed scripts wait for `achterdehand publish`: %s", ", ".join(waiting))
    return await live(db, read.book)


async def live(db: Database, known: Book | None = None) -> Live:
    """What is published now, and every version that somebody stands in; `known` spares reading those again."""
    known = known or Book()
    async with db.read() as conn:
        mark = await flow_versions.mark(conn)
        published = await flow_versions.newest(conn)
        standing = await runs.standing_on(conn)
        numbers = published.pop(numbering.FILE, None)
        flows = _flows(published.values(), known)
        older = await flow_versions.versions(conn, {flow for flow, _ in standing})
        within = await flow_versions.versions(conn, _run_by_others(flows))
    book = Book.of(flows).beside(known)
    pinned = [one for one in older if (one.flow, one.version) in standing]
    for flow in _flows((*pinned, *within), book):
        book = book.with_version(flow)
    return Live(book, numbering.stored(numbers.source if numbers else ""), mark)


async def _add_new(tx: Connection, texts: Mapping[str, str], now: datetime) -> list[str]:
    """Publish what was never published. Returns the names of what is different from what counts."""
    published, gone = await flow_versions.newest(tx), await flow_versions.taken_away(tx)
    waiting = sorted((published.keys() - texts.keys()) | (gone & texts.keys()))
    for name, text in texts.items():
        before, version = published.get(name), version_of(text)
        if before is None and name not in gone:
            await flow_versions.release(tx, Publication(name, version, now, AT_START, NEW), text)
        elif before is None or before.version == version:
            continue
        elif name != numbering.FILE and _read(before) is None:
            await flow_versions.release(tx, Publication(name, version, now, AT_START, UNREADABLE), text)
        else:
            waiting.append(name)
    return waiting


def _flows(published: Iterable[Published], known: Book) -> list[Flow]:
    """The flows of these versions; one that this program cannot read any more is told and left out."""
    found = [_known(one, known) or _read(one) for one in published]
    return [flow for flow in found if flow is not None]


def _known(one: Published, known: Book) -> Flow | None:
    try:
        return known.get(one.flow, one.version)
    except FlowUnknown:
        return None


def _read(one: Published) -> Flow | None:
    flow, problems = read_flow(one.source, f"{one.flow} {one.version}")
    if flow is None:
        log.error("a published script cannot be read any more:\n%s", "\n".join(str(problem) for problem in problems))
    return flow


def _run_by_others(flows: Iterable[Flow]) -> set[str]:
    """Flows that others run: whoever is inside one is pinned to a version of it that only the run itself knows."""
    return {step.run for flow in flows for step in flow.steps.values() if step.run}
