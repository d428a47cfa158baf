"""What a script does to somebody's care: to take part, to stop, to pause, to be forgotten. The coach hears of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.caseload import access, care
from bot.caseload.access import Action, Subject
from bot.storage import erase, people, placements
from bot.storage.buttons import ButtonRow
from bot.storage.people import Person
from bot.storage.placements import Placement
from bot.texts import N_
from bot.turns import days, veil
from bot.turns.handover import making_employer, view
from bot.turns.outgoing import Outgoing
from bot.turns.turn import Turn, Wanted
from flows.engine.events import EffectWanted, Event

if TYPE_CHECKING:
    from bot.turns.effects import Walk

ENDED = "job_ended"
"""The effect, and the button by which a coach says which of two jobs it was."""

TOLD = {
    "take_part": N_("{name} doet mee. De eerste vragen zijn gepland."),
    "decline": N_("{name} doet niet mee. Er komen geen vragen."),
    "stop_contact": N_(
        "{name} wil geen contact meer dat gepland is. Er komen geen vragen, en jouw taken zijn vervallen. "
        "Wat {name} schrijft, krijg jij."
    ),
    "only_backup": N_(
        "{name} wil geen vragen meer van de assistent. Jouw eigen afspraken gaan door. Wat {name} schrijft, krijg jij."
    ),
    "pause_contact": N_("{name} heeft pauze. De assistent vraagt weer iets vanaf {day}. Jouw afspraken gaan door."),
    "resume_contact": N_("{name} wil weer vragen. De pauze is voorbij."),
    "contact_less": N_("{name} krijgt minder vaak vragen, omdat het goed gaat."),
    "contact_as_before": N_("{name} krijgt de vragen weer zo vaak als eerst."),
}
"""What the coach hears of each."""


async def _change(turn: Turn, walk: Walk, effect: str, given: dict[str, str]) -> None:
    before = await people.by_id(turn.tx, turn.services.keyring, walk.person.id)
    assert before is not None
    after = await care.change(turn.tx, turn.services, before, effect, given, turn.now)
    if walk.coach is None or (before == after and effect != "take_part"):
        return
    if effect in ("resume_contact", "contact_as_before") and after.state != "active":
        return  # nothing comes of it: there are no questions
    values = {"name": before.name}
    if after.paused_until is not None and effect == "pause_contact":
        values["day"] = days.with_year(after.paused_until + care.ONE_DAY, walk.coach.language)
    await veil.news(turn, walk.coach, before, turn.say(walk.coach, TOLD[effect], **values))


def _changing(effect: str) -> Handler:
    async def handler(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
        await _change(turn, walk, effect, given)

    return handler


async def _job_ended(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    """One job, or none that was written down: it is over. Which of two it was only a person can say."""
    theirs = await care.jobs(turn.tx, turn.services, walk.person.id)
    if len(theirs) < 2:
        await _end_job(turn, walk.person, walk.coach, theirs[0] if theirs else None)
    elif walk.coach is not None:
        await _ask_which(turn, walk.person, walk.coach, theirs)


async def _end_job(turn: Turn, who: Person, coach: Person | None, job: Placement | None) -> None:
    await care.end_job(turn.tx, turn.services, who, job, turn.now)
    if job is not None and job.employer_id is not None:
        employer = await people.by_id(turn.tx, turn.services.keyring, job.employer_id)
        assert employer is not None
        await view.take_back(turn, employer, job.id)
    if coach is None:
        return
    text = turn.say(
        coach,
        "Het werk van {name} is gestopt. De vragen over dit werk komen niet meer. De werkgever hoort niets van mij. "
        "De nazorg gaat door.",
        name=who.name,
    )
    await veil.news(turn, coach, who, text)


async def _ask_which(turn: Turn, who: Person, coach: Person, theirs: list[Placement]) -> None:
    """Everything goes on until the coach has said it: a job too many is better than one forgotten."""
    text = turn.say(coach, "{name} schrijft dat het werk stopt. Welke plek is het?", name=who.name)
    labels = [one.company or turn.say(coach, "Plek {number}", number=n) for n, one in enumerate(theirs, 1)]
    wanted = [[Wanted(label, ENDED, one.id)] for label, one in zip(labels, theirs, strict=True)]
    await veil.news(turn, coach, who, text, await turn.buttons(coach, wanted))


async def which_job(turn: Turn, coach: Person, button: ButtonRow) -> str:
    """The coach says which job ended."""
    job = await placements.by_id(turn.tx, turn.services.keyring, button.about or 0)
    if job is None:
        raise access.Denied(button.action)
    own = await people.coach_of(turn.tx, turn.services.keyring, job.participant_id)
    access.require(coach, Action.DO_TASK, Subject(job.participant_id, own.id if own else None))
    who = await people.by_id(turn.tx, turn.services.keyring, job.participant_id)
    assert who is not None
    if job.state == "ended":
        await turn.tell(coach, "Dat was al afgerond.")
        return "old button"
    await _end_job(turn, who, coach, job)
    return "job ended"


async def _forget_me(turn: Turn, walk: Walk, given: dict[str, str]) -> None:
    """Everything about this person goes, in this turn. What is left to say is said to a stranger."""
    who = walk.person
    assert who.chat_id is not None
    if walk.coach:
        text = turn.say(walk.coach, "{name} vroeg om vergeten te worden. Alles is gewist.", name=who.name)
        # About nobody: it is all that stays, until it is purged, so that the coach knows whom not to look for.
        neutral = turn.say(walk.coach, "Er is nieuws over een deelnemer.")
        await veil.send(turn, walk.coach, Outgoing("send", text), neutral)
    await making_employer.forget(turn, who.id)
    await erase.participant(turn.tx, turn.services.keyring, who.id)
    turn.forgotten = True
    goodbye = turn.say(
        who,
        "Alles over jou is gewist. In reservekopieën is het na 30 dagen weg.\n"
        "Het gesprek op je telefoon wis je zelf in Telegram.\n"
        "Wil je later toch weer hulp? Vraag je coach dan om een uitnodiging.\n\n"
        "Is er gevaar? Bel 112. Denk je aan zelfdoding? Bel 113.",
    )
    await turn.send_stranger(who.chat_id, Outgoing("send", goodbye))


Handler = Callable[[Turn, "Walk", dict[str, str]], Awaitable[None]]

EFFECTS: dict[str, Handler] = {
    **{effect: _changing(effect) for effect in care.WHY},
    ENDED: _job_ended,
    "forget_me": _forget_me,
}


def foreseen(turn: Turn, who: Person, events: tuple[Event, ...]) -> Person:
    """The person as they will be when these events are written: what a script's last words are about."""
    for one in events:
        if isinstance(one, EffectWanted) and one.name in care.WHY:
            who = replace(who, **care.changes(who, one.name, one.arguments, turn.services, turn.now))
    return who
