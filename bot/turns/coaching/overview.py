"""What a coach can look up: the open alerts, who must still be invited, and what can be typed."""

from __future__ import annotations

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import people
from bot.storage.alerts import Alert
from bot.storage.people import Person
from bot.turns import menu
from bot.turns.coaching import joining
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted


async def what_to_type(turn: Turn, coach: Person) -> str:
    """What a coach can type, as the menu beside the field has it."""
    words = [turn.labelled(coach, f"/{word}", turn.say(coach, what)) for word, what in menu.COMMANDS["coach"]]
    lines = [turn.say(coach, "Dit kun je typen, of tik erop:"), *words, ""]
    lines.append(turn.say(coach, "Antwoord op een melding met een knop, of met een antwoord op dat bericht."))
    lines.append(turn.say(coach, "Ik ben een automatische assistent, geen mens."))
    await turn.send(coach, Outgoing("send", "\n".join(lines)))
    return "help"


async def show(turn: Turn, coach: Person) -> str:
    """The open alerts, those who must still be invited and the handovers, each behind a tap."""
    names = {one.id: one for one in await people.participants_of(turn.tx, turn.services.keyring, coach.id)}
    wanted = [
        [Wanted(_label(turn, coach, names[alert.participant_id].name, alert), "view", alert.id)]
        for alert in await alert_rows.open_of_coach(turn.tx, coach.id)
        if alert.participant_id in names
    ]
    wanted += await _as_deputy(turn, coach)
    lines = []
    deputy = await people.deputy_of(turn.tx, turn.services.keyring, coach)
    if deputy is not None:
        lines.append(turn.say(coach, "Je vervanger bij gevaar is {deputy}.", deputy=deputy.name))
    if names:
        lines.append(turn.say(coach, "Andere hulp noteren: /verwijzing. Waar iemand staat: /ladder."))
    # Last, because the buttons with the names stand below it.
    lines.append(turn.say(coach, "Open meldingen:") if wanted else turn.say(coach, "Er zijn geen open meldingen."))
    wanted += joining.to_invite(turn, coach, list(names.values()))
    if names:
        wanted.append([Wanted(turn.say(coach, "Overdracht"), "handovers", coach.id)])
    text = "\n".join(lines)
    await turn.send(coach, Outgoing("send", text, await turn.buttons(coach, wanted)))
    return "overview"


def _label(turn: Turn, coach: Person, name: str, alert: Alert) -> str:
    """Whose alert it is, and what a coach must know to choose: the line that counts them says that there is haste."""
    if alert.level == alerts.DANGER:
        return turn.say(coach, "Dringend: {name}", name=name)
    if not alerts.waits(alert):
        return turn.say(coach, "{name} (opgepakt)", name=name)
    return turn.say(coach, "Met haast: {name}", name=name) if alert.level == alerts.URGENT else name


async def _as_deputy(turn: Turn, deputy: Person) -> list[list[Wanted]]:
    """The alerts about danger of the coaches whom this one stands in for."""
    keyring, lines = turn.services.keyring, []
    for coach in await people.stood_in_for(turn.tx, keyring, deputy.id):
        for alert in await alert_rows.open_of_coach(turn.tx, coach.id):
            who = await people.by_id(turn.tx, keyring, alert.participant_id) if alerts.in_danger(alert) else None
            if who is not None:
                label = turn.say(deputy, "Dringend: {name} ({coach})", name=who.name, coach=coach.name)
                lines.append([Wanted(label, "view", alert.id)])
    return lines
