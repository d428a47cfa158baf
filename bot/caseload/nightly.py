"""Once a night: is anybody forgotten, was anything left without an outcome or unsent, does anybody write ever more?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.caseload import backing_off, contact
from bot.caseload.terms import Means
from bot.storage import facts, failures, messages, moments, people
from bot.storage.connection import Connection
from bot.storage.database import Database
from bot.storage.errors import StorageTrouble
from bot.storage.failures import Failure
from bot.storage.people import Person
from scheduler.calendar import Calendar

log = logging.getLogger(__name__)

LAST = "nightly"
"""The fact that says what the last check found, and when."""
AT = time(3)
"""Local time from which a night's check may run."""
LATE = timedelta(hours=6)
"""A moment that was due this long ago and has no outcome: the scheduler does not do its work."""


Piece = tuple[list[int], int | None]
"""Some people, and after whom to go on."""


@dataclass(frozen=True, slots=True)
class Found:
    """`planned`: had no next moment and got one. `without`: there is none to plan, so a person must decide.

    `late`: moments without an outcome. `much`: person → messages, of who writes more than the handbook says.
    `unread`: joined, and without a coach whom Telegram reaches: nobody gets their words, alerts and tasks.
    `failed`: who could not be looked at, or of whom nobody could be told.
    `stuck`: came in and could not be dealt with; `unsent`: could not be sent. Both since an admin was told of any.
    """

    planned: int
    without: tuple[int, ...]
    late: int
    much: dict[int, int]
    unread: tuple[int, ...]
    failed: set[int]
    stuck: tuple[Failure, ...]
    unsent: tuple[Failure, ...]


def is_due(calendar: Calendar, now: datetime, last: datetime | None) -> bool:
    """Whether no check ran since the last night began."""
    today = calendar.local(now).date()
    begins = calendar.to_utc(today, AT)
    if begins > now:
        begins = calendar.to_utc(today - timedelta(days=1), AT)
    return last is None or last < begins


async def last_at(conn: Connection) -> datetime | None:
    found = await facts.get_json(conn, LAST)
    return None if found is None else datetime.fromisoformat(found["at"])


async def last_counts(conn: Connection) -> dict[str, int]:
    """What the last check found, in numbers; nothing before the first."""
    found = await facts.get_json(conn, LAST) or {}
    return {what: number for what, number in found.items() if what != "at"}


async def check(db: Database, means: Means, now: datetime) -> Found:
    """Look, and plan what can be planned. One person at a time is written, so that nobody waits for it."""
    planned, without = 0, []
    failed: set[int] = set()
    for who_id in await _in_pieces(db, moments.people_without_next):
        with alone(who_id, failed):
            if await db.write(lambda tx, who_id=who_id: _planned(tx, means, who_id, now)):  # type: ignore[misc]
                planned += 1
            else:
                without.append(who_id)
    much = means.handbook.rhythms.much
    async with db.read() as conn:
        late = await moments.overdue(conn, now - LATE)
        wrote = await messages.many(conn, now - timedelta(weeks=much.weeks), much.messages)
        stuck, unsent = tuple(await failures.stuck(conn)), tuple(await failures.unsent(conn))
    unread = await _in_pieces(db, people.read_by_nobody)
    return Found(planned, tuple(without), late, wrote, tuple(unread), failed, stuck, unsent)


@contextmanager
def alone(who_id: int, failed: set[int]) -> Iterator[None]:
    """Whatever fails in here is about this person: it is noted, and stops nobody else.

    But for StorageTrouble: then nobody can be looked at, and the check is begun anew.
    """
    try:
        yield
    except StorageTrouble:
        raise
    except Exception as error:
        log.error("the nightly check of person %d failed: %s", who_id, type(error).__name__)
        failed.add(who_id)


async def _in_pieces(db: Database, look: Callable[[Connection, int], Awaitable[Piece]]) -> list[int]:
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        async with db.read() as conn:
            some, after = await look(conn, after)
        found += some
        await asyncio.sleep(0)  # reading a local file never waits by itself, and others want to go on
    return found


async def _planned(tx: Connection, means: Means, who_id: int, now: datetime) -> bool:
    await contact.replan(tx, means, who_id, now, "nightly check")
    return await moments.next_for(tx, who_id) is not None


async def note(tx: Connection, found: Found, now: datetime) -> None:
    """Keep what was found, in numbers, as the last check."""
    told = {"planned": found.planned, "without": len(found.without), "late": found.late, "much": len(found.much)}
    told |= {"unread": len(found.unread), "failed": len(found.failed)}
    told |= {"stuck": len(found.stuck), "unsent": len(found.unsent)}
    await facts.put_json(tx, LAST, told | {"at": now.isoformat()})


def shows_much(who: Person, found: Found, means: Means, now: datetime) -> bool:
    """Whether this person's coach is shown how much they write."""
    return backing_off.tells_of_much(found.much.get(who.id, 0), means.handbook.rhythms.much, who.told_much_at, now)
