"""What is due is handed on, held, or recorded as missed. Database and bot come in as arguments.

A sweep may run twice at once, or be killed anywhere: what is handed on stays due until the turn it causes has
committed an outcome under its fence, and holding and missing go through the same fence.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

from scheduler.calendar import Calendar

LATE = "past its best-before"
NO_HOUR_LEFT = "no contact hour left before its best-before"
QUIET = "quiet hours"
CLOSED = "outside office hours"

BESIDE = 16
"""How many people are handed on beside each other."""
PATIENCE = 60.0
"""Seconds after which a hand-on that hangs is let go; its row stays due."""
FIRST_REST, LONGEST_REST = timedelta(seconds=15), timedelta(hours=1)

log = logging.getLogger(__name__)

Hours = Literal["any", "contact", "office"]


class Due(Protocol):
    """A row whose time has come: a moment or a timer."""

    @property
    def id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def best_before(self) -> datetime | None:
        """From this instant on it makes no sense any more; none: it never gets too late."""

    @property
    def hours(self) -> Hours:
        """`contact`: only in the hours agreed with participants; `office`: only when a coach is at work."""


D = TypeVar("D", bound=Due)


class Store(Protocol[D]):
    """Where due rows are kept. `hold` and `miss` answer False if somebody else changed the row first."""

    async def due(self, now: datetime, limit: int) -> Sequence[D]:
        """The rows due at `now`, oldest first."""

    async def hold(self, due: D, until: datetime, reason: str) -> bool: ...
    async def miss(self, due: D, reason: str, now: datetime) -> bool: ...


@dataclass(frozen=True, slots=True)
class HandOn:
    """Now is the time."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not at this hour; again at `until`."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Miss:
    """It is too late to make sense."""

    reason: str


Decision = HandOn | Hold | Miss
Fate = Literal["handed_on", "held", "missed", "overtaken", "failed", "resting", "waiting"]


@dataclass(frozen=True, slots=True)
class Swept:
    """How many rows met which fate in one sweep."""

    handed_on: int = 0
    held: int = 0
    missed: int = 0
    overtaken: int = 0
    """Somebody else was first."""
    failed: int = 0
    """Raised or hung; still due, tried again after a rest."""
    resting: int = 0
    """Failed before, and not yet tried again."""
    waiting: int = 0
    """No room to hand it on, or behind one of the same person that had none; still due."""


@dataclass(slots=True)
class _Room:
    left: int

    def take(self) -> bool:
        self.left -= 1
        return self.left >= 0


@dataclass(slots=True)
class Rests:
    """Which rows failed lately, in memory alone: forgetting this costs one try too many, nothing else.

    `nobodys_fault`: what may befall every row alike, as a database that takes nothing. It is not counted, else a row
    that fails no more would still rest for an hour after an outage of half an hour.
    """

    nobodys_fault: type[Exception] | tuple[type[Exception], ...] = ()
    tries: dict[int, int] = field(default_factory=dict)
    until: dict[int, datetime] = field(default_factory=dict)

    def resting(self, due: Due, now: datetime) -> bool:
        return due.id in self.until and now < self.until[due.id]

    def failed(self, due: Due, now: datetime, error: Exception) -> None:
        if isinstance(error, self.nobodys_fault):
            self.until[due.id] = now + FIRST_REST
            return
        tries = self.tries.get(due.id, 0)
        self.tries[due.id] = tries + 1
        self.until[due.id] = now + min(LONGEST_REST, FIRST_REST * 2 ** min(tries, 10))

    def keep_only(self, rows: Iterable[Due]) -> None:
        """Forget rows that are no longer due."""
        still = {row.id for row in rows}
        for known in [id_ for id_ in self.until if id_ not in still]:
            del self.until[known]
            self.tries.pop(known, None)


def decide(due: Due, now: datetime, calendar: Calendar) -> Decision:
    """What to do with a due row at `now`."""
    if due.best_before is not None and now >= due.best_before:
        return Miss(LATE)
    if due.hours == "any":
        return HandOn()
    office = due.hours == "office"
    allowed = calendar.next_office_time(now) if office else calendar.next_contact_time(now)
    if allowed == now:
        return HandOn()
    if due.best_before is not None and allowed >= due.best_before:
        return Miss(NO_HOUR_LEFT)
    return Hold(allowed, CLOSED if office else QUIET)


async def sweep(
    store: Store[D],
    hand_on: Callable[[D], Awaitable[None]],
    calendar: Calendar,
    now: datetime,
    limit: int,
    rests: Rests | None = None,
    room: int | None = None,
) -> Swept:
    """Deal with at most `limit` due rows: people beside each other, one person's rows in order.

    `room` (none: enough): how many of them may be handed on; the others stay due, to be handed on or missed later.
    `hand_on` may be called again for the same row until its turn has committed. One that raises or hangs
    stops nobody else: its row stays due, and rests if `rests` is kept between sweeps.
    """
    rests = Rests() if rests is None else rests
    rows = await store.due(now, limit + len(rests.until))
    rests.keep_only(rows)
    fates: Counter[str] = Counter()
    beside, left = asyncio.Semaphore(BESIDE), _Room(len(rows) if room is None else room)

    async def of_one_person(own: Sequence[D]) -> None:
        async with beside:
            for done, due in enumerate(own):
                fate = await _deal_with(due, store, hand_on, calendar, now, rests, left)
                if fate == "waiting":
                    fates[fate] += len(own) - done
                    return
                fates[fate] += 1

    await asyncio.gather(*(of_one_person(own) for own in _by_person(rows)))
    return Swept(**fates)


async def _deal_with(
    due: D,
    store: Store[D],
    hand_on: Callable[[D], Awaitable[None]],
    calendar: Calendar,
    now: datetime,
    rests: Rests,
    room: _Room,
) -> Fate:
    if rests.resting(due, now):
        return "resting"
    try:
        async with asyncio.timeout(PATIENCE):
            match decide(due, now, calendar):
                case HandOn():
                    if not room.take():
                        return "waiting"
                    await hand_on(due)
                    return "handed_on"
                case Hold(until, reason):
                    return "held" if await store.hold(due, until, reason) else "overtaken"
                case Miss(reason):
                    return "missed" if await store.miss(due, reason, now) else "overtaken"
    except Exception as error:
        # The row is still due: nothing is lost. The kind of error only, never its words, goes to the log.
        log.warning("due row %d of person %d failed: %s", due.id, due.person_id, type(error).__name__)
        rests.failed(due, now, error)
        return "failed"


def _by_person(rows: Sequence[D]) -> Iterable[list[D]]:
    grouped: defaultdict[int, list[D]] = defaultdict(list)
    for row in rows:
        grouped[row.person_id].append(row)
    return grouped.values()
