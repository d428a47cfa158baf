"""Somebody is ill for longer than a week: the coach must know, whether or not the person answers what we ask."""

from __future__ import annotations

from dataclasses import replace

from bot.caseload import sickness
from bot.storage import people
from bot.storage import sickness as rows
from bot.storage.alerts import Item
from bot.storage.timers import Timer
from bot.turns import alerting
from bot.turns.turn import Turn


async def due(turn: Turn, timer: Timer) -> None:
    """The spell's wake-up: nothing for one that is over, or that the coach knows."""
    key = await turn.key(timer.person_id)
    spell = next((one for one in await rows.of_person(turn.tx, key) if one.id == timer.about), None)
    who = await people.by_id(turn.tx, turn.services.keyring, timer.person_id)
    coach = await people.coach_of(turn.tx, turn.services.keyring, timer.person_id)
    if spell is None or who is None or coach is None or spell.told_long or not sickness.is_sick(spell):
        return
    await rows.keep(turn.tx, key, replace(spell, told_long=True))
    item = Item("flag", "soon", "sick", "Is langer dan een week ziek.", None, turn.now)
    await alerting.add(turn, who, coach, item)
