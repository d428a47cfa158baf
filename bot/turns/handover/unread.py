"""Agreements that somebody leaves unread: one reminder in other words, and then the coach hears who it is."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.caseload import access, care, handovers, terms
from bot.caseload.access import Action
from bot.caseload.handovers import Case
from bot.storage import handovers as rows
from bot.storage import timers
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.timers import Timer
from bot.texts import N_
from bot.turns import veil
from bot.turns.handover import agreeing, making_employer
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

TELL_COACH_AFTER = timedelta(days=4)
"""After the reminder."""
NO_CONTACT = ("stopped", "closed", "declined")
"""In these states nobody is reminded: the coach hears at once."""
AGAIN = "read_again"
WITHOUT = "without_employer"
ACTIONS = (AGAIN, WITHOUT)
REMINDER = {
    "participant": N_("Er liggen nog afspraken voor je klaar. Lezen kan wanneer het jou uitkomt."),
    "employer": N_("Er liggen nog afspraken voor u klaar. Lezen kan wanneer het u uitkomt."),
}


async def due(turn: Turn, timer: Timer) -> None:
    """Nothing was heard of this reader for a while. Somebody else's turn, or another version: nothing happens."""
    placement_id = await rows.placement_id(turn.tx, timer.about)
    case = None if placement_id is None else await handovers.case(turn.tx, turn.services.keyring, placement_id)
    if case is None or case.offered is None or case.offered.handover.id != timer.about:
        return
    reader = case.person(timer.person_id)
    if reader is None or case.next_party() != reader.id:
        return
    after_pause = _after_pause(turn, reader)
    if timer.turn == agreeing.REMINDER and after_pause is not None:
        await timers.want(turn.tx, reader.id, "unread", timer.about, agreeing.REMINDER, after_pause)
    elif timer.turn == agreeing.REMINDER and reader.state not in NO_CONTACT and agreeing.may_read(case, reader):
        await agreeing.invite_to_read(turn, case, reader, REMINDER[reader.role])
        at = turn.now + TELL_COACH_AFTER
        await timers.want(turn.tx, reader.id, "unread", timer.about, agreeing.TO_COACH, at)
    else:
        await _tell_coach(turn, case, reader)


def _after_pause(turn: Turn, reader: Person) -> datetime | None:
    """When we may speak again to who wants no questions now; None: there is no pause."""
    calendar = turn.services.calendar
    if reader.state in NO_CONTACT or reader.paused_until is None:
        return None
    if not terms.paused(reader, calendar.local(turn.now).date()):
        return None
    return calendar.to_utc(reader.paused_until + care.ONE_DAY, calendar.contact_from)


async def _tell_coach(turn: Turn, case: Case, reader: Person) -> None:
    if case.coach is None:
        return
    buttons = [[Wanted(turn.say(case.coach, "Opnieuw sturen"), AGAIN, case.placement.id)]]
    if reader.id == case.placement.employer_id:
        buttons.append([Wanted(turn.say(case.coach, "Verder zonder werkgever"), WITHOUT, case.placement.id)])
    if reader.chat_id is None:
        text = turn.say(case.coach, "{party} is nog niet aangemeld.", party=reader.name)
    elif not agreeing.may_read(case, reader):
        await agreeing.ask_next(turn, case)
        return
    else:
        text = turn.say(case.coach, "{party} heeft nog niet gereageerd op de afspraken.", party=reader.name)
    about = turn.say(case.coach, "Het gaat om de afspraken met {name}.", name=case.participant.name)
    await agreeing.tell_coach(turn, case, f"{text} {about}", buttons)


async def tapped(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """The coach sends the agreements once more, or goes on without the employer."""
    case = await handovers.case(turn.tx, turn.services.keyring, button.about or 0)
    if case is None:
        raise access.Denied(button.action)
    access.require(coach, Action.EDIT_HANDOVER, agreeing.subject(case))
    reader = case.person(case.next_party() or 0)
    if reader is None or (button.action == WITHOUT and reader.id != case.placement.employer_id):
        await turn.tell(coach, "Dat is niet meer nodig. Niemand hoeft deze afspraken nog te lezen.")
        return "old button"
    if button.action == WITHOUT:
        await without_employer(turn, coach, case)
        return "without employer"
    if reader.chat_id is None:
        await turn.tell(coach, "{party} is nog niet aangemeld.", party=reader.name)
        return "not joined"
    await agreeing.ask_next(turn, case)
    await turn.tell(coach, "Verstuurd aan {name}.", name=reader.name)
    return "sent again"


async def without_employer(turn: Turn, coach: Person, case: Case) -> None:
    """What participant and coach agreed does not wait for somebody who does not answer."""
    who = case.participant
    await making_employer.take_out(turn, case)
    await turn.tell(coach, "De werkgever leest niet meer mee met de afspraken van {name}.", name=who.name)
    text = turn.say(who, "Je werkgever leest niet mee. De afspraken zijn nu tussen jou en {coach}.", coach=coach.name)
    await veil.send(turn, who, Outgoing("send", text), turn.say(who, "Er is nieuws over je afspraken."))
    await agreeing.ask_next(turn, case)
