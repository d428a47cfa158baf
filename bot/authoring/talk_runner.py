"""Playing a talk test: people do what the lines say, and the engine must answer just that, no less and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.authoring import branches
from bot.authoring.branches import Branch
from bot.authoring.catalogue import problem
from bot.authoring.play import Play
from bot.authoring.talks import INPUTS, Line, Talk
from bot.texts import Texts
from flows.engine.book import Book
from flows.engine.events import (
    EffectWanted,
    Event,
    FlagRaised,
    MessageLeft,
    MessageSaid,
    QuestionAsked,
    RunEnded,
)
from flows.engine.flow import Flow
from flows.engine.inputs import Input, Pressed, Sent, Tapped, Typed
from flows.engine.matching import tidy
from flows.engine.problems import Place, Problem
from flows.engine.replies import WORDS

CUT = ("…", "...")
"""A bot line that ends in this tells only the beginning."""


class _Differs(Exception):
    """The talk went otherwise than written; the message is Dutch, for the author."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one talk: the branches it walked, and where it went wrong."""

    walked: frozenset[Branch]
    problem: Problem | None = None


def play_talk(book: Book, flow: Flow, talk: Talk, texts: Texts) -> Outcome:
    """Play one talk of `flow`; `book` is a marked book (`branches.marked`)."""
    session = _Session(Play(book, flow.id, talk.given, texts), flow.id)
    place = talk.place
    try:
        session.take(session.play.start())
        for line in talk.lines:
            place = line.place
            session.line(line)
        session.nothing_left()
    except _Differs as difference:
        return Outcome(frozenset(session.walked), _failed(talk, place, str(difference)))
    return Outcome(frozenset(session.walked))


def _failed(talk: Talk, place: Place, found: str) -> Problem:
    return problem("talk-fails", place, talk=talk.name, found=found)


@dataclass(slots=True)
class _Session:
    """What happened and is not yet told by a line."""

    play: Play
    flow_id: str
    pending: list[Event] = field(default_factory=list)
    walked: set[Branch] = field(default_factory=set)

    def take(self, events: Iterable[Event]) -> None:
        for event in events:
            self.walked.update(branches.walked([event], self.flow_id))
            if _kind(event) and not branches.is_mark(event):
                self.pending.append(event)

    def line(self, line: Line) -> None:
        if line.kind not in INPUTS:
            self._expect(line)
            return
        self.nothing_left()
        self.take(self.play.wait(line.value) if line.kind == "wait" else self.play.hand(self._input(line)))

    def nothing_left(self) -> None:
        """Everything that happened must stand in the talk."""
        if self.pending:
            raise _Differs(f"er gebeurt ook nog iets: {_told(self.pending[0])}")

    def _input(self, line: Line) -> Input:
        match line.kind:
            case "type":
                return Typed(line.value)
            case "send":
                return Sent(line.value, f"{line.value} from the talk")
        return self._button(line.value)

    def _button(self, label: str) -> Input:
        choices = self.play.question.choices if self.play.question else ()
        for choice in choices:
            if choice.label == label:
                return Tapped(choice.key)
        if word := WORDS.get(tidy(label)):
            return Pressed(word)
        shown = ", ".join(choice.label for choice in choices) or "geen"
        raise _Differs(f"er is geen knop '{label}'. De knoppen zijn: {shown}.")

    def _expect(self, line: Line) -> None:
        same = [event for event in self.pending if _kind(event) == line.kind]
        if not same:
            first = f" Wel: {_told(self.pending[0])}" if self.pending else ""
            raise _Differs(f"er komt geen '{line.kind}'.{first} Verwacht: {_wanted(line)}.")
        candidates = same[:1] if line.kind == "bot" else same
        for event in candidates:
            if _fits(line, event):
                self.pending.remove(event)
                return
        raise _Differs(f"{_told(same[0])}. Verwacht: {_wanted(line)}.")


def _wanted(line: Line) -> str:
    """What the talk has here, as its author wrote it."""
    if isinstance(line.value, Mapping):
        return ", ".join(f"{key}: {value}" for key, value in line.value.items())
    return f"'{' '.join(str(line.value).split())}'"


def _kind(event: Event) -> str | None:
    """The kind of line that tells this event; None: no line does."""
    match event:
        case MessageSaid() | QuestionAsked():
            return "bot"
        case FlagRaised():
            return "flag"
        case EffectWanted():
            return "effect"
        case MessageLeft():
            return "left"
        case RunEnded():
            return "end"
    return None


def _fits(line: Line, event: Event) -> bool:
    match event:
        case MessageSaid(text=text) | QuestionAsked(text=text):
            return _same_text(line.value, text)
        case FlagRaised():
            return all(getattr(event, key) == str(value) for key, value in line.value.items())
        case EffectWanted():
            wanted = {key: str(value) for key, value in line.value.get(event.name, {}).items()}
            return event.name in line.value and wanted.items() <= dict(event.arguments).items()
        case MessageLeft():
            return _same_text(line.value, event.text or event.ref or "")
        case RunEnded():
            return bool(line.value == event.outcome)
    return False


def _same_text(written: str, said: str) -> bool:
    """Line breaks and double spaces do not count."""
    wanted, found = " ".join(written.split()), " ".join(said.split())
    return found.startswith(wanted.rstrip("….").rstrip()) if wanted.endswith(CUT) else found == wanted


def _told(event: Event) -> str:
    match event:
        case MessageSaid(text=text) | QuestionAsked(text=text):
            return f"de assistent zegt '{' '.join(text.split())}'"
        case FlagRaised():
            return f"een signaal, level {event.level}, topic {event.topic}: {event.because}"
        case EffectWanted():
            return f"de actie {event.name} {dict(event.arguments) or ''}".rstrip()
        case MessageLeft():
            return f"naar de coach gaat '{event.text or event.ref}'"
        case RunEnded():
            return f"het gesprek eindigt: {event.outcome}"
    raise AssertionError(event)
