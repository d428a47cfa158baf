"""What scripts do about a referral: note it, name it, and keep what came of it. The coach hears that."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING

from bot.caseload import contact, referrals
from bot.storage import moments
from bot.storage.people import Person
from bot.storage.referrals import Referral
from bot.texts import N_
from bot.turns import days, veil
from bot.turns.following import choosing
from bot.turns.turn import Turn
from flows.engine.context import ContextValue

if TYPE_CHECKING:  # the registry of effects imports this module
    from bot.turns.effects import Walk

FLOW = "referral-note"
"""The script in which a coach says to whom, and when to ask."""
NAMED = "referral"
"""Stands in a script that names what this module knows."""
CAME_OF_IT = {
    "worked": N_("gelukt"),
    "not_yet": N_("nog niet gelukt"),
    "dropped": N_("wil het niet meer"),
    "talk": N_("wil er met jou over praten"),
    "later": N_("wilde er nog niet over praten"),
}
SHOWN = 4


async def _note(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    """Effect `note_referral`."""
    assert walk.participant_id is not None
    who = await choosing.own(turn, walk.person, walk.participant_id)
    to = given.get("words") or _label(turn, given["to"])
    await referrals.note(turn.tx, turn.services, who.id, to, date.fromisoformat(given["after"]), turn.now)
    await contact.replan(turn.tx, turn.services, who.id, turn.now, "planned anew")
    if who.state != "active":
        await turn.tell(walk.person, "{name} krijgt nu geen vragen van de assistent. Vraag het zelf.", name=who.name)


def _label(turn: Turn, key: str) -> str:
    """The words on the button with this key, in Dutch; they are translated for whoever reads them."""
    for step in turn.services.book.latest(FLOW).steps.values():
        for name, label in step.ask.buttons() if step.ask else ():
            if name == key:
                return label
    return key


async def _said(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    """Effect `referral_said`. What is asked about once more raises no flag, so that is told here."""
    one = await _about(turn, walk.person, walk.moment_id)
    if one is None:
        return
    again = None if "again" not in given else date.fromisoformat(given["again"])
    today, key = turn.services.calendar.local(turn.now).date(), await turn.key(walk.person.id)
    after = await referrals.answered(turn.tx, key, one, given["outcome"], again, today)
    await contact.replan(turn.tx, turn.services, walk.person.id, turn.now, "planned anew")
    if walk.coach is not None and len(after.asks) > len(one.asks):
        text = turn.say(
            walk.coach,
            "{name} over {referral}: {outcome}. De assistent vraagt het nog een keer rond {day}.",
            name=walk.person.name,
            referral=_to(turn, walk.coach, one),
            outcome=turn.say(walk.coach, CAME_OF_IT[given["outcome"]]),
            day=days.with_year(after.asks[-1], walk.coach.language),
        )
        await veil.news(turn, walk.coach, walk.person, text)


async def values(turn: Turn, who: Person, moment_id: int | None) -> dict[str, ContextValue]:
    """What a script may name of the referral that this moment asks about."""
    one = await _about(turn, who, moment_id)
    if one is None:
        return {}
    return {"referral": _to(turn, who, one), "referral.last_time": referrals.is_last_time(one)}


async def _about(turn: Turn, who: Person, moment_id: int | None) -> Referral | None:
    moment = None if moment_id is None else await moments.by_id(turn.tx, moment_id)
    return referrals.about(moment, await referrals.of(turn.tx, turn.services, who.id))


def _to(turn: Turn, reader: Person, one: Referral) -> str:
    return turn.services.texts.script(reader.language)(one.to)


async def lines(turn: Turn, coach: Person, participant_id: int) -> list[str]:
    """The last referrals, for the coach: to whom, when, and what came of it."""
    found = []
    for one in (await referrals.of(turn.tx, turn.services, participant_id))[-SHOWN:]:
        line = f"{_to(turn, coach, one)}, {days.with_year(one.noted, coach.language)}"
        outcome = CAME_OF_IT.get(one.outcome or "")
        found.append(f"{line}: {turn.say(coach, outcome)}" if outcome else line)
    return found


EFFECTS: dict[str, Callable[[Turn, Walk, dict[str, str]], Awaitable[None]]] = {
    "note_referral": _note,
    "referral_said": _said,
}
