"""Words that are hard to read, by a list that an admin keeps: flows/words.yaml. A reason per word, never a score."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

import flows as scripts
from bot.authoring.catalogue import problem
from bot.caseload.written import Spec, read_paper
from flows.engine import limits
from flows.engine.checks import look
from flows.engine.problems import Place, Problem, in_order
from flows.engine.reader import Draft
from flows.engine.source import Path as Steps
from flows.engine.texts import fill
from flows.engine.written import Text, Written

FILE = "words.yaml"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ENDINGS = ("", "e", "en", "s", "n", "t", "'s", "’s")
"""A word of the list also counts with one of these behind it."""
_SHORT = re.compile(
    r"\b(?:[a-z]{1,4}\.){2,}|\b(?:bijv|evt|nl|enz|etc|ca|incl|excl|tel|nr|jl|a\.s|resp)\.|\b[A-Z]{2,6}\b"
)
"""Letters with dots behind them, the usual ones with a single dot, and capitals."""


class Words(Written):
    """The list as an admin writes it."""

    spec: Spec
    hard: dict[Text, Text] = Field(default_factory=dict)
    """A hard word, and a simpler one."""
    allowed: list[Text] = Field(default_factory=list)
    """Long words that everybody here knows."""
    only_coach: list[Text] = Field(default_factory=list)
    """Long or hard words that a coach may read, and nobody else."""
    abbreviations: list[Text] = Field(default_factory=list)
    """Abbreviations that everybody here knows."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A text that somebody reads, and where it stands."""

    text: str
    place: Place
    for_coach: bool


def beside(scripts_folder: Path) -> Path:
    """Where the list for these scripts stands: beside their folder, or else the one that comes along."""
    own = scripts_folder.parent / FILE
    return own if own.is_file() else Path(scripts.__file__).parent / FILE


def load(file: Path) -> tuple[Words | None, tuple[Problem, ...]]:
    """The list in `file` and its problems, sorted. None when there is a problem."""
    paper = read_paper(file)
    words = None if paper.source.data is None else paper.model(Words, paper.source.data)
    problems = in_order(paper.source.problems)
    return None if problems else words, problems


def problems(drafts: Iterable[Draft], words: Words) -> Iterator[Problem]:
    """Every hard or long word and every unknown abbreviation in what people read."""
    hard = {form: (word, simpler) for word, simpler in words.hard.items() for form in _forms(word)}
    allowed = {form for word in words.allowed for form in _forms(word)}
    of_coaches = {form for word in words.only_coach for form in _forms(word)}
    short = {one.casefold() for one in words.abbreviations}
    for said in _read(drafts):
        known = allowed | of_coaches if said.for_coach else allowed
        for word in dict.fromkeys(_WORD.findall(said.text)):
            small = word.casefold()
            if small in known:
                continue
            if small in hard:
                yield problem("hard-word", said.place, word=word, simpler=hard[small][1])
            elif _longest(small) > limits.WORD_LETTERS:
                yield problem("long-word", said.place, word=word, length=_longest(small), limit=limits.WORD_LETTERS)
        for found in dict.fromkeys(_SHORT.findall(said.text)):
            if found.casefold() not in short:
                yield problem("unknown-abbreviation", said.place, short=found)


def _read(drafts: Iterable[Draft]) -> Iterator[_Said]:
    for draft in drafts:
        if draft.flow is None:
            continue
        for_coach = draft.flow.audience == "coach"
        texts: list[tuple[Steps, str]] = [(path, text) for path, _, text in look.said(draft.flow)]
        for path, text in (*texts, *look.labels(draft.flow)):
            yield _Said(fill(text, lambda _: ""), draft.source.value(*path), for_coach)


def _forms(word: str) -> Iterator[str]:
    return (word.casefold() + ending for ending in _ENDINGS)


def _longest(word: str) -> int:
    """The letters of the longest part between hyphens."""
    return max(len(part.replace("'", "").replace("’", "")) for part in word.split("-"))
