"""What a coach sees of a handover in the making: one message that its buttons change."""

from __future__ import annotations

from bot.caseload import progress
from bot.caseload.checklist import Item, Part
from bot.caseload.handovers import Case, Version
from bot.storage.handovers import Agreement
from bot.storage.people import Person
from bot.storage.placements import Placement
from bot.turns import days
from bot.turns.handover import view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

TICK = "✓"
ABOUT = "placement"
"""What these messages are about, in the outbox: erased with the participant."""


async def show(
    turn: Turn, coach: Person, placement_id: int, text: str, wanted: list[list[Wanted]], message: int | None
) -> None:
    """Put a screen in the place of `message`, or below everything."""
    rows = await turn.buttons(coach, wanted)
    shown = Outgoing("send" if message is None else "edit", text, rows, message=message)
    await turn.send(coach, shown, ABOUT, placement_id)


def place_name(turn: Turn, reader: Person, placement: Placement) -> str:
    """Which of somebody's placements this is, on a button or in a heading."""
    if placement.track == "search":
        return turn.say(reader, "op weg naar werk")
    return placement.company or turn.say(reader, "werk")


async def overview(turn: Turn, coach: Person, case: Case, message: int | None = None) -> None:
    """The placement, how far its handover is, and everything that can be done about it."""
    checklist, done = turn.services.handbook.checklist, progress.filled(case)
    lines = [case.participant.name, *_facts(turn, coach, case), "", *_states(turn, coach, case), ""]
    for part in checklist.parts:
        items = checklist.of(part.key)
        count = sum(item.key in done for item in items)
        lines.append(turn.labelled(coach, _title(turn, coach, part), f"{count}/{len(items)}"))
    await show(turn, coach, case.placement.id, "\n".join(lines), _choices(turn, coach, case), message)


def _facts(turn: Turn, coach: Person, case: Case) -> list[str]:
    placement = case.placement
    if placement.track == "search":
        return [turn.say(coach, "Op weg naar werk.")]
    company = placement.company or turn.say(coach, "nog niet ingevuld")
    lines = [turn.say(coach, "Werk: {company}", company=company)]
    if placement.company:
        lines.append(turn.say(coach, "Sinds: {day}", day=days.with_year(placement.started_on, coach.language)))
    if placement.contract_end is not None:
        lines.append(turn.say(coach, "Contract tot: {day}", day=days.with_year(placement.contract_end, coach.language)))
    if case.employer is None:
        lines.append(turn.say(coach, "Contactpersoon: nog niemand"))
    elif case.employer.chat_id is None:
        lines.append(turn.say(coach, "Contactpersoon: {name}, nog niet aangemeld", name=case.employer.name))
    else:
        lines.append(turn.say(coach, "Contactpersoon: {name}", name=case.employer.name))
    return lines


def _states(turn: Turn, coach: Person, case: Case) -> list[str]:
    """A line for the version that counts, and one for the version in the making."""
    lines = []
    if case.in_force is not None and case.in_force.handover.in_force_at is not None:
        day = days.with_year(turn.services.calendar.local(case.in_force.handover.in_force_at).date(), coach.language)
        lines.append(turn.say(coach, "De afspraken gelden sinds {day}.", day=day))
    if case.in_making is not None and case.in_making.handover.state == "offered":
        lines.append(_reading(turn, coach, case, case.in_making))
    elif case.in_making is not None and case.in_force is not None:
        lines.append(turn.say(coach, "Er is een concept met wijzigingen."))
    elif case.in_making is not None:
        lines.append(turn.say(coach, "Dit is een concept."))
    return lines or [turn.say(coach, "Er is nog niets afgesproken.")]


def _reading(turn: Turn, coach: Person, case: Case, version: Version) -> str:
    reader = case.employer if case.employer and version.next_party() == case.employer.id else case.participant
    return turn.say(coach, "De afspraken worden gelezen. Nu is {name} aan de beurt.", name=reader.name)


def _choices(turn: Turn, coach: Person, case: Case) -> list[list[Wanted]]:
    here, employer = case.placement.id, case.employer
    wanted = []
    if case.placement.state == "ended":
        return []
    wanted.append([Wanted(turn.say(coach, "Hoe staat het ervoor"), "glance", here)])
    if progress.next_empty(turn.services.handbook.checklist, case) is not None:
        wanted.append([Wanted(turn.say(coach, "Verder"), "next_item", here)])
    wanted.append([Wanted(turn.say(coach, "Kies een onderdeel"), "parts", here)])
    if employer is not None:
        if employer.chat_id is None:
            label = turn.say(coach, "Nieuwe code voor {name}", name=employer.name)
            wanted.append([Wanted(label, "employer_code", here)])
        wanted.append([Wanted(turn.say(coach, "Zonder werkgever"), "employer_out", here)])
    elif case.proposed.track == "work":
        wanted.append([Wanted(turn.say(coach, "Werkgever erbij"), "employer_in", here)])
    making = case.in_making
    if making is not None and making.handover.state == "draft" and making.agreements:
        wanted.append([Wanted(turn.say(coach, "Laat lezen"), "offer", here)])
    wanted.append([Wanted(turn.say(coach, "Tweede plek"), "new_placement", case.participant.id)])
    return wanted


def _title(turn: Turn, coach: Person, one: Part | Item) -> str:
    return turn.services.texts.script(coach.language)(one.title)


async def parts(turn: Turn, coach: Person, case: Case, message: int | None) -> None:
    here = case.placement.id
    wanted = [
        [Wanted(_title(turn, coach, part), "part", here, key=part.key)]
        for part in turn.services.handbook.checklist.parts
    ]
    wanted.append([Wanted(turn.say(coach, "Terug"), "placement", here)])
    text = turn.say(coach, "{name}: kies een deel.", name=case.participant.name)
    await show(turn, coach, here, text, wanted, message)


async def items(turn: Turn, coach: Person, case: Case, part: str, message: int | None) -> None:
    here, done = case.placement.id, progress.filled(case)
    wanted = []
    for item in turn.services.handbook.checklist.of(part):
        tick = f"{TICK} " if item.key in done else ""
        wanted.append([Wanted(tick + _title(turn, coach, item), "item", here, key=item.key)])
    wanted.append([Wanted(turn.say(coach, "Terug"), "parts", here)])
    text = turn.say(coach, "{name}: kies een onderdeel.", name=case.participant.name)
    await show(turn, coach, here, text, wanted, message)


async def agreement(turn: Turn, coach: Person, case: Case, item: Item, one: Agreement, message: int | None) -> None:
    """One item as it was agreed, to change it or to take it out."""
    here = case.placement.id
    wanted = [
        [Wanted(turn.say(coach, "Veranderen"), "change_item", here, key=item.key)],
        [Wanted(turn.say(coach, "Weghalen"), "drop_item", here, key=item.key)],
        [Wanted(turn.say(coach, "Terug"), "part", here, key=item.part)],
    ]
    await show(turn, coach, here, view.block(turn, coach, case, one), wanted, message)
