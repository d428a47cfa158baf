"""Words that may mean danger from somebody who is no participant: the numbers for whoever it is, and no more is done.

An employer's go to the coach as ever, and as urgent. What an employer reads comes from their own words alone (P9).
"""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import access, handovers
from bot.caseload.access import Action, Subject
from bot.storage import outbox, people
from bot.storage.alerts import Item
from bot.storage.people import Person
from bot.turns import alerting
from bot.turns.danger import alarm, hearing, looking, numbers
from bot.turns.inbound import Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn
from flows.safety import Finding

TOLD = "danger"
"""What the sentence with the numbers is about."""
COACH_EVERY = timedelta(days=1)
STRANGER_EVERY = timedelta(minutes=10)
OF_EMPLOYER = "employer"
"""The topic of an alert about an employer's words."""


async def spoke(turn: Turn, who: Person, finding: Finding) -> None:
    """After the words of an employer, a coach or an admin went their normal way."""
    if who.role == "employer":
        if finding.level != "none":
            await _employer(turn, who)
    elif finding.level in looking.ACUTE:
        await (_coach(turn, who) if who.role == "coach" else turn.send(who, _said(numbers.to_anybody(turn, who))))


async def _employer(turn: Turn, who: Person) -> None:
    await turn.send(who, _said(numbers.to_an_employer(turn, who)), TOLD)
    if not access.may(who, Action.WRITE, Subject(who.id)):  # nobody said yet that this is the right person
        return
    for case in await handovers.heard_of(turn.tx, turn.services.keyring, who):
        if case.coach is not None:
            body = f"{who.name}, de werkgever, schreef iets dat over gevaar kan gaan. Lees dat bericht nu."
            item = Item("note", "urgent", OF_EMPLOYER, body, None, turn.now)
            await alerting.add(turn, case.participant, case.coach, item)
        if not people.can_be_reached(case.coach):
            hearers = await hearing.of(turn, case.participant.id)
            await alarm.tell_admins(turn, case.participant.id, hearers, dutch=alarm.BY_EMPLOYER)


async def _coach(turn: Turn, who: Person) -> None:
    """Once a day: a coach knows the numbers, and these words are mostly about somebody who is being helped."""
    assert who.chat_id is not None
    if not await outbox.told_since(turn.tx, who.chat_id, turn.now - COACH_EVERY, TOLD):
        await turn.send(who, _said(numbers.to_a_coach(turn, who)), TOLD)


async def sos_of_a_coach(turn: Turn, who: Person) -> str:
    """Whom to call, as often as it is asked."""
    await turn.send(who, _said(numbers.to_a_coach(turn, who)), TOLD)
    return "sos"


async def stranger(turn: Turn, inbound: Inbound) -> None:
    """Somebody whom nobody here knows: the numbers, beside whatever a stranger is told."""
    finding = await looking.at(turn, inbound, inbound.language)
    if finding.level not in looking.ACUTE:
        return
    if not await outbox.told_since(turn.tx, inbound.chat, turn.now - STRANGER_EVERY, TOLD):
        await turn.send_stranger(inbound.chat, _said(numbers.to_anybody(turn, inbound.language)), TOLD)


def _said(text: str) -> Outgoing:
    return Outgoing("send", text)
