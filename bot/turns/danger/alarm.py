"""An alert about danger, on the phones of those who hear of it: with a sound at any hour, until somebody takes it."""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import alerts
from bot.storage import alerts as alert_rows
from bot.storage import outbox, people
from bot.storage.alerts import Alert
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import veil
from bot.turns.danger import hearing
from bot.turns.danger.hearing import Hearers
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

WAITS = "danger waits"
"""What a word to the admins is about when nobody looks at a message that means danger."""
BY_PARTICIPANT = N_(
    "Er wacht een dringend bericht van deelnemer {number}, en niemand krijgt het ({coach}). "
    "Zorg nu dat iemand contact zoekt."
)
BY_EMPLOYER = N_(
    "De werkgever van deelnemer {number} schreef iets dat over gevaar kan gaan, en niemand krijgt het ({coach}). "
    "Zorg nu dat iemand contact zoekt."
)
ADMINS_AFTER = timedelta(minutes=30)
ADMINS_EVERY = timedelta(hours=1)
"""How often an admin hears that somebody still waits …"""
NOBODY_EVERY = timedelta(minutes=10)
"""… and how often, when there is nobody at all whom we could ring."""


async def ring(turn: Turn, alert: Alert, coach: Person, *, reminding: bool = False) -> None:
    """Tell the coach and the deputy that a message cannot wait, with nothing of its content (P19).

    What we repeat does not pile up while Telegram takes nothing; what is new always goes out.
    """
    hearers = await hearing.beside(turn, coach)
    if not (reminding and await outbox.unsent_about(turn.tx, "alert", alert.id)):
        for one in hearers.now:
            rows = await turn.buttons(one, [[Wanted(turn.say(one, "Nu lezen"), "view", alert.id)]])
            text = _neutral(turn, one, alert, reminding=reminding)
            await turn.send(one, Outgoing("send", text, rows), "alert", alert.id, urgent=True)
    waited = turn.now - (alerts.waits_since(alert) or turn.now)
    if not hearers.now:
        await tell_admins(turn, alert.participant_id, hearers, ADMINS_EVERY if reminding else NOBODY_EVERY)
    elif reminding and waited >= ADMINS_AFTER:
        await _tell_who_waits(turn, alert.participant_id, hearers, waited)
    await alerts.announced(turn.tx, alert, turn.services.calendar, turn.now)


def _neutral(turn: Turn, reader: Person, alert: Alert, *, reminding: bool) -> str:
    if alert.state == "raised" and reminding:
        return turn.say(reader, "Niemand heeft een dringend bericht opgepakt. Lees dit nu.")
    if alert.state == "raised":
        return turn.say(reader, "Een dringend bericht. Lees dit nu.")
    return turn.say(reader, "Er is iets nieuws bij een dringend bericht. Lees dit nu.")


async def tell_admins(
    turn: Turn, participant_id: int, hearers: Hearers, every: timedelta = NOBODY_EVERY, *, dutch: str = BY_PARTICIPANT
) -> None:
    """There is nobody whom we could ring: somebody else must, and at once. A number; no name, and no content."""
    for admin in await _admins(turn, participant_id, every):
        name = hearers.coach.name if hearers.coach else turn.say(admin, "geen coach")
        text = turn.say(admin, dutch, number=participant_id, coach=name)
        await turn.send(admin, Outgoing("send", text), WAITS, participant_id, urgent=True)


async def _tell_who_waits(turn: Turn, participant_id: int, hearers: Hearers, waited: timedelta) -> None:
    for admin in await _admins(turn, participant_id, ADMINS_EVERY):
        text = turn.say(
            admin,
            "Een dringend bericht van deelnemer {number} wacht al {minutes} minuten. Bel {hearers}.",
            number=participant_id,
            minutes=int(waited.total_seconds() // 60),
            hearers=hearing.names(turn, admin, hearers),
        )
        await turn.send(admin, Outgoing("send", text), WAITS, participant_id, urgent=True)


async def _admins(turn: Turn, participant_id: int, every: timedelta) -> list[Person]:
    """The admins who did not hear for so long that this participant waits."""
    found, since = await people.admins(turn.tx, turn.services.keyring), turn.now - every
    told = outbox.told_since
    return [
        one
        for one in found
        if one.chat_id is not None and not await told(turn.tx, one.chat_id, since, WAITS, participant_id)
    ]


async def unheard(turn: Turn, gone: Person) -> None:
    """A coach cannot be reached any more: does a message wait that nobody else gets?"""
    keyring = turn.services.keyring
    for coach in [gone, *await people.stood_in_for(turn.tx, keyring, gone.id)]:
        hearers = await hearing.beside(turn, await people.by_id(turn.tx, keyring, coach.id))
        for alert in await alert_rows.open_of_coach(turn.tx, coach.id):
            if alerts.in_danger(alert) and not hearers.now:
                await tell_admins(turn, alert.participant_id, hearers)


async def taken(turn: Turn, alert: Alert, by: Person, who: Person) -> None:
    """One of them has it: the other hears who."""
    for one in await _others(turn, alert, by):
        text = turn.say(one, "{taker} heeft het dringende bericht van {name} opgepakt.", taker=by.name, name=who.name)
        await veil.news(turn, one, who, text)


async def closed(turn: Turn, alert: Alert, by: Person, who: Person) -> None:
    """One of them closed it: the other hears that it is over."""
    for one in await _others(turn, alert, by):
        text = turn.say(
            one,
            "{closer} heeft het dringende bericht van {name} gesloten. De assistent gaat weer verder.",
            closer=by.name,
            name=who.name,
        )
        await veil.news(turn, one, who, text)


async def _others(turn: Turn, alert: Alert, by: Person) -> list[Person]:
    coach = await people.by_id(turn.tx, turn.services.keyring, alert.coach_id)
    hearers = await hearing.beside(turn, coach)
    return [one for one in hearers.now if one.id != by.id]
