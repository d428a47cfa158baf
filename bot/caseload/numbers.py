"""The phone numbers that scripts may name: flows/numbers.yaml. They are read when we speak, and never pinned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

import flows as scripts
from bot.caseload.catalogue import CATALOGUE
from bot.caseload.written import Paper, Spec, read_paper, read_text
from flows.engine.checks import look
from flows.engine.flow import Flow
from flows.engine.problems import Place, Problem, in_order, problem
from flows.engine.reader import Draft
from flows.engine.texts import NUMBER, number_of, placeholders
from flows.engine.written import Text, Written, mistake

FILE = "numbers.yaml"
"""Also the name under which the numbers are published: no flow can be called so."""
KEY_LENGTH = 32
FRESH_FOR_DAYS = 366
"""Somebody looks a number up anew each year."""
EMERGENCY = ("112", "113")
"""Nobody calls these to hear whether they work."""

_NUMBER = re.compile(r"\+?[0-9][0-9 -]*[0-9]")


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise mistake("bad-number", value=text)
    return text


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise mistake("bad-day", value=value) from None


class WrittenNumber(Written):
    """A number as an admin writes it."""

    name: Text
    number: Annotated[Text, AfterValidator(_number)]
    when: Text
    what: Text
    source: Text
    verified_on: Annotated[date, BeforeValidator(_day)] | None = None
    """On which day the source said so, or somebody called; None: nobody knows."""
    sure: Literal["H", "L"]


class _Head(Written):
    spec: Spec
    numbers: Any


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers by key, and the text they were read from."""

    text: str = ""
    by_key: Mapping[str, WrittenNumber] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """What fills the placeholders: `number.veilig_thuis` → `0800-2000`."""
        return {NUMBER + key: one.number for key, one in self.by_key.items()}


def beside(scripts_folder: Path) -> Path:
    """Where the numbers of these scripts stand: beside their folder, or else the file that comes along."""
    own = scripts_folder.parent / FILE
    return own if own.is_file() else Path(scripts.__file__).parent / FILE


def load(file: Path) -> tuple[Numbers | None, tuple[Problem, ...]]:
    """The numbers in `file` and its problems, sorted. None when there is a problem."""
    return _read(read_paper(file), file.read_text("utf-8-sig", "replace") if file.is_file() else "")


def stored(text: str) -> Numbers:
    """Numbers as they were published; what this program cannot read any more is left out."""
    paper = read_text(text, FILE)
    return Numbers(text, dict(_entries(paper)))


def notes(file: Path, today: date) -> Iterator[Problem]:
    """Numbers that somebody should look up anew. The file must be sound."""
    paper = read_paper(file)
    for key, one in _entries(paper):
        if one.verified_on is None or (today - one.verified_on).days > FRESH_FOR_DAYS:
            how = (
                "Kijk bij de bron. Bel dit nummer niet." if one.number in EMERGENCY else "Bel het, of kijk bij de bron."
            )
            place = paper.source.key("numbers", key)
            yield _told("number-old", place, name=one.name, when=_looked_up(one.verified_on), how=how)


def _looked_up(day: date | None) -> str:
    if day is None:
        return "We weten niet wanneer dit nummer is nagekeken."
    return f"Het is voor het laatst nagekeken op {day:%d-%m-%Y}."


def from_the_future(file: Path, today: date) -> Iterator[Problem]:
    """Numbers that were looked up on a day that is still to come."""
    paper = read_paper(file)
    for key, one in _entries(paper):
        if one.verified_on is not None and one.verified_on > today:
            yield _told("bad-day", paper.source.value("numbers", key, "verified_on"), value=one.verified_on)


def unknown(drafts: Iterable[Draft], numbers: Numbers) -> Iterator[Problem]:
    """Numbers that scripts name and that are not in the file."""
    for draft in drafts:
        for path, _, text in look.read_by_people(draft.flow) if draft.flow else ():
            for key in (number_of(written.strip()) for written in placeholders(text)):
                if key is not None and key not in numbers.by_key:
                    yield _told("unknown-number", draft.source.value(*path), wrong=key, known=numbers.by_key)


def proposed(one: Problem, numbers: Numbers) -> Problem:
    """A number that was typed in a script and stands in the list: the problem with the placeholder that is meant."""
    if one.code != "literal-number":
        return one
    typed = _digits(one.message)
    meant = (key for key, known in numbers.by_key.items() if _digits(known.number) == typed)
    return next((replace(one, nearest=f"{{{NUMBER}{key}}}") for key in meant), one)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text.replace("+31", "0"))


def named(flow: Flow) -> set[str]:
    """The keys of the numbers that this flow names."""
    texts = (text for _, _, text in look.read_by_people(flow))
    return {key for text in texts for written in placeholders(text) if (key := number_of(written.strip()))}


def _read(paper: Paper, text: str) -> tuple[Numbers | None, tuple[Problem, ...]]:
    entries = {} if paper.source.data is None else dict(_entries(paper))
    if paper.source.data is not None:
        paper.model(_Head, paper.source.data)
    for key, one in entries.items():
        paper.key(key, KEY_LENGTH, "_", "numbers", key)
        if one.sure == "L":
            paper.add("number-unsure", paper.source.value("numbers", key, "sure"), name=one.name)
    problems = in_order(paper.source.problems)
    return None if problems else Numbers(text, entries), problems


def _entries(paper: Paper) -> Iterator[tuple[str, WrittenNumber]]:
    for key, written in paper.entries(paper.source.data, "numbers").items():
        one = paper.model(WrittenNumber, written, "numbers", key)
        if one is not None:
            yield key, one


def _told(code: str, place: Place, **details: Any) -> Problem:
    return problem(code, place, catalogue=CATALOGUE, **details)
