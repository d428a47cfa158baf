"""SOS: from every menu, by one word, at any moment. Three buttons, and each reaches a human."""

from __future__ import annotations

from bot.storage import buttons
from bot.storage.alerts import Item
from bot.storage.people import Person
from bot.turns import alerting
from bot.turns.danger import hearing, numbers, road
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted
from flows.engine import matching

SOS = "sos"
"""The action of its buttons, and the command without its slash."""
WORDS = frozenset(
    matching.tidy(word)
    for word in ("sos", "/sos", "help nu", "hulp nu", "nu hulp", "nu hulp nodig", "help now", "noodgeval")
)
IN_DANGER, SUICIDE, TALK = "danger", "suicide", "talk"
BECAUSE = {
    IN_DANGER: "GEVAAR. Koos bij SOS: ik ben in gevaar.",
    SUICIDE: "GEVAAR. Koos bij SOS: ik denk aan zelfdoding.",
    TALK: "Koos bij SOS: wil je spreken.",
}
"""What stands in the alert of a choice."""


def wanted(inbound: Inbound) -> bool:
    return inbound.kind == "text" and not inbound.forwarded and matching.tidy(inbound.text) in WORDS


async def show(turn: Turn, who: Person) -> str:
    """The numbers, and what is the matter."""
    coach = (await hearing.of(turn, who.id)).coach
    rows = [
        [Wanted(turn.say(who, "Ik ben in gevaar"), SOS, key=IN_DANGER)],
        [Wanted(turn.say(who, "Ik denk aan zelfdoding"), SOS, key=SUICIDE)],
    ]
    if coach is not None:
        rows.append([Wanted(turn.say(who, "Ik wil {coach} spreken", coach=coach.name), SOS, key=TALK)])
    text = f"{numbers.shortly(turn, who)}\n\n{turn.say(who, 'Wat is er?')}"
    await turn.send(who, Outgoing("send", text, await turn.buttons(who, rows)))
    return SOS


async def chosen(turn: Turn, who: Person, choice: str) -> None:
    await buttons.drop_all(turn.tx, who.id, SOS)
    if choice == IN_DANGER:
        await road.not_safe(turn, who, await hearing.of(turn, who.id), BECAUSE[IN_DANGER])
    elif choice == SUICIDE:
        await road.enter(turn, who, numbers.RED, because=BECAUSE[SUICIDE])
    else:
        await _wants_to_talk(turn, who)


async def _wants_to_talk(turn: Turn, who: Person) -> None:
    hearers = await hearing.of(turn, who.id)
    if hearers.coach is not None:
        await alerting.add(turn, who, hearers.coach, Item("flag", "today", "call", BECAUSE[TALK], None, turn.now))
    if await road.open_one(turn, who) is not None:
        await road.heard(turn, who, hearers)
    else:
        await alerting.receive(turn, who, hearers.coach, first=True)
