"""Every sentence of the scripts and the handbook that a person reads, with its place. Flags stay Dutch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from flows.engine.book import SCRIPTS, TALKS
from flows.engine.facts import NUMBER_UNKNOWN, PLACEHOLDERS
from flows.engine.model import Step
from flows.engine.problems import Place
from flows.engine.reader import Draft, read_draft
from flows.engine.replies import WORDS
from flows.engine.source import Path as Steps
from flows.engine.source import read_source

_FACTS = Place("flows/engine/facts.py", 1, 1)


START = "words that people type: several, with commas between them; empty: the Dutch words alone"
"""What a translator reads at words that need no translation: the Dutch ones work in every language."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Dutch text, what it is, and where: `where` says it in words for a translator."""

    text: str
    kind: Literal["say", "button", "word", "start"]
    where: str
    place: Place


def script_files(folder: Path) -> list[Path]:
    """The scripts under `folder`, in order; talk tests are no scripts."""
    return [file for file in sorted(folder.rglob(SCRIPTS)) if not file.name.endswith(TALKS)]


def drafts(folder: Path) -> list[Draft]:
    """Every script under `folder` as read, with the places of everything in it."""
    return [read_draft(file.read_text("utf-8-sig"), str(file)) for file in script_files(folder)]


def of_drafts(read: Sequence[Draft]) -> Iterator[Sentence]:
    """The sentences of these scripts, in order, and the words that stand in for an unknown value."""
    for draft in read:
        if draft.flow and draft.flow.audience == "participant":  # who is offered it reads its title
            where = f"flow {draft.flow.id}, title"
            yield Sentence(draft.flow.title, "word", where, draft.source.value("title"))
            for index, words in enumerate(draft.flow.starts.words):
                where = f"flow {draft.flow.id}, {START}"
                yield Sentence(words, "start", where, draft.source.value("starts", "words", index))
        for name, step in draft.flow.steps.items() if draft.flow else ():
            yield from _of_step(draft, name, step)
    for name, placeholder in PLACEHOLDERS.items():
        where = f"in the place of {{{name}}} while it is not known: {placeholder.meaning}"
        yield Sentence(placeholder.otherwise, "word", where, _FACTS)
    for word in WORDS:
        yield Sentence(word, "start", f"at every question, {START}", Place("flows/engine/replies.py", 1, 1))
    yield Sentence(NUMBER_UNKNOWN, "word", "in the place of a phone number while it is not known", _FACTS)


def _of_step(draft: Draft, name: str, step: Step) -> Iterator[Sentence]:
    assert draft.flow is not None
    where = f"flow {draft.flow.id}, step {name}"
    for index, text in enumerate(step.say):
        yield Sentence(text, "say", where, draft.source.value("steps", name, "say", index))
    for label in step.ask.texts() if step.ask else ():
        yield Sentence(label, "button", f"{where}, button", draft.source.value("steps", name, "ask"))


def of_handbook(folder: Path) -> Iterator[Sentence]:
    """The sentences of the checklist and the rhythms in `folder`, in order; none when there is no such folder."""
    for file in sorted(folder.glob("*.yaml")):
        source = read_source(file.read_text("utf-8-sig"), str(file))
        for path, text in _texts(source.data, ()):
            kind = _kind(path)
            if kind:
                yield Sentence(text.strip(), kind, f"{file.name}, {' '.join(map(str, path))}", source.value(*path))


def _texts(data: Any, path: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, str):
        yield path, data


def _kind(path: Steps) -> Literal["say", "button"] | None:
    """What a text of the handbook is; None for one that nobody reads in a message."""
    if "choices" in path[:-1] or (path[0] == "rhythms" and path[-1] == "title"):
        return "button"
    return "say" if path[-1] in ("title", "ask", "what") or "titles" in path[:-1] else None
