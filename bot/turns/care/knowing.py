"""What a participant's script may name: who they are, their work, their contact. Fetched only where it is named."""

from __future__ import annotations

from datetime import date

from bot.caseload import care, contact, domains, handovers, terms
from bot.caseload.handovers import Case
from bot.storage import moments, placements
from bot.storage.people import Person
from bot.storage.placements import Placement
from bot.texts import listed
from bot.turns import days
from bot.turns.following import referring
from bot.turns.sickness import sick_values
from bot.turns.turn import Turn
from flows.engine.context import ContextValue

ABOUT_WORK = (
    "{employer}",
    "{contract_end}",
    "{agreed_by}",
    "track",
    "has_employer",
    "placement.contract_ends_in",
    "placement.started_ago",
)


async def values(
    turn: Turn, who: Person, coach: Person | None, source: str, moment_id: int | None
) -> dict[str, ContextValue]:
    """Placeholders and facts by name. `who` may be the person as they will be; None is what nobody knows."""
    calendar, services = turn.services.calendar, turn.services
    today = calendar.local(turn.now).date()
    found: dict[str, ContextValue] = {
        "name": who.name,
        "coach": coach.name if coach else "",
        "today": turn.today.isoformat(),
        "office": services.office or None,
        **services.numbers,
        "gets_questions": who.state == "active" and not terms.paused(who, today),
    }
    if "{next_moment}" in source:
        at = await contact.next_at(turn.tx, services, who, turn.now)
        found["next_moment"] = None if at is None else days.day(calendar, at, who.language)
    if "{paused_until}" in source and who.paused_until is not None:
        found["paused_until"] = days.with_year(who.paused_until + care.ONE_DAY, who.language)
    if "{backup_until}" in source:
        until = await care.backup_until(turn.tx, services, who, turn.now)
        found["backup_until"] = days.with_year(until, who.language)
    if referring.NAMED in source:
        found |= await referring.values(turn, who, moment_id)
    if domains.FACT in source:
        rows = await moments.for_person(turn.tx, who.id)
        asking = {flow.id for flow in services.book if domains.FACT in flow.source}
        found[domains.FACT] = domains.turn_of(who.id, domains.count(rows, asking, moment_id))
    if sick_values.NAMED in source:
        found |= await sick_values.values(turn, who)
    if any(name in source for name in ABOUT_WORK):
        found |= await _about_work(turn, who, today, moment_id)
    return found


async def _about_work(turn: Turn, who: Person, today: date, moment_id: int | None) -> dict[str, ContextValue]:
    place = await _placement(turn, who, moment_id)
    if place is None:
        return {"has_employer": False}
    case = await handovers.case(turn.tx, turn.services.keyring, place.id)
    assert case is not None
    ends = place.contract_end
    return {
        "employer": place.company or (case.employer.name if case.employer else None),
        "contract_end": None if ends is None else days.with_year(ends, who.language),
        "agreed_by": _agreed_by(turn, case),
        "track": place.track,
        "has_employer": case.employer is not None,
        "placement.contract_ends_in": None if ends is None else (ends - today).days,
        "placement.started_ago": (today - place.started_on).days,
    }


async def _placement(turn: Turn, who: Person, moment_id: int | None) -> Placement | None:
    """The one that this contact is about, or the newest open one."""
    moment = None if moment_id is None else await moments.by_id(turn.tx, moment_id)
    theirs = await placements.of_participant(turn.tx, await turn.key(who.id))
    if moment is not None and moment.placement_id is not None:
        return next((one for one in theirs if one.id == moment.placement_id), None)
    return next((one for one in reversed(theirs) if one.state == "open"), None)


def _agreed_by(turn: Turn, case: Case) -> str | None:
    """«jou, Ilse en Karin»: who said yes to the handover in force, and the coach who made it."""
    if case.in_force is None or case.coach is None:
        return None
    who = case.participant
    names = [turn.say(who, "jou"), case.coach.name]
    if case.employer is not None and case.in_force.said_yes(case.employer.id):
        names.append(case.employer.name)
    return listed(names, who.language)
