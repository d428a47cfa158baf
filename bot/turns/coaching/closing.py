"""Who has an alert, and the end of a talk: what was held goes on."""

from __future__ import annotations

from dataclasses import replace

from bot.caseload import alerts, contact
from bot.storage import alerts as alert_rows
from bot.storage import people, runs
from bot.storage.alerts import Alert
from bot.storage.people import Person
from bot.turns import alerting, participant, walk
from bot.turns.danger import alarm
from bot.turns.handover import making_talk
from bot.turns.turn import Turn
from flows.engine.inputs import AskedAgain


async def claim(turn: Turn, coach: Person, alert: Alert, who: Person) -> None:
    """Whoever does something with an alert about danger that nobody had yet, has it: the other hears that."""
    if alerts.in_danger(alert) and alert.state == "raised":
        await alarm.taken(turn, alert, coach, who)


async def shown_first(turn: Turn, coach: Person, alert: Alert) -> bool:
    """Whether the button is older than what the alert holds: that is shown, and nothing is closed yet."""
    if alert.state == "closed":
        return False
    unseen, untaken = alert.unseen_at is not None, alerts.in_danger(alert) and alert.state == "raised"
    if unseen:
        await turn.tell(coach, "Er is iets nieuws bij. Lees het eerst.")
    if unseen or untaken:
        await alerting.view(turn, coach, alert, None)
    return unseen or untaken


async def close(turn: Turn, coach: Person, alert: Alert, who: Person) -> None:
    """End of the talk: what was held goes on, and both know it."""
    if alert.state == "closed":
        await turn.tell(coach, "Deze melding is al gesloten.")
        return
    talked, endangered = alerts.talking(alert), alerts.in_danger(alert)
    await end(turn, coach, alert, who)
    if endangered:
        await alarm.closed(turn, alert, coach, who)
    if talked:
        await turn.tell(coach, "Gesloten. De assistent gaat weer verder met {name}.", name=who.name)
        name = await participant.signature(turn, who, coach)
        await turn.tell(who, "{coach} heeft het gesprek afgerond. Je kunt altijd weer schrijven.", coach=name)
    else:
        await turn.tell(coach, "De melding van {name} is gesloten.", name=who.name)
        if alert.answered_at is None and await alert_rows.has_words(turn.tx, alert.id):
            name = await participant.signature(turn, who, coach)
            await turn.tell(who, "{coach} heeft je bericht gelezen.", coach=name)
    await ask_on(turn, who)
    await making_talk.come_back(turn, coach, alert)


async def end(turn: Turn, coach: Person, alert: Alert, who: Person) -> None:
    """The alert is dealt with; the coach's next words are for nobody in particular."""
    await alerts.close(turn.tx, alert, turn.now)
    if coach.focus_alert_id == alert.id:
        await people.change(turn.tx, coach.id, focus_alert_id=None, focus_at=None)
    await contact.release(turn.tx, who.id, turn.now)


async def ask_on(turn: Turn, who: Person) -> None:
    """The question that rested while a coach talked comes again."""
    run = await runs.open_one(turn.tx, await turn.key(who.id), who.id)
    if run is not None and run.status == "resting":
        await runs.wake(turn.tx, run.id)
        await walk.go_on(turn, who, replace(run, status="waiting"), AskedAgain())
