"""Three parties agree: each reads its own view and decides item by item, the participant before the employer.

Whose turn it is follows from the rows alone (`Case.next_party`), so it may take days, and a tap may come twice.
"""

from __future__ import annotations

from datetime import timedelta

from bot.caseload import access, contact, handovers
from bot.caseload.access import Action, Subject
from bot.caseload.handovers import Case
from bot.storage import timers
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.texts import N_
from bot.turns import days, veil
from bot.turns.handover import view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

READ_VIEW = "read_view"
REMIND_AFTER = timedelta(days=3)
REMINDER, TO_COACH = 0, 1
"""What the turn of an `unread` timer stands for."""
READY = {
    "participant": N_("{coach} heeft afspraken voor je klaargezet."),
    "employer": N_("{coach} heeft afspraken voor u klaargezet."),
}


def subject(case: Case) -> Subject:
    return Subject(case.participant.id, case.coach.id if case.coach else None, case.placement.employer_id)


def coach_name(turn: Turn, reader: Person, case: Case) -> str:
    return case.coach.name if case.coach else turn.say(reader, "De coach")


async def again(turn: Turn, placement_id: int) -> Case:
    """The case as the rows are now."""
    found = await handovers.case(turn.tx, turn.services.keyring, placement_id)
    assert found is not None
    return found


async def ask_next(turn: Turn, case: Case) -> None:
    """Let the party whose turn it is know that there is something to read; if all said yes, it counts from now on."""
    case = await again(turn, case.placement.id)
    if case.offered is None:
        return
    reader = case.person(case.next_party() or 0)
    if reader is None:
        await _counts_now(turn, case)
        return
    await wait(turn, case.offered.handover.id, reader)
    if reader.chat_id is None:
        await _not_joined(turn, case, reader)
    elif not may_read(case, reader):
        await _not_confirmed(turn, case, reader)
    else:
        await invite_to_read(turn, case, reader, READY[reader.role])


def may_read(case: Case, reader: Person) -> bool:
    """Whether this party is here, and is who the coach had in mind."""
    return access.may(reader, Action.READ_VIEW, subject(case))


async def ask_if_done(turn: Turn, case: Case) -> None:
    """Somebody left may have nothing to read any more: then the version counts from now on."""
    if case.offered is not None and case.next_party() is None:
        await _counts_now(turn, case)


async def wait(turn: Turn, handover_id: int, reader: Person) -> None:
    """From now on we wait for this reader; every sign of theirs begins the waiting anew."""
    await timers.stale_for(turn.tx, timers.OF_A_HANDOVER, handover_id)
    await timers.want(turn.tx, reader.id, "unread", handover_id, REMINDER, turn.now + REMIND_AFTER)


async def invite_to_read(turn: Turn, case: Case, reader: Person, neutral: str) -> None:
    """A line that tells nothing of it on a lock screen; what is then shown is as it is at the time of the tap."""
    text = turn.say(reader, neutral, **({"coach": coach_name(turn, reader, case)} if "{coach}" in neutral else {}))
    rows = await turn.buttons(reader, [[Wanted(turn.say(reader, "Lezen"), READ_VIEW, case.placement.id)]])
    await turn.send(reader, Outgoing("send", text, rows))


async def _not_joined(turn: Turn, case: Case, reader: Person) -> None:
    if case.coach is None:
        return
    text = turn.say(
        case.coach,
        "De afspraken van {name} liggen klaar voor {party}. {party} is nog niet aangemeld. "
        "Na het aanmelden begint het lezen vanzelf.",
        name=case.participant.name,
        party=reader.name,
    )
    await tell_coach(turn, case, text)


async def _not_confirmed(turn: Turn, case: Case, reader: Person) -> None:
    """Somebody used the code, and the coach did not say yet whether it is the right person."""
    if case.coach is None:
        return
    text = turn.say(
        case.coach,
        "De afspraken van {name} liggen klaar voor {party}. Zeg eerst of de goede persoon de code gebruikte.",
        name=case.participant.name,
        party=reader.name,
    )
    here, chat = case.placement.id, str(reader.chat_id)
    yes = Wanted(turn.say(case.coach, "Ja, dat klopt"), "is_employer", here, key=chat)
    no = Wanted(turn.say(case.coach, "Dat is niet {name}", name=reader.name), "not_employer", here, key=chat)
    await tell_coach(turn, case, text, [[yes], [no]])


async def tell_coach(turn: Turn, case: Case, text: str, buttons: list[list[Wanted]] | None = None) -> None:
    """News about a placement, behind a neutral line when the coach is not looking."""
    if case.coach is None:
        return
    rows = await turn.buttons(case.coach, buttons or [])
    neutral = turn.say(case.coach, "Er is nieuws over een deelnemer.")
    await veil.send(turn, case.coach, Outgoing("send", text, rows), neutral, About("placement", case.placement.id))


async def joined(turn: Turn, who: Person) -> None:
    """Somebody is here now: what waited to be read by them begins."""
    for case in await handovers.cases_of(turn.tx, turn.services.keyring, who):
        if case.next_party() == who.id:
            await ask_next(turn, case)


async def _counts_now(turn: Turn, case: Case) -> None:
    """All who were asked said yes: from now on this version counts, and everybody who was asked hears it."""
    version, employer = case.offered, case.employer
    assert version is not None
    today = turn.services.calendar.local(turn.now).date()
    await handovers.take_effect(turn.tx, turn.services.keyring, case, turn.now, today)
    await timers.stale_for(turn.tx, timers.OF_A_HANDOVER, version.handover.id)
    await contact.replan(turn.tx, turn.services, case.participant.id, turn.now, "new agreement")
    if case.in_force is not None and employer is not None and _lost(case):
        await view.take_back(turn, employer, case.placement.id, before=version.handover.offered_at)
    await _tell_participant(turn, case)
    if employer is not None and version.said_yes(employer.id):
        text = turn.say(
            employer,
            "De afspraken met {name} gelden nu. Typ /afspraken om ze te lezen.",
            name=case.participant.name,
        )
        neutral = turn.say(employer, "Er is nieuws over de afspraken.")
        await veil.send(turn, employer, Outgoing("send", text), neutral)
    if case.coach is not None:
        text = turn.say(case.coach, "De afspraken met {name} gelden nu.", name=case.participant.name)
        await tell_coach(turn, case, text)


def _lost(case: Case) -> bool:
    """Whether the employer saw something in the version before that is not in this one, or not so any more."""
    assert case.in_force is not None
    assert case.offered is not None
    found = handovers.changes(case.in_force.employer_sees(), case.offered.employer_sees())
    return any(one.before is not None for one in found)


async def _tell_participant(turn: Turn, case: Case) -> None:
    who = case.participant
    text = turn.say(who, "Deze afspraken gelden nu.")
    first = await contact.next_at(turn.tx, turn.services, who, turn.now)
    if first is not None:
        day = days.day(turn.services.calendar, first, who.language)
        text += " " + turn.say(who, "Je hoort weer van mij op {day}.", day=day)
    await veil.send(turn, who, Outgoing("send", text), turn.say(who, "Er is nieuws over je afspraken."))
