"""What waits for a coach is said again: in one line, however much it is, with one button that opens it."""

from __future__ import annotations

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import outbox
from bot.storage.alerts import Alert
from bot.storage.people import Person
from bot.turns.danger import alarm
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

COMMAND = "command"
"""The action of a button that says a word of the menu; which word is its key."""
OVERVIEW = "/meldingen"
ABOUT = "alerts"
"""What a line about several alerts is about; whose they are is its number."""


def opens(turn: Turn, coach: Person, word: str) -> Wanted:
    """A button that shows what this word of the menu shows."""
    return Wanted(turn.say(coach, "Bekijken"), COMMAND, key=word)


async def of_alerts(turn: Turn, alert: Alert, coach: Person) -> None:
    """It is time to announce this alert again, because it waits; with it go all others that wait like it.

    Each comes back as soon as its level asks: those of one level together from then on. Danger rings apart. A line
    that counts several opens none of them: it stands for nothing that comes next.
    """
    if alert.level == alerts.DANGER:
        await alarm.ring(turn, alert, coach, reminding=True)
        return
    waiting = [one for one in await alert_rows.open_of_coach(turn.tx, coach.id) if alerts.repeated(one)]
    await _say(turn, coach, waiting)
    for one in waiting:
        await alerts.announced(turn.tx, one, turn.services.calendar, turn.now, told=len(waiting) == 1)


async def of_all(turn: Turn, coach: Person) -> None:
    """Announce whatever waits, at once: until now this coach could not be reached."""
    waiting = [one for one in await alert_rows.open_of_coach(turn.tx, coach.id) if alerts.waits(one)]
    rings = [one for one in waiting if one.level == alerts.DANGER]
    for one in (*rings, *[one for one in waiting if alerts.repeated(one)][:1]):
        await of_alerts(turn, one, coach)


async def _say(turn: Turn, coach: Person, waiting: list[Alert]) -> None:
    urgent = any(one.level == alerts.URGENT for one in waiting)
    alone = waiting[0].id if len(waiting) == 1 else None
    about, number = (ABOUT, coach.id) if alone is None else ("alert", alone)
    if await outbox.unsent_about(turn.tx, about, number):
        await turn.hurry(coach, urgent=urgent)
        return
    button = opens(turn, coach, OVERVIEW)
    if alone is not None:
        button = Wanted(turn.say(coach, "Bekijken"), "view", alone)
    rows = await turn.buttons(coach, [[button]])
    office = turn.services.calendar.next_office_time(turn.now) == turn.now
    text = _neutral(turn, coach, len(waiting), urgent=urgent)
    message = Outgoing("send", text, rows, silent=not office and not urgent)
    await turn.send(coach, message, about, number, urgent=urgent)


def _neutral(turn: Turn, coach: Person, count: int, *, urgent: bool) -> str:
    if urgent:
        return turn.count(
            coach,
            "Er wacht nog een melding met haast op je.",
            "Er wachten nog {n} meldingen op je. Er is haast bij.",
            count,
        )
    return turn.count(coach, "Er wacht nog een melding op je.", "Er wachten nog {n} meldingen op je.", count)
