"""For somebody who is not looking: a neutral line on the lock screen, and the rest after a tap (promise P19)."""

from __future__ import annotations

from bot.caseload import access
from bot.caseload.access import Action, Subject
from bot.storage import outbox
from bot.storage.buttons import ButtonRow
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.turns.coaching import whose
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Button, Outgoing
from bot.turns.turn import Turn, Wanted

LIFT = "unveil"
"""The button's action."""
ABOUT = "participant"
"""What news about a participant is about."""


async def send(turn: Turn, person: Person, message: Outgoing, neutral: str, about: About | None = None) -> None:
    """Send `message` if the person has the chat open, else only `neutral` with a button that shows it."""
    kind, number = (about.kind, about.id) if about else (None, None)
    if person.chat_id is None or turn.present(person):
        await turn.send(person, message, kind, number)
        return
    key = await turn.key(person.id)
    kept = await outbox.veil(turn.tx, key, person.chat_id, message.to_json(), turn.now, about)
    rows = await turn.buttons(person, [[Wanted(turn.say(person, "Bekijken"), LIFT, kept)]])
    await turn.send(person, Outgoing("send", neutral, rows, silent=message.silent), kind, number)


async def news(
    turn: Turn,
    coach: Person,
    who: Person,
    text: str,
    rows: tuple[tuple[Button, ...], ...] = (),
    *,
    quietly: bool = False,
) -> None:
    """A word about the participant `who` that is no alert; `quietly`: without a sound.

    It goes with them when they are erased.
    """
    neutral = turn.say(coach, "Er is nieuws over een deelnemer.")
    await send(turn, coach, Outgoing("send", text, rows, silent=quietly), neutral, About(ABOUT, who.id))


async def lift(turn: Turn, person: Person, button: ButtonRow, inbound: Inbound) -> bool:
    """Show what the neutral line stood for, in its place. False when it is not kept any more."""
    access.require(person, Action.READ, Subject(button.person_id))
    found = await outbox.veiled(turn.tx, await turn.key(person.id), button.about or 0)
    if found is None:
        return False
    if person.role == "coach":
        await whose.let_go(turn, person)
    payload, about = found
    kept = Outgoing.from_json(payload)
    shown = Outgoing("edit", kept.text, kept.rows, message=inbound.message)
    await turn.send(person, shown, *((about.kind, about.id) if about else ()))
    return True
