"""`achterdehand simulate FLOW`: the flow in a terminal, or through a pipe, with the engine that the bot uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from bot.authoring import check, recording
from bot.authoring.play import Given, Play
from bot.authoring.recording import NotKept, Tape
from bot.caseload import numbers
from bot.texts import Texts
from flows.engine.book import Book, Reading
from flows.engine.events import (
    Choice,
    EffectWanted,
    Event,
    FlagRaised,
    HelpWanted,
    MessageLeft,
    MessageSaid,
    QuestionAsked,
    ReplyMisunderstood,
    RunEnded,
)
from flows.engine.inputs import Input, Tapped, Typed
from flows.engine.texts import fill

PERSON = Given(
    {
        "name": "Sam",
        "coach": "Ilse",
        "employer": "de bakkerij",
        "next_moment": "dinsdag 5 januari",
        "participant": "Sam",
        "item": "ziek melden",
        "has_employer": True,
        "gets_questions": True,
        "item.employer_may_see": True,
        "track": "work",
    },
    options={
        "languages": (Choice("nl", "Nederlands"), Choice("en", "English")),
        "rhythms": (Choice("monthly", "Elke maand"), Choice("weekly", "Elke week")),
        "who": (Choice("participant", "De deelnemer"), Choice("coach", "De coach"), Choice("employer", "De werkgever")),
    },
)

LEVELS = {"good": "goed nieuws", "soon": "kan even wachten", "today": "vandaag lezen", "urgent": "nu lezen"}
ENDS = {"done": "klaar", "stopped": "gestopt", "expired": "er kwam geen antwoord", "failed": "er ging iets mis"}

Read = Callable[[], str | None]
"""The next line that somebody typed, without its line end; None when there is no more."""
Out = Callable[[str], None]


def simulate(flow_id: str, folder: Path, read: Read, out: Out, texts: Texts, *, record: str | None = None) -> int:
    """Play one flow until it ends or nobody types any more. Returns 1 when the scripts have problems.

    `record`: the name of a talk test that is made of what was played. There, phone numbers stand by their name.
    """
    reading = Book.load(folder)
    for one in reading.problems:
        out(check.line(one))
    if reading.problems:
        return 1
    if flow_id not in reading.book:
        known = ", ".join(sorted(flow.id for flow in reading.book))
        out(f"Het gesprek '{flow_id}' bestaat niet. Wel: {known}.")
        return 1
    listed = numbers.load(numbers.beside(folder))[0]
    called = listed.values() if listed else {}
    play, tape = Play(reading.book, flow_id, PERSON, texts), Tape()

    def show(events: Iterable[Event]) -> None:
        events = [*events]
        tape.said(events)
        _show(events, lambda shown: out(fill(shown, called.get)))

    show(play.start())
    while not play.ended:
        typed = read()
        if typed is None:
            out("(gestopt: er komt geen antwoord meer)")
            break
        answer = _input(typed, play.question)
        tape.heard(answer, play.question.choices if play.question else ())
        show(play.hand(answer))
    return 0 if record is None else _keep(record, tape, play, reading, texts, out)


def _keep(name: str, tape: Tape, play: Play, reading: Reading, texts: Texts, out: Out) -> int:
    """Keep what was played, if it came to its end."""
    out("")
    if not play.ended:
        out("Niet bewaard: speel het gesprek tot het einde.")
        return 1
    script = next(one.source.file for one in reading.drafts if one.flow and one.flow.id == play.flow_id)
    try:
        file = recording.keep(name, tape, play.given, play.flow_id, Path(script), reading.book, texts)
    except NotKept as problem:
        out(f"Niet bewaard: {problem}")
        return 1
    out(f"Bewaard als oefengesprek '{name}' in {file.name}.")
    return 0


def _input(typed: str, question: QuestionAsked | None) -> Input:
    """A button's number taps it; a number question and everything else get the words."""
    choices = question.choices if question else ()
    if typed.strip().isdecimal() and 1 <= int(typed) <= len(choices):
        return Tapped(choices[int(typed) - 1].key)
    return Typed(typed)


def _show(events: Iterable[Event], out: Out) -> None:
    for event in events:
        for shown in _lines(event):
            out(shown)


def _lines(event: Event) -> list[str]:
    match event:
        case MessageSaid(text=text):
            return ["", text]
        case QuestionAsked():
            return ["", event.text, *_buttons(event)]
        case FlagRaised():
            return [f"  [signaal voor de coach: {event.level} ({LEVELS[event.level]}), {event.topic}: {event.because}]"]
        case EffectWanted():
            told = " ".join([event.name, *event.arguments.values()])
            return [f"  [actie: {told}]"]
        case MessageLeft():
            return [f"  [naar de coach: {event.text or event.ref}]"]
        case ReplyMisunderstood(offer_human=offered):
            return [
                "  [past niet bij de vraag; de coach wordt aangeboden]" if offered else "  [past niet bij de vraag]"
            ]
        case HelpWanted():
            return ["  [uitleg: overslaan, terug, stop]"]
        case RunEnded():
            return [f"  [einde: {ENDS[event.outcome]}]"]
    return []


def _buttons(event: QuestionAsked) -> list[str]:
    ticked = dict.fromkeys(event.ticked, "✓ ")
    shown = [f"  {n}. {ticked.get(each.key, '')}{each.label}" for n, each in enumerate(event.choices, 1)]
    return [*shown, "  (overslaan mag)"] if event.optional else shown
