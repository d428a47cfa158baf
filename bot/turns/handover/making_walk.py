"""A coach walks the checklist of a placement: item by item, stopping and going on whenever they like."""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import access, handovers, progress
from bot.caseload.access import Action, Subject
from bot.caseload.handovers import Case
from bot.storage import people, placements, runs
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.turns import walk
from bot.turns.following import noting
from bot.turns.handover import making_view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn
from flows.engine.inputs import AskedAgain, Input

FLOWS = {
    "text": "handover-item",
    "absence": "handover-absence",
    "contact": "handover-contact",
    "work": "handover-work",
}
"""The script of each kind of item in the checklist."""
LISTENS_FOR = timedelta(hours=2)
"""So long after a question a coach's words are its answer: a talk at one table. Later they may be meant for anybody."""


async def case_for(turn: Turn, coach: Person, placement_id: int | None, needed: Action) -> Case:
    """The placement, if this coach may do this to it; one that is over is only looked at."""
    found = await handovers.case(turn.tx, turn.services.keyring, placement_id or 0)
    if found is None:
        raise access.Denied(needed.value)
    access.require(coach, needed, Subject(found.participant.id, found.coach.id if found.coach else None))
    if needed == Action.EDIT_HANDOVER and found.placement.state == "ended":
        raise access.Denied(needed.value)
    return found


async def open_run(turn: Turn, coach: Person) -> RunRow | None:
    """The script that this coach is in, if any."""
    return await runs.open_one(turn.tx, await turn.key(coach.id), coach.id)


def listens(turn: Turn, run: RunRow) -> bool:
    """Whether words without an address are still likely to be meant for this question."""
    return run.asked_at is not None and turn.now - run.asked_at <= LISTENS_FOR


async def answer(turn: Turn, coach: Person, run: RunRow, given: Input, message: int | None = None) -> str:
    """Hand the open question an answer; after the last one of an item the next item begins by itself.

    After a change of an item that was there already, the coach chooses what is next.
    """
    if run.participant_id is not None:
        return await noting.answer(turn, coach, run, given, message)
    if await _is_over(turn, coach, run):
        return "placement ended"
    before = await case_for(turn, coach, run.placement_id, Action.EDIT_HANDOVER)
    await _listen(turn, coach)
    came = await walk.go_on(turn, coach, run, given, tapped_message=message)
    if came.outcome == "done":
        await _after(turn, coach, run, came, changed=run.item in progress.filled(before))
    return "handover"


async def _is_over(turn: Turn, coach: Person, run: RunRow) -> bool:
    """Whether the placement ended while its question stood open: then the question is over too."""
    place = await placements.by_id(turn.tx, turn.services.keyring, run.placement_id or 0)
    if place is None or place.state != "ended":
        return False
    await runs.end_all(turn.tx, coach.id, "stopped", turn.now)
    await turn.tell(coach, "Deze plek is al afgerond. Je hoeft hier niets meer in te vullen.")
    return True


async def _listen(turn: Turn, coach: Person) -> None:
    """What the coach types next is for the handover, and not for a participant to whom they wrote before."""
    if coach.focus_alert_id is not None:
        await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)


async def _after(turn: Turn, coach: Person, run: RunRow, came: walk.Came, *, changed: bool) -> None:
    """A script is at its end: what cannot be is asked again, and else it goes on with the next item."""
    case = await case_for(turn, coach, run.placement_id, Action.EDIT_HANDOVER)
    for sentence in came.made.refused:
        await turn.send(coach, Outgoing("send", sentence), making_view.ABOUT, case.placement.id)
    if came.made.refused:
        await walk.begin(turn, coach, run.flow, placement_id=case.placement.id, item=run.item)
    elif run.item is not None:
        if came.made.kept:
            await turn.tell(coach, "Bewaard.")
        await (making_view.overview(turn, coach, case) if changed else go_on(turn, coach, case, run.item))


async def go_on(turn: Turn, coach: Person, case: Case, after: str | None) -> None:
    """The next empty item behind this one; the overview when there is none."""
    item = progress.next_empty(turn.services.handbook.checklist, case, after)
    if item is None:
        await making_view.overview(turn, coach, case)
    else:
        await begin(turn, coach, case, FLOWS[item.kind], item.key)


async def begin(turn: Turn, coach: Person, case: Case, flow: str, item: str | None = None) -> None:
    """Ask about an item (or something else of the placement), in place of what was still open."""
    await _listen(turn, coach)
    await runs.end_all(turn.tx, coach.id, "stopped", turn.now)
    await walk.begin(turn, coach, flow, placement_id=case.placement.id, item=item)


async def ask_again(turn: Turn, coach: Person, run: RunRow) -> None:
    """Back to the open question, after something else came in between."""
    if run.participant_id is not None:
        await noting.ask_again(turn, coach, run)
        return
    if await _is_over(turn, coach, run):
        return
    case = await case_for(turn, coach, run.placement_id, Action.EDIT_HANDOVER)
    await _listen(turn, coach)
    await turn.tell(coach, "Je bent weer bij de overdracht van {name}.", name=case.participant.name)
    await walk.go_on(turn, coach, run, AskedAgain())
