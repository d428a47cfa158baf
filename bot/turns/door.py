"""The one door: every input comes in here, is told whose it is, and goes to who deals with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.caseload import access
from bot.storage import buttons, people
from bot.storage.alerts import Item
from bot.storage.people import Person
from bot.turns import alerting, coach, employer, participant, reminding, stranger, veil
from bot.turns.danger import alarm, entrance, others, road
from bot.turns.handover import deciding, sharing
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

SEEN_EVERY = timedelta(minutes=1)
"""How exactly we remember when somebody was last here."""


async def come_in(turn: Turn, inbound: Inbound) -> str:
    """Deal with one input from outside. Returns what became of it, for the inbox row."""
    turn.caused_by(inbound)
    if inbound.callback:
        turn.after.append(inbound.callback)
    if inbound.kind == "group":
        if inbound.text == "left":
            return "left group"
        await turn.send_stranger(inbound.chat, Outgoing("leave"))
        return "left group"
    who = await people.by_chat(turn.tx, turn.services.keyring, inbound.chat)
    if who is None:
        await others.stranger(turn, inbound)
        return await stranger.knock(turn, inbound)
    if inbound.kind in ("blocked", "unblocked"):
        return await reachable(turn, who, inbound.kind == "unblocked")
    if inbound.kind == "edit" and not inbound.text:  # a place that moves, all day long perhaps: nobody wrote anything
        return "no words"
    who = await _seen(turn, who)
    try:
        if inbound.kind == "tap":
            return await _tap(turn, who, inbound)
        return await entrance.meet(turn, who, inbound, _as_usual)
    except access.Denied:
        await turn.tell(who, "Dat kan niet.")
        return "denied"


async def _as_usual(turn: Turn, who: Person, inbound: Inbound) -> str:
    """What is no tap and means no danger, to who deals with people of this role."""
    if who.role == "coach":
        return await coach.handle(turn, who, inbound)
    if who.role == "participant":
        return await participant.handle(turn, who, inbound)
    if who.role == "employer":
        return await employer.handle(turn, who, inbound)
    await turn.tell(who, "Hier meld ik alleen hoe het met de assistent gaat. Ik lees niets.")
    return "admin"


async def _seen(turn: Turn, who: Person) -> Person:
    if not who.reachable:  # Telegram says so of who blocked us and came back, but not of a chat that it did not find
        await reachable(turn, who, True)
    if who.seen_at is None or turn.now - who.seen_at > SEEN_EVERY or not who.reachable or who.silences:
        await people.change(turn.tx, who.id, seen_at=turn.now, reachable=True, silences=0)
    return replace(who, seen_at=turn.now, reachable=True, silences=0)


async def _tap(turn: Turn, who: Person, inbound: Inbound) -> str:
    button = await buttons.meaning(turn.tx, inbound.token)
    if button is None or button.person_id != who.id or button.expires_at <= turn.now:
        return await _dead_button(turn, who)
    if button.action in entrance.ACTIONS:
        return await entrance.tapped(turn, who, button)
    if await entrance.waits(turn, who, button):
        return await road.later(turn, who)
    if button.action == veil.LIFT:
        return "read" if await veil.lift(turn, who, button, inbound) else await _dead_button(turn, who)
    if button.action == reminding.COMMAND:
        return await _as_usual(turn, who, replace(inbound, kind="text", text=button.key or ""))
    if who.role == "coach":
        return await coach.tapped(turn, who, button, inbound)
    if button.action in deciding.NEEDED:
        return await deciding.tapped(turn, who, button, inbound)
    if button.action == sharing.SHARE:
        return await sharing.tapped(turn, who, button, inbound)
    if who.role == "employer":
        return await employer.tapped(turn, who, button)
    return await participant.tapped(turn, who, button, inbound)


async def _dead_button(turn: Turn, who: Person) -> str:
    """Forged, somebody else's or too old: all three get the same answer."""
    if who.role == "participant":
        await participant.old_button(turn, who)
    elif who.role == "employer":
        await employer.old_button(turn, who)
    else:
        await turn.tell(who, "Die knop werkt niet meer. Typ /meldingen voor je open meldingen.")
    return "old button"


async def reachable(turn: Turn, who: Person, now_is: bool) -> str:
    """Telegram says that somebody blocked or unblocked us (or a message was refused): their coach must know."""
    if who.reachable == now_is:
        return "known"
    await people.change(turn.tx, who.id, reachable=now_is)
    if who.role == "employer":
        await employer.reachable(turn, who, now_is=now_is)
        return "reachable" if now_is else "unreachable"
    if now_is:
        await _back(turn, who)
    if who.role == "coach" and not now_is:
        await _tell_admins(turn, who)
        await alarm.unheard(turn, who)
    own_coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    if own_coach is not None and not now_is:
        body = "Is niet meer bereikbaar op Telegram. Misschien is de assistent geblokkeerd."
        await alerting.add(turn, who, own_coach, Item("failure", "soon", "unreachable", body, None, turn.now))
    return "reachable" if now_is else "unreachable"


async def _tell_admins(turn: Turn, coach_: Person) -> None:
    """A coach who cannot be reached gets no alerts: somebody must know."""
    for one in await people.admins(turn.tx, turn.services.keyring):
        await turn.tell(one, "{coach} is niet bereikbaar op Telegram en krijgt geen meldingen.", coach=coach_.name)


async def _back(turn: Turn, who: Person) -> None:
    """Somebody who was not reachable is again: a coach hears what waits, and the coach of a participant that they are
    back, to say once more what did not arrive."""
    if who.role == "coach":
        await coach.waited(turn, replace(who, reachable=True))
    own_coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    if own_coach is not None:
        text = turn.say(own_coach, "{name} is weer bereikbaar op Telegram.", name=who.name)
        await veil.news(turn, own_coach, who, text)
