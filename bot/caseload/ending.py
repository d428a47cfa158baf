"""A placement is over: nobody fills it in, reads it or has to do anything for it. Rows alone; the caller plans anew."""

from __future__ import annotations

from datetime import date, datetime

from bot.storage import handovers, placements, runs, tasks, timers
from bot.storage.connection import Connection
from bot.storage.keys import PersonKey


async def end(tx: Connection, key: PersonKey, placement_id: int, now: datetime, today: date) -> None:
    """End it, with what is still being made of it. What was agreed there stays in the books."""
    await placements.change(tx, key, placement_id, state="ended", ended_on=today)
    await runs.end_about(tx, placement_id, "stopped", now)
    for one in await handovers.of_placement(tx, key, placement_id):
        if one.state in ("draft", "offered"):
            await handovers.change(tx, one.id, state="dropped", ended_at=now)
            await timers.stale_for(tx, timers.OF_A_HANDOVER, one.id)
    await drop_tasks(tx, key.person_id, now, placement_id)


async def drop_tasks(tx: Connection, participant_id: int, now: datetime, placement_id: int | None = None) -> None:
    """The coach need not do these any more: all of this participant's, or those of one placement."""
    for one in await tasks.of_participant(tx, participant_id):
        if one.state == "open" and placement_id in (None, one.placement_id):
            await tasks.change(tx, one.id, state="dropped", done_at=now)
            await timers.stale_for(tx, timers.OF_A_TASK, one.id)
