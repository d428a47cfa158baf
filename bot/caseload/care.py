"""What changes somebody's care: stop, pause, less often, the end of a job, the goodbye. Rows alone, no words.

active   → backup    no more questions of the assistant; what the coach agreed goes on
active   → stopped   no planned contact of anybody
active   → closed    the coach and the participant said goodbye; the back-up line stays
any      → active    the participant takes part, again
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.caseload import contact, ending, sickness, terms
from bot.caseload.handovers import Agreed
from bot.caseload.terms import Means
from bot.storage import moments, people, placements
from bot.storage.connection import Connection
from bot.storage.moments import Planning
from bot.storage.people import Person
from bot.storage.placements import Placement
from scheduler.terms import Span

GOODBYE_FLOW = "goodbye"
GOODBYE_KEEPS = timedelta(days=30)
"""The last words may come this late: somebody may just be in another talk."""
ONE_DAY = timedelta(days=1)

WHY = {
    "take_part": "takes part",
    "decline": "declined",
    "stop_contact": "stopped",
    "only_backup": "only the back-up line",
    "pause_contact": "paused",
    "resume_contact": "no pause any more",
    "contact_less": "contact less often",
    "contact_as_before": "contact as before",
}
"""Each effect that changes how somebody is cared for, and what it is called beside a moment that it cancelled."""


def changes(who: Person, effect: str, given: Mapping[str, str], means: Means, now: datetime) -> dict[str, Any]:
    """The person's columns that an effect of WHY sets. Pure, so that a script can be told beforehand what follows."""
    match effect:
        case "take_part":
            cleared = {"paused_until": _pause_over(who, means, now), "open_until": None, "silences": 0}
            return {"state": "active", "care_from": who.care_from or now, **cleared}
        case "decline":
            return {"state": "declined", "care_from": None}
        case "stop_contact":
            return {"state": "stopped", "care_from": None}
        case "only_backup":
            return {"state": "backup", "care_from": None}
        case "pause_contact":
            return {"paused_until": date.fromisoformat(given["until"]) - ONE_DAY}
        case "resume_contact":
            return {"paused_until": _pause_over(who, means, now)}
        case "contact_less":
            return {"stretch": max(1, min(int(given["every"]), means.handbook.rhythms.back_off.max)), "good_streak": 0}
        case "contact_as_before":
            return {"stretch": 1, "good_streak": 0}
    raise KeyError(effect)


def _pause_over(who: Person, means: Means, now: datetime) -> date | None:
    """A pause ends yesterday at the latest; which day it was still counts for what was moved behind it."""
    yesterday = means.calendar.local(now).date() - ONE_DAY
    return None if who.paused_until is None else min(who.paused_until, yesterday)


async def change(
    tx: Connection, means: Means, who: Person, effect: str, given: Mapping[str, str], now: datetime
) -> Person:
    """Do what an effect of WHY asks for, and plan anew. Returns the person as they are now."""
    values = changes(who, effect, given, means, now)
    await people.change(tx, who.id, **values)
    if values.get("state") in ("stopped", "declined"):
        await contact.cancel(tx, who.id, WHY[effect], now)
        await ending.drop_tasks(tx, who.id, now)
        await sickness.end(tx, means, who.id, now)
    await contact.replan(tx, means, who.id, now, WHY[effect])
    return replace(who, **values)


async def jobs(conn: Connection, means: Means, participant_id: int) -> list[Placement]:
    """The open placements at work, oldest first."""
    theirs = await placements.of_participant(conn, await means.keyring.of(conn, participant_id))
    return [one for one in theirs if one.state == "open" and one.track == "work"]


async def end_job(tx: Connection, means: Means, who: Person, job: Placement | None, now: datetime) -> None:
    """The job is over, and with it what was planned and shown because of it; none: one that was never written down.

    Without another job the aftercare goes on as a search: the coach's return talk comes after some weeks.
    """
    key, today = await means.keyring.of(tx, who.id), means.calendar.local(now).date()
    if job is not None:
        await ending.end(tx, key, job.id, now, today)
        await sickness.end(tx, means, who.id, now, job.id)
    still = [one for one in await placements.of_participant(tx, key) if one.state == "open"]
    if not still:
        await sickness.end(tx, means, who.id, now)
        await placements.make(tx, key, today, now, track="search")
    await contact.replan(tx, means, who.id, now, "the job ended")


async def backup_until(conn: Connection, means: Means, who: Person, now: datetime) -> date:
    """Until when the back-up line is agreed: so long after the goodbye, or after the day on which that is expected."""
    if who.open_until is not None:
        return who.open_until
    rests_on = await terms.bases(conn, means, who)
    last = terms.last_day(means, rests_on[-1]) if rests_on else means.calendar.local(now).date()
    return _span(means, rests_on[-1].agreed if rests_on else None).after(last)


async def close(tx: Connection, means: Means, who: Person, now: datetime) -> Person:
    """The aftercare ends with a goodbye. From now on there is the back-up line, until the day that was agreed."""
    rests_on = await terms.bases(tx, means, who)
    until = _span(means, rests_on[-1].agreed if rests_on else None).after(means.calendar.local(now).date())
    values: dict[str, Any] = {"state": "closed", "open_until": until, "care_from": None, "paused_until": None}
    await people.change(tx, who.id, **values)
    await sickness.end(tx, means, who.id, now)
    await contact.cancel(tx, who.id, "the aftercare ended", now)
    await ending.drop_tasks(tx, who.id, now)
    due_at = means.calendar.next_contact_time(now)
    slot = f"{means.calendar.local(now).date().isoformat()}/{contact.GOODBYE}"
    await moments.plan(tx, Planning(who.id, GOODBYE_FLOW, contact.GOODBYE, slot, due_at, due_at + GOODBYE_KEEPS), now)
    return replace(who, **values)


def _span(means: Means, agreed: Agreed | None) -> Span:
    return means.handbook.rhythms.backup_after if agreed is None else Span(months=agreed.backup_months)
