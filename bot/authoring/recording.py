"""What somebody plays in the simulator, kept as a talk test that comes out the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.authoring import branches
from bot.authoring.play import Given
from bot.authoring.talk_runner import play_talk
from bot.authoring.talks import read_talks, talks_file
from bot.texts import SOURCE, Texts
from flows.engine.book import Book
from flows.engine.checks import look
from flows.engine.events import (
    Choice,
    EffectWanted,
    Event,
    FlagRaised,
    MessageLeft,
    MessageSaid,
    QuestionAsked,
    RunEnded,
)
from flows.engine.facts import FACTS
from flows.engine.inputs import Input, Tapped, Typed
from flows.engine.source import read_source, write_source


@dataclass(slots=True)
class Tape:
    """The lines of a talk, as they happen."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def heard(self, given: Input, choices: Iterable[Choice]) -> None:
        """What the person did; `choices` are the buttons of the open question."""
        match given:
            case Tapped(key):
                self.lines.append({"tap": next(one.label for one in choices if one.key == key)})
            case Typed(text):
                self.lines.append({"type": text})

    def said(self, events: Iterable[Event]) -> None:
        """What came of it."""
        self.lines += [line for event in events if (line := _line(event))]


def _line(event: Event) -> dict[str, Any] | None:
    match event:
        case MessageSaid(text=text) | QuestionAsked(text=text):
            return {"bot": " ".join(text.split())}
        case FlagRaised():
            return {"flag": {"level": event.level, "topic": event.topic, "because": event.because}}
        case EffectWanted(arguments=arguments):
            return {"effect": {event.name: dict(arguments)} if arguments else event.name}
        case MessageLeft():
            return {"left": event.text or event.ref or ""}
        case RunEnded():
            return {"end": event.outcome}
    return None


WIDTH = 120
"""Characters of a line in a file of talk tests."""
_ALWAYS = ("name", "coach")
"""Told in every talk: who reads it likes to know."""


class NotKept(Exception):
    """The talk cannot be kept; the message is Dutch, for the author."""


def keep(name: str, tape: Tape, given: Given, flow_id: str, file: Path, book: Book, texts: Texts) -> Path:
    """Add the talk to the talk tests of the script in `file`, and return where. Raises NotKept."""
    flow, to = book.latest(flow_id), talks_file(file)
    before = to.read_text("utf-8-sig") if to.exists() else ""
    if any(str(talk.get("talk")) == name for talk in read_source(before, str(to)).data or () if isinstance(talk, dict)):
        raise NotKept(f"Er is al een oefengesprek '{name}' in {to.name}. Kies een andere naam.")
    written = write_source([_talk(name, tape, given, flow_id, book)], WIDTH)
    talks, wrong = read_talks(written, to.name, flow)
    failed = [one.message for one in wrong]
    failed += [one.message for talk in talks if (one := play_talk(branches.marked(book), flow, talk, texts).problem)]
    if failed:
        raise NotKept(f"Dit gesprek kan geen oefengesprek zijn. {failed[0]}")
    parted = before + ("\n" if before and not before.endswith("\n") else "") + ("\n" if before else "")
    to.write_text(parted + _indented(written), "utf-8")
    return to


def _talk(name: str, tape: Tape, given: Given, flow_id: str, book: Book) -> dict[str, Any]:
    """The talk as data, with only those facts about the person that its scripts name."""
    sources = "".join(book.latest(one).source for one in _within(book, flow_id))
    known: dict[str, Any] = {key: value for key, value in given.values.items() if _is_named(key, sources)}
    known |= {key: {one.key: one.label for one in lists} for key, lists in given.options.items() if key in sources}
    if given.language != SOURCE:
        known["language"] = given.language
    return {"talk": name, "given": known, "lines": tape.lines}


def _is_named(key: str, sources: str) -> bool:
    return key in _ALWAYS or f"{{{key}}}" in sources or (key in FACTS and key in sources)


def _within(book: Book, flow_id: str) -> set[str]:
    """The flow and all that it runs, with what those run."""
    calls = {flow.id: [step.run for step in flow.steps.values() if step.run] for flow in book}
    return {flow_id, *look.reached(calls, [flow_id])}


def _indented(written: str) -> str:
    """YAML as our other talk tests have it: what is in a list stands two places to the right."""
    lines, inside = [], False
    for line in written.splitlines():
        if line.startswith("  lines:"):
            inside = True
        lines.append(f"  {line}" if inside and line.startswith("  ") and not line.startswith("  lines:") else line)
    return "\n".join(lines) + "\n"
