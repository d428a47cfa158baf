"""When a participant hears from us, why, until when, and who agreed to that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from bot.caseload import care, contact, handovers, sickness, terms
from bot.caseload.handovers import Case, Version
from bot.caseload.terms import Basis
from bot.storage import moments, tasks
from bot.storage.handovers import Agreement
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.turns import days
from bot.turns.handover import view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn

NEXT = 6
"""So many contacts ahead are shown: a small phone, and enough to see the rhythm."""


async def show(turn: Turn, who: Person, coach: Person | None) -> None:
    """The next contacts, what they are, who does them, who agreed to that, and until when it goes on."""
    ahead = await _ahead(turn, who)
    blocks = ["\n".join([turn.say(who, "Dit is er gepland:"), *_contacts(turn, who, coach, ahead)])] if ahead else []
    if not ahead:
        blocks.append(turn.say(who, "Er is nu geen contact gepland."))
    blocks += await _to_do(turn, who, coach)
    blocks += _standing(turn, who, coach)
    spell = sickness.newest(await sickness.of(turn.tx, turn.services, who.id))
    if sickness.is_sick(spell) and who.state == "active" and turn.services.handbook.rhythms.sick is not None:
        blocks.append(turn.say(who, "Je bent ziek. Zolang komen de gewone vragen niet."))
    rests_on = await terms.bases(turn.tx, turn.services, who) if who.state in terms.IN_CARE else ()
    cases = {case.placement.id: case for case in await handovers.cases_of(turn.tx, turn.services.keyring, who)}
    for basis in rests_on:
        blocks.append(_why(turn, who, cases[basis.placement.id], basis))
    if not rests_on and who.state == "active":
        blocks.append(turn.say(who, "Dit is het gewone ritme. Het is nog niet samen afgesproken."))
    until = await care.backup_until(turn.tx, turn.services, who, turn.now)
    blocks += _behind(turn, who, coach, until) if rests_on or who.open_until else []
    for text in view.messages(blocks):
        await turn.send(who, Outgoing("send", text))


async def _ahead(turn: Turn, who: Person) -> list[Moment]:
    """What is still to come, soonest first."""
    rows = [row for row in await moments.for_person(turn.tx, who.id) if row.state != "done"]
    return rows[:NEXT]


def _contacts(turn: Turn, who: Person, coach: Person | None, ahead: Iterable[Moment]) -> list[str]:
    lines = []
    for row in ahead:
        day = days.day(turn.services.calendar, max(row.due_at, turn.now), who.language)
        does = turn.say(who, "de assistent") if row.done_by == "bot" else _name(turn, who, coach)
        title = kind_title(turn, who, row.kind)
        lines.append("• " + turn.say(who, "{day}: {title} ({who})", day=day, title=title, who=does))
    return lines


def kind_title(turn: Turn, reader: Person, kind: str) -> str:
    """What a kind of contact is called; one that an admin took out of the handbook since is just contact."""
    known = turn.services.handbook.rhythms.kinds.get(kind)
    if known is not None:
        return turn.services.texts.script(reader.language)(known.title)
    if kind == contact.GOODBYE:
        return turn.say(reader, "Afscheid")
    return turn.say(reader, "Contact")


def _name(turn: Turn, who: Person, coach: Person | None) -> str:
    return coach.name if coach else turn.say(who, "je coach")


async def _to_do(turn: Turn, who: Person, coach: Person | None) -> list[str]:
    """What the coach is about to do: its day has come, and it is not done yet."""
    still = [one for one in await tasks.of_participant(turn.tx, who.id) if one.state == "open"]
    if not still:
        return []
    lines = [f"• {kind_title(turn, who, one.kind)}" for one in still]
    return ["\n".join([turn.say(who, "Dit doet {coach} binnenkort:", coach=_name(turn, who, coach)), *lines])]


def _standing(turn: Turn, who: Person, coach: Person | None) -> list[str]:
    """What stands in the way of the usual rhythm."""
    today, name = turn.services.calendar.local(turn.now).date(), _name(turn, who, coach)
    match who.state:
        case "backup":
            return [turn.say(who, "De assistent vraagt niets. Je kunt {coach} altijd schrijven.", coach=name)]
        case "stopped" | "declined":
            return [turn.say(who, "Je wilt geen contact dat gepland is. {coach} schrijven kan altijd.", coach=name)]
        case "closed":
            return [turn.say(who, "De nazorg is afgesloten.")]
    found = []
    if terms.paused(who, today) and who.paused_until is not None:
        day = days.with_year(who.paused_until, who.language)
        found.append(turn.say(who, "Je hebt pauze tot en met {day}.", day=day))
    if who.stretch > 1:
        found.append(
            turn.count(
                who,
                "De tijd tussen de vragen is nu {n} keer zo lang. Het ging goed.",
                "De tijd tussen de vragen is nu {n} keer zo lang. Het ging goed.",
                who.stretch,
            )
        )
    return found


def _why(turn: Turn, who: Person, case: Case, basis: Basis) -> str:
    """The rhythm of one placement: what it is, who said yes to it and when, and its last day."""
    preset = turn.services.handbook.rhythms.presets.get(basis.agreed.rhythm)
    heading = turn.say(who, "Over het contact.")
    if case.placement.company:
        heading = turn.say(who, "Over het contact rond {company}.", company=case.placement.company)
    lines = [heading]
    if preset is not None:
        title = turn.services.texts.script(who.language)(preset.title)
        lines.append(turn.say(who, "Het ritme: {title}.", title=title))
    if case.in_force is None or not _speaks_of_contact(turn, case.in_force.agreements):
        lines.append(turn.say(who, "Dit is het gewone ritme. Het is nog niet samen afgesproken."))
    else:
        lines.append(turn.say(who, "Dit is afgesproken door:"))
        lines += [f"• {one}" for one in _agreed_by(turn, who, case, case.in_force)]
    last = days.with_year(terms.last_day(turn.services, basis), who.language)
    lines.append(turn.say(who, "Het duurt tot en met {day}.", day=last))
    return "\n".join(lines)


def _agreed_by(turn: Turn, who: Person, case: Case, version: Version) -> list[str]:
    """Who said yes, with the day. The contact person only if this rhythm was among what that one read."""
    found = (
        [_said_yes(turn, who, turn.say(who, "jij"), version.accepted[who.id].at)] if version.said_yes(who.id) else []
    )
    if case.coach is not None and version.handover.offered_at is not None:
        found.append(_said_yes(turn, who, case.coach.name, version.handover.offered_at))
    employer = case.employer
    if employer is not None and version.said_yes(employer.id) and _read_rhythm(turn, version):
        found.append(_said_yes(turn, who, employer.name, version.accepted[employer.id].at))
    return found


def _read_rhythm(turn: Turn, version: Version) -> bool:
    return _speaks_of_contact(turn, version.employer_sees())


def _speaks_of_contact(turn: Turn, agreements: Iterable[Agreement]) -> bool:
    """Whether the rhythm is among these: a handover may leave it as it is."""
    kinds = {item.key: item.kind for item in turn.services.handbook.checklist.items}
    return any(kinds.get(one.item) == "contact" for one in agreements)


def _said_yes(turn: Turn, who: Person, name: str, at: datetime) -> str:
    return turn.say(who, "{name}, op {day}", name=name, day=days.day(turn.services.calendar, at, who.language))


def _behind(turn: Turn, who: Person, coach: Person | None, until: date) -> list[str]:
    day = days.with_year(until, who.language)
    return [turn.say(who, "Daarna kun je {coach} nog schrijven tot {day}.", coach=_name(turn, who, coach), day=day)]
