"""What participants can look up on their own phone at any time: what was agreed, when and why, who, what is shared."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.caseload import access, handovers
from bot.caseload.access import Action, Subject
from bot.caseload.handovers import Case
from bot.storage import moments, people
from bot.storage.people import Person
from bot.turns.following import ladder
from bot.turns.handover import agreeing, sharing, view
from bot.turns.outgoing import Outgoing
from bot.turns.seeing import calendar_file, planning_view
from bot.turns.turn import Turn

if TYPE_CHECKING:  # the registry of effects imports this module
    from bot.turns.effects import Walk

PEOPLE_AT_WORK = ("contact_person", "supervisor", "buddy", "roles")
"""Items of the checklist in which the handover says who is who."""


async def show(turn: Turn, walk: Walk, arguments: dict[str, str]) -> None:
    """Effect `show`."""
    who = await people.by_id(turn.tx, turn.services.keyring, walk.person.id)  # as the events before this left them
    assert who is not None
    access.require(who, Action.READ, Subject(who.id))
    await VIEWS[arguments["what"]](turn, who, walk.coach)


# ---- what was agreed


async def _agreements(turn: Turn, who: Person, coach: Person | None) -> None:
    """What counts now, for each placement; and what lies ready to be read."""
    shown = [await _agreed(turn, who, case) for case in await handovers.cases_of(turn.tx, turn.services.keyring, who)]
    if any(shown):
        return
    if coach is None:
        await turn.tell(who, "Er is nog niets afgesproken.")
    else:
        await turn.tell(who, "Er is nog niets afgesproken. {coach} maakt de afspraken samen met jou.", coach=coach.name)


async def _agreed(turn: Turn, who: Person, case: Case) -> bool:
    if case.in_force is not None and case.in_force.agreements:
        items = case.in_force.participant_sees()
        await view.show(
            turn, who, case.placement.id, [view.head(turn, who, case), *view.agreed(turn, who, case, items)]
        )
    if case.offered is not None and case.next_party() == who.id:
        await agreeing.invite_to_read(turn, case, who, agreeing.READY[who.role])
        return True
    return case.in_force is not None and bool(case.in_force.agreements)


# ---- who is who


async def _people(turn: Turn, who: Person, coach: Person | None) -> None:
    """The coach, and for each placement the people at work as the handover names them."""
    first = turn.say(who, "Er is nu geen coach aan jou gekoppeld.")
    if coach is not None:
        first = turn.say(who, "{coach} is je coach. Schrijf hier een bericht, dan leest {coach} het.", coach=coach.name)
    await turn.send(who, Outgoing("send", first))
    for case in await handovers.cases_of(turn.tx, turn.services.keyring, who):
        blocks = _at_work(turn, who, case)
        if blocks:
            await view.show(turn, who, case.placement.id, blocks)


def _at_work(turn: Turn, who: Person, case: Case) -> list[str]:
    blocks = []
    if case.employer is not None:
        name, company = case.employer.name, case.placement.company
        if company:
            blocks.append(turn.say(who, "{name} is de contactpersoon bij {company}.", name=name, company=company))
        else:
            blocks.append(turn.say(who, "{name} is de contactpersoon op je werk.", name=name))
    items = case.in_force.participant_sees() if case.in_force else ()
    by_key = {one.item: one for one in items}
    named = [by_key[key] for key in PEOPLE_AT_WORK if key in by_key]
    blocks += [turn.labelled(who, view.title(turn, who, one.item), one.text) for one in named]
    does: dict[str, list[str]] = {}
    for one in items:
        if one.who is not None and one.item not in PEOPLE_AT_WORK:
            does.setdefault(view.doer(turn, who, case, one.who), []).append(view.title(turn, who, one.item))
    blocks += ["\n".join([f"{name}:", *(f"• {title}" for title in titles)]) for name, titles in does.items()]
    return blocks


# ---- the others


async def _shared(turn: Turn, who: Person, coach: Person | None) -> None:  # noqa: ARG001  every view has one shape
    await sharing.shared(turn, who)


async def _calendar(turn: Turn, who: Person, coach: Person | None) -> None:  # noqa: ARG001
    """A file for the participant's own calendar. Telegram allows saving it: it says no more than «contact»."""
    ahead = [row for row in await moments.for_person(turn.tx, who.id) if row.state != "done"]
    if not ahead:
        await turn.tell(who, "Er is nu geen contact gepland.")
        return
    made = calendar_file.of(ahead, turn.services.calendar, turn.say(who, "Contact"), turn.now)
    text = turn.say(who, "Tik op het bestand. Dan komt het in je kalender.\nVerandert er iets? Typ weer: kalender.")
    content = base64.b64encode(made).decode()
    await turn.send(who, Outgoing("document", text, document=content, file_name=calendar_file.NAME))


VIEWS: dict[str, Callable[[Turn, Person, Person | None], Awaitable[None]]] = {
    "agreements": _agreements,
    "planning": planning_view.show,
    "people": _people,
    "shared": _shared,
    "calendar": _calendar,
    "ladder": ladder.show,
}
"""What each word of the effect `show` shows."""
