"""How it stands with one placement, for its coach: what needs a decision first, then what comes, was and was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.caseload import sickness, terms
from bot.caseload.handovers import Case
from bot.storage import moments, tasks
from bot.storage.moments import Moment
from bot.storage.people import Person
from bot.storage.tasks import Task
from bot.turns import days
from bot.turns.following import ladder, referring
from bot.turns.handover import making_view
from bot.turns.seeing import reason_words
from bot.turns.seeing.planning_view import kind_title
from bot.turns.turn import Turn, Wanted

LINES = 6
"""So many of each kind are shown: one message on a phone."""
MISSED_LATELY = timedelta(days=31)
"""A contact that was missed before is no news any more; it still stands in the list."""


async def _sick(turn: Turn, coach: Person, who: Person) -> list[str]:
    """Since when somebody is ill, or from when on back at work. Never what it is."""
    spell = sickness.newest(await sickness.of(turn.tx, turn.services, who.id))
    today = turn.services.calendar.local(turn.now).date()
    if spell is None or spell.ended or (spell.back is not None and spell.back <= today):
        return []
    if spell.better is None:
        found = [turn.say(coach, "Ziek sinds {day}.", day=days.with_year(spell.first, coach.language))]
        if spell.expected is not None:
            found.append(turn.say(coach, "Denkt zelf aan {number} dagen.", number=spell.expected))
        if spell.reported is False:
            found.append(turn.say(coach, "Het werk weet het nog niet."))
        return found
    if spell.back is None:
        return []
    day = days.with_year(spell.back, coach.language)
    return [turn.say(coach, "Beter gemeld. Begint weer op {day}.", day=day)]


async def show(turn: Turn, coach: Person, case: Case, message: int | None) -> None:
    """One message, with the way back to the placement and to what is open."""
    here = case.placement.id
    rows = [one for one in await moments.for_person(turn.tx, case.participant.id) if one.placement_id in (None, here)]
    to_do = [
        one
        for one in await tasks.of_participant(turn.tx, case.participant.id)
        if one.state == "open" and one.placement_id in (None, here)
    ]
    name = case.participant.name
    place = making_view.place_name(turn, coach, case.placement)
    head = turn.say(coach, "{name}, {place}", name=name, place=place)
    decide = _to_decide(turn, coach, case, rows, to_do)
    blocks = [
        head,
        _block(turn.say(coach, "Dit vraagt iets van jou:"), decide)
        if decide
        else turn.say(coach, "Er is nu niets dat een besluit vraagt."),
        _block(turn.say(coach, "Gepland:"), _planned(turn, coach, rows)),
        _block(turn.say(coach, "Geweest:"), _past(turn, coach, rows)),
        _block(turn.say(coach, "Ritme:"), [*await _sick(turn, coach, case.participant), *_rhythm(turn, coach, case)]),
        _block(turn.say(coach, "Andere hulp:"), await referring.lines(turn, coach, case.participant.id)),
        _block(turn.say(coach, "Op de ladder:"), await ladder.lines(turn, coach, case.participant)),
        _block(turn.say(coach, "Afgesproken:"), _agreed(turn, coach, case)),
    ]
    wanted = [[Wanted(kind_title(turn, coach, one.kind), "task", one.id)] for one in to_do[:LINES]]
    wanted.append([Wanted(turn.say(coach, "Terug"), "placement", here)])
    text = "\n\n".join(block for block in blocks if block)
    await making_view.show(turn, coach, here, text, wanted, message)


def _block(head: str, lines: Sequence[str]) -> str:
    return "\n".join([head, *(f"• {line}" for line in lines)]) if lines else ""


def _day(turn: Turn, coach: Person, at: datetime) -> str:
    return days.day(turn.services.calendar, at, coach.language)


def _to_decide(turn: Turn, coach: Person, case: Case, rows: Sequence[Moment], to_do: Sequence[Task]) -> list[str]:
    """What does not go on by itself, the person first and then the contacts."""
    who, found = case.participant, []
    if who.chat_id is None:
        found.append(turn.say(coach, "{name} is nog niet aangemeld.", name=who.name))
    elif not who.reachable:
        found.append(turn.say(coach, "{name} is niet bereikbaar op Telegram.", name=who.name))
    if who.silences:
        asked = turn.count(
            coach,
            "Op de laatste vraag kwam geen antwoord.",
            "Op de laatste {n} vragen kwam geen antwoord.",
            who.silences,
        )
        found.append(asked)
    found += _unread(turn, coach, case)
    for one in to_do[:LINES]:
        day, title = _day(turn, coach, one.due_at), kind_title(turn, coach, one.kind)
        found.append(turn.say(coach, "Te doen sinds {day}: {title}.", day=day, title=title))
    found += [_held(turn, coach, one) for one in rows if one.state == "held"][:LINES]
    lately = [one for one in rows if one.outcome == "missed" and turn.now - one.due_at <= MISSED_LATELY]
    return found + [_missed(turn, coach, one) for one in lately[-LINES:]]


def _unread(turn: Turn, coach: Person, case: Case) -> list[str]:
    """Agreements that lie with somebody, or that are not offered yet."""
    making = case.in_making
    if making is None:
        return []
    reader = case.person(case.next_party() or 0)
    if reader is not None and making.handover.offered_at is not None:
        day = _day(turn, coach, making.handover.offered_at)
        return [turn.say(coach, "De afspraken van {day} liggen bij {name} om te lezen.", day=day, name=reader.name)]
    if making.handover.state == "draft" and making.agreements:
        return [turn.say(coach, "Er is een concept dat nog niemand leest.")]
    return []


def _missed(turn: Turn, coach: Person, one: Moment) -> str:
    title, why = kind_title(turn, coach, one.kind), reason_words.why(turn, coach, one)
    day = _day(turn, coach, one.due_at)
    if not why:
        return turn.say(coach, "Niet gelukt op {day}: {title}.", day=day, title=title)
    return turn.say(coach, "Niet gelukt op {day}: {title} ({why}).", day=day, title=title, why=why)


def _held(turn: Turn, coach: Person, one: Moment) -> str:
    title, why = kind_title(turn, coach, one.kind), reason_words.why(turn, coach, one)
    if not why:
        return turn.say(coach, "Wacht nog: {title}.", title=title)
    return turn.say(coach, "Wacht nog: {title} ({why}).", title=title, why=why)


def _planned(turn: Turn, coach: Person, rows: Sequence[Moment]) -> list[str]:
    ahead = [one for one in rows if one.state == "planned"][:LINES]
    lines = []
    for one in ahead:
        does = turn.say(coach, "de assistent") if one.done_by == "bot" else turn.say(coach, "jij")
        day, title = _day(turn, coach, one.due_at), kind_title(turn, coach, one.kind)
        lines.append(turn.say(coach, "{day}: {title} ({who})", day=day, title=title, who=does))
    return lines


def _past(turn: Turn, coach: Person, rows: Sequence[Moment]) -> list[str]:
    """The last contacts. One that was cancelled before its day came never was, and is left out."""
    was = [one for one in rows if one.state == "done" and one.due_at <= turn.now][-LINES:]
    lines = []
    for one in was:
        day, title, fate = _day(turn, coach, one.due_at), kind_title(turn, coach, one.kind), reason_words.fate
        lines.append(turn.say(coach, "{day}: {title}, {fate}", day=day, title=title, fate=fate(turn, coach, one)))
    return lines


def _rhythm(turn: Turn, coach: Person, case: Case) -> list[str]:
    """What differs from the usual: no questions, a pause, longer intervals."""
    who, today = case.participant, turn.services.calendar.local(turn.now).date()
    states = {
        "declined": turn.say(coach, "{name} doet niet mee.", name=who.name),
        "backup": turn.say(coach, "{name} wil geen vragen van de assistent.", name=who.name),
        "stopped": turn.say(coach, "{name} wil geen gepland contact.", name=who.name),
        "closed": turn.say(coach, "De nazorg is afgesloten."),
    }
    found = [states[who.state]] if who.state in states else []
    if terms.paused(who, today) and who.paused_until is not None:
        day = days.with_year(who.paused_until, coach.language)
        found.append(turn.say(coach, "Pauze tot en met {day}.", day=day))
    if who.stretch > 1:
        found.append(
            turn.count(
                coach,
                "De tijd tussen de vragen is {n} keer zo lang, omdat het goed gaat.",
                "De tijd tussen de vragen is {n} keer zo lang, omdat het goed gaat.",
                who.stretch,
            )
        )
    return found


def _agreed(turn: Turn, coach: Person, case: Case) -> list[str]:
    """Who said yes to the version that counts, and since when it does."""
    version = case.in_force
    if version is None or version.handover.in_force_at is None:
        return []
    found = [turn.say(coach, "Geldt sinds {day}.", day=_day(turn, coach, version.handover.in_force_at))]
    for party in (case.participant, case.employer):
        if party is not None and version.said_yes(party.id):
            day = _day(turn, coach, version.accepted[party.id].at)
            found.append(turn.say(coach, "{name} zei ja op {day}.", name=party.name, day=day))
    return found
