"""What one party lets the other see: shown at any time, and taken back or given again with a tap."""

from __future__ import annotations

from collections.abc import Iterator

from bot.caseload import access, handovers
from bot.caseload.access import Action
from bot.caseload.handovers import Case, Version
from bot.storage import handovers as rows
from bot.storage.buttons import ButtonRow
from bot.storage.handovers import Agreement, Direction
from bot.storage.people import Person
from bot.texts import N_
from bot.turns.handover import agreeing, asking, view
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

SHARE = "share"
YES, WITHDRAWN = "yes", "withdrawn"
CHANGED = N_("De afspraken zijn intussen veranderd.")
WARNING = N_("Stop je met delen? Dan ziet {employer} dat er iets is veranderd.")
STOPPED = {
    "participant": N_("Dit deel je niet meer. Dat is goed en heeft geen gevolgen."),
    "employer": N_("De deelnemer ziet dit telefoonnummer niet meer."),
}
AGAIN = {
    "participant": N_("Dit deel je nu."),
    "employer": N_("De deelnemer ziet dit telefoonnummer nu."),
}


async def shared(turn: Turn, who: Person) -> None:
    """What this participant lets each employer see, with a button for each item to stop that or to share it again."""
    cases = [one for one in await handovers.cases_of(turn.tx, turn.services.keyring, who) if one.employer]
    for case in cases:
        await turn.send(who, await _list(turn, who, case))
    if not cases:
        await turn.tell(who, "Er leest geen werkgever mee.")


async def _list(turn: Turn, who: Person, case: Case, said: str = "", message: int | None = None) -> Outgoing:
    employer = asking.employer_name(turn, who, case)
    chosen = list(_chosen(case, who, "to_employer"))
    open_ones = [one for one, version in chosen if version.shared(one)]
    closed = [(one, version) for one, version in chosen if not version.shared(one)]
    if open_ones:
        text = turn.say(who, "{employer} mag dit zien:", employer=employer)
        text += "".join(f"\n• {view.title(turn, who, one.item)}" for one in open_ones)
        text += "\n\n" + turn.say(who, WARNING, employer=employer)
    else:
        text = turn.say(who, "{employer} ziet niets van je afspraken.", employer=employer)
    if closed:
        text += "\n\n" + turn.say(who, "Dit deel je niet:")
        text += "".join(f"\n• {view.title(turn, who, one.item)}" for one, _ in closed)
    stop = [_button(case, one, "to_employer", _to_stop(turn, who, one), WITHDRAWN) for one in open_ones]
    again = [_button(case, one, "to_employer", _to_share(turn, who, one, version), YES) for one, version in closed]
    buttons = await turn.buttons(who, [[one] for one in (*stop, *again)])
    whole = f"{said}\n\n{text}" if said else text
    return Outgoing("send" if message is None else "edit", whole, buttons, message=message)


def _to_stop(turn: Turn, who: Person, one: Agreement) -> str:
    return turn.say(who, "Niet meer delen: {title}", title=view.title(turn, who, one.item))


def _to_share(turn: Turn, who: Person, one: Agreement, version: Version) -> str:
    """What was never shared cannot be shared again."""
    title = view.title(turn, who, one.item)
    if version.decision(one, who.id, "to_employer") == WITHDRAWN:
        return turn.say(who, "Weer delen: {title}", title=title)
    return turn.say(who, "Wel delen: {title}", title=title)


def _button(case: Case, one: Agreement, direction: Direction, label: str, key: str) -> Wanted:
    return Wanted(label, SHARE, case.placement.id, one.id, step=direction, key=key)


def _chosen(case: Case, who: Person, direction: Direction) -> Iterator[tuple[Agreement, Version]]:
    """Each item about which this party decided in this direction, as it counts now or else as it was offered."""
    seen: set[str] = set()
    for version in (case.in_force, case.in_making):
        for one in version.agreements if version else ():
            if version is not None and one.item not in seen and version.decision(one, who.id, direction) is not None:
                seen.add(one.item)
                yield one, version


def number_buttons(turn: Turn, employer: Person, case: Case) -> list[list[Wanted]]:
    """For each phone number that this employer decided about: the way to stop showing it, or to show it again."""
    lines = []
    for one, version in _chosen(case, employer, "to_participant"):
        if version.shared(one):
            decision = version.decision(one, employer.id, "to_participant")
            if yes := decision == YES:
                label = turn.say(employer, "Nummer niet meer delen")
            elif decision == WITHDRAWN:
                label = turn.say(employer, "Nummer weer delen")
            else:
                label = turn.say(employer, "Nummer wel delen")
            lines.append([_button(case, one, "to_participant", label, WITHDRAWN if yes else YES)])
    return lines


async def tapped(turn: Turn, who: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Stop sharing an item, or share it again. It counts at once, in every version that is alive."""
    case = await handovers.case(turn.tx, turn.services.keyring, button.about or 0)
    if case is None:
        raise access.Denied(button.action)
    access.require(who, Action.WITHDRAW, agreeing.subject(case))
    direction: Direction = "to_employer" if who.id == case.participant.id else "to_participant"
    found = next((one for one, _ in _chosen(case, who, direction) if one.id == button.turn), None)
    if found is None or case.employer is None:
        said = CHANGED
    elif button.key == WITHDRAWN:
        await _stop(turn, who, case, found, direction)
        said = STOPPED[who.role]
    else:
        await _again(turn, who, case, found, direction)
        said = AGAIN[who.role]
    case = await agreeing.again(turn, case.placement.id)
    if who.id == case.participant.id:
        await turn.send(who, await _list(turn, who, case, turn.say(who, said), inbound.message))
    else:
        buttons = await turn.buttons(who, number_buttons(turn, who, case))
        await turn.send(who, Outgoing("edit", turn.say(who, said), buttons, message=inbound.message))
    await agreeing.ask_if_done(turn, case)
    return "shared" if button.key == YES else "withdrawn"


async def _stop(turn: Turn, who: Person, case: Case, found: Agreement, direction: Direction) -> None:
    """Whatever says the same thing or is still being written: the item is closed, and what was shown of it is gone."""
    for version in (case.in_force, case.in_making):
        one = version.item(found.item) if version else None
        if version is not None and one is not None:
            await rows.decide(turn.tx, one.id, who.id, direction, "withdrawn", turn.now)
    other = case.employer if direction == "to_employer" else case.participant
    if other is not None:
        await view.take_back(turn, other, case.placement.id)


async def _again(turn: Turn, who: Person, case: Case, found: Agreement, direction: Direction) -> None:
    """Only for words that this party has read: the same words, in whichever version they stand."""
    for version in (case.in_force, case.in_making):
        one = version.item(found.item) if version else None
        if one is not None and one.says_the_same(found):
            await rows.decide(turn.tx, one.id, who.id, direction, "yes", turn.now)
