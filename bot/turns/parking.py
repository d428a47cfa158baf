"""Parked runs: a talk that waits while another one that came in between is held, and then comes back.

waiting → parked    another wish came first
parked  → waiting   that one has ended: the question comes again
parked  → ended     what it asks about is over, or too many wait
"""

from __future__ import annotations

from dataclasses import replace

from bot.storage import inbox, moments, people, runs, timers
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.turns import alerting, veil, wishes
from bot.turns.turn import Turn

MOST = 3
"""So many talks may wait. Then the oldest goes: nobody remembers what it was about."""

ENDS_ALL = frozenset({"stop_contact", "decline"})
ENDS_PLANNED = frozenset({"only_backup", "pause_contact", "job_ended"})
"""Effects after which a parked talk that we began, on a planned day, is not wanted any more."""


async def park(turn: Turn, who: Person, run: RunRow) -> None:
    """Let this waiting run wait for another talk; its reminders and its end stand still meanwhile.

    An offer does not come back: who asks for something else has answered it, and later nobody knows what it was about.
    """
    await runs.park(turn.tx, run.id, turn.now)
    if run.flow == wishes.OFFER:
        await _drop(turn, who, run)
        return
    parked = await runs.parked(turn.tx, await turn.key(who.id), who.id)
    for row in parked[MOST:]:
        await _drop(turn, who, row)
        await _tell_of_drop(turn, who, row)


async def newest(turn: Turn, who: Person, flow: str | None = None) -> RunRow | None:
    """The parked run that comes back first: of this flow, or of all."""
    parked = await runs.parked(turn.tx, await turn.key(who.id), who.id)
    return next((row for row in parked if flow in (None, row.flow)), None)


async def take_up(turn: Turn, row: RunRow) -> RunRow:
    """The parked run waits for the person again, with all the time it had left."""
    assert row.parked_at is not None
    heard = await inbox.newest(turn.tx)
    await runs.unpark(turn.tx, row.id, heard)
    await timers.put_off(turn.tx, timers.OF_A_RUN, row.id, turn.now - row.parked_at)
    return replace(row, status="waiting", parked_at=None, heard=heard)


async def after_effect(turn: Turn, who: Person, effect: str) -> None:
    """What somebody no longer wants to be asked does not come back."""
    if turn.forgotten or effect not in ENDS_ALL | ENDS_PLANNED:
        return
    for row in await runs.parked(turn.tx, await turn.key(who.id), who.id):
        if effect in ENDS_ALL or row.moment_id is not None:
            await _drop(turn, who, row)


async def _drop(turn: Turn, who: Person, row: RunRow) -> None:
    """It ends; what an offer kept goes to the coach, and for a planned contact this person was heard."""
    await runs.end_parked(turn.tx, row.id, "stopped", turn.now)
    await timers.stale_for(turn.tx, timers.OF_A_RUN, row.id)
    if row.moment_id is not None:
        await moments.answered(turn.tx, row.moment_id, True)
    wish = wishes.of(row)
    if wish is not None and wish.words:
        coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
        first = await alerting.message_for_coach(turn, who, coach, "text", wish.words, None)
        await alerting.receive(turn, who, coach, first=first)


async def _tell_of_drop(turn: Turn, who: Person, row: RunRow) -> None:
    """Only of what we asked on a planned day: the rest this person began, and can begin again."""
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    if coach is not None and row.moment_id is not None:
        text = turn.say(coach, "{name} begon over iets anders. De vragen van de assistent zijn niet af.", name=who.name)
        await veil.news(turn, coach, who, text)
