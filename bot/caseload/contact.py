"""The contact of one participant: which moments should exist under all that was agreed, and which is next."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.caseload import referrals, sickness, terms
from bot.caseload.terms import Line, Means
from bot.storage import moments, people
from bot.storage.connection import Connection
from bot.storage.moments import Moment, Planning
from bot.storage.people import Person
from scheduler import cadence
from scheduler.cadence import Known, Planned
from scheduler.calendar import Calendar

CHECKIN = "monthly-checkin"
WELCOME = "welcome"
"""The flow that every participant begins with."""
ASKED, GOODBYE = "asked", "goodbye"
"""Kinds that belong to no rhythm: asked for by hand, and the last words of the aftercare."""
ASKED_KEEPS = timedelta(days=2)
"""A contact that somebody asked for by hand may come this late."""
AGAIN = " again"
"""Ends the slot of a contact that is asked once more because it came too late; that one is not repeated itself."""
APART = timedelta(days=6)
"""A contact that was missed is not asked once more when another comes within this time."""


def jitter(who_id: int, slot: str) -> float:
    """A number from 0 up to 1 that is always the same for this contact: where in its window it comes."""
    return int.from_bytes(hashlib.sha256(f"{who_id}/{slot}".encode()).digest()[:6], "big") / 2**48


def wanted(
    who_id: int, lines: Sequence[Line], rows: Sequence[Moment], calendar: Calendar, now: datetime
) -> dict[str, tuple[Line, Planned]]:
    """The moments that should exist, by slot. Pure: the same rows give the same moments."""
    settled = [_known(row, calendar) for row in rows if not _movable(row, now) and not _over(row, lines)]
    of_plans: defaultdict[str, list[Known]] = defaultdict(list)
    for row in rows:
        if _movable(row, now):
            of_plans[row.slot.rpartition("@")[2]].append(_known(row, calendar))
    living = {line.terms.plan for line in lines}
    settled += [replace(one, fate="cancelled") for plan in of_plans.keys() - living for one in of_plans[plan]]
    found: dict[str, tuple[Line, Planned]] = {}
    for line in lines:
        before = [_would_wait(one, calendar) for _, one in found.values()]
        known = [*settled, *of_plans[line.terms.plan], *before]
        if not line.terms.plan.startswith(referrals.PLAN):  # a question about other help takes no check-in's place
            known = [one for one in known if one.kind != referrals.KIND]
        for one in cadence.moments(line.terms, calendar, now, known, lambda slot: jitter(who_id, slot)):
            found[one.slot] = (line, one)
    return found


def _movable(row: Moment, now: datetime) -> bool:
    """A moment of a rhythm that is still to come, so that it follows what is agreed now."""
    return "@" in row.slot and row.state == "planned" and row.due_at > now


def _over(row: Moment, lines: Sequence[Line]) -> bool:
    """A moment that waits, of a placement that no contact rests on any more."""
    return (
        row.state != "done"
        and row.placement_id is not None
        and all(line.placement_id != row.placement_id for line in lines)
    )


def _known(row: Moment, calendar: Calendar) -> Known:
    fired_at = row.done_at if row.outcome == "fired" else None  # after an outage later than it was due
    day = calendar.local(fired_at or row.due_at).date()
    return Known(row.slot, row.kind, row.done_by, day, row.outcome or "waiting")


def _would_wait(one: Planned, calendar: Calendar) -> Known:
    return Known(one.slot, one.kind, one.by, calendar.local(one.due_at).date(), "waiting")


async def replan(tx: Connection, means: Means, who_id: int, now: datetime, why: str) -> None:
    """Make this participant's moments what they should be; what goes is cancelled because of `why` (≤ 80 characters).

    What is due already, or held by a talk, is left to who deals with it while this person takes contact and what it
    is about goes on. Doing it again changes nothing.
    """
    who = await people.by_id(tx, means.keyring, who_id)
    if who is None or who.role != "participant":
        return
    rows = await moments.for_person(tx, who_id)
    who, lines = await _agreed(tx, means, who, now)
    found = wanted(who_id, lines, _counting(rows, who, lines, means, now), means.calendar, now)
    goes = [row.id for row in rows if row.slot not in found and _goes(row, who, lines, means, now)]
    if goes:
        await moments.cancel(tx, goes, why, now)
    stands = {row.slot: row for row in rows}
    for slot, (line, one) in found.items():
        row = stands.get(slot)
        planning = _planning(who_id, line.placement_id, one)
        if row is None:
            await moments.plan(tx, planning, now)
        elif _moves(row, one, now):
            await moments.move(tx, row.id, row.fence, planning)


async def _agreed(conn: Connection, means: Means, who: Person, now: datetime) -> tuple[Person, tuple[Line, ...]]:
    """The person, with a pause for as long as the usual questions rest, and all terms that count.

    Those of being ill come first: what they take is not given away.
    """
    handbook, spells = means.handbook.rhythms.sick, await sickness.of(conn, means, who.id)
    rests_on = await terms.bases(conn, means, who)
    resting = replace(who, paused_until=sickness.rests_until(who, spells, handbook))
    own = sickness.lines(means, who, spells, rests_on, now)
    # Last, as it makes way for all others.
    other_help = referrals.lines(means, resting, await referrals.of(conn, means, who.id), rests_on)
    return resting, (*own, *terms.terms_of(means, resting, rests_on), *other_help)


def _planning(who_id: int, placement_id: int | None, one: Planned) -> Planning:
    return Planning(
        who_id, one.flow, one.kind, one.slot, one.due_at, one.best_before, done_by=one.by, placement_id=placement_id
    )


def _counting(rows: Sequence[Moment], who: Person, lines: Sequence[Line], means: Means, now: datetime) -> list[Moment]:
    """All but what belongs to no plan and goes, as a goodbye: it must take no day from what comes instead."""
    return [row for row in rows if "@" in row.slot or not _goes(row, who, lines, means, now)]


def _goes(row: Moment, who: Person, lines: Sequence[Line], means: Means, now: datetime) -> bool:
    """Whether a moment that waits and that no terms ask for is cancelled."""
    if row.state == "done" or row.kind == ASKED:
        return False
    if row.kind == GOODBYE:
        return who.state != "closed"
    if who.state not in terms.IN_CARE or _over(row, lines) or _of_another_spell(row, lines, means):
        return True
    if row.done_by == "bot" and (who.state != "active" or terms.paused(who, means.calendar.local(row.due_at).date())):
        return True
    return _movable(row, now)


def _of_another_spell(row: Moment, lines: Sequence[Line], means: Means) -> bool:
    """About being ill, or about a return, that is over or is on another day now: also what is due already or held."""
    if row.kind not in sickness.kinds(means.handbook.rhythms.sick):
        return False
    if "@" in row.slot:
        return all(line.terms.plan != row.slot.rpartition("@")[2] for line in lines)
    return all(one.kind != row.kind for line in lines for one in line.terms.contacts)


def _moves(row: Moment, one: Planned, now: datetime) -> bool:
    if one.due_at <= now:
        return False
    if row.state == "done":
        return row.outcome == "cancelled"
    return row.state == "held" or (row.due_at > now and row.due_at != one.due_at)


async def next_at(conn: Connection, means: Means, who: Person, now: datetime) -> datetime | None:
    """When the assistant speaks to this person next, if they are as `who` says: also as they only will be."""
    rows = [row for row in await moments.for_person(conn, who.id) if row.kind != ASKED]
    who, lines = await _agreed(conn, means, who, now)
    counting = _counting(rows, who, lines, means, now)
    ahead = [one.due_at for _, one in wanted(who.id, lines, counting, means.calendar, now).values() if one.by == "bot"]
    stays = [row for row in rows if row.state != "done" and not _goes(row, who, lines, means, now)]
    ahead += [row.due_at for row in stays if row.done_by == "bot" and "@" not in row.slot]
    return min((at for at in ahead if at > now), default=None)


async def once_more(tx: Connection, means: Means, missed: Moment, now: datetime, *, at_once: bool) -> None:
    """A question that came too late is asked once more: now, or on the next working morning.

    Not when it was that itself. One that can wait gives way to another that comes soon: nobody gets two in one week.
    """
    calendar = means.calendar
    theirs = [row for row in await moments.for_person(tx, missed.person_id) if row.done_by == "bot"]
    soon = [row.due_at for row in theirs if row.state != "done" and row.due_at <= now + APART]
    if missed.slot.endswith(AGAIN) or (soon and not at_once):
        return
    slot = f"{missed.slot.partition('@')[0]}{AGAIN}"
    spoken = [row.done_at for row in theirs if row.outcome == "fired" and row.done_at is not None]
    taken = {calendar.local(at).date() for at in (*soon, *spoken)}
    due_at = calendar.next_contact_time(now) if at_once else _next_morning(calendar, missed.person_id, slot, now)
    while calendar.local(due_at).date() in taken:
        due_at = _next_morning(calendar, missed.person_id, slot, due_at)
    last = calendar.working_days_after(calendar.local(due_at).date(), cadence.WORKING_DAYS_TO_SPEAK)
    best_before = calendar.to_utc(last, calendar.contact_until)
    again = Planning(missed.person_id, missed.flow, missed.kind, slot, due_at, best_before)
    await moments.plan(tx, replace(again, placement_id=missed.placement_id), now)


def _next_morning(calendar: Calendar, who_id: int, slot: str, now: datetime) -> datetime:
    day = calendar.working_days_after(calendar.local(now).date(), 1)
    later = datetime.combine(day, terms.AT) + jitter(who_id, slot) * terms.WINDOW
    return calendar.to_utc(day, later.time())


async def ask_once(
    tx: Connection, who_id: int, flow: str, at: datetime | None, token: str, now: datetime
) -> Moment | None:
    """Plan one contact by hand: at `at`, or now and then at any hour."""
    due_at = at or now
    slot = f"{due_at.isoformat()[:16]}/{token}"
    planning = Planning(who_id, flow, ASKED, slot[:40], due_at, due_at + ASKED_KEEPS, any_hour=at is None)
    made = await moments.plan(tx, planning, now)
    return None if made is None else await moments.by_id(tx, made)


async def ask_at(tx: Connection, who_id: int, flow: str, at: datetime, best_before: datetime, now: datetime) -> None:
    """Plan what somebody asked for themselves, at its very time: quiet hours do not count. One of a flow waits."""
    await drop_asked(tx, who_id, (flow,), "asked anew", now)
    slot = f"{at.isoformat()[:16]}/{flow}"[:40]
    planning = Planning(who_id, flow, ASKED, slot, at, best_before, any_hour=True)
    if await moments.plan(tx, planning, now) is None:
        rows = await moments.for_person(tx, who_id)
        same = next(row for row in rows if (row.slot, row.flow) == (slot, flow))
        if same.outcome == "cancelled":
            await moments.move(tx, same.id, same.fence, planning)


async def drop_asked(tx: Connection, who_id: int, flows: Sequence[str], why: str, now: datetime) -> None:
    """What was asked for by hand from these flows, and waits, is not to be any more."""
    waiting = [row for row in await moments.for_person(tx, who_id) if row.kind == ASKED and row.state != "done"]
    await moments.cancel(tx, [row.id for row in waiting if row.flow in flows], why, now)


async def cancel(tx: Connection, who_id: int, reason: str, now: datetime) -> None:
    """Nothing more is planned for this person."""
    await moments.cancel_for(tx, who_id, reason, now)


async def release(tx: Connection, who_id: int, now: datetime) -> None:
    """What a talk held may come now."""
    await moments.release(tx, who_id, now)
