"""What a script may name of being ill: what was agreed about reporting it, the days, and when to call."""

from __future__ import annotations

from datetime import datetime

from bot.caseload import sickness
from bot.storage.people import Person
from bot.turns import days
from bot.turns.turn import Turn
from flows.engine.context import ContextValue

NAMED = "sick."
"""In what every placeholder and fact of here begins with."""


async def values(turn: Turn, who: Person) -> dict[str, ContextValue]:
    calendar = turn.services.calendar
    today = calendar.local(turn.now).date()
    spells = await sickness.of(turn.tx, turn.services, who.id)
    absence = await sickness.agreed(turn.tx, turn.services, who)
    remind_at = sickness.remind_at(absence, calendar, turn.now)
    spell = sickness.newest(spells)
    found: dict[str, ContextValue] = {
        "sick.agreed": absence is not None,
        "sick.now": sickness.is_sick(spell),
        "sick.recent": sickness.is_recent(spells, today),
        "sick.can_remind": remind_at is not None,
    }
    if absence is not None:
        found |= {"sick.call": absence.call, "sick.number": absence.number, "sick.reachable": absence.reachable}
        found["sick.before"] = f"{absence.before:%H:%M}" if absence.before else None
    if spell is not None:
        found["sick.since"] = days.with_year(spell.first, who.language)
        found["sick.back"] = None if spell.back is None else days.with_year(spell.back, who.language)
    if remind_at is not None:
        found["sick.remind_at"] = _near(turn, who, remind_at)
    return found


def _near(turn: Turn, who: Person, at: datetime) -> str:
    """«vandaag om 08:00»: a time today or tomorrow."""
    calendar = turn.services.calendar
    local, today = calendar.local(at), calendar.local(turn.now).date()
    if local.date() == today:
        return turn.say(who, "vandaag om {time}", time=f"{local:%H:%M}")
    return turn.say(who, "morgen om {time}", time=f"{local:%H:%M}")
