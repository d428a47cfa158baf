"""About whom: a coach's own participant, behind a tap."""

from __future__ import annotations

from bot.caseload import access
from bot.caseload.access import Action, Subject
from bot.storage import people
from bot.storage.people import Person
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted


async def ask(turn: Turn, coach: Person, text: str, wanted: list[list[Wanted]]) -> None:
    """Which participant? One button each."""
    if not wanted:
        text = turn.say(coach, "Je hebt nog geen deelnemers die meedoen.")
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))


async def theirs(turn: Turn, coach: Person) -> list[Person]:
    """The coach's own participants who joined."""
    access.require(coach, Action.SEE_CASELOAD, Subject(0, coach.id))
    return [one for one in await people.participants_of(turn.tx, turn.services.keyring, coach.id) if one.chat_id]


async def own(turn: Turn, coach: Person, participant_id: int) -> Person:
    """The participant, if this coach may follow what becomes of them."""
    assigned = await people.coach_of(turn.tx, turn.services.keyring, participant_id)
    access.require(coach, Action.FOLLOW, Subject(participant_id, assigned.id if assigned else None))
    who = await people.by_id(turn.tx, turn.services.keyring, participant_id)
    assert who is not None
    return who
