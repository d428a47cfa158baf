"""A talk that is open when its script is published anew, and whose publisher wanted more than to let it end."""

from __future__ import annotations

from dataclasses import replace

from bot.storage import people, runs, timers
from bot.storage.runs import RunRow
from bot.turns import walk
from bot.turns.turn import Turn
from flows.engine import moving
from flows.engine.errors import FlowUnknown
from flows.engine.run import Run


async def renew(turn: Turn, person_id: int, row: RunRow | None, *, again: bool) -> None:
    """Take a waiting run to the newest version of its flow, or begin it again.

    Where that cannot be, because its step is not there any more, it stays as it was and ends so.
    """
    who = await people.by_id(turn.tx, turn.services.keyring, person_id)
    if row is None or who is None or row.status != "waiting":
        return
    before = Run.from_json(row.state)
    try:
        after = moving.moved(turn.services.book, before)
    except FlowUnknown:
        return
    if after == before:
        return
    if again:
        await _begin_again(turn, who, row, before)
        return
    if after is None:
        return
    await runs.pin(turn.tx, row.id, after.version)
    if moving.same_question(turn.services.book, before, after):
        key, state = await turn.key(who.id), after.to_json()
        await runs.save(turn.tx, key, row.id, row.turn, row.turn, state, None, turn.now)
        return
    await turn.tell(who, "Ik heb mijn vragen veranderd. Daarom vraag ik je dit nog een keer.")
    await walk.move(turn, who, row, after, after.version)


async def _begin_again(turn: Turn, who: people.Person, row: RunRow, before: Run) -> None:
    key, state = await turn.key(who.id), replace(before, ended="stopped").to_json()
    await runs.save(turn.tx, key, row.id, row.turn, row.turn, state, "stopped", turn.now)
    await timers.stale_for(turn.tx, timers.OF_A_RUN, row.id)
    if row.flow in turn.services.book:
        await turn.tell(who, "Ik heb mijn vragen veranderd. Daarom begin ik dit gesprek opnieuw.")
        await walk.begin(
            turn,
            who,
            row.flow,
            moment_id=row.moment_id,
            placement_id=row.placement_id,
            item=row.item,
            participant_id=row.participant_id,
        )
