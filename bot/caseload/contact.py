"""The contact rhythm of one participant: which moments should exist, and which is next."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.storage import moments
from bot.storage.connection import Connection
from bot.storage.moments import Moment, Planning
from bot.storage.people import Person
from scheduler import cadence
from scheduler.cadence import Planned, Terms
from scheduler.calendar import Calendar

CHECKIN = "monthly-checkin"
WELCOME = "welcome"
"""The flow that every participant begins with."""
KIND: moments.Kind = "checkin"
ASKED: moments.Kind = "asked"
ASKED_KEEPS = timedelta(days=2)
"""A contact that somebody asked for by hand may come this late."""
WINDOW = timedelta(hours=3)


def terms(calendar: Calendar, since: datetime) -> Terms:
    """Once a month, in the morning (the studies: «één keer in de maand», people are busy at work)."""
    return Terms(flow=CHECKIN, start=calendar.local(since).date(), at=time(10), window=WINDOW)


async def plan(tx: Connection, calendar: Calendar, who: Person, now: datetime, chance: float) -> None:
    """Make the moments that should exist for this participant and do not yet."""
    if who.care_from is None or who.state != "active":
        return
    known = [one for one in await moments.for_person(tx, who.id) if one.kind == KIND]
    waiting = [one.slot for one in known if one.state != "done"]
    past = [one.slot for one in known if one.state == "done"]
    agreed = terms(calendar, who.care_from)
    for missing in cadence.moments(agreed, calendar, now, waiting=waiting, past=past, jitter=chance):
        planning = Planning(who.id, CHECKIN, KIND, missing.slot, missing.due_at, missing.best_before)
        await moments.plan(tx, planning, now)


async def next_at(conn: Connection, calendar: Calendar, who: Person, now: datetime) -> datetime:
    """When this participant hears from us next: the planned moment, or the one that a yes today would give."""
    planned = [one.due_at for one in await moments.for_person(conn, who.id) if _ahead(one, now)]
    return min(planned) if planned else would_be(calendar, who.care_from or now, now).due_at


def would_be(calendar: Calendar, since: datetime, now: datetime) -> Planned:
    """The next moment of the rhythm that counts from `since`."""
    return cadence.moments(terms(calendar, since), calendar, now)[0]


def _ahead(one: Moment, now: datetime) -> bool:
    return one.kind == KIND and one.state != "done" and one.due_at > now


async def ask_once(
    tx: Connection, who_id: int, flow: str, at: datetime | None, token: str, now: datetime
) -> Moment | None:
    """Plan one contact by hand: at `at`, or now and then at any hour."""
    due_at = at or now
    slot = f"{due_at.isoformat()[:16]}/{token}"
    planning = Planning(who_id, flow, ASKED, slot[:40], due_at, due_at + ASKED_KEEPS, any_hour=at is None)
    made = await moments.plan(tx, planning, now)
    return None if made is None else await moments.by_id(tx, made)


async def cancel(tx: Connection, who_id: int, reason: str, now: datetime) -> None:
    """Nothing more is planned for this person."""
    await moments.cancel_for(tx, who_id, reason, now)


async def release(tx: Connection, who_id: int, now: datetime) -> None:
    """What a talk held may come now."""
    await moments.release(tx, who_id, now)
