"""A message that Telegram refuses for good: who must know hears that it did not arrive, and never its words."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.storage import outbox, people
from bot.storage.alerts import Item
from bot.storage.people import Person
from bot.turns import alerting, days, employer
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

ABOUT = "refused"
"""What a word to the admins is about when Telegram refused a message to the person with that number."""
TELL_ADMINS_EVERY = timedelta(days=1)


async def tell(turn: Turn, person_id: int, made_at: datetime) -> None:
    """Of a message that was made then: a participant's or an employer's is told to the coach, a coach's to the admins.

    An admin's is told to nobody: it may be this very word.
    """
    who = await people.by_id(turn.tx, turn.services.keyring, person_id)
    if who is None or who.role == "admin":
        return
    if who.role == "employer":
        await employer.refused(turn, who, made_at)
        return
    coach = await people.coach_of(turn.tx, turn.services.keyring, who.id)
    if coach is None:
        await _tell_admins(turn, who)
        return
    at = days.day_and_time(turn.services.calendar, made_at, coach.language)
    body = turn.say(coach, "Een bericht van {at} kwam niet aan. Telegram nam het niet aan. Bel liever even.", at=at)
    # What the coach sent just now is confirmed in a message about this alert, and that one does not say this.
    await alerting.add(turn, who, coach, Item("failure", "today", ABOUT, body, None, turn.now), always=True)


async def _tell_admins(turn: Turn, who: Person) -> None:
    """Once a day for each person, because what is wrong seldom is so for one message; a participant without a name."""
    for admin in await people.admins(turn.tx, turn.services.keyring):
        since = turn.now - TELL_ADMINS_EVERY
        if admin.chat_id is None or await outbox.told_since(turn.tx, admin.chat_id, since, ABOUT, who.id):
            continue
        text = turn.say(
            admin,
            "Een bericht aan {name} kwam niet aan. Telegram nam het niet aan. De reden staat in het logboek.",
            name=who.name if who.role == "coach" else turn.say(admin, "deelnemer {number}", number=who.id),
        )
        await turn.send(admin, Outgoing("send", text), ABOUT, who.id)
