"""What the scripts of a handover may name: the participant it is about, the item in turn, and its buttons."""

from __future__ import annotations

from bot.caseload import handovers
from bot.caseload.checklist import Item
from bot.caseload.handovers import Case
from bot.caseload.progress import AT_WORK
from bot.storage import people
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import days
from bot.turns.handover import view
from bot.turns.turn import Turn
from flows.engine.context import Context, ContextValue, Options
from flows.engine.events import Choice

WHO = {
    "participant": N_("De deelnemer"),
    "coach": N_("De coach"),
    "employer": N_("De werkgever"),
    "supervisor": N_("De leidinggevende"),
    "buddy": N_("De praktijkbegeleider"),
    "together": N_("Samen"),
}
"""Who can do an item, as a coach chooses it."""
USUALLY = {"participant": N_("de deelnemer"), **view.OTHERS}
"""The same, inside a sentence."""


async def of(turn: Turn, coach: Person, placement_id: int, item_key: str | None) -> Context:
    """For a script that this coach walks about a placement, at this item of the checklist if it is about one."""
    found = await handovers.case(turn.tx, turn.services.keyring, placement_id)
    assert found is not None  # erasing a placement takes its runs along
    item = turn.services.handbook.checklist.get(item_key) if item_key else None
    translate = turn.services.texts.script(coach.language)
    placement, employer = found.proposed, found.employer
    values: dict[str, ContextValue] = {
        "name": coach.name,
        "coach": coach.name,
        "participant": found.participant.name,
        "employer": placement.company or (employer.name if employer else None),
        "today": turn.today.isoformat(),
        "track": placement.track,
        "has_employer": employer is not None,
        "item.employer_may_see": item is not None and item.employer == "may",
        **turn.services.numbers,
        "item": translate(item.title) if item else None,
        "item_ask": translate(item.ask) if item else None,
        "item_usual": _usual(turn, coach, found, item) if item else None,
    }
    return Context(values=values, last={}, translate=translate, options=_options(turn, coach, found, item))


async def of_participant(turn: Turn, coach: Person, participant_id: int) -> Context:
    """For a script that this coach walks about a participant, apart from any placement."""
    who = await people.by_id(turn.tx, turn.services.keyring, participant_id)
    assert who is not None  # erasing a participant takes these runs along
    values: dict[str, ContextValue] = {
        "name": coach.name,
        "coach": coach.name,
        "participant": who.name,
        "today": turn.today.isoformat(),
    }
    return Context(values=values, last={}, translate=turn.services.texts.script(coach.language))


def _usual(turn: Turn, coach: Person, found: Case, item: Item) -> str:
    """What the checklist proposes for an item, in words: most of the time one tap is enough."""
    lines = [turn.say(coach, "Wie dit doet: {who}.", who=turn.say(coach, USUALLY[item.who]))]
    if item.review is not None:
        day = days.with_year(item.review.after(turn.services.calendar.local(turn.now).date()), coach.language)
        lines.append(turn.say(coach, "Weer naar kijken: {day}.", day=day))
    if found.employer is not None and item.employer == "may":
        name = found.participant.name
        lines.append(turn.say(coach, "De werkgever mag het zien, als {name} dat goed vindt.", name=name))
    elif found.employer is not None:
        lines.append(turn.say(coach, "De werkgever ziet dit niet."))
    return "\n".join(lines)


def _options(turn: Turn, coach: Person, found: Case, item: Item | None) -> Options:
    track = found.proposed.track
    who = [key for key in WHO if track == "work" or key not in AT_WORK]
    return {
        "who": tuple(Choice(key, turn.say(coach, WHO[key])) for key in who),
        "rhythms": tuple(Choice(one.key, one.title) for one in turn.services.handbook.rhythms.fitting(track)),
        "choices": tuple(Choice(key, label) for key, label in item.choices.items()) if item else (),
    }
