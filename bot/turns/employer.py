"""What the contact person at a work place does: read what the participant shares, and write to the coach."""

from __future__ import annotations

from datetime import datetime

from bot.caseload import access, handovers
from bot.caseload.access import Action, Subject
from bot.caseload.handovers import Case
from bot.storage import messages, people
from bot.storage.buttons import ButtonRow
from bot.storage.outbox import About
from bot.storage.people import Person
from bot.texts import N_, listed
from bot.turns import alerting, days, veil
from bot.turns.coaching import whose
from bot.turns.handover import agreeing, deciding, making_employer, sharing, view
from bot.turns.inbound import START, Inbound
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted

AGREEMENTS = "/afspraken"
HELP = "/help"
ABOUT = "employer"
"""What a message to a coach is about that an employer's words stand in; a reply to it goes to that employer."""
ABOUT_WHOM = "about_whom"
NOT_KNOWN = N_(
    "Welkom. Hier leest u straks wat er is afgesproken over het werk.\n"
    "De coach kijkt eerst of de goede persoon is aangemeld.\n\n"
    "Ik ben een automatische assistent, geen mens."
)
NOT_YET = N_("De coach kijkt eerst of de goede persoon is aangemeld. Daarna leest u hier de afspraken.")


async def welcome(turn: Turn, who: Person) -> None:
    """The employer's first words from us: without a name until the coach said that the right person joined."""
    if who.state == "active":
        await turn.tell(who, making_employer.WELCOME, name=who.name)
    else:
        await turn.tell(who, NOT_KNOWN)


async def handle(turn: Turn, who: Person, inbound: Inbound) -> str:
    """Deal with one input of an employer that is no tap. Returns what became of it."""
    access.require(who, Action.READ, Subject(who.id))
    if inbound.code or inbound.text in (START, HELP):
        await welcome(turn, who)
        return "welcome"
    if inbound.kind == "text" and inbound.text.strip().casefold() in (AGREEMENTS, AGREEMENTS.removeprefix("/")):
        await show_agreements(turn, who)
        return "agreements"
    if not access.may(who, Action.WRITE, Subject(who.id)):
        await turn.tell(who, NOT_YET)
        return "not confirmed"
    if inbound.kind not in ("text", "edit") or not inbound.text:
        await turn.tell(who, "Ik kan alleen getypte tekst doorsturen. Typt u het, dan krijgt de coach uw bericht.")
        return "not passed on"
    return await _to_coach(turn, who, inbound)


async def show_agreements(turn: Turn, who: Person) -> None:
    """What counts now, for each placement; and what lies ready to be decided."""
    if who.state != "active":
        await turn.tell(who, NOT_YET)
        return
    cases = await handovers.cases_of(turn.tx, turn.services.keyring, who)
    shown = [await _show(turn, who, case) for case in cases]
    if not any(shown):
        await turn.tell(who, "Er zijn nu geen afspraken die u kunt lezen.")


async def _show(turn: Turn, who: Person, case: Case) -> bool:
    access.require(who, Action.READ_VIEW, agreeing.subject(case))
    if case.offered is not None and case.next_party() == who.id:
        await deciding.read(turn, who, case, case.offered)
        return True
    items = case.in_force.employer_sees() if case.in_force else ()
    if not items:
        return False
    blocks = [view.head(turn, who, case), *view.agreed(turn, who, case, items)]
    await view.show(turn, who, case.placement.id, blocks)
    choices = sharing.number_buttons(turn, who, case)
    if choices:
        text = turn.say(who, "U kunt kiezen of {name} het telefoonnummer ziet.", name=case.participant.name)
        await turn.send(who, Outgoing("send", text, await turn.buttons(who, choices)))
    return True


# ---- words between an employer and a coach


async def _to_coach(turn: Turn, who: Person, inbound: Inbound) -> str:
    """Keep the words on the employer's own line, and bring them to the coach whom they are for."""
    cases = [one for one in await handovers.heard_of(turn.tx, turn.services.keyring, who) if one.coach]
    coaches = {one.coach.id for one in cases if one.coach}
    text = turn.say(who, "(aangepast bericht) {text}", text=inbound.text) if inbound.kind == "edit" else inbound.text
    outcome = {0: messages.ACKNOWLEDGED, 1: messages.WITH_COACH}.get(len(coaches), messages.UNADDRESSED)
    message_id = await turn.keep(who, who, text, outcome)
    if not coaches:
        await _nobody_reads(turn, who, None)
    elif len(coaches) == 1:
        await _pass_on(turn, who, cases, text)
    else:
        wanted = [[Wanted(one.participant.name, ABOUT_WHOM, one.placement.id, message_id)] for one in cases]
        question = Outgoing("send", turn.say(who, "Over wie gaat dit bericht?"), await turn.buttons(who, wanted))
        await turn.send(who, question)
    return outcome


async def _pass_on(turn: Turn, who: Person, cases: list[Case], text: str) -> None:
    coach = cases[0].coach
    assert coach is not None
    shown = turn.say(
        coach,
        "{employer}, de werkgever van {names}, schrijft:\n\n{text}\n\n"
        "Antwoord op dit bericht, dan leest {employer} je antwoord. Schrijf niets dat {names} niet wil delen.",
        employer=who.name,
        names=listed([one.participant.name for one in cases], coach.language),
        text=text,
    )
    if not people.can_be_reached(coach):
        at = days.day_and_time(turn.services.calendar, turn.now, coach.language)
        late = turn.say(coach, "Dit kwam toen je niet bereikbaar was ({at}).\n\n{text}", at=at, text=shown)
        await turn.keep(coach, who, late, messages.UNREAD)
        await _nobody_reads(turn, who, coach)
        return
    await _show_words(turn, coach, who.id, shown)
    await turn.tell(who, "{coach} krijgt uw bericht.", coach=coach.name)


async def _show_words(turn: Turn, coach: Person, employer_id: int, shown: str) -> None:
    await whose.let_go(turn, coach)
    neutral = turn.say(coach, "Er is nieuws over een deelnemer.")
    await veil.send(turn, coach, Outgoing("send", shown), neutral, About(ABOUT, employer_id))


async def _nobody_reads(turn: Turn, who: Person, coach: Person | None) -> None:
    """There is no coach whom this reaches: the employer reads who is left, and the admins hear of it."""
    office = turn.services.office or turn.say(who, "Bel de organisatie van de coach")
    await turn.tell(
        who,
        "Dank u wel. Ik heb uw bericht bewaard. Er is nu geen coach die het kan lezen.\nIs er haast? {office}.",
        office=office,
    )
    await alerting.tell_admins(turn, coach, alerting.BY_EMPLOYER)


async def show_unread(turn: Turn, coach: Person) -> None:
    """The coach can be reached again: what employers wrote meanwhile."""
    for one in await messages.unread(turn.tx, await turn.key(coach.id)):
        await messages.forget(turn.tx, one.id)
        await _show_words(turn, coach, one.author_id, one.body)


async def tapped(turn: Turn, who: Person, button: ButtonRow) -> str:
    """Deal with a tap on one of this employer's own buttons that is about no agreement."""
    if button.action != ABOUT_WHOM:
        raise access.Denied(button.action)
    case = await handovers.case(turn.tx, turn.services.keyring, button.about or 0)
    if case is None or case.coach is None:
        raise access.Denied(button.action)
    access.require(who, Action.READ_VIEW, agreeing.subject(case))
    written = await messages.by_id(turn.tx, await turn.key(who.id), button.turn or 0)
    if written is None or written.outcome != messages.UNADDRESSED:
        await turn.tell(who, "Dat bericht is al verstuurd.")
        return "old button"
    await messages.outcome(turn.tx, written.id, messages.WITH_COACH)
    await _pass_on(turn, who, [case], written.body)
    return messages.WITH_COACH


async def answer(turn: Turn, coach: Person, employer_id: int, text: str) -> str:
    """Bring a coach's words to an employer, with the coach's name; a participant never reads them."""
    who = await people.by_id(turn.tx, turn.services.keyring, employer_id)
    cases = [] if who is None else await handovers.heard_of(turn.tx, turn.services.keyring, who)
    between = next((one for one in cases if one.coach and one.coach.id == coach.id), None)
    access.require(coach, Action.REPLY, agreeing.subject(between) if between else Subject(0))
    assert who is not None
    await turn.keep(who, coach, text, messages.DELIVERED)
    neutral = turn.say(who, "U heeft een bericht van {coach}.", coach=coach.name)
    await veil.send(turn, who, Outgoing("send", turn.labelled(who, coach.name, text)), neutral)
    if not people.can_be_reached(who):
        await turn.tell(coach, "{name} is nu niet bereikbaar op Telegram. Bel liever even.", name=who.name)
    else:
        await turn.tell(coach, "Verstuurd aan {name}.", name=who.name)
    return "passed on"


async def reachable(turn: Turn, who: Person, *, now_is: bool) -> None:
    """An employer blocked the assistant, or is back: the coach must know."""
    for case, coach in await _each_coach(turn, who):
        gone = turn.say(coach, "{name} is niet meer bereikbaar op Telegram.", name=who.name)
        back = turn.say(coach, "{name} is weer bereikbaar op Telegram.", name=who.name)
        await agreeing.tell_coach(turn, case, back if now_is else gone)


async def refused(turn: Turn, who: Person, made_at: datetime) -> None:
    """Telegram took no message of that time to this employer: the coach must know."""
    for case, coach in await _each_coach(turn, who):
        text = turn.say(
            coach,
            "Een bericht van {at} aan {name} kwam niet aan. Telegram nam het niet aan. Bel liever even.",
            at=days.day_and_time(turn.services.calendar, made_at, coach.language),
            name=who.name,
        )
        await agreeing.tell_coach(turn, case, text)


async def _each_coach(turn: Turn, who: Person) -> list[tuple[Case, Person]]:
    """The coaches of this employer's placements, each once, with a case of theirs."""
    cases = await handovers.cases_of(turn.tx, turn.services.keyring, who)
    return [*{case.coach.id: (case, case.coach) for case in cases if case.coach}.values()]


async def old_button(turn: Turn, who: Person) -> None:
    await turn.tell(who, "Die knop werkt niet meer. Typ /afspraken om de afspraken te lezen.")
