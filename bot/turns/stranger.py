"""People we do not know: one polite sentence, and nothing to learn from it. An invitation makes them known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.caseload import contact, invitations
from bot.storage import outbox, people
from bot.turns import coach as coach_side
from bot.turns import employer, menu, walk
from bot.turns.coaching import joining
from bot.turns.handover import making_employer
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

AGAIN_AFTER = timedelta(hours=1)
"""A stranger who goes on writing hears us this seldom: the sentence says nothing new, and who floods us would use up
what we may send to people in care."""
HELLO, CODE = "hello", "code"
"""What our two sentences are about. Who heard the one, or something else from us, must still hear the other."""


async def knock(turn: Turn, inbound: Inbound) -> str:
    """Let in who brings a working code; answer anybody else with the same sentence. Returns the outcome."""
    code = inbound.code
    person_id = await invitations.spend(turn.tx, code, turn.said_at) if code else None
    if person_id is not None:
        return await _enrol(turn, inbound, person_id)
    if inbound.kind in ("blocked", "unblocked", "tap", "edit"):
        return "stranger"
    about, since = CODE if code else HELLO, turn.now - AGAIN_AFTER
    if await outbox.told_since(turn.tx, inbound.chat, since, about):
        return "stranger"
    if code:
        text = turn.say(inbound.language, "Deze uitnodiging werkt niet (meer). Vraag de coach om een nieuwe.")
    else:
        text = turn.say(
            inbound.language, "Hallo. We kennen elkaar nog niet. Een uitnodiging gekregen? Open die link dan."
        )
    await turn.send_stranger(inbound.chat, Outgoing("send", text), about)
    return "stranger"


async def _enrol(turn: Turn, inbound: Inbound, person_id: int) -> str:
    invited = await people.by_id(turn.tx, turn.services.keyring, person_id)
    assert invited is not None
    state = "joined" if invited.role in ("participant", "employer") else "active"
    await people.change(turn.tx, person_id, chat_id=inbound.chat, state=state, seen_at=turn.now, reachable=True)
    person = replace(invited, chat_id=inbound.chat, state=state, seen_at=turn.now, reachable=True)
    if person.role in ("coach", "employer"):
        turn.after.append(menu.of_one(turn.services.texts, person.role, person.language, inbound.chat))
    if person.role == "coach":
        await coach_side.welcome(turn, person)
        return "joined"
    if person.role == "admin":
        await turn.tell(person, "Welkom, {name}. Ik meld het je als de assistent niet goed werkt.", name=person.name)
        return "joined"
    if person.role == "employer":
        await employer.welcome(turn, person)
        await making_employer.joined(turn, person, inbound.name)
        return "joined"
    await contact.release(turn.tx, person.id, turn.now)
    coach = await people.coach_of(turn.tx, turn.services.keyring, person.id)
    if coach is not None:
        await joining.ask_who(turn, coach, person, inbound.name)
    await walk.begin(turn, person, contact.WELCOME)
    return "joined"
