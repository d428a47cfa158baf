"""The coach's side of a referral: /verwijzing, the participant, and the script that asks to whom and when."""

from __future__ import annotations

from bot.storage import people, runs
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.runs import RunRow
from bot.turns import walk
from bot.turns.following import choosing
from bot.turns.following.referring import FLOW
from bot.turns.turn import Turn, Wanted
from flows.engine.inputs import AskedAgain, Input

COMMAND = "/verwijzing"
ACTION = "referral"


async def choose(turn: Turn, coach: Person) -> str:
    wanted = [[Wanted(one.name, ACTION, one.id)] for one in await choosing.theirs(turn, coach)]
    await choosing.ask(turn, coach, turn.say(coach, "Voor wie is de verwijzing?"), wanted)
    return "referral"


async def tapped(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """The coach chose a participant: the script begins, in place of what was still open."""
    who = await choosing.own(turn, coach, button.about or 0)
    await _listen(turn, coach)
    await runs.end_all(turn.tx, coach.id, "stopped", turn.now)
    await walk.begin(turn, coach, FLOW, participant_id=who.id)
    return "referral"


async def answer(turn: Turn, coach: Person, run: RunRow, given: Input, message: int | None) -> str:
    """Hand the open question of such a script an answer."""
    await choosing.own(turn, coach, run.participant_id or 0)
    await _listen(turn, coach)
    await walk.go_on(turn, coach, run, given, tapped_message=message)
    return "noted"


async def ask_again(turn: Turn, coach: Person, run: RunRow) -> None:
    """Back to the open question, after something else came in between."""
    who = await choosing.own(turn, coach, run.participant_id or 0)
    await _listen(turn, coach)
    await turn.tell(coach, "Dit gaat weer over {name}.", name=who.name)
    await walk.go_on(turn, coach, run, AskedAgain())


async def _listen(turn: Turn, coach: Person) -> None:
    """What the coach types next is for this, and not for a participant to whom they wrote before."""
    await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)
