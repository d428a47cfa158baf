"""A coach's taps on an alert: read it, take it, answer it, close it."""

from __future__ import annotations

from bot.caseload import access, alerts
from bot.caseload.access import Action
from bot.storage import alerts as alert_rows
from bot.storage import buttons, people
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.turns import alerting, participant
from bot.turns.coaching import answering, closing, whose
from bot.turns.danger import others
from bot.turns.handover import making_talk, making_walk
from bot.turns.inbound import Inbound
from bot.turns.turn import Turn

NEEDED = {
    "view": Action.VIEW_ALERT,
    "take": Action.TAKE_ALERT,
    "reply": Action.REPLY,
    "quick": Action.REPLY,
    "close": Action.CLOSE_ALERT,
}
"""What somebody must be allowed to do, by the button's action."""


async def tapped(turn: Turn, coach: Person, button: ButtonRow, inbound: Inbound) -> str:
    """Deal with a tap on a button of an alert. Returns what became of it."""
    alert = await alert_rows.by_id(turn.tx, button.about or 0)
    if alert is None:
        raise access.Denied(button.action)
    subject = await whose.subject(turn, alert.participant_id, alert)
    if alert.state == "closed" and subject.coach_id != coach.id and await whose.stood_in(turn, coach, subject):
        await turn.tell(coach, "Deze melding is al gesloten.")
        return "old button"
    access.require(coach, NEEDED[button.action], subject)
    who = await people.by_id(turn.tx, turn.services.keyring, alert.participant_id)
    assert who is not None
    if button.action != "reply" and coach.focus_alert_id != alert.id:
        await whose.let_go(turn, coach)
    closes = button.action == "close" or button.key == alerting.READ
    if closes and await closing.shown_first(turn, coach, alert):
        return "read first"
    if button.action == "view":
        await alerting.view(turn, coach, alert, inbound.message)
    elif button.action == "take":
        await closing.claim(turn, coach, alert, who)
        if await alerts.take(turn.tx, alert, turn.services.calendar, turn.now):
            name = await participant.signature(turn, who, coach)
            if await alert_rows.has_words(turn.tx, alert.id):
                await turn.tell(who, "{coach} heeft je bericht gezien.", coach=name)
            elif not await alert_rows.only_about(turn.tx, alert.id, others.OF_EMPLOYER):
                await turn.tell(who, "{coach} heeft gezien wat je antwoordde.", coach=name)
        has = await alert_rows.by_id(turn.tx, alert.id)
        await alerting.view(turn, coach, has or alert, inbound.message)
    elif button.action == "reply":
        await people.change(turn.tx, coach.id, focus_alert_id=alert.id, focus_at=turn.now)
        await turn.tell(coach, "Typ je bericht voor {name}. Ik stuur het door.", name=who.name)
        if await making_walk.open_run(turn, coach) is not None:
            await making_talk.wait(turn, coach)
    elif button.action == "quick" and not await buttons.use(turn.tx, button.token, turn.now):
        await turn.tell(coach, "Dat bericht is al verstuurd.")
    elif button.action == "quick":
        await answering.quick_reply(turn, coach, alert, who, button.key or "")
    else:
        await closing.close(turn, coach, alert, who)
    return button.action
