"""A handover that came as a file, written into the draft: offered to nobody yet."""

from __future__ import annotations

from dataclasses import replace

from bot.caseload import handovers
from bot.caseload.handover_file import Filled
from bot.caseload.handovers import Case
from bot.caseload.written import Paper
from bot.storage import handovers as rows
from bot.storage import people, placements
from bot.storage.handovers import Agreement
from bot.storage.people import Person
from bot.storage.placements import Placement
from bot.turns.handover import agreed_words, agreeing, making_effects
from bot.turns.turn import Turn


async def bring_in(turn: Turn, paper: Paper, filled: Filled) -> Case | None:
    """Make the draft say what the file says, and nothing else. None, and nothing written, when that cannot be.

    Then `paper` has another problem for each reason. What says the same as before keeps what was decided about it.
    """
    who = await _participant(turn, paper, filled)
    if who is None:
        return None
    before = await _case(turn, paper, filled, who)
    _check_work(turn, paper, filled, before)
    if paper.source.problems:
        return None
    if before is None:
        today = filled.work["started_on"]
        made = await placements.make(turn.tx, await turn.key(who.id), today, turn.now)
        before = await agreeing.again(turn, made)
    if before.in_force is None:  # nothing counts yet that these days could change
        await placements.change(turn.tx, await turn.key(who.id), before.placement.id, **filled.work)
    case = await agreeing.again(turn, before.placement.id)
    draft = await handovers.draft(turn.tx, turn.services.keyring, case, making_effects.standard(turn), turn.now)
    key = await turn.key(who.id)
    if filled.agreed is not None:
        await rows.set_terms(turn.tx, key, draft, filled.agreed.to_json())
    stands = {one.item: one for one in await rows.agreements(turn.tx, key, draft)}
    for name in stands.keys() - {one.item for one in filled.agreements}:
        await rows.drop(turn.tx, draft, name)
    for one in filled.agreements:
        wanted = _worded(turn, one, filled, replace(case.placement, **filled.work))
        if one.item not in stands or not stands[one.item].says_the_same(wanted):
            await rows.keep(turn.tx, key, draft, wanted)
    return await agreeing.again(turn, case.placement.id)


async def _participant(turn: Turn, paper: Paper, filled: Filled) -> Person | None:
    who = await people.by_id(turn.tx, turn.services.keyring, filled.participant)
    place = paper.source.value("participant")
    if who is None or who.role != "participant":
        paper.add("no-participant", place, number=filled.participant)
        return None
    if await people.coach_of(turn.tx, turn.services.keyring, who.id) is None:
        paper.add("no-coach", place, number=who.id)
    return who


async def _case(turn: Turn, paper: Paper, filled: Filled, who: Person) -> Case | None:
    """The placement that is meant; None when there is none yet, or when it is not clear which."""
    cases = await handovers.cases_of(turn.tx, turn.services.keyring, who)
    allowed = ", ".join(str(one.placement.id) for one in cases)
    found = next((one for one in cases if one.placement.id == filled.placement), None)
    if filled.placement is not None and found is None:
        place = paper.source.value("placement")
        paper.add("no-placement", place, number=who.id, placement=filled.placement, allowed=allowed or "-")
        return None
    if found is None and len(cases) > 1:
        paper.add("which-placement", paper.source.value("participant"), number=who.id, allowed=allowed)
        return None
    found = found or next(iter(cases), None)
    _check_employer(paper, filled, who, found)
    return found


def _check_employer(paper: Paper, filled: Filled, who: Person, found: Case | None) -> None:
    """Somebody is brought in with an invitation, and put out by the coach: never by a name in a file."""
    known = found.employer if found else None
    if filled.employer is None:
        return
    place = paper.source.value("employer")
    if known is None:
        paper.add("no-employer", place, name=filled.employer, number=who.id)
    elif known.name != filled.employer:
        paper.add("other-employer", place, known=known.name)


def _check_work(turn: Turn, paper: Paper, filled: Filled, found: Case | None) -> None:
    """Once something counts, other work is something to say yes to: it must stand among the agreements."""
    if found is None or found.in_force is None:
        return
    keys = [item.key for item in turn.services.handbook.checklist.items if item.kind == "work"]
    differs = any(getattr(found.placement, name) != value for name, value in filled.work.items())
    if differs and keys and not any(one.item in keys for one in filled.agreements):
        paper.add("work-not-agreed", paper.source.key("start"), key=keys[0])


def _worded(turn: Turn, one: Agreement, filled: Filled, placement: Placement) -> Agreement:
    """With the text that is made from terms, where the item has such a text."""
    item = turn.services.handbook.checklist.get(one.item)
    assert item is not None
    match item.kind:
        case "work":
            return replace(one, text=agreed_words.work(turn, placement), details=handovers.written_work(placement))
        case "contact":
            assert filled.agreed is not None
            return replace(one, text=agreed_words.contact(turn, filled.agreed))
        case "absence":
            return one if one.text else replace(one, text=agreed_words.absence(turn, one.details))
    return one
