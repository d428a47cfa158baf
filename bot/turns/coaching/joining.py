"""A participant's invitation, and the coach who says whether the right person used it."""

from __future__ import annotations

from dataclasses import replace

from bot.caseload import access, alerts, contact
from bot.caseload.access import Action
from bot.storage import alerts as alert_rows
from bot.storage import estimates, messages, outbox, people, runs
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.turns import veil
from bot.turns.coaching import whose
from bot.turns.handover import inviting
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted


def to_invite(turn: Turn, coach: Person, theirs: list[Person]) -> list[list[Wanted]]:
    """A button for each participant who is not in yet."""
    return [
        [Wanted(turn.say(coach, "Nodig {name} uit", name=one.name), "invite", one.id)]
        for one in theirs
        if one.state == "invited"
    ]


async def ask_who(turn: Turn, coach: Person, participant: Person, telegram_name: str = "") -> None:
    """An invitation is a bearer link and may have been forwarded: the coach says whether it is the right person.

    Without `telegram_name` the participant was here before the coach, and the coach asks them.
    """
    if telegram_name:
        text = turn.say(
            coach,
            "{name} heeft de uitnodiging geopend. Op Telegram heet deze persoon: {telegram_name}. Klopt dat?",
            name=participant.name,
            telegram_name=telegram_name,
        )
    else:
        text = turn.say(
            coach,
            "{name} heeft de uitnodiging al geopend. Vraag of {name} dat zelf was. Klopt dat?",
            name=participant.name,
        )
    joined = str(participant.chat_id)
    yes = Wanted(turn.say(coach, "Ja, dat klopt"), "is_them", participant.id, key=joined)
    no = Wanted(turn.say(coach, "Dat is niet {name}", name=participant.name), "not_them", participant.id, key=joined)
    await veil.news(turn, coach, participant, text, await turn.buttons(coach, [[yes], [no]]))


async def invite(turn: Turn, coach: Person, who: Person) -> None:
    """A fresh invitation for this participant, as a link and as a picture to scan from the coach's screen."""
    access.require(coach, Action.INVITE, await whose.subject(turn, who.id))
    if who.chat_id is not None:  # a second invitation would let somebody else take the place of who is in
        await turn.tell(coach, "{name} is al aangemeld.", name=who.name)
        return
    await inviting.show(turn, coach, who)


async def tapped(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """Deal with a tap about who joined, or who is to be invited. Returns what became of it."""
    who = await people.by_id(turn.tx, turn.services.keyring, button.about or 0)
    if who is None:
        raise access.Denied(button.action)
    if button.action == "invite":
        await invite(turn, coach, who)
        return "invited"
    access.require(coach, Action.CONFIRM_JOIN, await whose.subject(turn, who.id))
    if button.key != str(who.chat_id):
        await turn.tell(coach, "Die persoon is al afgemeld.")
        return "old button"
    if button.action == "is_them":
        await turn.tell(coach, "Dank je. Dan weet ik dat het {name} is.", name=who.name)
        return "confirmed"
    await _put_out(turn, coach, who)
    return "put out"


async def _put_out(turn: Turn, coach: Person, who: Person) -> None:
    """Somebody else used the invitation: they are out at once, and the right person gets a new one."""
    if who.chat_id is not None:
        text = turn.say(None, "Deze uitnodiging was voor iemand anders. Hier komen geen berichten meer.")
        await turn.send_stranger(who.chat_id, Outgoing("send", text))
    await outbox.cancel_for(turn.tx, who.id, "not this person")
    await runs.end_all(turn.tx, who.id, "stopped", turn.now)
    await contact.cancel(turn.tx, who.id, "not this person", turn.now)
    await _disown(turn, coach, who)
    await people.change(turn.tx, who.id, chat_id=None, state="invited", care_from=None, seen_at=None)
    await turn.tell(coach, "Die persoon is afgemeld. Hieronder staat een nieuwe uitnodiging.")
    await invite(turn, coach, replace(who, chat_id=None, state="invited"))


async def _disown(turn: Turn, coach: Person, who: Person) -> None:
    """Nothing that the wrong person said or was told may ever count as this participant's, or be shown to them."""
    since = await people.joined_at(turn.tx, who.id)
    if since is not None:
        await messages.disown(turn.tx, who.id, since)
        await runs.disown(turn.tx, who.id, since, turn.now)
        await estimates.disown(turn.tx, await turn.key(who.id), turn.services.calendar.local(since).date())
    alert = await alert_rows.open_one(turn.tx, who.id)
    if alert is not None:
        await alerts.close(turn.tx, alert, turn.now)
    await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)
