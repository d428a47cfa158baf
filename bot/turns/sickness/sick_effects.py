"""What a script does about being ill: kept as days, told to the coach as days, and to no employer at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.caseload import contact, sickness
from bot.caseload.sickness import Said
from bot.storage import people
from bot.storage.people import Person
from bot.storage.sickness import Spell
from bot.turns import days, veil
from bot.turns.turn import Turn
from flows.engine.durations import parse_duration
from flows.engine.effects.remind import AFTER, BEFORE

if TYPE_CHECKING:
    from bot.turns.effects import Walk

CALL, CALLED = "sick-call", "sick-called"
"""The flows that remind of the call, and that ask whether it worked."""
ASK_WITHIN = timedelta(hours=12)
"""So late it still makes sense to ask whether the call worked."""
REMIND_WITHIN = timedelta(hours=1)
"""So late a reminder still helps, where no time to call was agreed."""


async def _report_sick(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    who = await _fresh(turn, walk.person)
    said = Said(
        since=date.fromisoformat(given["since"]) if "since" in given else None,
        reported=given["reported"] == "yes" if "reported" in given else None,
        expected=round(float(given["days"])) if "days" in given else None,
        still="still" in given,
    )
    before, after = await sickness.report(turn.tx, turn.services, who, said, turn.now)
    if after is None or after == before:
        return
    begins = before is None or before.id != after.id or not sickness.is_sick(before)
    if begins:
        await people.change(turn.tx, who.id, stretch=1, good_streak=0)
    if after.reported:
        await contact.drop_asked(turn.tx, who.id, (CALL, CALLED), "not needed any more", turn.now)
    await contact.replan(turn.tx, turn.services, who.id, turn.now, "is ill")
    if walk.coach and (text := _sick_news(turn, walk.coach, who, before, after)):
        await veil.news(turn, walk.coach, who, text, quietly=True)


def _sick_news(turn: Turn, coach: Person, who: Person, before: Spell | None, after: Spell) -> str:
    """What is new for the coach; empty when nothing is."""
    since = days.with_year(after.first, coach.language)
    if before is None or before.id != after.id:
        lines = [turn.say(coach, "{name} is ziek sinds {day}.", name=who.name, day=since)]
    elif not sickness.is_sick(before):
        lines = [turn.say(coach, "{name} is toch nog ziek, sinds {day}.", name=who.name, day=since)]
    elif before.first != after.first:
        return turn.say(coach, "De eerste ziektedag van {name} is {day}.", name=who.name, day=since)
    elif after.reported and not before.reported:
        return turn.say(coach, "{name} heeft het werk nu zelf gebeld.", name=who.name)
    else:
        return ""
    if after.reported is not None:
        known = (
            turn.say(coach, "Het werk weet het al.")
            if after.reported
            else turn.say(coach, "Het werk weet het nog niet.")
        )
        lines.append(known)
    if turn.services.handbook.rhythms.sick is not None:
        lines.append(turn.say(coach, "De gewone vragen rusten tot {name} beter is.", name=who.name))
    lines.append(turn.say(coach, "De werkgever hoort hier niets van mij."))
    return "\n".join(lines)


async def _report_better(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    who = await _fresh(turn, walk.person)
    back = date.fromisoformat(given["back"]) if "back" in given else None
    reported = given["reported"] == "yes" if "reported" in given else None
    before = sickness.newest(await sickness.of(turn.tx, turn.services, who.id))
    after = await sickness.better(turn.tx, turn.services, who, back, turn.now, reported=reported)
    if after is None or after == before:
        return
    await contact.drop_asked(turn.tx, who.id, (CALL, CALLED), "not needed any more", turn.now)
    await contact.replan(turn.tx, turn.services, who.id, turn.now, "is better")
    if walk.coach is None or (before is not None and before.id == after.id and _same_return(before, after)):
        return
    text = turn.say(walk.coach, "{name} is beter.", name=who.name)
    if after.back is not None:
        day = days.with_year(after.back, walk.coach.language)
        text = turn.say(walk.coach, "{name} is beter. De eerste dag weer aan het werk: {day}.", name=who.name, day=day)
    await veil.news(turn, walk.coach, who, text, quietly=True)


def _same_return(before: Spell, after: Spell) -> bool:
    return (before.better, before.back) == (after.better, after.back)


async def _fresh(turn: Turn, person: Person) -> Person:
    """As the rows are now: an effect before this one may have changed them."""
    found = await people.by_id(turn.tx, turn.services.keyring, person.id)
    assert found is not None
    return found


async def _remind(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    absence = await sickness.agreed(turn.tx, turn.services, walk.person)
    calendar, flow = turn.services.calendar, given["flow"]
    by = sickness.call_by(absence, calendar, turn.now)
    if given["at"] == AFTER:
        at = sickness.asked_at(absence, calendar, turn.now)
        await contact.ask_at(turn.tx, walk.person.id, flow, at, at + ASK_WITHIN, turn.now)
        return
    wanted = by if given["at"] == BEFORE else _asked_for(turn, given["at"])
    if wanted is None:
        return
    if by is not None and wanted >= by and calendar.local(wanted).date() == calendar.local(by).date():
        wanted = max(turn.now, by - sickness.AHEAD)  # never when it is too late to call
    late = by if by is not None and by > wanted else wanted + REMIND_WITHIN
    await contact.ask_at(turn.tx, walk.person.id, flow, wanted, late, turn.now)


def _asked_for(turn: Turn, at: str) -> datetime:
    """A duration from now, or the next time that the clock says this."""
    if span := parse_duration(at):
        return turn.now + span
    calendar = turn.services.calendar
    today = calendar.local(turn.now).date()
    found = calendar.to_utc(today, time.fromisoformat(at))
    return found if found > turn.now else calendar.to_utc(today + timedelta(days=1), time.fromisoformat(at))


EFFECTS: dict[str, Callable[[Turn, Walk, dict[str, str]], Awaitable[None]]] = {
    "report_sick": _report_sick,
    "report_better": _report_better,
    "remind": _remind,
}
